//! Rust text without what is no code: comments, the contents of literals, and tests.

/// The code of a file, line for line: comments and the contents of literals are blank, and so is
/// everything from the first `#[cfg(test)]` on that opens a module of its own.
pub(crate) fn code(text: &str) -> String {
    let blank = Blanker { chars: text.chars().collect(), at: 0, out: String::new() }.run();
    match blank.find("#[cfg(test)]\nmod tests {") {
        Some(end) => blank[..end].to_owned(),
        None => blank,
    }
}

/// Whether a file is there for tests only.
pub(crate) fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.ends_with("/sample.rs")
}

struct Blanker {
    chars: Vec<char>,
    at: usize,
    out: String,
}

impl Blanker {
    fn run(mut self) -> String {
        while let Some(&char) = self.chars.get(self.at) {
            let next = self.chars.get(self.at + 1).copied();
            match (char, next) {
                ('/', Some('/')) => self.blank_until(|rest| rest.first() == Some(&'\n'), 0),
                ('/', Some('*')) => self.blank_until(|rest| rest.starts_with(&['*', '/']), 2),
                ('"', _) => self.string(),
                ('r', Some('"' | '#')) if self.raw_string() => {}
                ('\'', _) => self.char_or_lifetime(),
                _ => self.keep(),
            }
        }
        self.out
    }

    fn keep(&mut self) {
        self.out.push(self.chars[self.at]);
        self.at += 1;
    }

    fn blank(&mut self) {
        let char = self.chars[self.at];
        self.out.push(if char == '\n' { '\n' } else { ' ' });
        self.at += 1;
    }

    fn blank_until(&mut self, end: impl Fn(&[char]) -> bool, more: usize) {
        while self.at < self.chars.len() && !end(&self.chars[self.at..]) {
            self.blank();
        }
        for _ in 0..more.min(self.chars.len() - self.at) {
            self.blank();
        }
    }

    fn string(&mut self) {
        self.keep();
        while let Some(&char) = self.chars.get(self.at) {
            match char {
                '"' => return self.keep(),
                '\\' if self.at + 1 < self.chars.len() => {
                    self.blank();
                    self.blank();
                }
                _ => self.blank(),
            }
        }
    }

    fn raw_string(&mut self) -> bool {
        let before = self.at.checked_sub(1).map(|at| self.chars[at]);
        let hashes = self.chars[self.at + 1..].iter().take_while(|&&char| char == '#').count();
        let in_name = before.is_some_and(|char| char.is_alphanumeric() || char == '_');
        if in_name && before != Some('b') || self.chars.get(self.at + 1 + hashes) != Some(&'"') {
            return false;
        }
        (0..hashes + 2).for_each(|_| self.keep());
        let mut end = vec!['"'];
        end.resize(hashes + 1, '#');
        self.blank_until(|rest| rest.starts_with(&end), 0);
        (0..end.len().min(self.chars.len() - self.at)).for_each(|_| self.keep());
        true
    }

    fn char_or_lifetime(&mut self) {
        let ahead = |by: usize| self.chars.get(self.at + by).copied();
        let length = match (ahead(1), ahead(2)) {
            (Some('\\'), _) => {
                let rest = &self.chars[self.at + 3..];
                rest.iter().position(|&char| char == '\'').map(|end| end + 4)
            }
            (_, Some('\'')) => Some(3),
            _ => None,
        };
        self.keep();
        if let Some(length) = length {
            (0..length - 2).for_each(|_| self.blank());
            self.keep();
        }
    }
}

#[test]
fn what_is_no_code_is_blank() {
    let text = "let a = \"std::fs // \\\" x\"; // std::fs\n/* std::fs\n */ let b: &'a str = r#\"std::fs\"\"#; \
                let c = '\"'; let d = '\\''; std::env;\n#[cfg(test)]\nmod tests { std::fs }";
    let code = code(text);
    assert!(!code.contains("std::fs"), "{code}");
    assert!(code.contains("std::env"), "{code}");
    assert!(code.contains("&'a str"), "{code}");
    assert_eq!(code.matches('\n').count(), 3, "{code}");
}
