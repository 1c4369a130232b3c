//! The grammar: lists, pipelines, compound commands, simple commands.
//!
//! Where a token fits nowhere it is reported and skipped, so that one mistake hides nothing.

use super::model::Separator;
use super::parser::{Builder, Parser};
use super::words::Mode;

/// Reserved words that end a list.
const CLOSERS: [&str; 8] = ["then", "elif", "else", "fi", "do", "done", "esac", "}"];
/// What ends the commands of one branch of `case`.
const BRANCH_ENDS: [&str; 3] = [";;&", ";;", ";&"];

impl<'t> Parser<'t> {
    /// Skips blanks and continued line ends.
    pub(super) fn blanks(&mut self) {
        loop {
            match (self.peek(), self.peek_at(1), self.peek_at(2)) {
                (Some(b' ' | b'\t'), ..) => self.at += 1,
                (Some(b'\\'), Some(b'\n'), _) => self.at += 2,
                (Some(b'\\'), Some(b'\r'), Some(b'\n')) => self.at += 3,
                _ => return,
            }
        }
    }

    pub(super) fn at_newline(&self) -> bool {
        match self.peek() {
            Some(b'\n') => true,
            Some(b'\r') => self.peek_at(1) == Some(b'\n'),
            _ => false,
        }
    }

    pub(super) fn comment(&mut self) {
        let rest = self.rest();
        let length = rest.find('\n').unwrap_or(rest.len());
        let carriage = rest.get(..length).is_some_and(|line| line.ends_with('\r'));
        self.at += length - usize::from(carriage && length < rest.len());
    }

    /// Skips everything that may stand between two commands.
    pub(super) fn gaps(&mut self) {
        loop {
            self.blanks();
            if self.at_newline() {
                self.newline();
            } else if self.peek() == Some(b'#') {
                self.comment();
            } else {
                return;
            }
        }
    }

