//! `!reset` and `!override`: what an earlier file said goes.

use std::collections::BTreeMap;

use crate::document::compose::tree::{Node, Tag, Value};

/// The places that a document resets in what stands before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Resets {
    root: Level,
}

/// The places below a key.
#[derive(Clone, Debug, Default)]
struct Level {
    /// Whether everything here goes.
    here: bool,
    below: BTreeMap<String, Level>,
}

impl Resets {
    /// Takes the tags out of a document, and what is tagged `!reset` with them.
    ///
    /// A tag inside a list does not reach earlier files: lists have no keys to meet at.
    pub(super) fn take(document: &mut Node) -> Resets {
        Resets { root: take(document) }
    }

    /// Removes from an earlier tree what is reset.
    pub(super) fn apply(&self, tree: &mut Node) {
        remove(tree, &self.root);
    }

    /// As [`Resets::apply`], for a tree that stands at `section.name`.
    pub(super) fn apply_below(&self, section: &str, name: &str, tree: &mut Node) {
        let level = self.root.below.get(section).and_then(|level| level.below.get(name));
        if let Some(level) = level {
            remove(tree, level);
        }
    }
}

fn take(node: &mut Node) -> Level {
    node.tag = None;
    let mut level = Level::default();
    match &mut node.value {
        Value::Map(map) => map.retain(|key, entry| {
            let tag = entry.node.tag;
            let mut found = take(&mut entry.node);
            if tag.is_some() {
                found = Level { here: true, below: BTreeMap::new() };
            }
            if found.here || !found.below.is_empty() {
                level.below.insert(key.clone(), found);
            }
            tag != Some(Tag::Reset)
        }),
        Value::Seq(items) => items.retain_mut(|item| {
            let keep = item.tag != Some(Tag::Reset);
            take(item);
            keep
        }),
        _ => {}
    }
    level
}

fn remove(tree: &mut Node, level: &Level) {
    let Some(map) = tree.map_mut() else { return };
    map.retain(|key, entry| {
        let Some(level) = level.below.get(key) else { return true };
        remove(&mut entry.node, level);
        !level.here
    });
}
