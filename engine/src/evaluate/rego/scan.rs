//! What has to be known of a Rego text before it is given to the parser.
//!
//! regorus 0.14 parses on the caller's stack and tries brackets twice at every level: it overflows
//! the stack on `1+1+…` and `- - …`, and takes time exponential in the depth of `[` and `{`. So a
//! text is measured first, without a grammar: only strings and comments are understood.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source, Span};

/// The largest Rego file, in bytes.
pub(crate) const MAX_BYTES: usize = 256 << 10;
/// The longest line, in bytes: regorus' own limit is 1024 columns.
const MAX_LINE: usize = 1000;
/// The deepest nesting of brackets of all sorts.
const MAX_DEPTH: usize = 12;
/// The sum over all tokens of 2^depth: about what the parser's work is proportional to.
const MAX_EFFORT: u64 = 1 << 20;
/// The most operators (infix, prefix, `.`, `[`) in one expression, brackets not counted in.
const MAX_CHAIN: usize = 40;

/// Refuses a text that the parser might not survive. One problem is enough.
pub(super) fn scan(source: &Arc<Source>) -> Result<(), Diagnostic> {
    let text = source.text();
    if text.len() > MAX_BYTES {
        return Err(Diagnostic::error(format!("the file is larger than {MAX_BYTES} bytes"))
            .at(Place::new(source, Span::default()))
            .help("put tables into `data`, and split rules"));
    }
    let mut scanner = Scanner { source, lexer: Lexer { text, at: 0 }, open: Vec::new(), effort: 0 };
    scanner.run()
}

struct Scanner<'a> {
    source: &'a Arc<Source>,
    lexer: Lexer<'a>,
    /// For each open bracket the length of the chain around it.
    open: Vec<usize>,
    effort: u64,
}

