//! Where a Dockerfile that is written inline stands in its compose file.
//!
//! In a literal block (`|`) every line of the Dockerfile is a line of the file, behind an
//! indentation that is the same for all of them. Of other styles, where lines are folded and
//! characters escaped, only the whole is known.
//! <https://yaml.org/spec/1.2.2/#812-literal-style>

use std::sync::Arc;

use super::super::tree::Node;
use crate::document::{Line, Relocation};
use crate::source::{Place, Source, Span};

/// The way from a Dockerfile, which a node says, to the compose file.
pub(super) fn relocation(node: &Node, dockerfile: &Arc<Source>) -> Relocation {
    let text = dockerfile.text();
    let whole = node.place.clone();
    let raw = node.substitution.as_ref().map_or(text, |written| written.raw.as_str());
    let lines = written(&whole, raw).and_then(|written| lines(&whole.source, &written, text));
    Relocation::new(dockerfile, whole, lines.unwrap_or_default())
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
