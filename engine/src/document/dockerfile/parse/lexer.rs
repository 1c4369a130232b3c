//! Shell words of a line, just enough to find here-documents in them.
//!
//! Follows BuildKit's `shell.Lex` with no variables set and unset ones left as they are, because a
//! line that does not lex has no here-documents at all. Expansion proper is not done here.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// Nested `${…}` deeper than this do not lex; the bound keeps the stack small.
const MAX_NESTING: usize = 50;

/// The shell's escape character, whatever the `escape` directive says.
const ESCAPE: char = '\\';

/// A word, and the bytes that it came from.
pub(super) struct Word {
    pub(super) value: String,
    pub(super) range: Range<usize>,
}

/// What is left in words.
#[derive(Clone, Copy)]
pub(super) struct Raw {
    /// Quotes are.
    pub(super) quotes: bool,
    /// Escape characters are.
    pub(super) escapes: bool,
}

/// The words of a text; an error says why there are none.
pub(super) fn words(text: &str, raw: Raw) -> Result<Vec<Word>, &'static str> {
    let mut lexer = Lexer {
        chars: text.char_indices().peekable(),
        end: text.len(),
        quotes: raw.quotes,
        nesting: 0,
        out: Words::default(),
    };
    lexer.until(None, raw.escapes, Mode::Split)?;
    lexer.out.close(text.len());
    Ok(lexer.out.list)
}

/// How output becomes words.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// White space separates words.
    Split,
    /// Everything belongs to the word.
    Whole,
}

#[derive(Default)]
struct Words {
    list: Vec<Word>,
    word: String,
    start: Option<usize>,
}

impl Words {
    fn put(&mut self, c: char, at: usize, mode: Mode) {
        if mode == Mode::Split && c.is_whitespace() {
            if !self.word.is_empty() {
                self.close(at);
            }
        } else {
            self.start.get_or_insert(at);
            self.word.push(c);
        }
    }

    fn close(&mut self, end: usize) {
        let start = self.start.take().unwrap_or(end);
        if !self.word.is_empty() {
            self.list.push(Word { value: std::mem::take(&mut self.word), range: start..end });
        }
    }
}

struct Lexer<'t> {
    chars: Peekable<CharIndices<'t>>,
    end: usize,
    quotes: bool,
    nesting: usize,
    out: Words,
}

impl Lexer<'_> {
    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|&(_, c)| c)
    }

    fn at(&mut self) -> usize {
        self.chars.peek().map_or(self.end, |&(at, _)| at)
    }

    /// Copies the next character to the output.
    fn copy(&mut self, mode: Mode) {
        if let Some((at, c)) = self.chars.next() {
            self.out.put(c, at, mode);
        }
    }

    /// Reads up to and without `stop`, or to the end.
    fn until(&mut self, stop: Option<char>, escapes: bool, mode: Mode) -> Result<(), &'static str> {
        while let Some(c) = self.peek() {
            match c {
                _ if stop == Some(c) => {
                    self.chars.next();
                    return Ok(());
                }
                '\'' => self.single_quoted(inner(mode, self.nesting))?,
                '"' => self.double_quoted(escapes, inner(mode, self.nesting))?,
                '$' => self.dollar(mode)?,
                '<' => self.heredoc_operator(inner(mode, self.nesting)),
                ESCAPE => {
                    if escapes {
                        self.copy(inner(mode, self.nesting));
                    } else {
                        self.chars.next();
                    }
                    self.copy(inner(mode, self.nesting));
                }
                _ => self.copy(mode),
            }
        }
        match stop {
            None => Ok(()),
            Some(_) => Err("unexpected end of statement while looking for a closing character"),
        }
    }

    /// Blanks after `<<` belong to the word, so that `<< EOF` is one.
    fn heredoc_operator(&mut self, mode: Mode) {
        self.copy(mode);
        if self.peek() == Some('<') {
            self.copy(mode);
            while self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}' | '\r')) {
                self.copy(mode);
            }
        }
    }

    fn quote(&mut self, mode: Mode) {
        let at = self.at();
        self.out.start.get_or_insert(at);
        if self.quotes {
            self.copy(mode);
        } else {
            self.chars.next();
        }
    }

    fn single_quoted(&mut self, mode: Mode) -> Result<(), &'static str> {
        self.quote(mode);
        while let Some(c) = self.peek() {
            if c == '\'' {
                self.quote(mode);
                return Ok(());
            }
            self.copy(mode);
        }
        Err("unexpected end of statement while looking for matching single-quote")
    }

    fn double_quoted(&mut self, escapes: bool, mode: Mode) -> Result<(), &'static str> {
        self.quote(mode);
        while let Some(c) = self.peek() {
            match c {
                '"' => {
                    self.quote(mode);
                    return Ok(());
                }
                '$' => self.dollar(mode)?,
                ESCAPE => {
                    let at = self.at();
                    self.chars.next();
                    if escapes {
                        self.out.put(ESCAPE, at, mode);
                    }
                    match self.peek() {
                        None => {}
                        Some('"' | '$' | ESCAPE) => self.copy(mode),
                        // BuildKit doubles it when escapes stay; the delimiter is lexed again.
                        Some(_) => self.out.put(ESCAPE, at, mode),
                    }
                }
                _ => self.copy(mode),
            }
        }
        Err("unexpected end of statement while looking for matching double-quote")
    }

    fn dollar(&mut self, mode: Mode) -> Result<(), &'static str> {
        self.copy(mode);
        if self.peek() != Some('{') {
            self.name(mode);
            return Ok(());
        }
        self.copy(mode);
        match self.peek() {
            None => return Err("syntax error: missing '}'"),
            Some('{' | '}' | ':') => return Err("syntax error: bad substitution"),
            Some(_) => {}
        }
        self.name(mode);
        let mut operator = self.peek();
        if operator == Some('}') {
            self.copy(mode);
            return Ok(());
        }
        if operator == Some(':') {
            self.copy(mode);
            operator = self.peek();
        } else if !matches!(operator, Some('+' | '-' | '?' | '#' | '%' | '/')) {
            return Err("unsupported modifier in substitution");
        }
        self.copy(mode);
        if self.nesting == MAX_NESTING {
            return Err("substitutions are nested too deeply");
        }
        self.nesting += 1;
        let inside = self.operand(operator, mode);
        self.nesting -= 1;
        inside
    }

    fn operand(&mut self, operator: Option<char>, mode: Mode) -> Result<(), &'static str> {
        if operator == Some('/') {
            if self.peek() == Some('/') {
                self.chars.next();
            }
            self.until(Some('/'), true, mode)?;
            let at = self.at();
            self.out.put('/', at, mode);
        }
        let escapes = matches!(operator, Some('#' | '%' | '/'));
        self.until(Some('}'), escapes, mode)?;
        let at = self.at();
        self.out.put('}', at.saturating_sub(1), mode);
        Ok(())
    }

    /// The name of a variable: a special parameter, digits, or letters, digits and underscores.
    fn name(&mut self, mode: Mode) {
        match self.peek() {
            Some(c) if c.is_numeric() => {
                while self.peek().is_some_and(char::is_numeric) {
                    self.copy(mode);
                }
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => self.copy(mode),
            _ => {
                while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    self.copy(mode);
                }
            }
        }
    }
}

/// What a substitution results in is split as a whole, quotes in it or not.
fn inner(mode: Mode, nesting: usize) -> Mode {
    if nesting == 0 { Mode::Whole } else { mode }
}
