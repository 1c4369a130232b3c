//! Simple commands: words, assignments, redirections; `[[ ]]`, `(( ))` and function definitions.

use super::model::{Assignment, Word};
use super::parser::{Builder, Parser};
use super::words::{Mode, name_length};

impl Parser<'_> {
    /// `(( ))` as a command named `((` with the expression as its argument.
    pub(super) fn arithmetic_command(&mut self, end: usize) {
        let Some(command) = self.begin() else { return };
        let start = self.at;
        let mut name = Builder::new(start);
        name.push("((", start);
        let mut word = Builder::new(start + 2);
        self.search(&mut word, start + 2, end);
        word.expands();
        word.push(self.slice(start + 2..end), start + 2);
        self.at = (end + 2).min(self.limit);
        self.stretch(command);
        if let Some(command) = self.commands.get_mut(command) {
            command.name = Some(name.finish(start + 2));
            command.args.push(word.finish(end));
        }
    }

    /// `[[ ]]` as a command named `[[`, its operators as words.
    pub(super) fn test(&mut self) {
        let start = self.at;
        let Some(command) = self.begin() else { return };
        loop {
            self.blanks();
            if self.at_newline() {
                self.newline();
                continue;
            }
            let ends = self.keyword() == "]]";
            let word = if ends { self.word(Mode::Plain) } else { self.word(Mode::Test) };
            let Some(word) = word else { break };
            self.store(command, word);
            if ends {
                break;
            }
        }
        if !self.slice(start..self.at).ends_with("]]") {
            self.report(start..start + 2, "`[[` is not followed by `]]`");
        }
        self.blanks();
        while self.redirect(command) {
            self.blanks();
        }
    }

    pub(super) fn function(&mut self) {
        self.at += "function".len();
        self.blanks();
        let _ = self.word(Mode::Plain);
        self.blanks();
        if self.starts_with("()") {
            self.at += 2;
        }
        self.function_body();
    }

    fn function_body(&mut self) {
        self.gaps();
        let conditional = std::mem::replace(&mut self.context.conditional, true);
        self.guarded(Self::command);
        self.context.conditional = conditional;
    }

    /// Adds a word to a command, as its name or as an argument.
    fn store(&mut self, command: usize, word: Word) {
        if let Some(command) = self.commands.get_mut(command) {
            if command.name.is_none() {
                command.name = Some(word);
            } else {
                command.args.push(word);
            }
        }
        self.stretch(command);
    }

    pub(super) fn simple(&mut self) {
        let Some(command) = self.begin() else { return };
        let mut words = 0_usize;
        loop {
            self.blanks();
            let Some(byte) = self.peek() else { break };
            match byte {
                b'\n' | b';' | b'|' | b')' => break,
                b'\r' if self.at_newline() => break,
                b'&' if self.peek_at(1) != Some(b'>') => break,
                b'#' => self.comment(),
                b'<' | b'>' | b'&' | b'{' | b'0'..=b'9' if self.redirect(command) => {}
                b'(' if words == 1 && self.function_parentheses() => {
                    self.forget(command);
                    return self.function_body();
                }
                b'(' => self.parenthesis(command),
                _ if words == 0 && self.assignment(command) => {}
                _ => match self.word(Mode::Plain) {
                    Some(word) => {
                        words += 1;
                        self.store(command, word);
                    }
                    None => self.unexpected(1),
                },
            }
        }
        if self.commands.get(command).is_some_and(|command| command.range.is_empty()) {
            self.forget(command);
        }
    }

    /// Moves past the `()` of a function definition.
    fn function_parentheses(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b')') {
            self.at += 1;
            return true;
        }
        self.at = start;
        false
    }

    /// A parenthesis among the words: the value of `declare A=(…)`, or a mistake.
    fn parenthesis(&mut self, command: usize) {
        if self.at > 0 && self.slice(self.at - 1..self.at) == "=" {
            let mut array = Builder::new(self.at);
            self.balanced(&mut array);
            self.stretch(command);
        } else {
            self.unexpected(1);
        }
    }

    /// Reads `NAME=value`, `NAME+=value` or `NAME[…]=value`, if the cursor is at one.
    fn assignment(&mut self, command: usize) -> bool {
        let start = self.at;
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return false;
        }
        let length = name_length(rest);
        let name = rest.get(..length).unwrap_or_default().to_owned();
        let mut after = rest.get(length..).unwrap_or_default();
        if let Some(subscript) = after.strip_prefix('[') {
            // Longer subscripts are not looked for, so that reading stays linear.
            let end = subscript.bytes().take(64).position(|byte| byte == b']');
            after = end.and_then(|end| subscript.get(end + 1..)).unwrap_or_default();
        }
        let after = after.strip_prefix('+').unwrap_or(after);
        let Some(value) = after.strip_prefix('=') else { return false };
        self.at = self.limit - value.len();
        let value = if self.peek() == Some(b'(') {
            let mut array = Builder::new(self.at);
            self.balanced(&mut array);
            array.word.literal = false;
            array.finish(self.at)
        } else {
            let from = self.at;
            self.word(Mode::Plain).unwrap_or_else(|| Builder::new(from).finish(from))
        };
        let range = start..self.at;
        if let Some(command) = self.commands.get_mut(command) {
            command.assignments.push(Assignment { name, value, range });
        }
        self.stretch(command);
        true
    }
}
