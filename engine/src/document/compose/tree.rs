//! Values of compose files, each with the place it was written at.
//!
//! Owns [`Node`], which carries a compose file through every stage, from the YAML as written to the
//! model in force: one tree may hold values of several files. It knows no key of compose.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::document::partial::Partial;
use crate::source::{Place, Source};
use crate::yaml;

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it is written: the scalar, or the first key or dash of a collection. For a value that
    /// is written nowhere (a default), the nearest thing that should have had it.
    pub place: Place,
    /// The place through which it came here, when that is elsewhere: an alias, an `extends`.
    pub used_at: Option<Place>,
    /// How it was written, when that was with variables.
    pub substitution: Option<Arc<Substitution>>,
    /// Whether a tag asks for something when files are merged.
    pub tag: Option<Tag>,
    /// Whether Compose's own defaults put it here, not the user.
    pub defaulted: bool,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text. With a substitution that misses a variable the text is as written, and unknown.
    Str(String),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping, in source order.
    Map(Map),
}

/// A mapping from keys to values, in source order.
pub type Map = IndexMap<String, Entry>;

/// An entry of a mapping.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key is written; the value's place for a key that is written nowhere.
    pub key: Place,
    /// The value.
    pub node: Node,
}

/// A text that was written with variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substitution {
    /// The text as written: `${TAG:-1.2}`.
    pub raw: String,
    /// The names of its variables, in order, without repetition.
    pub variables: Vec<String>,
    /// Those of them that have neither a value nor a default: the value is unknown.
    pub missing: Vec<String>,
    /// What is known of a text whose value is unknown. Empty where variables stand in several texts.
    pub known: Partial,
}

/// What a tag asks for when files are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// `!reset`: what was there before goes.
    Reset,
    /// `!override`: this value replaces what was there before.
    Override,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl PartialEq for Node {
    /// Compares what is said, not where.
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.is_unknown() == other.is_unknown()
    }
}

impl Node {
    /// A value written at a place, without variables.
    #[must_use]
    pub fn new(value: Value, place: Place) -> Self {
        Node { value, place, used_at: None, substitution: None, tag: None, defaulted: false }
    }

    /// A value that Compose's defaults put in, at the place that should have had it.
    #[must_use]
    pub fn default_at(value: Value, place: &Place) -> Self {
        Node { defaulted: true, ..Node::new(value, place.clone()) }
    }

    /// The same provenance (place, use, substitution) around another value.
    #[must_use]
    pub fn with(&self, value: Value) -> Self {
        Node { value, ..self.clone_without_value() }
    }

    fn clone_without_value(&self) -> Self {
        Node {
            value: Value::Null,
            place: self.place.clone(),
            used_at: self.used_at.clone(),
            substitution: self.substitution.clone(),
            tag: self.tag,
            defaulted: self.defaulted,
        }
    }

    /// Whether a variable it was written with has no value: nobody knows what it is.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.substitution.as_ref().is_some_and(|written| !written.missing.is_empty())
    }

    /// The value of a mapping's key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.get(key).map(|entry| &entry.node)
    }

    /// The mapping, if it is one.
    #[must_use]
    pub fn map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The mapping, if it is one.
    pub fn map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list's items; empty if it is none.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Seq(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one; for one that is unknown, as it is written.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The text, if it is one and known.
    #[must_use]
    pub fn known_text(&self) -> Option<&str> {
        self.text().filter(|_| !self.is_unknown())
    }

    /// Takes over a YAML tree of one source. Recursion is as deep as [`yaml::Limits::depth`].
    #[must_use]
    pub fn from_yaml(source: &Arc<Source>, yaml: yaml::Node) -> Self {
        let value = match yaml.value {
            yaml::Value::Null => Value::Null,
            yaml::Value::Bool(value) => Value::Bool(value),
            yaml::Value::Int(value) => Value::Int(value),
            yaml::Value::Float(value) => Value::Float(value),
            yaml::Value::Str(value) => Value::Str(value),
            yaml::Value::Seq(items) => {
                Value::Seq(items.into_iter().map(|item| Node::from_yaml(source, item)).collect())
            }
            yaml::Value::Map(entries) => {
                let entries = entries.into_iter().map(|(key, node)| {
                    let node = Node::from_yaml(source, node);
                    (key.text, Entry { key: Place::new(source, key.span), node })
                });
                Value::Map(entries.collect())
            }
        };
        let tag = match yaml.tag.as_deref() {
            Some("!reset") => Some(Tag::Reset),
            Some("!override") => Some(Tag::Override),
            _ => None,
        };
        Node {
            used_at: yaml.used_at.map(|span| Place::new(source, span)),
            tag,
            ..Node::new(value, Place::new(source, yaml.span))
        }
    }
}
