//! The way to a value in a file, and where to point for it.

use std::fmt;

use crate::document::compose::tree::{Entry, Node};
use crate::source::Place;

/// The way from the top to a value: `services.web.ports[0]`.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    before: Option<&'p Path<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Top,
    Key(&'p str),
    Item(usize),
}

impl<'p> Path<'p> {
    pub(super) const TOP: Path<'static> = Path { before: None, step: Step::Top };

    pub(super) fn key(&'p self, key: &'p str) -> Path<'p> {
        Path { before: Some(self), step: Step::Key(key) }
    }

    pub(super) fn item(&'p self, index: usize) -> Path<'p> {
        Path { before: Some(self), step: Step::Item(index) }
    }

    /// ` in services.web`, or nothing at the top.
    pub(super) fn inside(&self) -> String {
        match self.step {
            Step::Top => String::new(),
            _ => format!(" in {self}"),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(before) = self.before {
            before.fmt(f)?;
        }
        let is_first = self.before.is_none_or(|before| matches!(before.step, Step::Top));
        match self.step {
            Step::Top => Ok(()),
            Step::Key(key) if is_first => f.write_str(key),
            Step::Key(key) => write!(f, ".{key}"),
            Step::Item(index) => write!(f, "[{index}]"),
        }
    }
}

/// Where to point for the value of a key: the value, or the key of one that is not written.
pub(super) fn place_of(entry: &Entry) -> &Place {
    place_at(&entry.node, &entry.key)
}

/// As [`place_of`], with something else to point at.
pub(super) fn place_at<'n>(node: &'n Node, else_at: &'n Place) -> &'n Place {
    if node.place.span.is_empty() { else_at } else { &node.place }
}
