//! What one text says of a daemon, before the texts are weighed against each other.

use std::sync::Arc;

use super::options::DaemonOption;
use crate::source::{Place, Source, Span};
use crate::yaml::{Node, Value};

/// The options that a command line or `daemon.json` sets.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) source: Arc<Source>,
    /// What stands for all of it: the opening bracket, the name of the program.
    pub(super) span: Span,
    pub(super) entries: Vec<Entry>,
    /// Whether it may set more than can be seen: a variable stands among the words.
    pub(super) open: bool,
}

/// An option that is set.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) option: &'static DaemonOption,
    /// Where its name is written.
    pub(super) key: Span,
    /// As `daemon.json` would have it; `None` when unknown: it has a variable, or the wrong type.
    pub(super) value: Option<Node>,
    /// Whether a list has items that are not known.
    pub(super) partial: bool,
}

impl Layer {
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.option.key == key)
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(&self.source, span)
    }
}

/// What the engine printed: `docker info`, or the server's part of `docker version`.
#[derive(Debug)]
pub(super) struct Printed {
    pub(super) source: Arc<Source>,
    pub(super) node: Node,
}

impl Printed {
    /// The value at a path; `None` when there is none, or `null`.
    pub(super) fn get(&self, path: &[&str]) -> Option<&Node> {
        let node = path.iter().try_fold(&self.node, |node, key| node.get(key))?;
        (node.value != Value::Null).then_some(node)
    }

    /// A text at a path that is not empty, as Go's zero value is.
    pub(super) fn text(&self, path: &[&str]) -> Option<(String, Place)> {
        let node = self.get(path)?;
        let text = text(node).filter(|text| !text.is_empty())?;
        Some((text.to_owned(), self.place(node)))
    }

    /// A boolean at a path; old engines wrote 0 and 1.
    pub(super) fn bool(&self, path: &[&str]) -> Option<(bool, Place)> {
        let node = self.get(path)?;
        let value = match node.value {
            Value::Bool(value) => value,
            Value::Int(value @ (0 | 1)) => value == 1,
            _ => return None,
        };
        Some((value, self.place(node)))
    }

    /// A number at a path that is no less than zero.
    pub(super) fn number(&self, path: &[&str]) -> Option<(u64, Place)> {
        let node = self.get(path)?;
        match node.value {
            Value::Int(value) => Some((u64::try_from(value).ok()?, self.place(node))),
            _ => None,
        }
    }

    pub(super) fn place(&self, node: &Node) -> Place {
        Place::new(&self.source, node.span)
    }
}

/// The text of a string.
pub(super) fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Str(text) => Some(text),
        _ => None,
    }
}

/// The items of a list; none for anything else.
pub(super) fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::Seq(items) => items,
        _ => &[],
    }
}

/// The entries of an object; none for anything else.
pub(super) fn entries(node: &Node) -> &[(crate::yaml::Key, Node)] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}

/// Whether Go would take it for "not set": null, an empty text, list or object.
pub(super) fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Str(text) => text.is_empty(),
        Value::Seq(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

pub(super) fn node(value: Value, span: Span) -> Node {
    Node { value, span, used_at: None, tag: None }
}
