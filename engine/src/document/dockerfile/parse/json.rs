//! The JSON form of arguments.
//!
//! As BuildKit's `parseJSON`: a JSON array of strings is the JSON form, an array with something
//! else in it is an error, and everything that is not JSON is the shell form.

use std::ops::Range;

use super::super::syntax::Text;

/// What arguments are, seen as JSON.
pub(super) enum Json {
    /// An array of strings.
    Strings(Vec<Text>),
    /// An array, but not of strings only.
    Mixed,
    /// Not a JSON array.
    Other,
}

/// Reads a range of a logical line, which has no white space at its ends.
pub(super) fn strings(line: &Text, range: Range<usize>) -> Json {
    let Some(part) = line.value.get(range.clone()).filter(|part| part.starts_with('[')) else {
        return Json::Other;
    };
    if let Some(strings) = (Reader { line, rest: part, end: range.end }).array() {
        return Json::Strings(strings);
    }
    match serde_json::from_str::<Vec<serde::de::IgnoredAny>>(part) {
        Ok(_) => Json::Mixed,
        Err(_) => Json::Other,
    }
}

struct Reader<'t> {
    line: &'t Text,
    rest: &'t str,
    end: usize,
}

impl<'t> Reader<'t> {
    fn array(mut self) -> Option<Vec<Text>> {
        let mut strings = Vec::new();
        self.expect('[')?;
        self.skip_blanks();
        if self.expect(']').is_none() {
            loop {
                self.skip_blanks();
                strings.push(self.string()?);
                self.skip_blanks();
                if self.expect(',').is_none() {
                    self.expect(']')?;
                    break;
                }
            }
        }
        self.skip_blanks();
        self.rest.is_empty().then_some(strings)
    }

    fn at(&self) -> usize {
        self.end - self.rest.len()
    }

    fn expect(&mut self, c: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(c)?;
        Some(())
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn advance(&mut self, bytes: usize) -> Option<&'t str> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    fn string(&mut self) -> Option<Text> {
        let start = self.at();
        self.expect('"')?;
        let mut text = Text::default();
        loop {
            let from = self.at();
            let run = self.rest.find(|c: char| c == '"' || c == '\\' || c < ' ')?;
            text.push_slice(self.line, from..from + run);
            self.advance(run)?;
            if self.expect('"').is_some() {
                break;
            }
            let from = self.at();
            let c = self.escape()?;
            text.push(c.encode_utf8(&mut [0; 4]), self.line.span_of(from..self.at()));
        }
        text.span = self.line.span_of(start..self.at());
        text.compact();
        Some(text)
    }

    /// One escape; half of a surrogate pair becomes U+FFFD, as in Go.
    fn escape(&mut self) -> Option<char> {
        self.expect('\\')?;
        Some(match self.advance(1)? {
            "\"" => '"',
            "\\" => '\\',
            "/" => '/',
            "b" => '\u{8}',
            "f" => '\u{c}',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => {
                let first = self.hex()?;
                let before = self.rest;
                if (0xd800..0xdc00).contains(&first)
                    && self.expect('\\').is_some()
                    && self.expect('u').is_some()
                    && let Some(second) = self.hex()
                    && (0xdc00..0xe000).contains(&second)
                {
                    char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))?
                } else {
                    self.rest = before;
                    char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
                }
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.advance(4)?;
        let all = digits.bytes().all(|b| b.is_ascii_hexdigit());
        all.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn strings_are_unescaped_and_keep_their_places() {
        let text = r#"["a\"b", "\u00e9\ud83d\ude00\ud800x"]"#;
        let line = Text::verbatim(text, Span::new(10, 10 + text.len()));
        let Json::Strings(found) = strings(&line, 0..text.len()) else { panic!("not JSON") };
        let values: Vec<&str> = found.iter().map(Text::as_str).collect();
        assert_eq!(values, ["a\"b", "é😀\u{fffd}x"]);
        assert_eq!(found[0].span, Span::new(11, 17));
        assert_eq!(found[0].span_of(0..1), Span::new(12, 13));
        assert_eq!(found[0].span_of(1..2), Span::new(13, 15));
        assert_eq!(found[0].span_of(2..3), Span::new(15, 16));
    }

    #[test]
    fn only_a_complete_array_is_json() {
        for (text, kind) in [
            ("[]", "strings"),
            ("[ ]", "strings"),
            ("[\"a\"] b", "other"),
            ("[\"a\",]", "other"),
            ("['a']", "other"),
            ("[\"a\", 1]", "mixed"),
            ("[\"a\", [\"b\"]]", "mixed"),
            ("[\"a", "other"),
            ("[\"\\x\"]", "other"),
            ("{\"a\": \"b\"}", "other"),
            ("[\"\t\"]", "other"),
        ] {
            let line = Text::verbatim(text, Span::new(0, text.len()));
            let found = match strings(&line, 0..text.len()) {
                Json::Strings(_) => "strings",
                Json::Mixed => "mixed",
                Json::Other => "other",
            };
            assert_eq!(found, kind, "{text}");
        }
    }
}
