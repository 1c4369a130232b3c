//! Where the documents of a text begin, and which of them are empty.

use super::Node;
use crate::source::Span;

/// A part of a text between the marks of documents.
struct Part {
    /// The `---` that starts it; nothing before the first one, and behind a `...`.
    mark: Option<Span>,
    /// Whether nothing is written in it but comments, or a null.
    empty: bool,
}

/// The documents of a text in order, with a null for each that was passed over because nothing is
/// written in it.
pub(super) fn with_empty(text: &str, nodes: Vec<Node>) -> Vec<Node> {
    let parts = parts(text);
    let written = parts.iter().filter(|part| !part.empty).count();
    if written != nodes.len() {
        // The marks are not what they look like; what was read counts.
        return nodes;
    }
    let mut nodes = nodes.into_iter();
    let documents = parts.iter().filter_map(|part| match (part.empty, part.mark) {
        (false, _) => nodes.next(),
        (true, Some(mark)) => Some(Node::null(mark)),
        (true, None) => None,
    });
    documents.collect()
}

/// A `---` or `...` at the start of a line is a mark wherever it stands, also inside a scalar.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = vec![Part { mark: None, empty: true }];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mark = ["---", "..."].into_iter().find(|mark| {
            line.strip_prefix(mark)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
        });
        let mut rest = line;
        if let Some(mark) = mark {
            let span = Span::new(at, at + mark.len());
            parts.push(Part { mark: (mark == "---").then_some(span), empty: true });
            rest = line.get(mark.len()..).unwrap_or_default();
        }
        if let Some(part) = parts.last_mut() {
            part.empty &= is_empty(rest);
        }
        at += line.len();
    }
    parts
}

fn is_empty(line: &str) -> bool {
    let line = line.split_once(" #").map_or(line, |(line, _)| line).trim();
    line.is_empty()
        || line.starts_with(['#', '%'])
        || matches!(line, "null" | "~" | "Null" | "NULL")
}
