//! Redirections and here-documents.

use super::model::{Redirect, Word};
use super::parser::{Builder, Parser, Pending};
use super::words::{Mode, name_length};

/// Longest first: the first that fits is the operator.
const OPERATORS: [&str; 12] =
    ["&>>", "<<-", "<<<", "&>", "<<", "<&", "<>", ">>", ">&", ">|", "<", ">"];

impl Parser<'_> {
    /// Reads a redirection into a command, if the cursor is at one.
    pub(super) fn redirect(&mut self, command: usize) -> bool {
        let start = self.at;
        let digits = descriptor_length(self.rest());
        let rest = self.rest().get(digits..).unwrap_or_default();
        let Some(operator) = OPERATORS.into_iter().find(|operator| rest.starts_with(operator))
        else {
            return false;
        };
        let process = matches!(operator, "<" | ">") && rest.as_bytes().get(1) == Some(&b'(');
        if process || (digits > 0 && operator.starts_with('&')) {
            return false;
        }
        let fd = self.slice(start..start + digits).parse().ok();
        self.at += digits + operator.len();
        self.blanks();
        let target_start = self.at;
        let target = self.word(Mode::Plain).unwrap_or_else(|| {
            self.report(start..self.at, format!("`{operator}` has no target"));
            Builder::new(target_start).finish(target_start)
        });
        if matches!(operator, "<<" | "<<-") {
            self.expect_here_document(&target, operator == "<<-", command);
        }
        let range = start..self.at;
        if let Some(command) = self.commands.get_mut(command) {
            let redirect = Redirect { operator, target, fd, range, body: None };
            command.redirects.push(redirect);
        }
        self.stretch(command);
        true
    }

    fn expect_here_document(&mut self, target: &Word, strip_tabs: bool, command: usize) {
        let redirect = self.commands.get(command).map_or(0, |command| command.redirects.len());
        self.pending.push(Pending {
            delimiter: target.text.clone(),
            strip_tabs,
            // Any quote in the delimiter switches expansion off.
            quoted: self.slice(target.range.clone()).contains(['\'', '"', '\\']),
            command,
            redirect,
        });
    }

    /// Moves past a line end and the here-documents that follow it.
    pub(super) fn newline(&mut self) {
        self.at += if self.peek() == Some(b'\r') { 2 } else { 1 };
        self.at = self.at.min(self.limit);
        self.read_here_documents();
    }

    /// Reads the lines of the here-documents that were announced.
    pub(super) fn read_here_documents(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            self.read_here_document(&pending);
        }
    }

    fn read_here_document(&mut self, pending: &Pending) {
        let start = self.at;
        let mut end = None;
        while self.at < self.limit {
            let line_start = self.at;
            let length = self.rest().find('\n');
            let line = self.slice(line_start..line_start + length.unwrap_or(self.rest().len()));
            self.at += line.len() + usize::from(length.is_some());
            let line = line.strip_suffix('\r').unwrap_or(line);
            let line = if pending.strip_tabs { line.trim_start_matches('\t') } else { line };
            if line == pending.delimiter {
                end = Some(line_start);
                break;
            }
        }
        let body = start..end.unwrap_or(self.limit);
        let Some(redirect) = self
            .commands
            .get_mut(pending.command)
            .and_then(|command| command.redirects.get_mut(pending.redirect))
        else {
            return;
        };
        redirect.body = Some(body.clone());
        if end.is_none() {
            let range = redirect.range.clone();
            self.report(range, format!("no line ends the here-document `{}`", pending.delimiter));
        }
        if !pending.quoted {
            let after = self.at;
            let mut unused = Builder::new(body.start);
            self.search(&mut unused, body.start, body.end);
            // What a substitution in the lines announced cannot follow them.
            self.pending.clear();
            self.at = after;
        }
    }
}

/// The length of a descriptor before an operator: digits, or a variable in braces as bash has it.
fn descriptor_length(text: &str) -> usize {
    match text.strip_prefix('{') {
        None => text.bytes().take_while(u8::is_ascii_digit).count(),
        Some(name) => match name_length(name) {
            length if length > 0 && name.as_bytes().get(length) == Some(&b'}') => length + 2,
            _ => 0,
        },
    }
}