    /// The word at the cursor, if it may be a reserved one: short, unquoted, delimited.
    pub(super) fn keyword(&self) -> &'t str {
        let rest = self.rest();
        let length = rest
            .bytes()
            .take(9)
            .take_while(|byte| byte.is_ascii_lowercase() || b"{}![]".contains(byte))
            .count();
        match rest.as_bytes().get(length) {
            None => rest.get(..length).unwrap_or_default(),
            Some(byte) if byte.is_ascii_whitespace() || b";&|()<>".contains(byte) => {
                rest.get(..length).unwrap_or_default()
            }
            Some(b'\\') if rest.as_bytes().get(length + 1) == Some(&b'\n') => {
                rest.get(..length).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// Reads commands until one of `closer` or the end; the closer is left to be read.
    pub(super) fn list(&mut self, closer: &'static [&'static str]) {
        if !self.enter() {
            return;
        }
        self.closers.push(closer);
        loop {
            self.gaps();
            let before = self.at;
            if before >= self.limit || self.at_closer() {
                break;
            }
            if self.at > before {
                continue;
            }
            let (start, first) = (self.at, self.commands.len());
            self.and_or();
            self.separator(first);
            if self.at == start {
                self.unexpected(1);
            }
        }
        self.closers.pop();
        self.leave();
    }

    /// Whether a list ends here. What ends no list is reported and skipped.
    fn at_closer(&mut self) -> bool {
        let token = match self.peek() {
            Some(b')') => ")",
            Some(b';') => match BRANCH_ENDS.into_iter().find(|end| self.starts_with(end)) {
                Some(_) => ";;",
                None => return false,
            },
            _ => match CLOSERS.into_iter().find(|word| *word == self.keyword()) {
                Some(word) => word,
                None => return false,
            },
        };
        if self.closes(token) {
            return true;
        }
        self.unexpected(token.len());
        false
    }

    pub(super) fn unexpected(&mut self, length: usize) {
        let start = self.at;
        self.at = (start + length).min(self.limit);
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        let token = self.slice(start..self.at).trim_end();
        self.report(start..self.at, format!("`{token}` is not expected here"));
    }

    /// Reads `;`, `&` or a line end after a command.
    fn separator(&mut self, first: usize) {
        self.blanks();
        if self.peek() == Some(b'#') {
            self.comment();
        }
        let mine = first..self.commands.len();
        if self.at_newline() {
            self.newline();
            self.separate(mine, Separator::Newline);
        } else if self.peek() == Some(b';') {
            self.separate(mine, Separator::Sequence);
            if !BRANCH_ENDS.into_iter().any(|end| self.starts_with(end)) {
                self.at += 1;
            }
        } else if self.peek() == Some(b'&') {
            self.separate(mine, Separator::Background);
            self.at += 1;
        }
    }

    fn and_or(&mut self) {
        let conditional = self.context.conditional;
        loop {
            let first = self.commands.len();
            self.pipeline();
            self.context.conditional = conditional;
            self.blanks();
            let separator = match self.rest().get(..2) {
                Some("&&") => Separator::And,
                Some("||") => Separator::Or,
                _ => return,
            };
            self.separate(first..self.commands.len(), separator);
            let operator = self.at;
            self.at += 2;
            self.gaps();
            self.context.conditional |= separator == Separator::Or;
            if self.nothing_follows(operator, 2) {
                self.context.conditional = conditional;
                return;
            }
        }
    }

    /// Whether an operator is the last thing of its list, which is reported.
    fn nothing_follows(&mut self, operator: usize, length: usize) -> bool {
        let ends = match self.peek() {
            None | Some(b')' | b';' | b'&' | b'|') => true,
            _ => CLOSERS.contains(&self.keyword()),
        };
        if ends {
            let end = (operator + length).min(self.limit);
            let token = self.slice(operator..end);
            self.report(operator..end, format!("nothing follows `{token}`"));
        }
        ends
    }

    fn pipeline(&mut self) {
        let negated = self.context.negated;
        while self.keyword() == "!" {
            self.context.negated = !self.context.negated;
            self.at += 1;
            self.blanks();
        }
        let mut left = None;
        loop {
            let first = self.commands.len();
            self.command();
            let right = first..self.commands.len();
            if let Some(left) = left.take() {
                self.connect(left, right.clone());
            }
            self.blanks();
            if self.peek() != Some(b'|') || self.peek_at(1) == Some(b'|') {
                break;
            }
            let operator = self.at;
            self.at += if self.peek_at(1) == Some(b'&') { 2 } else { 1 };
            self.separate(right.clone(), Separator::Pipe);
            self.gaps();
            if self.nothing_follows(operator, 1) {
                break;
            }
            left = Some(right);
        }
        self.context.negated = negated;
    }

    pub(super) fn command(&mut self) {
        let start = self.at;
        match self.keyword() {
            "if" => self.if_clause(),
            "while" | "until" => self.loop_clause(),
            "for" | "select" => self.for_clause(),
            "case" => self.case_clause(),
            "{" => self.group(),
            "[[" => return self.test(),
            "function" => return self.function(),
            "time" if self.times_compound() => return self.guarded(Self::command),
            _ if self.peek() == Some(b'(') => match self.arithmetic_end(self.at) {
                Some(end) => self.arithmetic_command(end),
                None => self.subshell(),
            },
            _ => return self.simple(),
        }
        self.compound_redirects(start);
    }

    /// Runs something that may come back here.
    pub(super) fn guarded(&mut self, read: fn(&mut Self)) {
        if self.enter() {
            read(self);
            self.leave();
        }
    }

    /// Moves past `time` before a compound command, where it is no command by itself.
    fn times_compound(&mut self) -> bool {
        let start = self.at;
        self.at += 4;
        self.blanks();
        if self.peek() == Some(b'(')
            || matches!(self.keyword(), "{" | "if" | "while" | "until" | "for" | "case")
        {
            return true;
        }
        self.at = start;
        false
    }

    /// Lists the redirections after a compound command as a command without a name.
    fn compound_redirects(&mut self, start: usize) {
        self.blanks();
        let at = self.at;
        if !matches!(self.peek(), Some(b'<' | b'>' | b'&' | b'0'..=b'9')) {
            return;
        }
        let Some(command) = self.begin() else { return };
        let mut found = false;
        while self.redirect(command) {
            found = true;
            self.blanks();
        }
        if !found {
            self.forget(command);
        } else if let Some(command) = self.commands.get_mut(command) {
            command.range.start = at.max(start);
        }
    }

    /// Takes back a command that turned out to be none, unless others came after it.
    pub(super) fn forget(&mut self, command: usize) {
        if command + 1 == self.commands.len() {
            self.commands.pop();
            self.levels.pop();
        }
    }

    /// Reads a list and the word that must end it; false if the list ends otherwise.
    fn list_until(&mut self, start: usize, opener: &str, closer: &'static [&'static str]) -> bool {
        self.list(closer);
        let found = closer.contains(&self.keyword());
        if !found {
            let end = start + opener.len();
            let wanted = closer.last().copied().unwrap_or_default();
            self.report(start..end, format!("`{opener}` is not followed by `{wanted}`"));
        }
        found
    }

