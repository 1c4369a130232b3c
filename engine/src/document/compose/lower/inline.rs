//! Where a Dockerfile that is written inline stands in its compose file.
//!
//! In a literal block (`|`) every line of the Dockerfile is a line of the file, behind an
//! indentation that is the same for all of them. Of other styles, where lines are folded and
//! characters escaped, only the whole is known.
//! <https://yaml.org/spec/1.2.2/#812-literal-style>

use super::super::tree::Node;
use crate::source::{Place, Source, Span};

/// The way from a place in the Dockerfile to a place in the compose file.
#[derive(Debug)]
pub(super) struct Inline {
    /// All of it.
    whole: Place,
    /// Its lines; empty when they are not those of the file.
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Where it begins in the Dockerfile.
    start: usize,
    /// What it is in the compose file, without indentation.
    written: Span,
    /// Whether it is written as it is: no variable was substituted.
    is_exact: bool,
}

impl Inline {
    /// Of a Dockerfile of this text, which a node says.
    pub(super) fn new(node: &Node, text: &str) -> Self {
        let whole = node.place.clone();
        let raw = node.substitution.as_ref().map_or(text, |written| written.raw.as_str());
        let lines = written(&whole, raw).and_then(|written| lines(&whole.source, &written, text));
        Inline { whole, lines: lines.unwrap_or_default() }
    }

    /// The text that it stands in.
    pub(super) fn place(&self) -> &Place {
        &self.whole
    }

    /// Where a part of the Dockerfile stands in the compose file.
    pub(super) fn map(&self, span: Span) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(first) = self.line(start) else { return self.whole.span };
        // What ends with a line ends before the next one.
        let Some(last) = self.line(end.saturating_sub(1).max(start)) else {
            return self.whole.span;
        };
        let at = |line: &Line, offset: usize| {
            let written = line.written;
            Span::new(0, written.start as usize + (offset - line.start).min(written.len())).end
        };
        let start = if first.is_exact { at(first, start) } else { first.written.start };
        let end = if last.is_exact { at(last, end.max(last.start)) } else { last.written.end };
        Span { start, end: end.max(start) }
    }

    fn line(&self, offset: usize) -> Option<&Line> {
        let after = self.lines.partition_point(|line| line.start <= offset);
        self.lines.get(after.checked_sub(1)?)
    }
}

/// The lines of the file that the lines of a literal block are, without their indentation; `None`
/// when it is no such block.
fn written(place: &Place, raw: &str) -> Option<Vec<Span>> {
    let source = &place.source;
    let first = place.start().line;
    // The block begins with its empty lines, its place perhaps with what is written.
    let empty = raw.lines().take_while(|line| line.trim().is_empty()).count();
    let empty = u32::try_from(empty).ok()?;
    [first, first.checked_sub(empty)?].into_iter().find_map(|first| block(source, first, raw))
}

fn block(source: &Source, first: u32, raw: &str) -> Option<Vec<Span>> {
    let mut indent = None;
    let lines = (first..).zip(raw.lines()).map(|(number, line)| {
        let span = source.line_span(number);
        let written = source.slice(span);
        if line.is_empty() {
            return written.trim().is_empty().then_some(Span { start: span.end, end: span.end });
        }
        let before = written.strip_suffix(line)?;
        let is_indent = before.bytes().all(|byte| byte == b' ') && !before.is_empty();
        let is_same = *indent.get_or_insert(before.len()) == before.len();
        let start = span.start as usize + before.len();
        (is_indent && is_same).then_some(Span::new(start, span.end as usize))
    });
    lines.collect()
}

/// The lines of the Dockerfile with those of the file; `None` when a variable brought some along.
fn lines(source: &Source, written: &[Span], text: &str) -> Option<Vec<Line>> {
    if text.lines().count() != written.len() {
        return None;
    }
    let mut start = 0;
    let lines = text.split_inclusive('\n').zip(written).map(|(line, span)| {
        let begins = start;
        start += line.len();
        let is_exact = source.slice(*span) == line.trim_end_matches(['\n', '\r']);
        Line { start: begins, written: *span, is_exact }
    });
    Some(lines.collect())
}
