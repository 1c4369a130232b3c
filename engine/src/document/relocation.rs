//! A text that stands within another: a Dockerfile in a compose file.

use std::sync::Arc;

use crate::source::{Place, Source, Span};

/// The way from places in a text to places in another that it stands in.
#[derive(Clone, Debug)]
pub struct Relocation {
    from: Arc<Source>,
    /// All of it, in the other text.
    whole: Place,
    /// Its lines, in order; empty when they are not lines of the other text.
    lines: Vec<Line>,
}

/// A line of a text that stands within another.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// What it is in the other text.
    pub written: Span,
    /// Whether it says the same there, byte for byte.
    pub is_exact: bool,
}

impl Relocation {
    /// A text that stands at `whole`. Without `lines` no more is known than that.
    #[must_use]
    pub fn new(from: &Arc<Source>, whole: Place, lines: Vec<Line>) -> Self {
        Relocation { from: Arc::clone(from), whole, lines }
    }

    /// The text.
    #[must_use]
    pub fn from(&self) -> &Arc<Source> {
        &self.from
    }

    /// The text that it stands in.
    #[must_use]
    pub fn to(&self) -> &Arc<Source> {
        &self.whole.source
    }

    /// Where a part of the text stands in the other: as precisely as is known.
    #[must_use]
    pub fn map(&self, span: Span) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        // What ends with a line ends before the next one.
        let lines = self.line(start).zip(self.line(end.saturating_sub(1).max(start)));
        let Some((first, last)) = lines else { return self.whole.span };
        let at = |line: &Line, offset: usize| {
            let into = offset.saturating_sub(line.start).min(line.written.len());
            line.written.start.saturating_add(u32::try_from(into).unwrap_or(u32::MAX))
        };
        let start = if first.is_exact { at(first, start) } else { first.written.start };
        let end = if last.is_exact { at(last, end) } else { last.written.end };
        Span { start, end: end.max(start) }
    }

    fn line(&self, offset: usize) -> Option<&Line> {
        let after = self.lines.partition_point(|line| line.start <= offset);
        self.lines.get(after.checked_sub(1)?)
    }
}
