//! JSON values with the types that a specification gives them.
//!
//! Owns the complaint about a value of another type. A field that is null is taken as absent: Go
//! writes empty lists and maps so.

use std::sync::Arc;

use super::limits;
use crate::diagnostic::Diagnostic;
use crate::json;
use crate::source::{Place, Source, Span};
use crate::yaml::{Key, Node, Value};

/// A JSON text that was read.
#[derive(Clone, Debug)]
pub(super) struct Json {
    pub(super) source: Arc<Source>,
    pub(super) node: Arc<Node>,
}

/// Reads a JSON text; what is wrong with it is added to the problems.
pub(super) fn parse(source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> Option<Json> {
    let limits = json::Limits { depth: 64, nodes: limits::JSON_NODES };
    match json::parse(source, limits) {
        Ok(parsed) => {
            problems.extend(parsed.warnings);
            Some(Json { source: Arc::clone(source), node: Arc::new(parsed.node) })
        }
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

/// Access to the values of one text, with complaints.
pub(super) struct Shape<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) problems: &'a mut Vec<Diagnostic>,
}

impl Shape<'_> {
    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }

    pub(super) fn error(&mut self, span: Span, message: impl Into<String>) {
        let place = self.place(span);
        self.problems.push(Diagnostic::error(message).at(place));
    }

    pub(super) fn warning(&mut self, span: Span, message: impl Into<String>) {
        let place = self.place(span);
        self.problems.push(Diagnostic::warning(message).at(place));
    }

    fn mismatch(&mut self, node: &Node, name: &str, wanted: &str) {
        let message = format!("`{name}` is {wanted}, not {}", article(node));
        self.error(node.span, message);
    }

    /// A field that must be there.
    pub(super) fn required<'n>(&mut self, node: &'n Node, name: &str) -> Option<&'n Node> {
        let field = get(node, name);
        if field.is_none() {
            self.error(node.span, format!("`{name}` is missing"));
        }
        field
    }

    /// A list that must be there. Go writes an empty one as null.
    pub(super) fn required_list<'n>(&mut self, node: &'n Node, name: &str) -> &'n [Node] {
        if node.get(name).is_none() {
            self.error(node.span, format!("`{name}` is missing"));
        }
        self.list(node, name)
    }

    /// A string, with the node that it is.
    pub(super) fn text<'n>(&mut self, node: &'n Node, name: &str) -> Option<(&'n str, &'n Node)> {
        let field = get(node, name)?;
        match &field.value {
            Value::Str(text) => Some((text, field)),
            _ => {
                self.mismatch(field, name, "a string");
                None
            }
        }
    }

    pub(super) fn flag(&mut self, node: &Node, name: &str) -> Option<bool> {
        let field = get(node, name)?;
        match field.value {
            Value::Bool(flag) => Some(flag),
            _ => {
                self.mismatch(field, name, "true or false");
                None
            }
        }
    }

    pub(super) fn integer<'n>(&mut self, node: &'n Node, name: &str) -> Option<(i64, &'n Node)> {
        let field = get(node, name)?;
        match field.value {
            Value::Int(number) => Some((number, field)),
            _ => {
                self.mismatch(field, name, "a whole number");
                None
            }
        }
    }

    /// A list; empty when it is absent.
    pub(super) fn list<'n>(&mut self, node: &'n Node, name: &str) -> &'n [Node] {
        let Some(field) = get(node, name) else { return &[] };
        match &field.value {
            Value::Seq(items) => items,
            _ => {
                self.mismatch(field, name, "a list");
                &[]
            }
        }
    }

    /// The strings of a list.
    pub(super) fn texts<'n>(&mut self, node: &'n Node, name: &str) -> Vec<(&'n str, &'n Node)> {
        let mut texts = Vec::new();
        for item in self.list(node, name) {
            match &item.value {
                Value::Str(text) => texts.push((text.as_str(), item)),
                _ => self.mismatch(item, name, "a list of strings"),
            }
        }
        texts
    }

    /// The entries of an object; none when it is absent.
    pub(super) fn entries<'n>(&mut self, node: &'n Node, name: &str) -> &'n [(Key, Node)] {
        let Some(field) = get(node, name) else { return &[] };
        match &field.value {
            Value::Map(entries) => entries,
            _ => {
                self.mismatch(field, name, "an object");
                &[]
            }
        }
    }

    /// The entries of an object whose values are strings.
    pub(super) fn strings<'n>(
        &mut self,
        node: &'n Node,
        name: &str,
    ) -> Vec<(&'n Key, &'n str, Span)> {
        let mut strings = Vec::new();
        for (key, value) in self.entries(node, name) {
            match &value.value {
                Value::Str(text) => strings.push((key, text.as_str(), value.span)),
                _ => self.mismatch(value, name, "an object of strings"),
            }
        }
        strings
    }

    /// An object; complains when something else stands there.
    pub(super) fn object<'n>(&mut self, node: &'n Node, name: &str) -> Option<&'n Node> {
        let field = get(node, name)?;
        if matches!(field.value, Value::Map(_)) {
            return Some(field);
        }
        self.mismatch(field, name, "an object");
        None
    }
}

