//! Words: quotes, escapes, expansions, and the substitutions inside them.

use super::model::Word;
use super::parser::{Builder, Parser};

/// Where a word ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// At blanks and operators.
    Plain,
    /// At blanks only: inside `[[ ]]`, where operators are words.
    Test,
}

/// What was seen of a glob or brace list so far.
#[derive(Default)]
struct Pattern {
    bracket: bool,
    brace: bool,
    comma: bool,
}

impl Pattern {
    /// Whether this byte completes something that the shell would expand.
    fn completes(&mut self, byte: u8) -> bool {
        match byte {
            b'*' | b'?' => return true,
            b'[' => self.bracket = true,
            b']' => return self.bracket,
            b'{' => (self.brace, self.comma) = (true, false),
            b',' | b'.' if self.brace => self.comma = true,
            b'}' => return self.brace && self.comma,
            _ => {}
        }
        false
    }
}

fn is_special(byte: u8) -> bool {
    byte <= b' ' || b"|&;<>()\\'\"$`*?[]{},.~#".contains(&byte)
}

impl Parser<'_> {
    /// Reads one word; none if the cursor is not at one.
    pub(super) fn word(&mut self, mode: Mode) -> Option<Word> {
        let start = self.at;
        let mut word = Builder::new(start);
        let mut pattern = Pattern::default();
        while let Some(byte) = self.peek() {
            let plain = mode == Mode::Plain;
            match byte {
                b' ' | b'\t' | b'\n' => break,
                b'\r' if self.peek_at(1) == Some(b'\n') => break,
                b'|' | b'&' | b';' | b')' if plain => break,
                b'<' | b'>' if plain => {
                    if self.peek_at(1) != Some(b'(') {
                        break;
                    }
                    self.substitution(&mut word, 2);
                }
                b'(' if plain => {
                    if !self.follows_extended_glob(start) {
                        break;
                    }
                    word.word.literal = false;
                    self.balanced(&mut word);
                }
                b'~' if self.at == start => {
                    word.word.literal = false;
                    self.copy(&mut word);
                }
                b'\\' | b'\'' | b'"' | b'$' | b'`' => self.quoting(&mut word),
                _ => {
                    word.word.literal &= !pattern.completes(byte);
                    self.copy(&mut word);
                }
            }
        }
        (self.at > start).then(|| word.finish(self.at))
    }

    /// Copies one character and all ordinary ones after it.
    fn copy(&mut self, word: &mut Builder) {
        let start = self.at;
        self.advance();
        let run = self.rest().bytes().position(is_special).unwrap_or(self.rest().len());
        self.at += run;
        word.push(self.slice(start..self.at), start);
    }

    /// Whether the byte before the cursor makes a parenthesis a pattern: `@(a|b)`.
    fn follows_extended_glob(&self, start: usize) -> bool {
        self.at > start
            && self.slice(self.at - 1..self.at).bytes().all(|byte| b"?*+@!".contains(&byte))
    }

    /// Reads what starts with an escape, a quote, `$` or a backtick outside of quotes.
    fn quoting(&mut self, word: &mut Builder) {
        match self.peek() {
            Some(b'\\') => self.escape(word),
            Some(b'\'') => self.single_quoted(word),
            Some(b'"') => self.double_quoted(word),
            Some(b'`') => self.backticks(word, false),
            _ => self.dollar(word, false),
        }
    }

    fn escape(&mut self, word: &mut Builder) {
        self.at += 1;
        if self.rest().starts_with("\r\n") {
            self.at += 2;
        } else if self.peek() == Some(b'\n') {
            self.at += 1;
        } else if self.at < self.limit {
            let start = self.at;
            self.advance();
            word.push(self.slice(start..self.at), start);
        } else {
            // At the very end of the text a backslash stands for itself.
            word.push("\\", self.at - 1);
        }
    }

    fn single_quoted(&mut self, word: &mut Builder) {
        let open = self.at;
        self.at += 1;
        let length = self.rest().find('\'');
        let end = self.at + length.unwrap_or(self.rest().len());
        word.push(self.slice(self.at..end), self.at);
        self.at = end;
        self.close_quote(open, length.is_some());
    }

    /// Moves past a closing quote, or says that there is none.
    fn close_quote(&mut self, open: usize, closed: bool) {
        if closed {
            self.at += 1;
        } else {
            self.report(open..open + 1, "the quote is not closed");
        }
    }

    fn double_quoted(&mut self, word: &mut Builder) {
        let open = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return self.close_quote(open, false),
                Some(b'"') => return self.close_quote(open, true),
                Some(b'\\') => self.quoted_escape(word),
                Some(b'$') => self.dollar(word, true),
                Some(b'`') => self.backticks(word, true),
                Some(_) => self.quoted_run(word, b"\"\\$`"),
            }
        }
    }

    /// Copies until one of these bytes.
    fn quoted_run(&mut self, word: &mut Builder, until: &[u8]) {
        let start = self.at;
        let run = self.rest().bytes().position(|byte| until.contains(&byte));
        self.at += run.unwrap_or(self.rest().len());
        word.push(self.slice(start..self.at), start);
    }

    /// A backslash in double quotes: it escapes only what is special there.
    fn quoted_escape(&mut self, word: &mut Builder) {
        match self.peek_at(1) {
            Some(b'$' | b'`' | b'"' | b'\\' | b'\n') => self.escape(word),
            Some(b'\r') if self.peek_at(2) == Some(b'\n') => self.escape(word),
            _ => {
                word.push("\\", self.at);
                self.at += 1;
            }
        }
    }

    /// Everything that starts with `$`.
    pub(super) fn dollar(&mut self, word: &mut Builder, quoted: bool) {
        let start = self.at;
        match self.peek_at(1) {
            Some(b'(') => match self.arithmetic_end(self.at + 1) {
                Some(end) => self.arithmetic(word, self.at + 3, end),
                None => self.substitution(word, 2),
            },
            Some(b'{') => self.parameter(word, quoted),
            Some(b'\'') if !quoted => self.ansi_quoted(word),
            // `$"…"`: a string to translate; the quotes are read next.
            Some(b'"') if !quoted => self.at += 1,
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.at += 1;
                let length = name_length(self.rest());
                word.variable(self.slice(self.at..self.at + length));
                self.at += length;
                word.push(self.slice(start..self.at), start);
            }
            Some(byte) if byte.is_ascii_digit() || b"@*#?-$!".contains(&byte) => {
                self.at += 2;
                word.variable(self.slice(start + 1..self.at));
                word.push(self.slice(start..self.at), start);
            }
            next => {
                // A line may be continued between `$` and the name; the value is unknown then.
                if next == Some(b'\\') && matches!(self.peek_at(2), Some(b'\n' | b'\r')) {
                    word.expands();
                }
                self.at += 1;
                word.push("$", start);
            }
        }
    }

    /// `$( )`, `<( )`, `>( )`: the cursor is `skip` bytes before the list.
    pub(super) fn substitution(&mut self, word: &mut Builder, skip: usize) {
        let (start, context, known) = (self.at, self.context, self.commands.len());
        self.at += skip;
        self.context.substitution = true;
        self.context.negated = false;
        self.context.level = self.context.level.saturating_add(1);
        self.list(&[")"]);
        self.context = context;
        if self.peek() == Some(b')') {
            self.at += 1;
        } else {
            self.report(start..start + skip, "the substitution is not closed");
        }
        if self.skip_substitutions {
            self.commands.truncate(known);
            self.levels.truncate(known);
            self.pending.retain(|pending| pending.command < known);
        }
        word.word.substitutes = true;
        word.expands();
        word.push(self.slice(start..self.at), start);
    }

    /// Where the `))` of the `((` at `open` is, if it is arithmetic and not two groups.
    pub(super) fn arithmetic_end(&mut self, open: usize) -> Option<usize> {
        let text = self.text.as_bytes();
        if text.get(open..open + 2)? != b"((" {
            return None;
        }
        let mut depth = 2_usize;
        for at in open + 2..self.limit {
            self.lookahead = self.lookahead.checked_sub(1)?;
            match text.get(at)? {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 1 {
                return (text.get(at + 1) == Some(&b')') && at + 1 < self.limit).then_some(at);
            }
        }
        None
    }

    /// `$(( ))` with the expression from `from` to `end`.
    fn arithmetic(&mut self, word: &mut Builder, from: usize, end: usize) {
        let start = self.at;
        word.expands();
        self.search(word, from, end);
        self.at = end + 2;
        word.push(self.slice(start..self.at), start);
    }

    /// Looks for expansions between two places, as inside double quotes, without keeping the text.
    pub(super) fn search(&mut self, word: &mut Builder, from: usize, end: usize) {
        if !self.enter() {
            return;
        }
        let limit = self.limit;
        self.at = from;
        self.limit = end;
        word.muted += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.escape(word),
                b'$' => self.dollar(word, true),
                b'`' => self.backticks(word, true),
                _ => self.quoted_run(word, b"\\$`"),
            }
        }
        word.muted -= 1;
        self.limit = limit;
        self.leave();
    }

    /// `${name…}`.
    fn parameter(&mut self, word: &mut Builder, quoted: bool) {
        let start = self.at;
        if !self.enter() {
            return;
        }
        self.at += 2;
        let prefix = self.rest().trim_start_matches(['!', '#']);
        let name = match name_length(prefix) {
            0 => prefix.get(..1).filter(|name| *name != "}"),
            length => prefix.get(..length),
        };
        match name {
            Some(name) => word.variable(name),
            None => word.expands(),
        }
        word.muted += 1;
        self.parameter_rest(word, start, quoted);
        word.muted -= 1;
        self.leave();
        word.push(self.slice(start..self.at), start);
    }

    fn parameter_rest(&mut self, word: &mut Builder, start: usize, quoted: bool) {
        // `${#}` and `${!}` name parameters that look like prefixes; `}` ends them all the same.
        loop {
            match self.peek() {
                None => return self.report(start..start + 2, "the expansion is not closed"),
                Some(b'}') => {
                    self.at += 1;
                    return;
                }
                Some(b'\\') => self.escape(word),
                Some(b'\'') if !quoted => self.single_quoted(word),
                Some(b'"') => self.double_quoted(word),
                Some(b'$') => self.dollar(word, quoted),
                Some(b'`') => self.backticks(word, quoted),
                Some(_) => {
                    self.advance();
                    self.quoted_run(word, b"}\\'\"$`");
                }
            }
        }
    }

    /// A parenthesis whose inside is no list: an array, a pattern.
    pub(super) fn balanced(&mut self, word: &mut Builder) {
        let start = self.at;
        let mut depth = 0_usize;
        word.muted += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' | b'\'' | b'"' | b'$' | b'`' => {
                    self.quoting(word);
                    continue;
                }
                _ => {
                    self.quoted_run(word, b"()\\'\"$`");
                    continue;
                }
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        word.muted -= 1;
        if depth > 0 {
            self.report(start..start + 1, "the parenthesis is not closed");
        }
        word.push(self.slice(start..self.at), start);
    }

    /// A substitution in backticks, whose text is unescaped before it is read.
    fn backticks(&mut self, word: &mut Builder, quoted: bool) {
        let start = self.at;
        let mut inner = Builder::new(start);
        self.at += 1;
        let mut closed = false;
        while let Some(byte) = self.peek() {
            match (byte, self.peek_at(1)) {
                (b'`', _) => {
                    closed = true;
                    break;
                }
                (b'\\', Some(b'`' | b'\\' | b'$')) => self.escape(&mut inner),
                (b'\\', Some(b'"')) if quoted => self.escape(&mut inner),
                _ => {
                    let from = self.at;
                    self.advance();
                    inner.push(self.slice(from..self.at), from);
                    self.quoted_run(&mut inner, b"`\\");
                }
            }
        }
        self.at += usize::from(closed);
        if !closed {
            self.report(start..start + 1, "the backtick is not closed");
        }
        word.word.substitutes = true;
        word.expands();
        word.push(self.slice(start..self.at), start);
        let inner = inner.finish(self.at);
        if !self.skip_substitutions {
            let context = self.context;
            self.context.substitution = true;
            self.context.negated = false;
            self.context.level = self.context.level.saturating_add(1);
            self.adopt(&inner.text, &inner.map, &inner.range);
            self.context = context;
        }
    }

    /// `$'…'` with the escapes of C.
    fn ansi_quoted(&mut self, word: &mut Builder) {
        let open = self.at;
        self.at += 2;
        loop {
            match self.peek() {
                None => return self.close_quote(open, false),
                Some(b'\'') => return self.close_quote(open, true),
                Some(b'\\') => {
                    let start = self.at;
                    let (character, length) = ansi_escape(self.rest());
                    self.at += length;
                    word.push(character.encode_utf8(&mut [0; 4]), start);
                }
                Some(_) => self.quoted_run(word, b"'\\"),
            }
        }
    }
}