impl Scanner<'_> {
    fn run(&mut self) -> Result<(), Diagnostic> {
        self.lines()?;
        let mut chain = 0_usize;
        let mut after_operator = true;
        let mut line_ended = false;
        while let Some((token, span)) = self.lexer.next() {
            self.effort = self.effort.saturating_add(1 << self.open.len().min(40));
            if self.effort > MAX_EFFORT {
                return Err(self.problem(span, "the file has too much in nested brackets"));
            }
            let operator = matches!(token, Token::Operator | Token::Open('['));
            if line_ended && !after_operator && !operator {
                chain = 0;
            }
            line_ended = false;
            match token {
                Token::LineEnd => {
                    line_ended = true;
                    continue;
                }
                Token::Open(_) => {
                    self.open.push(chain + 1);
                    if self.open.len() > MAX_DEPTH {
                        let message = format!("brackets are nested deeper than {MAX_DEPTH} levels");
                        return Err(self.problem(span, &message));
                    }
                    chain = 0;
                }
                Token::Close => chain = self.open.pop().unwrap_or(0),
                Token::Operator => chain += 1,
                Token::Separator => chain = 0,
                Token::Word => {}
            }
            if chain > MAX_CHAIN {
                let message = format!("the expression has more than {MAX_CHAIN} operators");
                return Err(self.problem(span, &message));
            }
            after_operator = matches!(token, Token::Operator | Token::Open(_) | Token::Separator);
        }
        Ok(())
    }

    fn lines(&self) -> Result<(), Diagnostic> {
        let long = (1..=self.source.line_count())
            .map(|line| self.source.line_span(line))
            .find(|span| span.len() > MAX_LINE);
        match long {
            Some(span) => {
                let message = format!("the line is longer than {MAX_LINE} bytes");
                Err(self.problem(span, &message))
            }
            None => Ok(()),
        }
    }

    fn problem(&self, span: Span, message: &str) -> Diagnostic {
        Diagnostic::error(message).at(Place::new(self.source, span)).help("split it up")
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    /// A name, a number, a string.
    Word,
    /// Anything that may join two operands, or stand before one.
    Operator,
    Open(char),
    Close,
    /// `,`, `;`, `:`.
    Separator,
    LineEnd,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<(Token, Span)> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|b| matches!(b, b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
        let start = self.at;
        let token = match *bytes.get(start)? {
            b'\n' => self.take(1, Token::LineEnd),
            b'#' => {
                self.at = self.end_of(start, |b| b == b'\n');
                return self.next_after_comment(start);
            }
            b'"' => self.string(),
            b'`' => self.raw_string(),
            open @ (b'(' | b'[' | b'{') => self.take(1, Token::Open(char::from(open))),
            b')' | b']' | b'}' => self.take(1, Token::Close),
            b',' | b';' => self.take(1, Token::Separator),
            b':' if bytes.get(start + 1) != Some(&b'=') => self.take(1, Token::Separator),
            b if is_word(b) => self.word(),
            _ => {
                self.at = self.end_of(start, |b| !is_operator(b)).max(start + 1);
                Token::Operator
            }
        };
        Some((token, Span::new(start, self.at)))
    }

    /// A comment counts for nothing, and is as long as its line.
    fn next_after_comment(&mut self, start: usize) -> Option<(Token, Span)> {
        let token =
            if self.at < self.text.len() { self.take(1, Token::LineEnd) } else { return None };
        Some((token, Span::new(start, self.at)))
    }

    fn take(&mut self, bytes: usize, token: Token) -> Token {
        self.at += bytes;
        token
    }

    fn end_of(&self, start: usize, stop: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        start + rest.iter().position(|&b| stop(b)).unwrap_or(rest.len())
    }

    fn string(&mut self) -> Token {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(&b) = bytes.get(self.at) {
            match b {
                b'"' => return self.take(1, Token::Word),
                // An unterminated string ends with its line, as it does for the parser.
                b'\n' => return Token::Word,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(bytes.len());
        Token::Word
    }

    fn raw_string(&mut self) -> Token {
        self.at = self.end_of(self.at + 1, |b| b == b'`');
        self.at = (self.at + 1).min(self.text.len());
        Token::Word
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        self.at = self.end_of(start, |b| !is_word(b));
        match self.text.get(start..self.at) {
            // `in` joins two operands, and `not` and `with` are cheap to count.
            Some("in" | "not" | "with" | "or") => Token::Operator,
            _ => Token::Word,
        }
    }
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

/// One operator is at most two of these; a run of them is counted as one only where the lexer of
/// the language would take it as one, so `-` and `.` always stand alone.
fn is_operator(b: u8) -> bool {
    matches!(b, b'=' | b'!' | b'<' | b'>' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Option<String> {
        scan(&Source::new("a.rego", text)).err().map(|problem| problem.message)
    }

    #[test]
    fn ordinary_rules_pass() {
        let text = "package a\n\ndeny contains finding.at_field(c, \"x\", sprintf(\"a [[[[[[[[[[[[[[ %s\", [c.name])) if {\n\tsome c in input.containers # [[[[[[[[[[[[[[\n\tc.a.b.c[x][_] == {\"k\": [1, 2, {3}], \"l\": `{{{{{{{{{{{{{{{{`}\n}\n";
        assert_eq!(message(text), None);
        let many: String = (0..1000).map(|i| format!("x{i} := a.b.c + {i}\n")).collect();
        assert_eq!(message(&many), None, "a new line begins a new expression");
    }

    #[test]
    fn what_the_parser_would_not_survive_is_refused() {
        let deep = "brackets are nested deeper than 12 levels";
        let long = "the expression has more than 40 operators";
        let cases = [
            (format!("x := {}1{}", "[".repeat(13), "]".repeat(13)), deep),
            (format!("x := {}1{}", "{[".repeat(7), "]}".repeat(7)), deep),
            (format!("x := {}1{}", "(".repeat(13), ")".repeat(13)), deep),
            (format!("x := 1{}", "+1".repeat(100)), long),
            (format!("x := 1{}", "+1\n".repeat(100)), long),
            (format!("x := 1{}", "\n+1".repeat(100)), long),
            (format!("x := 1{}", "+1 # c\n".repeat(100)), long),
            (format!("x := 1{}", " | (1)".repeat(100)), long),
            (format!("x := {}1", "-".repeat(100)), long),
            (format!("x := {}1", "- ".repeat(100)), long),
            (format!("x := a{}", ".b".repeat(100)), long),
            (format!("x := a{}", "[b]".repeat(100)), long),
            (format!("x if a{}", " in b".repeat(100)), long),
            (
                (0..3000)
                    .map(|_| format!("x := {}1{}\n", "[".repeat(10), "]".repeat(10)))
                    .collect(),
                "the file has too much in nested brackets",
            ),
            ("#".repeat(2000), "the line is longer than 1000 bytes"),
            ("#\n".repeat(200_000), "the file is larger than 262144 bytes"),
        ];
        for (text, expected) in cases {
            assert_eq!(message(&text).as_deref(), Some(expected), "{:.60}", text);
        }
    }

    #[test]
    fn any_text_is_scanned_to_its_end() {
        for text in ["\"", "\"\\", "`", "#", "é\"é\\é", "\\", ":", "]])}", "x := \"\\\n\"", "\u{0}"]
        {
            assert_eq!(message(text), None, "{text:?}");
        }
    }
}
