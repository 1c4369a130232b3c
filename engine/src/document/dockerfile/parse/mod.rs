//! Text to [`syntax`](super::syntax), as BuildKit reads it.
//!
//! Follows `frontend/dockerfile/parser` and `frontend/dockerfile/instructions` of
//! <https://github.com/moby/buildkit>. Where BuildKit stops at the first error, this goes on at the
//! next instruction. It expands no variables and judges nothing beyond what BuildKit refuses.
//! Everything takes time linear in the length of the text.

mod check;
mod directives;
pub(in crate::document) mod duration;
mod flags;
pub mod heredoc;
mod instruction;
mod json;
mod lexer;
mod lines;
mod mount;
mod problems;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use self::directives::Found;
use self::heredoc::{Malformed, Placed};
use self::lines::{Line, Lines, Logical};
use self::problems::{Problems, quoted, shortened};
use super::syntax::{Directive, Dockerfile, Heredoc, Instruction, Keyword};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};

pub use self::instruction::MAX_ONBUILD_DEPTH;

/// Instructions of one file that are read; what follows is left out, with an error.
pub const MAX_INSTRUCTIONS: usize = 100_000;

/// Reads a Dockerfile.
///
/// Never fails: what BuildKit would refuse is a diagnostic at
/// [`Level::Error`](crate::diagnostic::Level), what it warns about one at `Warning`, and reading
/// goes on at the next instruction. What it would refuse in the trigger of an `ONBUILD` is a
/// warning, because only a build on top of the image would fail.
#[must_use]
pub fn parse(source: &Arc<Source>) -> (Dockerfile, Vec<Diagnostic>) {
    let parser = Parser {
        lines: Lines::new(source.text()),
        file: Dockerfile { escape: '\\', ..Dockerfile::default() },
        problems: Problems::new(source),
        previous_comments: Vec::new(),
        in_stage: false,
        no_stage: false,
    };
    parser.run(source.text())
}

struct Parser<'s> {
    lines: Lines<'s>,
    file: Dockerfile,
    problems: Problems<'s>,
    /// Since the last instruction or the last empty comment.
    previous_comments: Vec<String>,
    /// Whether there was a `FROM`.
    in_stage: bool,
    /// Whether it was said that there was none.
    no_stage: bool,
}

