//! One logical line to one instruction, as the line parsers of BuildKit read it.
//!
//! Says what cannot be read at all; what an instruction demands of its arguments is in
//! [`check`](super::check).

use std::ops::Range;

use super::super::syntax::{Arguments, Instruction, Keyword, Pair, Text};
use super::json::{self, Json};
use super::problems::{Problems, quoted};
use super::{flags, words};
use crate::source::Span;

/// Levels of `ONBUILD ONBUILD …` that are read; one is all that BuildKit allows.
pub const MAX_ONBUILD_DEPTH: usize = 4;

/// Reads a logical line. Lines, here-documents and comments are the caller's.
pub(super) fn read(line: &Text, escape: char, problems: &mut Problems<'_>) -> Instruction {
    Reader { line, escape, problems }.instruction(whole(&line.value), 0)
}

/// The range of a text without white space at its ends.
fn whole(value: &str) -> Range<usize> {
    trimmed(value, 0..value.len())
}

fn trimmed(value: &str, range: Range<usize>) -> Range<usize> {
    let part = value.get(range.clone()).unwrap_or_default();
    let start = range.end - part.trim_start().len();
    start..start + part.trim().len()
}

struct Reader<'a, 's> {
    line: &'a Text,
    escape: char,
    problems: &'a mut Problems<'s>,
}

impl Reader<'_, '_> {
    fn value(&self, range: &Range<usize>) -> &str {
        self.line.value.get(range.clone()).unwrap_or_default()
    }

    fn instruction(&mut self, range: Range<usize>, depth: usize) -> Instruction {
        let (keyword_range, rest) = words::first(&self.line.value, &range);
        let keyword = Keyword::from_name(self.value(&keyword_range));
        let rest = rest.unwrap_or(range.end)..range.end;
        let (flags, start) = flags::read(self.line, rest, self.escape, self.problems);
        let rest = trimmed(&self.line.value, start..range.end);
        let head = if range.is_empty() { self.line.span } else { self.line.span_of(range.clone()) };
        let trigger = if keyword == Keyword::Onbuild && !rest.is_empty() {
            self.trigger(rest.clone(), depth).map(Box::new)
        } else {
            None
        };
        let arguments =
            if rest.is_empty() { Arguments::None } else { self.arguments(keyword, rest) };
        Instruction {
            keyword,
            keyword_text: self.line.slice_text(keyword_range),
            span: head,
            head,
            line: 0,
            end_line: 0,
            flags,
            arguments,
            heredocs: Vec::new(),
            trigger,
            original: self.value(&(range.start..self.line.value.len())).to_owned(),
            empty_continuation: None,
            previous_comments: Vec::new(),
        }
    }

    fn trigger(&mut self, range: Range<usize>, depth: usize) -> Option<Instruction> {
        if depth + 1 == MAX_ONBUILD_DEPTH {
            let span = self.line.span_of(range);
            self.problems.error(span, "ONBUILD is nested too deeply");
            return None;
        }
        Some(self.instruction(range, depth + 1))
    }

    fn arguments(&mut self, keyword: Keyword, range: Range<usize>) -> Arguments {
        match keyword {
            Keyword::Onbuild => Arguments::None,
            Keyword::From | Keyword::Expose => Arguments::Words(words::split(self.line, range)),
            Keyword::Add | Keyword::Copy | Keyword::Volume => match self.json(&range) {
                Some(strings) => Arguments::Exec(strings),
                None => Arguments::Words(words::split(self.line, range)),
            },
            Keyword::Cmd | Keyword::Entrypoint | Keyword::Run | Keyword::Shell => {
                self.command(range)
            }
            Keyword::Arg => self.definitions(range),
            Keyword::Env | Keyword::Label => self.pairs(keyword, range),
            Keyword::Healthcheck => self.healthcheck(range),
            Keyword::Maintainer
            | Keyword::Stopsignal
            | Keyword::User
            | Keyword::Workdir
            | Keyword::Unknown => Arguments::Words(vec![self.line.slice_text(range)]),
        }
    }

