//! From the short form of a part to the form in which it is merged.

use std::mem;

use crate::document::compose::tree::{Entry, Map, Node, Value};
use crate::source::Place;

/// A mapping of nodes that are written nowhere; each key is where its value is.
pub(super) fn map<const N: usize>(entries: [(&str, Node); N]) -> Map {
    let entries =
        entries.map(|(key, node)| (key.to_owned(), Entry { key: node.place.clone(), node }));
    entries.into_iter().collect()
}

/// A string `x` as the mapping `key: x`.
pub(super) fn keyed(node: Node, key: &str) -> Node {
    match node.value {
        Value::Str(_) => {
            let outer = node.with(Value::Null);
            Node { value: Value::Map(map([(key, node)])), substitution: None, ..outer }
        }
        _ => node,
    }
}

/// A list of names (or one name) as a mapping of those names; nothing as an empty mapping.
pub(super) fn named(mut node: Node, value: impl Fn(&Place) -> Value) -> Node {
    let items = match &mut node.value {
        Value::Null => Vec::new(),
        Value::Seq(items) if items.iter().all(|item| item.text().is_some()) => mem::take(items),
        Value::Str(_) => {
            let outer = Node { substitution: None, ..node.with(Value::Null) };
            let item = mem::replace(&mut node, outer);
            vec![item]
        }
        _ => return node,
    };
    let entries = items.into_iter().filter_map(|item| {
        let name = item.text()?.to_owned();
        let key = item.place.clone();
        let node = Node { value: value(&item.place), substitution: None, ..item };
        Some((name, Entry { key, node }))
    });
    node.value = Value::Map(entries.collect());
    node
}

/// The items of a list; a mapping gives `key=value`, a single value itself.
pub(super) fn list(node: &mut Node) -> Vec<Node> {
    match &mut node.value {
        Value::Seq(items) => mem::take(items),
        Value::Null => Vec::new(),
        Value::Map(map) => {
            let mut items = Vec::new();
            for (key, entry) in mem::take(map) {
                match entry.node.value {
                    Value::Seq(values) => {
                        items.extend(values.into_iter().map(|value| joined(&key, value)));
                    }
                    _ => items.push(joined(&key, entry.node)),
                }
            }
            items
        }
        _ => vec![node.clone()],
    }
}

/// `key=value`, at the place of the value.
fn joined(key: &str, node: Node) -> Node {
    let value = match scalar(&node.value) {
        Some(text) => format!("{key}={text}"),
        None => key.to_owned(),
    };
    node.with(Value::Str(value))
}

/// A scalar as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) => Some(value.to_string()),
        Value::Str(value) => Some(value.clone()),
        Value::Null | Value::Seq(_) | Value::Map(_) => None,
    }
}
