//! What Compose refuses: keys and types of one file, and what a whole project must agree on.
//!
//! Owns the checks of [`keys`](super::keys) and those between parts of a project. It changes nothing.
//! A value that is unknown is never wrong.

mod conflicts;
mod decode;
mod dependencies;
mod file;
mod places;
mod references;
mod swarm;
#[cfg(test)]
mod tests;

use super::tree::{Map, Node};
use crate::diagnostic::Diagnostic;
use crate::source::Place;

/// The most problems that one call tells of.
const MOST: usize = 100;

/// Checks keys and types of one file after interpolation, as compose-go does before it merges files:
/// short forms are welcome. What is tagged `!reset` is not looked at. compose-go leaves out what is
/// twice in a list before it looks; what is still there twice is wrong.
pub fn validate(file: &Node, problems: &mut Vec<Diagnostic>) {
    let mut found = Problems { list: problems, left: MOST };
    file::check(file, &mut found);
}

/// Checks what only the whole project can say, on a completed tree of long forms: names that must
/// exist, keys that exclude each other, values that mean nothing. Warns of what Compose ignores.
pub fn consistency(root: &Node, problems: &mut Vec<Diagnostic>) {
    let mut found = Problems { list: problems, left: MOST };
    if is_empty(root) {
        let text = "at least `services` is expected";
        found
            .add(|| Diagnostic::error("the compose file is empty").label(root.place.clone(), text));
    }
    decode::check(root, &mut found);
    references::check(root, &mut found);
    conflicts::check(root, &mut found);
    dependencies::check(root, &mut found);
    // Warnings must not crowd out errors.
    swarm::check(root, &mut Problems { list: problems, left: MOST });
}

/// Whether nobody wrote anything: the name alone may have come from elsewhere.
fn is_empty(root: &Node) -> bool {
    root.map().is_none_or(|map| map.values().all(|entry| entry.node.defaulted))
}

/// Where problems go, until there are enough.
struct Problems<'p> {
    list: &'p mut Vec<Diagnostic>,
    left: usize,
}

impl Problems<'_> {
    fn add(&mut self, problem: impl FnOnce() -> Diagnostic) {
        if self.left > 0 {
            self.left -= 1;
            self.list.push(problem());
        }
    }

    fn error(&mut self, message: String, place: &Place, text: &str) {
        self.add(|| Diagnostic::error(message).label(place.clone(), text));
    }
}

/// The entries of a section at the top: name, place of the name, value.
fn section<'n>(
    root: &'n Node,
    name: &str,
) -> impl Iterator<Item = (&'n String, &'n Place, &'n Node)> {
    let map = root.get(name).and_then(Node::map);
    map.into_iter().flat_map(Map::iter).map(|(name, entry)| (name, &entry.key, &entry.node))
}

/// Whether a name came from a list item with a variable that has no value: no name has a `$`.
fn is_unknown_name(name: &str) -> bool {
    name.contains('$')
}

/// A value as a message quotes it: short, on one line.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let line: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let more = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("`{line}{more}`")
}