    fn json(&mut self, range: &Range<usize>) -> Option<Vec<Text>> {
        match json::strings(self.line, range.clone()) {
            Json::Strings(strings) => Some(strings),
            Json::Other => None,
            Json::Mixed => {
                let span = self.line.span_of(range.clone());
                let message =
                    "when using JSON array syntax, arrays must be comprised of strings only";
                self.problems.error(span, message);
                None
            }
        }
    }

    fn command(&mut self, range: Range<usize>) -> Arguments {
        match self.json(&range) {
            Some(strings) => Arguments::Exec(strings),
            None => Arguments::Shell(self.line.slice_text(range)),
        }
    }

    fn definitions(&mut self, range: Range<usize>) -> Arguments {
        let found = words::split_quoted(&self.line.value, range, self.escape);
        let pairs = found.into_iter().map(|word| words::pair(self.line, word)).collect();
        Arguments::Pairs { pairs, legacy: false }
    }

    fn pairs(&mut self, keyword: Keyword, range: Range<usize>) -> Arguments {
        let found = words::split_quoted(&self.line.value, range.clone(), self.escape);
        if found.first().is_some_and(|word| !self.value(word).contains('=')) {
            return self.legacy_pair(keyword, range);
        }
        for word in &found {
            let text = self.value(word);
            if !text.contains('=') {
                let text = quoted(text);
                let message = format!(
                    "Syntax error - can't find = in {text}. Must be of the form: name=value"
                );
                self.problems.error(self.line.span_of(word.clone()), message);
            }
        }
        let pairs = found.into_iter().map(|word| words::pair(self.line, word)).collect();
        Arguments::Pairs { pairs, legacy: false }
    }

    /// `KEY value`: the whole rest is the value.
    fn legacy_pair(&mut self, keyword: Keyword, range: Range<usize>) -> Arguments {
        let (key, value) = words::first(&self.line.value, &range);
        let span = self.line.span_of(range.clone());
        if value.is_none() {
            self.problems.error(span, format!("{} must have two arguments", keyword.as_str()));
        }
        let value = value.map(|start| self.line.slice_text(start..range.end));
        let pair = Pair { span, key: self.line.slice_text(key), value };
        Arguments::Pairs { pairs: vec![pair], legacy: true }
    }

    fn healthcheck(&mut self, range: Range<usize>) -> Arguments {
        let part = self.value(&range);
        let length = part.find(char::is_whitespace).unwrap_or(part.len());
        let kind = range.start..range.start + length;
        let rest = trimmed(&self.line.value, kind.end..range.end);
        let mut kind = self.line.slice_text(kind);
        kind.value.make_ascii_uppercase();
        let command = (!rest.is_empty()).then(|| Box::new(self.command(rest)));
        Arguments::Healthcheck { kind, command }
    }
}

/// The instruction that here-documents of a line belong to: the line's own, or its trigger.
pub(super) fn heredoc_owner(instruction: &Instruction) -> Option<&Instruction> {
    let owner = match (&instruction.trigger, instruction.keyword) {
        (Some(trigger), Keyword::Onbuild) => trigger,
        _ => instruction,
    };
    let can = matches!(owner.keyword, Keyword::Add | Keyword::Copy | Keyword::Run);
    (can && !matches!(owner.arguments, Arguments::Exec(_))).then_some(owner)
}

/// Gives the instruction, and its trigger, its lines, and the end of its last here-document.
pub(super) fn set_lines(
    instruction: &mut Instruction,
    (line, end_line): (u32, u32),
    end: Option<Span>,
) {
    instruction.line = line;
    instruction.end_line = end_line;
    instruction.span = end.map_or(instruction.head, |end| instruction.head.cover(end));
    if let Some(trigger) = &mut instruction.trigger {
        set_lines(trigger, (line, end_line), end);
    }
}
