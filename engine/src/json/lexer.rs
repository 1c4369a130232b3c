//! Words of JSON: strings, numbers, literals, and what stands between values.

use super::error::Problem;
use crate::yaml::Value;

/// A position in a text.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Lexer { text, at: 0 }
    }

    /// The offset of the next byte.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The byte before.
    pub(super) fn last(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at.checked_sub(1)?).copied()
    }

    /// Past a byte that was seen and is ASCII.
    pub(super) fn bump(&mut self) {
        self.at += 1;
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Past blanks and line ends (RFC 8259, section 2).
    pub(super) fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// What follows; empty at the end.
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Before a key or value inside a collection: the text goes on, and no bracket closes it here.
    pub(super) fn expect_element(&self, opened: usize, close: u8) -> Result<(), Problem> {
        match self.peek() {
            None => Err(Problem::unclosed(opened, self.at)),
            Some(byte) if byte == close && self.after_comma() => {
                let comma = self.text.get(..self.at).unwrap_or_default().trim_end().len();
                Err(Problem::trailing_comma(comma.saturating_sub(1)))
            }
            Some(_) => Ok(()),
        }
    }

    fn after_comma(&self) -> bool {
        self.text.get(..self.at).unwrap_or_default().trim_end().ends_with(',')
    }

    /// The comma between two elements of a collection.
    pub(super) fn separator(&mut self, opened: usize, close: u8) -> Result<(), Problem> {
        if self.eat(b',') {
            return Ok(());
        }
        match self.peek() {
            None => Err(Problem::unclosed(opened, self.at)),
            Some(b'/' | b'#') => Err(self.unexpected()),
            Some(_) => Err(Problem::separator(self.word(), close)),
        }
    }

    /// The colon between a key and its value.
    pub(super) fn colon(&mut self, opened: usize) -> Result<(), Problem> {
        if self.eat(b':') {
            return Ok(());
        }
        match self.peek() {
            None => Err(Problem::unclosed(opened, self.at)),
            Some(_) => Err(Problem::colon(self.word())),
        }
    }

    pub(super) fn scalar(&mut self) -> Result<Value, Problem> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::Str),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, Problem> {
        if self.text.get(self.word()) != Some(word) {
            return Err(self.unexpected());
        }
        self.at += word.len();
        Ok(value)
    }

    /// A string at its opening quote (RFC 8259, section 7).
    pub(super) fn string(&mut self) -> Result<String, Problem> {
        let opened = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let plain =
                rest.bytes().take_while(|&byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            let length = plain.count();
            out.push_str(rest.get(..length).unwrap_or_default());
            self.at += length;
            match self.peek() {
                None => return Err(Problem::unclosed_string(opened, self.at)),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape(opened)?),
                Some(b'\n' | b'\r') => return Err(Problem::unclosed_string(opened, self.at)),
                Some(_) => return Err(Problem::control(self.at)),
            }
        }
    }

    /// An escape sequence at its backslash.
    fn escape(&mut self, opened: usize) -> Result<char, Problem> {
        let start = self.at;
        let char = match self.text.as_bytes().get(start + 1) {
            None => return Err(Problem::unclosed_string(opened, self.text.len())),
            Some(b'u') => return self.unicode(start),
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => {
                let char = self.rest().chars().nth(1).map_or(1, char::len_utf8);
                return Err(Problem::escape(start..start + 1 + char));
            }
        };
        self.at += 2;
        Ok(char)
    }

    /// `\uXXXX`, or two of them that make a surrogate pair.
    fn unicode(&mut self, start: usize) -> Result<char, Problem> {
        let first = self.hex(start)?;
        let code = if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            let second = self.hex(self.at)?;
            let low = second.checked_sub(0xdc00).filter(|&low| low < 0x400);
            low.map(|low| 0x1_0000 + ((first - 0xd800) << 10) + low)
        } else {
            Some(first)
        };
        code.and_then(char::from_u32).ok_or_else(|| Problem::surrogate(start..self.at))
    }

    /// The number of the `\uXXXX` here, and past it.
    fn hex(&mut self, start: usize) -> Result<u32, Problem> {
        let digits = self.text.as_bytes().get(start + 2..start + 6);
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else {
            return Err(Problem::escape(start..start + 2));
        };
        self.at = start + 6;
        let value = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or_default();
        Ok(digits.iter().fold(0, |number, byte| number * 16 + value(byte)))
    }

    /// A number (RFC 8259, section 6).
    fn number(&mut self) -> Result<Value, Problem> {
        let start = self.at;
        self.eat(b'-');
        let zero = self.peek() == Some(b'0');
        let digits = self.digits();
        let mut fine = digits > 0 && !(zero && digits > 1);
        let mut integer = true;
        if fine && self.eat(b'.') {
            integer = false;
            fine = self.digits() > 0;
        }
        if fine && matches!(self.peek(), Some(b'e' | b'E')) {
            integer = false;
            self.at += 1;
            let _ = self.eat(b'+') || self.eat(b'-');
            fine = self.digits() > 0;
        }
        if !fine {
            self.at = start;
            return Err(Problem::number(self.word(), zero && digits > 1));
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if integer && let Ok(value) = text.parse() {
            return Ok(Value::Int(value));
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Value::Float(value)),
            _ => Err(Problem::too_large(start..self.at)),
        }
    }

    fn digits(&mut self) -> usize {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        count
    }

    /// What is no value.
    fn unexpected(&self) -> Problem {
        let word = self.word();
        let text = self.text.get(word.clone()).unwrap_or_default();
        match self.peek() {
            Some(b'/' | b'#') => Problem::comment(word),
            Some(b'\'' | b'`') => Problem::quote(word),
            Some(b',') => Problem::extra_comma(word),
            _ => Problem::value(word, text),
        }
    }

    pub(super) fn bad_key(&self) -> Problem {
        match self.peek() {
            Some(b'/' | b'#' | b'\'' | b'`' | b',') => self.unexpected(),
            _ => Problem::key(self.word()),
        }
    }

    /// Something stands after the document.
    pub(super) fn after_document(&self) -> Problem {
        match self.peek() {
            Some(b'/' | b'#') => self.unexpected(),
            _ => Problem::after(self.word()),
        }
    }

    /// The word here, or the one character: what to point at. Never empty before the end.
    fn word(&self) -> std::ops::Range<usize> {
        let rest = self.rest();
        let inside = |c: char| c.is_alphanumeric() || "_-+.".contains(c);
        let length: usize = rest.chars().take_while(|&c| inside(c)).map(char::len_utf8).sum();
        let length =
            if length > 0 { length } else { rest.chars().next().map_or(0, char::len_utf8) };
        self.at..self.at + length
    }
}
