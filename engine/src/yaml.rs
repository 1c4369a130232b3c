//! YAML text to a tree in which every node knows its place.
//!
//! Owns the one way YAML with places is read: `plimsoll.yaml` and compose files. Scalars follow
//! the YAML 1.2 core schema the way Compose reads them: `yes`, `on` and `22:22` stay strings,
//! `0644` is octal. Aliases and merge keys (`<<`) are expanded, within limits. It refuses what has
//! no one meaning: several documents (unless they are asked for), a key written twice, a key that is
//! not a scalar. It knows nothing of what the document says.

mod documents;
mod error;
mod lower;
mod raw;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::{Number, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};

/// How much a document may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Collections inside one another.
    pub depth: usize,
    /// Scalars and collections in all, with those that aliases and merge keys repeat.
    pub nodes: usize,
}

impl Limits {
    /// Deep enough for any real file. Reading recurses: this depth takes half a mebibyte of stack,
    /// and four where nothing is optimised.
    pub const DEPTH: usize = 64;
    /// Some 100,000 keys: ten times the largest compose files, and a billion laughs stop here.
    pub const NODES: usize = 200_000;
}

impl Default for Limits {
    fn default() -> Self {
        Limits { depth: Self::DEPTH, nodes: Self::NODES }
    }
}

/// The most problems that are told of one document.
pub const MAX_PROBLEMS: usize = 50;

/// A value and where it is written.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it is written, in bytes: on character boundaries, and inside the text.
    ///
    /// - A scalar: its text, with its quotes but without tag and anchor. For a block scalar the
    ///   lines of its content, from the first character to the last that is not blank; for one
    ///   without content its `|` or `>`.
    /// - A collection in brackets: from bracket to bracket, or the opening bracket alone where the
    ///   closing one is not near the last element.
    /// - A block mapping: its first key. A block sequence: its first `-`.
    /// - A null that is not written: empty, just past what stands before it. The only empty span,
    ///   so point at the key instead.
    ///
    /// What came through an alias or a merge key is written where the anchor is.
    pub span: Span,
    /// The alias (`*name`) through which the value came here, if it did; on everything inside too.
    pub used_at: Option<Span>,
    /// The tag, resolved: `!reset`, `tag:yaml.org,2002:str` (for `!!str`).
    pub tag: Option<String>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`; `yes` and `on` are strings.
    Bool(bool),
    /// An integer: decimal, `0x`, `0o`, or octal with a leading zero.
    Int(i64),
    /// A number with a fraction or exponent, or beyond 64 bits; may be infinite or NaN (`.nan`).
    Float(f64),
    /// Everything else that is a scalar.
    Str(String),
    /// A sequence.
    Seq(Vec<Node>),
    /// A mapping in source order, with what merge keys add; no two keys have the same text.
    Map(Vec<(Key, Node)>),
}

/// The key of a mapping's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its text; for a key that is not a string (`80:`, `true:`) as it is written.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    /// Whether it is a string; `80:` and `true:` are not.
    pub is_string: bool,
}

impl PartialEq for Node {
    /// Compares what is said, not where: value and tag.
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.tag == other.tag
    }
}

impl Node {
    fn null(span: Span) -> Self {
        Node { value: Value::Null, span, used_at: None, tag: None }
    }

    /// The value of a mapping's key; `None` if this is no mapping or has no such key. Linear.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().find(|(k, _)| k.text == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The same as JSON.
    ///
    /// # Errors
    ///
    /// The place of a number that JSON cannot say, `.nan` or `.inf`.
    pub fn json(&self) -> Result<Json, Span> {
        Ok(match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(value) => Json::from(*value),
            Value::Float(value) => Json::Number(Number::from_f64(*value).ok_or(self.span)?),
            Value::Str(text) => Json::String(text.clone()),
            Value::Seq(items) => {
                Json::Array(items.iter().map(Node::json).collect::<Result<_, _>>()?)
            }
            Value::Map(entries) => {
                let pair = |(key, value): &(Key, Node)| Ok((key.text.clone(), value.json()?));
                Json::Object(entries.iter().map(pair).collect::<Result<_, Span>>()?)
            }
        })
    }
}

impl Value {
    /// What it is, with its article: "a string", "a list".
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Str(_) => "a string",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// Reads one YAML document; an empty text is null.
///
/// # Errors
///
/// What the syntax or the limits forbid (one diagnostic, where reading stopped), or else every key
/// that is written twice or is no scalar and every merge key without mappings (the first
/// [`MAX_PROBLEMS`]).
pub fn parse(source: &Arc<Source>, limits: Limits) -> Result<Node, Vec<Diagnostic>> {
    if let Some(at) = source.text().find('\0') {
        return Err(vec![error::nul(source, at)]);
    }
    match raw::read(source.text(), limits) {
        Ok(Some(raw)) => lower::lower(source, raw),
        Ok(None) => Ok(Node::null(Span::default())),
        Err(error) => Err(vec![error::diagnostic(source, &error, limits)]),
    }
}

/// Reads every YAML document of a text, in order; there is none in an empty text. A document in
/// which nothing is written is null, at the `---` that starts it. The limits hold for each document.
///
/// # Errors
///
/// As [`parse`] has it, for the first document that is wrong.
pub fn parse_documents(source: &Arc<Source>, limits: Limits) -> Result<Vec<Node>, Vec<Diagnostic>> {
    if let Some(at) = source.text().find('\0') {
        return Err(vec![error::nul(source, at)]);
    }
    let raws = raw::read_all(source.text(), limits)
        .map_err(|error| vec![error::diagnostic(source, &error, limits)])?;
    let nodes = raws.into_iter().map(|raw| lower::lower(source, raw));
    Ok(documents::with_empty(source.text(), nodes.collect::<Result<_, _>>()?))
}
