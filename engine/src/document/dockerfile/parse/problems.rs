//! Collects problems, a bounded number of them.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Level};
use crate::source::{Place, Source, Span};

/// Problems told one by one; more are only counted.
pub(super) const MAX_DIAGNOSTICS: usize = 100;

/// Problems of one source.
pub(super) struct Problems<'s> {
    source: &'s Arc<Source>,
    list: Vec<Diagnostic>,
    left_out: usize,
    worst_left_out: Level,
    deferred: bool,
}

impl<'s> Problems<'s> {
    pub(super) fn new(source: &'s Arc<Source>) -> Self {
        let (list, left_out) = (Vec::new(), 0);
        Problems { source, list, left_out, worst_left_out: Level::Note, deferred: false }
    }

    /// While deferred, errors become warnings: a trigger is refused only when it runs.
    pub(super) fn set_deferred(&mut self, deferred: bool) {
        self.deferred = deferred;
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }

    pub(super) fn error(&mut self, span: Span, message: impl Into<String>) {
        let place = self.place(span);
        self.add(Diagnostic::error(message).at(place));
    }

    /// An error with advice, if there is any.
    pub(super) fn error_with(&mut self, span: Span, message: String, help: Option<String>) {
        let problem = Diagnostic::error(message).at(self.place(span));
        self.add(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
    }

    pub(super) fn add(&mut self, mut problem: Diagnostic) {
        if self.deferred && problem.level == Level::Error {
            problem.level = Level::Warning;
        }
        if self.list.len() < MAX_DIAGNOSTICS {
            self.list.push(problem);
        } else {
            self.left_out += 1;
            self.worst_left_out = self.worst_left_out.max(problem.level);
        }
    }

    /// All of them; the last one stands for those left out and is as bad as the worst of them.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            let message = format!("{} more problems are not shown", self.left_out);
            let mut rest = Diagnostic::note(message);
            rest.level = self.worst_left_out;
            self.list.push(rest);
        }
        self.list
    }
}

/// Text of the input as a message may show it: quoted, at most 80 characters.
pub(super) fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text))
}

/// Text of the input as a message may show it: at most 80 characters.
pub(super) fn shortened(text: &str) -> String {
    const MAX_CHARS: usize = 80;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