/// A field that is there and not null.
pub(super) fn get<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    node.get(name).filter(|field| field.value != Value::Null)
}

/// What a node is, as JSON calls it.
pub(super) fn article(node: &Node) -> &'static str {
    match &node.value {
        Value::Null => "null",
        Value::Map(_) => "an object",
        other => other.kind(),
    }
}

/// Where the bytes of a JSON string's text are written, escapes undone.
pub(super) struct StringPlaces {
    /// (offset in the text, offset in the source) where a run begins.
    runs: Vec<(usize, usize)>,
    whole: Span,
}

impl StringPlaces {
    /// Of a string at this span, with its quotes.
    pub(super) fn new(source: &Source, span: Span) -> Self {
        let raw = source.slice(span);
        let mut runs = vec![(0, span.start as usize + 1)];
        let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
        let (mut text, mut at) = (0, 0);
        let bytes = inner.unwrap_or_default().as_bytes();
        while let Some(byte) = bytes.get(at) {
            if *byte != b'\\' {
                (text, at) = (text + 1, at + 1);
                continue;
            }
            let (length, written) = escape(bytes.get(at..).unwrap_or_default());
            (text, at) = (text + length, at + written);
            runs.push((text, span.start as usize + 1 + at));
        }
        StringPlaces { runs, whole: span }
    }

    /// The span of a range of the text.
    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.offset(range.start);
        let end = if range.is_empty() { start } else { self.offset(range.end - 1) + 1 };
        let inside = |at: usize| at.min((self.whole.end as usize).saturating_sub(1));
        Span::new(inside(start), inside(end))
    }

    fn offset(&self, text: usize) -> usize {
        let index = self.runs.partition_point(|(from, _)| *from <= text);
        let run = index.checked_sub(1).and_then(|index| self.runs.get(index));
        run.map_or(self.whole.start as usize, |(from, source)| source + (text - from))
    }
}

/// How many bytes of text an escape stands for, and how many it is written with.
fn escape(bytes: &[u8]) -> (usize, usize) {
    let unit = |at: usize| {
        let digits = bytes.get(at + 2..at + 6)?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    if bytes.get(1) != Some(&b'u') {
        return (1, 2);
    }
    match unit(0) {
        Some(0xd800..=0xdbff) => (4, 12),
        Some(unit) => (char::from_u32(unit).map_or(3, char::len_utf8), 6),
        None => (1, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_inside_strings() {
        let source = Source::new("a", r#"["a \u0026\u0026 b\n\ud83d\ude00c\"d"]"#);
        let node = json::parse(&source, json::LIMITS).unwrap().node;
        let Value::Seq(items) = &node.value else { panic!("{node:?}") };
        let Value::Str(text) = &items[0].value else { panic!("{node:?}") };
        let places = StringPlaces::new(&source, items[0].span);
        let of = |part: &str| {
            let at = text.find(part).unwrap();
            source.slice(places.span(at..at + part.len())).to_owned()
        };
        assert_eq!(of("a "), "a ");
        assert_eq!(of(" b"), " b");
        assert_eq!(of("c"), "c");
        assert_eq!(of("d"), "d");
        assert!(of("&&").starts_with(r"\u0026"));
        assert_eq!(places.span(0..text.len()).end, items[0].span.end - 1);
    }
}
