//! Scalars that are taken apart.
//!
//! Owns what becomes of place, substitution and variables when a text is split: a part of a text
//! that is known is known; a part of one that is not is unknown only if a variable stands in it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexSet;

use crate::document::compose::interpolate::template::{Token, Tokens};
use crate::document::compose::interpolate::variables;
use crate::document::compose::part::Whole;
use crate::document::compose::tree::{Entry, Map, Node, Substitution, Value};
use crate::document::partial::Partial;
use crate::source::Place;

/// What stands for the characters of a variable that is not known, where a text is split: a
/// character that is nothing to any notation.
const OPAQUE: &str = "\u{1}";

/// A text with the node it is in.
pub(super) struct Text<'n> {
    node: &'n Node,
    text: &'n str,
    shadow: Cow<'n, str>,
    whole: Whole<'n>,
    /// The variables of the text that have no value.
    missing: HashSet<&'n str>,
}

impl<'n> Text<'n> {
    /// The text of a node; `None` for one that is none.
    pub(super) fn new(node: &'n Node) -> Option<Self> {
        let text = node.text()?;
        let shadow = if node.is_unknown() { Cow::Owned(shadow(text)) } else { Cow::Borrowed(text) };
        let written = node.substitution.iter();
        let missing = written.flat_map(|written| &written.missing).map(String::as_str).collect();
        Some(Text { node, text, shadow, whole: Whole::new(&node.place, text), missing })
    }

    /// The text to look for separators in, byte for byte as long as the real one: variables that
    /// are not known are blotted out.
    pub(super) fn shadow(&self) -> &str {
        &self.shadow
    }

    /// The part of the text as written.
    pub(super) fn slice(&self, range: Range<usize>) -> &'n str {
        self.text.get(range).unwrap_or_default()
    }

    /// Whether no variable that is not known stands in the part.
    pub(super) fn is_known(&self, range: Range<usize>) -> bool {
        !self.shadow.get(range).unwrap_or_default().contains(OPAQUE)
    }

    /// Where the part is written.
    pub(super) fn place(&self, range: Range<usize>) -> Place {
        self.whole.place(range)
    }

    /// The part as a text.
    pub(super) fn part(&self, range: Range<usize>) -> Node {
        let part = self.slice(range.clone());
        let value = if self.node.is_unknown() && self.is_known(range.clone()) {
            // An unknown text is as written; a part that is known is not.
            part.replace("$$", "$")
        } else {
            part.to_owned()
        };
        self.with(range, Value::Str(value))
    }

    /// Another value, which stands at the part and is as well known as it.
    pub(super) fn with(&self, range: Range<usize>, value: Value) -> Node {
        let substitution = match &self.node.substitution {
            Some(written) if !written.missing.is_empty() => self.missing(range.clone()),
            written => written.clone(),
        };
        Node {
            used_at: self.node.used_at.clone(),
            substitution,
            defaulted: self.node.defaulted,
            ..Node::new(value, self.place(range))
        }
    }

    /// How a part of a text that is not known was written.
    fn missing(&self, range: Range<usize>) -> Option<Arc<Substitution>> {
        if self.is_known(range.clone()) {
            return None;
        }
        let raw = self.slice(range);
        let names: IndexSet<String> = variables(raw).into_iter().map(|found| found.name).collect();
        let variables: Vec<String> = names.into_iter().collect();
        let is_missing = |name: &&String| self.missing.contains(name.as_str());
        let mut missing: Vec<String> = variables.iter().filter(is_missing).cloned().collect();
        if missing.is_empty() {
            // Its variables are known, but a text that misses others was not substituted.
            missing.clone_from(&variables);
        }
        let known = Partial::default();
        Some(Arc::new(Substitution { raw: raw.to_owned(), variables, missing, known }))
    }

    /// A mapping in place of the text.
    pub(super) fn map(&self, map: Map) -> Node {
        around(self.node, Value::Map(map))
    }
}

/// A collection in place of a node. It is known, whatever is in it.
pub(super) fn around(node: &Node, value: Value) -> Node {
    Node {
        used_at: node.used_at.clone(),
        tag: node.tag,
        defaulted: node.defaulted,
        ..Node::new(value, node.place.clone())
    }
}

/// Puts a value under a key that is written nowhere.
pub(super) fn put(map: &mut Map, key: &str, node: Node) {
    map.insert(key.to_owned(), Entry { key: node.place.clone(), node });
}

fn shadow(text: &str) -> String {
    let mut shadow = String::with_capacity(text.len());
    for token in Tokens::new(text) {
        match token {
            Token::Text(part) => {
                // The first dollar of an escaped one is in no token.
                if text.get(shadow.len()..).is_some_and(|rest| rest.starts_with("$$")) {
                    shadow.push('$');
                }
                shadow.push_str(part);
            }
            Token::Reference(_, range) | Token::Invalid(range) => {
                shadow.push_str(&OPAQUE.repeat(range.len()));
            }
        }
    }
    shadow
}