    fn if_clause(&mut self) {
        let (start, conditional) = (self.at, self.context.conditional);
        let mut opener = "if";
        loop {
            self.at += opener.len();
            if opener != "else" {
                if !self.list_until(start, "if", &["then"]) {
                    break;
                }
                self.at += "then".len();
            }
            self.context.conditional = true;
            if !self.list_until(start, "if", &["elif", "else", "fi"]) {
                break;
            }
            opener = match self.keyword() {
                "elif" => "elif",
                "else" => "else",
                _ => {
                    self.at += "fi".len();
                    break;
                }
            };
        }
        self.context.conditional = conditional;
    }

    fn loop_clause(&mut self) {
        let (start, conditional) = (self.at, self.context.conditional);
        self.at += "while".len();
        if self.list_until(start, "while", &["do"]) {
            self.context.conditional = true;
            self.do_group(start);
        }
        self.context.conditional = conditional;
    }

    fn do_group(&mut self, start: usize) {
        self.at += "do".len();
        if self.list_until(start, "do", &["done"]) {
            self.at += "done".len();
        }
    }

    fn for_clause(&mut self) {
        let start = self.at;
        self.at += self.keyword().len();
        self.blanks();
        if let Some(end) = self.arithmetic_end(self.at) {
            let mut unused = Builder::new(self.at);
            self.search(&mut unused, self.at + 2, end);
            self.at = (end + 2).min(self.limit);
        } else {
            let _ = self.word(Mode::Plain);
            self.gaps();
            if self.keyword() == "in" {
                self.at += 2;
                self.blanks();
                while self.word(Mode::Plain).is_some() {
                    self.blanks();
                }
            }
        }
        self.blanks();
        if self.peek() == Some(b';') {
            self.at += 1;
        }
        self.gaps();
        match self.keyword() {
            "do" => self.do_group(start),
            "{" => self.group(),
            _ => self.report(start..start + 3, "the loop has no `do`"),
        }
    }

    fn case_clause(&mut self) {
        let (start, conditional) = (self.at, self.context.conditional);
        self.at += "case".len();
        self.blanks();
        let _ = self.word(Mode::Plain);
        self.gaps();
        if self.keyword() != "in" {
            return self.report(start..start + 4, "`case` is not followed by `in`");
        }
        self.at += 2;
        self.context.conditional = true;
        loop {
            self.gaps();
            if self.keyword() == "esac" {
                self.at += 4;
                break;
            }
            if !self.case_branch() {
                self.report(start..start + 4, "`case` is not followed by `esac`");
                break;
            }
        }
        self.context.conditional = conditional;
    }

    /// Reads `pattern | pattern) commands ;;`; false if there is none.
    fn case_branch(&mut self) -> bool {
        if self.peek() == Some(b'(') {
            self.at += 1;
        }
        loop {
            self.blanks();
            if self.word(Mode::Plain).is_none() {
                return false;
            }
            self.blanks();
            match self.peek() {
                Some(b'|') => self.at += 1,
                Some(b')') => break,
                _ => return false,
            }
        }
        self.at += 1;
        self.list(&[";;", "esac"]);
        let end = BRANCH_ENDS.into_iter().find(|end| self.starts_with(end));
        self.at += end.map_or(0, str::len);
        end.is_some() || self.keyword() == "esac"
    }

    fn group(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.list_until(start, "{", &["}"]) {
            self.at += 1;
        }
    }

    fn subshell(&mut self) {
        let (start, context) = (self.at, self.context);
        self.at += 1;
        self.context.subshell = true;
        self.list(&[")"]);
        self.context = context;
        if self.peek() == Some(b')') {
            self.at += 1;
        } else {
            self.report(start..start + 1, "the parenthesis is not closed");
        }
    }
}
