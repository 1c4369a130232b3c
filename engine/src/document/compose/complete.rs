//! What Compose puts in where a project says nothing: defaults, names, implied dependencies.
//!
//! What it adds is [`defaulted`](super::tree::Node::defaulted), at the place of the nearest thing that
//! should have had it. It refuses nothing; [`validate`](super::validate) does.

pub mod paths;

use super::tree::Node;
use super::variables::Variables;

/// What completing needs to know beside the tree.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The name of the project, which prefixes the names of its networks and volumes.
    pub project_name: &'a str,
    /// The values of names that `environment` and `build.args` mention without one.
    pub variables: &'a Variables,
}

/// Fills in what Compose fills in, on a merged tree of long forms.
pub fn complete(_root: &mut Node, _context: &Context<'_>) {}