impl Parser<'_> {
    fn run(mut self, text: &str) -> (Dockerfile, Vec<Diagnostic>) {
        self.file.directives = directives::of_frontend(text);
        let mut top = directives::Reader::new("#");
        while let Some(line) = self.lines.next() {
            let content = line.content().trim_start();
            let start = line.start + line.content().len() - content.len();
            match top.read(content, start) {
                Found::Directive(directive) => self.directive(directive),
                Found::Duplicate(directive) => self.duplicate(&directive),
                Found::Nothing if content.is_empty() => {}
                Found::Nothing if self.comment(line) => {}
                Found::Nothing => {
                    if self.file.instructions.len() == MAX_INSTRUCTIONS {
                        let message = format!("more than {MAX_INSTRUCTIONS} instructions");
                        self.problems.error(line.span(), message);
                        break;
                    }
                    self.instruction(line);
                }
            }
        }
        self.finish(text)
    }

    fn finish(mut self, text: &str) -> (Dockerfile, Vec<Diagnostic>) {
        if self.file.instructions.is_empty() {
            let end = Span::new(text.len(), text.len());
            self.problems.error(end, "file with no instructions");
        }
        if let Some(span) = self.lines.too_long() {
            let limit = lines::MAX_LINE_BYTES;
            let message = format!("dockerfile line greater than max allowed size of {limit}");
            self.problems.error(span, message);
        }
        let directives = &self.file.directives;
        let is_directive = |span: Span| directives.iter().any(|d| span.cover(d.name.span) == span);
        self.file.comments.retain(|comment| !is_directive(comment.span));
        (self.file, self.problems.finish())
    }

    /// A directive as the Dockerfile parser sees it; the frontend has found its own already.
    fn directive(&mut self, directive: Directive) {
        if directive.name.value != "escape" {
            return;
        }
        match directive.value.value.as_str() {
            "\\" => self.file.escape = '\\',
            "`" => self.file.escape = '`',
            other => {
                let other = shortened(other);
                let message = format!("invalid escape token '{other}' does not match ` or \\");
                self.problems.error(directive.value.span, message);
            }
        }
        self.file.directives.push(directive);
        self.file.directives.sort_by_key(|directive| directive.name.span);
    }

    fn duplicate(&mut self, directive: &Directive) {
        let name = &directive.name.value;
        let message = format!("only one {name} parser directive can be used");
        self.problems.error(directive.name.span, message);
    }

    /// Takes a comment line, if it is one.
    fn comment(&mut self, line: Line<'_>) -> bool {
        let Some(comment) = line.comment() else { return false };
        if comment.text.is_empty() {
            self.previous_comments.clear();
        } else {
            self.previous_comments.push(comment.text.clone());
        }
        self.file.comments.push(comment);
        true
    }

    fn instruction(&mut self, first: Line<'_>) {
        let escape = self.file.escape;
        let logical = lines::logical(first, &mut self.lines, escape, &mut self.file.comments);
        if let Some(span) = logical.empty_continuation {
            self.empty_continuation(span);
        }
        let mut instruction = instruction::read(&logical.text, escape, &mut self.problems);
        instruction.empty_continuation = logical.empty_continuation;
        instruction.previous_comments = std::mem::take(&mut self.previous_comments);
        let heredocs = self.heredocs(&instruction, &logical);
        let end = heredocs.last().map(|heredoc| heredoc.end);
        let lines = (logical.line, self.lines.number());
        instruction::set_lines(&mut instruction, lines, end);
        if let Some(trigger) = &mut instruction.trigger {
            trigger.heredocs.clone_from(&heredocs);
        }
        instruction.heredocs = heredocs;
        check::check(&instruction, &mut self.problems);
        self.check_stage(&instruction);
        self.file.instructions.push(instruction);
    }

    fn empty_continuation(&mut self, span: Span) {
        let problem = Diagnostic::warning("empty continuation line");
        let problem = problem.at(self.problems.place(span));
        self.problems.add(problem.help("remove it or make it a comment; it will become an error"));
    }

    fn heredocs(&mut self, instruction: &Instruction, logical: &Logical) -> Vec<Heredoc> {
        if instruction::heredoc_owner(instruction).is_none() {
            return Vec::new();
        }
        let text = &logical.text;
        let mut markers = match heredoc::markers(&text.value) {
            Ok(markers) => markers,
            Err(Malformed { range, why }) => {
                self.problems.error(text.span_of(range), why);
                return Vec::new();
            }
        };
        if let Some(Placed { range, .. }) = markers.get(heredoc::MAX_HEREDOCS) {
            let message = format!("more than {} here-documents", heredoc::MAX_HEREDOCS);
            self.problems.error(text.span_of(range.clone()), message);
            markers.truncate(heredoc::MAX_HEREDOCS);
        }
        let mut found = Vec::new();
        for Placed { marker, range } in markers {
            let heredoc = heredoc::body(marker, text.span_of(range), &mut self.lines);
            if !heredoc.terminated {
                self.unterminated(&heredoc);
            }
            found.push(heredoc);
        }
        found
    }

    fn unterminated(&mut self, heredoc: &Heredoc) {
        let name = quoted(&heredoc.name);
        let message = format!("unterminated heredoc, no line is {name}");
        self.problems.error(heredoc.marker, message);
    }

    fn check_stage(&mut self, instruction: &Instruction) {
        match instruction.keyword {
            Keyword::From => self.in_stage = true,
            Keyword::Arg | Keyword::Unknown => {}
            _ if self.in_stage || self.no_stage => {}
            _ => {
                self.no_stage = true;
                let place = self.problems.place(instruction.keyword_text.span);
                let problem = Diagnostic::error("no build stage in current context").at(place);
                self.problems.add(problem.help("only ARG may stand before the first FROM"));
            }
        }
    }
}
