//! What Compose refuses: keys and types of one file, and what a whole project must agree on.
//!
//! Owns the table of keys ([`schema`](self)) and the checks between parts of a project. It changes nothing.

use super::tree::Node;
use crate::diagnostic::Diagnostic;

/// Checks keys and types of one file after interpolation, as compose-go does before it merges files.
/// A value that is unknown is of every type.
pub fn validate(_file: &Node, _problems: &mut Vec<Diagnostic>) {}

/// Checks what only the whole project can say: names that must exist, keys that exclude each other.
pub fn consistency(_root: &Node, _problems: &mut Vec<Diagnostic>) {}