/// The length of the variable name that a text starts with.
pub(super) fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return text.bytes().take_while(u8::is_ascii_digit).count();
    }
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// The character that an escape of `$'…'` stands for, and the length of the escape in bytes.
fn ansi_escape(text: &str) -> (char, usize) {
    let Some(letter) = text.chars().nth(1) else { return ('\\', 1) };
    let number = |from: usize, most: usize, radix: u32| {
        let digits = text.get(from..).unwrap_or_default();
        let length =
            digits.bytes().take(most).take_while(|&byte| (byte as char).is_digit(radix)).count();
        let value = u32::from_str_radix(digits.get(..length).unwrap_or_default(), radix).ok()?;
        // A byte above 0x7f is no character by itself.
        let character = char::from_u32(value).filter(|_| most > 3 || value < 0x80);
        Some((character.unwrap_or('\u{fffd}'), from + length))
    };
    let simple = match letter {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' | 'E' => '\u{1b}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' | '\'' | '"' | '?' => letter,
        '0'..='7' => return number(1, 3, 8).unwrap_or(('\\', 1)),
        'x' => return number(2, 2, 16).unwrap_or(('\\', 1)),
        'u' => return number(2, 4, 16).unwrap_or(('\\', 1)),
        'U' => return number(2, 8, 16).unwrap_or(('\\', 1)),
        _ => return ('\\', 1),
    };
    (simple, 2)
}
