//! Walking the JSON tree without losing the place.
//!
//! Owns [`At`]: a value, or its absence, and where it stands or should have stood. It knows nothing
//! of what the keys mean.

use crate::source::Span;
use crate::yaml::{Key, Node, Value};

/// What a key that is left out on purpose stands for.
static NULL: Node =
    Node { value: Value::Null, span: Span { start: 0, end: 0 }, used_at: None, tag: None };

/// A value of the text, or that there is none.
#[derive(Clone, Copy, Debug)]
pub(in crate::document) struct At<'a> {
    /// The value; `None` when it is not written.
    pub(in crate::document) node: Option<&'a Node>,
    /// Where to point: the value if it is short, else its key; for what is not written, the object
    /// that should have it.
    pub(in crate::document) span: Span,
}

impl<'a> At<'a> {
    /// A value that has no key.
    pub(in crate::document) fn value(node: &'a Node) -> Self {
        At { node: Some(node), span: shown(None, node) }
    }

    /// The same value, pointed at by another span.
    pub(in crate::document) fn shown_at(self, span: Span) -> Self {
        At { span, ..self }
    }

    /// The value of a key.
    pub(in crate::document) fn get(self, key: &str) -> At<'a> {
        let found = self.pairs().iter().find(|(known, _)| known.text == key);
        let absent = At { node: None, span: self.span };
        found.map_or(absent, |(key, node)| entry(key, node))
    }

    /// The value of a key that engines leave out when it is empty: then it is null. Of something
    /// that is no object nothing is known.
    pub(in crate::document) fn omittable(self, key: &str) -> At<'a> {
        let at = self.get(key);
        let left_out = at.node.is_none() && self.is_map();
        if left_out { At { node: Some(&NULL), span: at.span } } else { at }
    }

    /// The value of a key of an object in which empty objects and values are left out: of one that is
    /// null every key is null.
    pub(in crate::document) fn part(self, key: &str) -> At<'a> {
        if self.is_null() { self } else { self.omittable(key) }
    }

    /// The value of the first of these keys that is written.
    pub(in crate::document) fn first(self, keys: &[&str]) -> At<'a> {
        let found = keys.iter().map(|key| self.get(key)).find(|at| at.node.is_some());
        found.unwrap_or(At { node: None, span: self.span })
    }

    /// Whether it is an object.
    pub(in crate::document) fn is_map(self) -> bool {
        matches!(self.node.map(|node| &node.value), Some(Value::Map(_)))
    }

    /// Whether it is written, and not null.
    pub(in crate::document) fn is_something(self) -> bool {
        self.node.is_some_and(|node| node.value != Value::Null)
    }

    /// Whether it is written and null.
    pub(in crate::document) fn is_null(self) -> bool {
        self.node.is_some_and(|node| node.value == Value::Null)
    }

    /// The text, if it is a string.
    pub(in crate::document) fn text(self) -> Option<&'a str> {
        match &self.node?.value {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The text, if it is a string and not empty.
    pub(in crate::document) fn filled(self) -> Option<&'a str> {
        self.text().filter(|text| !text.is_empty())
    }

    /// The entries of an object, in source order; none if it is no object.
    pub(in crate::document) fn entries(self) -> impl Iterator<Item = (&'a Key, At<'a>)> + use<'a> {
        self.pairs().iter().map(|(key, node)| (key, entry(key, node)))
    }

    /// The items of an array, in source order; none if it is no array.
    pub(in crate::document) fn items(self) -> impl Iterator<Item = At<'a>> + use<'a> {
        let items: &'a [Node] = match self.node.map(|node| &node.value) {
            Some(Value::Seq(items)) => items,
            _ => &[],
        };
        items.iter().map(At::value)
    }

    fn pairs(self) -> &'a [(Key, Node)] {
        match self.node.map(|node| &node.value) {
            Some(Value::Map(pairs)) => pairs,
            _ => &[],
        }
    }
}

fn entry<'a>(key: &Key, node: &'a Node) -> At<'a> {
    At { node: Some(node), span: shown(Some(key.span), node) }
}

/// What shows a value: itself; for a collection of which only the bracket is near, its key, else
/// its first entry.
fn shown(key: Option<Span>, node: &Node) -> Span {
    let first = match &node.value {
        Value::Map(pairs) => pairs.first().map(|(key, value)| match value.value {
            Value::Map(_) | Value::Seq(_) => key.span,
            _ => key.span.cover(value.span),
        }),
        Value::Seq(items) => items.first().map(|item| item.span),
        _ => None,
    };
    match first {
        Some(first) if node.span.len() <= 1 => key.unwrap_or(first),
        _ => node.span,
    }
}
