//! Two trees to one, as compose-go's `override` package has it.
//!
//! Owns which part of a project is merged how: by key, by appending, or by replacing. The first tree
//! may be in long form already, the second is as written; what comes out may be of both forms.

mod convert;
mod special;
pub(super) mod unique;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;
use std::sync::Arc;

use super::pattern::KeyPath;
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Map, Node, Value};

/// Merges a tree over another one; both stand at `path`. Recursion is as deep as the trees.
pub(super) fn merge(
    base: Node,
    over: Node,
    path: &mut KeyPath,
    problems: &mut Vec<Diagnostic>,
) -> Node {
    match special::rule(path) {
        Some(rule) => rule(base, over, path, problems),
        None => ordinary(base, over, path, problems),
    }
}

/// Mappings by key, lists by appending; everything else is replaced.
fn ordinary(
    mut base: Node,
    mut over: Node,
    path: &mut KeyPath,
    problems: &mut Vec<Diagnostic>,
) -> Node {
    let unknown = over.is_unknown();
    match (&mut base.value, &mut over.value) {
        (_, Value::Null) => base,
        (Value::Map(first), Value::Map(second)) => {
            let second = mem::take(second);
            base.value = Value::Map(mappings(mem::take(first), second, path, problems));
            base
        }
        (Value::Seq(first), Value::Seq(second)) => {
            append(first, mem::take(second));
            base
        }
        // What an unknown value is, nobody knows.
        (Value::Map(_) | Value::Seq(_), _) if !unknown => {
            problems.push(cannot_override(&base, &over, path));
            base
        }
        _ => over,
    }
}

/// Merges mappings key by key: first those of `base`, then what is new.
fn mappings(mut base: Map, over: Map, path: &mut KeyPath, problems: &mut Vec<Diagnostic>) -> Map {
    for (key, entry) in over {
        let Some(before) = base.get_mut(&key) else {
            base.insert(key, entry);
            continue;
        };
        let place = entry.node.place.clone();
        let node = mem::replace(&mut before.node, Node::new(Value::Null, place.clone()));
        before.node = path.inside(&key, |path| merge(node, entry.node, path, problems));
        // What was replaced is found at its own key; what was added to, at the first one.
        let now = &before.node.place;
        if now.span == place.span && Arc::ptr_eq(&now.source, &place.source) {
            before.key = entry.key;
        }
    }
    base
}

/// Appends what is not there yet: two equal items never mean more than one.
fn append(base: &mut Vec<Node>, over: Vec<Node>) {
    let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, item) in base.iter().enumerate() {
        known.entry(fingerprint(item)).or_default().push(at);
    }
    for item in over {
        let same = known.entry(fingerprint(&item)).or_default();
        if !same.iter().any(|&at| base.get(at) == Some(&item)) {
            same.push(base.len());
            base.push(item);
        }
    }
}

/// The same for equal nodes; it saves comparing each with each.
fn fingerprint(node: &Node) -> u64 {
    fn add(node: &Node, hasher: &mut DefaultHasher) {
        match &node.value {
            Value::Null => 0.hash(hasher),
            Value::Bool(value) => value.hash(hasher),
            Value::Int(value) => value.hash(hasher),
            // `0.0` and `-0.0` are equal.
            Value::Float(_) => 1.hash(hasher),
            Value::Str(text) => text.hash(hasher),
            Value::Seq(items) => items.iter().for_each(|item| add(item, hasher)),
            // The order of keys does not matter.
            Value::Map(map) => map.len().hash(hasher),
        }
    }
    let mut hasher = DefaultHasher::new();
    add(node, &mut hasher);
    hasher.finish()
}

fn cannot_override(base: &Node, over: &Node, path: &KeyPath) -> Diagnostic {
    let (is, other) = (kind(base), kind(over));
    Diagnostic::error(format!("`{}` is {is} and cannot be overridden with {other}", path.dotted()))
        .label(over.place.clone(), format!("this is {other}"))
        .label(base.place.clone(), format!("this is {is}"))
}

/// What a value is, with its article.
pub(super) fn kind(node: &Node) -> &'static str {
    match &node.value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Int(_) | Value::Float(_) => "a number",
        Value::Str(_) => "a string",
        Value::Seq(_) => "a list",
        Value::Map(_) => "a mapping",
    }
}
