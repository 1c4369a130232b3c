//! cmd.exe and PowerShell, as far as splitting them goes, and JSON arrays of arguments.
//!
//! Both languages have constructs whose words are no commands (`if`, `for`, script blocks,
//! expressions). Where one is met the script is marked incomplete; the words are listed as they
//! come.

use std::ops::Range;

use super::model::{Command, Redirect, Script, Separator};
use super::parser::Builder;
use super::{Dialect, MAX_COMMANDS};

struct Splitter<'t> {
    text: &'t str,
    at: usize,
    dialect: Dialect,
    script: Script,
    current: Option<Command>,
    piped: bool,
    parentheses: usize,
}

/// Splits a command line of cmd.exe or PowerShell.
pub(super) fn split(text: &str, dialect: Dialect) -> Script {
    let script = Script { complete: true, ..Script::default() };
    let mut splitter =
        Splitter { text, at: 0, dialect, script, current: None, piped: false, parentheses: 0 };
    splitter.run();
    splitter.finish(Separator::End);
    let mut script = splitter.script;
    script.complete = script.problem.is_none();
    script
}

impl Splitter<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn report(&mut self, range: Range<usize>, message: &str) {
        self.script.problem.get_or_insert_with(|| (range, message.to_owned()));
    }

    fn run(&mut self) {
        while let Some(letter) = self.rest().chars().next() {
            if self.script.commands.len() >= MAX_COMMANDS {
                self.report(self.at..self.text.len(), "there are too many commands");
                return;
            }
            let start = self.at;
            if let Some((separator, length)) = self.separator() {
                self.at += length;
                self.finish(separator);
            } else if let Some(length) = self.continuation() {
                self.at += length;
            } else if matches!(letter, ' ' | '\t') {
                self.at += 1;
            } else if self.dialect == Dialect::PowerShell && self.comment() {
            } else if matches!(letter, '<' | '>') || self.descriptor_redirect() {
                self.redirect();
            } else if matches!(letter, '(' | ')') {
                self.at += 1;
                self.parenthesis(letter, start);
            } else {
                self.word();
            }
            if self.at == start {
                self.at += letter.len_utf8();
            }
        }
        if self.parentheses > 0 {
            self.report(self.text.len()..self.text.len(), "a parenthesis is not closed");
        }
    }

    fn separator(&self) -> Option<(Separator, usize)> {
        let rest = self.rest();
        let power = self.dialect == Dialect::PowerShell;
        Some(match rest.as_bytes() {
            [b'&', b'&', ..] => (Separator::And, 2),
            [b'|', b'|', ..] => (Separator::Or, 2),
            [b'|', ..] => (Separator::Pipe, 1),
            [b'\r', b'\n', ..] => (Separator::Newline, 2),
            [b'\n', ..] => (Separator::Newline, 1),
            [b';', ..] if power => (Separator::Sequence, 1),
            // In PowerShell `&` before a command calls it.
            [b'&', ..] if !power || self.current.is_some() => (Separator::Background, 1),
            _ => return None,
        })
    }

    /// The length of an escaped line end.
    fn continuation(&self) -> Option<usize> {
        let escape = if self.dialect == Dialect::PowerShell { '`' } else { '^' };
        let rest = self.rest().strip_prefix(escape)?;
        if rest.starts_with("\r\n") { Some(3) } else { rest.starts_with('\n').then_some(2) }
    }

    /// Skips a comment of PowerShell.
    fn comment(&mut self) -> bool {
        let rest = self.rest();
        let length = if rest.starts_with("<#") {
            rest.find("#>").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with('#') {
            rest.find('\n').unwrap_or(rest.len())
        } else {
            return false;
        };
        self.at += length;
        true
    }

    fn parenthesis(&mut self, letter: char, start: usize) {
        if self.dialect == Dialect::PowerShell {
            self.report(start..start + 1, "expressions in parentheses are not understood");
        }
        if letter == '(' {
            self.parentheses += 1;
        } else if self.parentheses > 0 {
            self.parentheses -= 1;
        } else {
            self.report(start..start + 1, "`)` is not expected here");
        }
        self.finish(Separator::End);
    }

    fn descriptor_redirect(&self) -> bool {
        matches!(self.rest().as_bytes(), [b'0'..=b'9' | b'*', b'<' | b'>', ..])
    }

    fn redirect(&mut self) {
        let start = self.at;
        let fd = self.rest().chars().next().and_then(|digit| digit.to_digit(10));
        self.at += usize::from(self.descriptor_redirect());
        let operator = [">>", ">&", "<&", ">", "<"]
            .into_iter()
            .find(|operator| self.rest().starts_with(operator))
            .unwrap_or(">");
        self.at += operator.len();
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let target = self.read_word();
        let range = start..self.at;
        let redirect = Redirect { operator, target, fd, range, body: None };
        let end = self.at;
        let command = self.open(start);
        command.redirects.push(redirect);
        command.range.end = end;
    }

    fn open(&mut self, start: usize) -> &mut Command {
        if self.current.is_none() && std::mem::take(&mut self.piped) {
            let index = self.script.commands.len();
            let writer = self.script.commands.last_mut();
            let pipe_from = writer.map(|writer| {
                writer.pipe_to = Some(index);
                index - 1
            });
            let command = Command { range: start..start, pipe_from, ..Command::default() };
            return self.current.insert(command);
        }
        self.current.get_or_insert_with(|| Command { range: start..start, ..Command::default() })
    }

    fn word(&mut self) {
        let start = self.at;
        let word = self.read_word();
        let text = word.text.to_ascii_lowercase();
        if self.current.as_ref().is_none_or(|command| command.name.is_none()) {
            let block = match self.dialect {
                Dialect::Cmd => {
                    matches!(text.as_str(), "if" | "for" | "goto") || text.starts_with(':')
                }
                _ => {
                    matches!(text.as_str(), "if" | "foreach" | "for" | "while" | "try" | "function")
                        || text.starts_with(['$', '[', '@', '{', '}'])
                }
            };
            if block {
                self.report(word.range.clone(), "this construct is not understood");
            }
            // `&` and `.` call what follows; `@` hides the echo of cmd.exe.
            if matches!(text.as_str(), "&" | "." | "@") {
                return;
            }
        } else if self.dialect == Dialect::PowerShell && text.starts_with(['{', '}', '@']) {
            self.report(word.range.clone(), "script blocks and tables are not understood");
        }
        let end = self.at;
        let command = self.open(start);
        command.range.end = end;
        if command.name.is_none() {
            command.name = Some(word);
        } else {
            command.args.push(word);
        }
    }

    fn read_word(&mut self) -> super::Word {
        let start = self.at;
        let power = self.dialect == Dialect::PowerShell;
        let escape = if power { '`' } else { '^' };
        let mut word = Builder::new(start);
        let mut quote = None;
        while let Some(letter) = self.rest().chars().next() {
            let next = self.rest().chars().nth(1);
            let from = self.at;
            let end = from + letter.len_utf8();
            match quote {
                Some(open) if letter == open && next == Some(open) && power => {
                    self.at = end + letter.len_utf8();
                    word.push(self.text.get(from..end).unwrap_or_default(), from);
                    continue;
                }
                Some(open) if letter == open => quote = None,
                Some('"') if letter == '\n' && !power => break,
                None if letter == '"' || (power && letter == '\'') => quote = Some(letter),
                None if letter == '&' && power && from == start => {
                    word.push("&", from);
                    self.at = end;
                    break;
                }
                None if " \t\r\n|&<>()".contains(letter) || (power && letter == ';') => break,
                None | Some('"') if letter == escape && (power || quote.is_none()) => {
                    self.at = end;
                    self.escaped(&mut word);
                    continue;
                }
                _ => {
                    let single = quote == Some('\'');
                    self.variable(&mut word, single);
                    word.push(self.text.get(from..end).unwrap_or_default(), from);
                }
            }
            self.at = end;
        }
        if quote.is_some() {
            self.report(start..self.at, "the quote is not closed");
        }
        word.finish(self.at)
    }

    fn escaped(&mut self, word: &mut Builder) {
        let rest = self.rest();
        if rest.starts_with("\r\n") {
            self.at += 2;
        } else if rest.starts_with('\n') {
            self.at += 1;
        } else if let Some(letter) = rest.chars().next() {
            let from = self.at;
            self.at += letter.len_utf8();
            word.push(self.text.get(from..self.at).unwrap_or_default(), from);
        }
    }

    /// Notes the variable whose first character is at the cursor: `%NAME%`, `$name`, `$env:NAME`.
    fn variable(&self, word: &mut Builder, literal: bool) {
        let rest = self.rest();
        let is_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
        if self.dialect == Dialect::PowerShell {
            if let Some(name) = rest.strip_prefix('$').filter(|_| !literal) {
                let length = name.find(|letter| !is_name(letter)).unwrap_or(name.len());
                word.variable(name.get(..length).unwrap_or_default());
            }
        } else if let Some(name) = rest.strip_prefix('%') {
            let length = name.find(|letter| !is_name(letter)).unwrap_or(name.len());
            if length > 0 && name.get(length..).is_some_and(|after| after.starts_with('%')) {
                word.variable(name.get(..length).unwrap_or_default());
            }
        }
    }

    fn finish(&mut self, separator: Separator) {
        let Some(mut command) = self.current.take() else { return };
        command.separator = separator;
        self.piped = separator == Separator::Pipe;
        self.script.commands.push(command);
    }
}

/// The strings of a JSON array, each with the byte range between its quotes.
pub(super) fn json_array(text: &str) -> Result<Vec<(String, Range<usize>)>, String> {
    let values: Vec<String> = serde_json::from_str(text)
        .map_err(|_| "an exec form is a JSON array of strings".to_owned())?;
    let mut ranges = Vec::with_capacity(values.len());
    let mut open = None;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match (open, byte) {
            (Some(_), b'\\') => drop(bytes.next()),
            (Some(start), b'"') => {
                ranges.push(start..at);
                open = None;
            }
            (None, b'"') => open = Some(at + 1),
            _ => {}
        }
    }
    Ok(values.into_iter().zip(ranges).collect())
}
