//! From a completed compose project to facts.
//!
//! One pass over the tree: networks and volumes first, which containers refer to, then services in
//! source order. What a service leaves to its image or to the daemon is unknown here; linking fills
//! it in. What only several services say together (shared namespaces and volumes, who uses what)
//! comes last.

mod build;
mod comments;
mod container;
mod env_files;
mod environment;
mod image;
mod inline;
mod labels;
mod lifecycle;
mod mount;
mod network;
mod path;
mod project;
mod read;
mod resources;
mod security;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use plimsoll_sdk::Loc;
use plimsoll_sdk::facts::{Container, Facts, ImageRef, Network, Volume};

use super::KIND;
use super::load::{Loaded, ProjectInfo};
use super::tree::{Node, Value};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Folder, PlaceTable, ServiceBuild, Written};
use crate::source::{Place, Source, Span};
use read::written;

/// Lowers a project; `folder` is where its main file lies, `None` when nothing beside it can be read.
#[must_use]
pub fn lower(loaded: Loaded, folder: Option<&Folder>) -> Document {
    let Loaded { root, sources, files, merged, included, project, mut problems } = loaded;
    let main = sources.first().map_or_else(|| Arc::clone(&root.place.source), Arc::clone);
    let context = Context { root: &root, sources: &sources, files: &files, info: &project, folder };
    let mut lowering = Lowering::new(context, &main, &mut problems);
    lowering.networks();
    lowering.volumes();
    lowering.services();
    lowering.shared();
    lowering.project();
    let Lowering { places, containers, networks, volumes, references, builds, .. } = lowering;
    let facts = Facts {
        containers,
        networks,
        volumes,
        references,
        project: lowering.facts,
        ..Facts::new(KIND, main.name())
    };
    let sources = if sources.is_empty() { vec![main] } else { sources };
    Document { problems, merged, included, builds, ..Document::new(KIND, sources, facts, places) }
}

/// What is lowered.
#[derive(Clone, Copy, Debug)]
struct Context<'a> {
    root: &'a Node,
    sources: &'a [Arc<Source>],
    /// Those of the sources that are compose files.
    files: &'a [Arc<Source>],
    info: &'a ProjectInfo,
    folder: Option<&'a Folder>,
}

/// Services whose files of variables were not all read; those of services that are not part of the
/// project never are.
fn unread(info: &ProjectInfo) -> HashSet<&str> {
    let disabled = info.disabled.iter();
    let disabled = disabled.filter(|service| read::at(&service.node, &["env_file"]).is_some());
    let disabled = disabled.map(|service| service.name.as_str());
    info.incomplete.iter().map(String::as_str).chain(disabled).collect()
}

/// A service on its way to a container.
#[derive(Clone, Debug)]
struct Service<'a> {
    name: &'a str,
    node: &'a Node,
    /// Where its key is written, and used.
    key: Written,
    loc: Loc,
}

/// What is being built up.
struct Lowering<'a, 'p> {
    context: Context<'a>,
    main: Arc<Source>,
    problems: &'p mut Vec<Diagnostic>,
    places: PlaceTable,
    /// The project's own handle.
    loc: Loc,
    facts: Option<plimsoll_sdk::facts::Project>,
    containers: Vec<Container>,
    /// The nodes that containers were made from, in the same order.
    services: Vec<Service<'a>>,
    networks: Vec<Network>,
    volumes: Vec<Volume>,
    /// Volumes by name.
    volume_index: HashMap<String, usize>,
    /// Services whose files of variables were not all read.
    unread: HashSet<&'a str>,
    references: Vec<ImageRef>,
    builds: Vec<ServiceBuild>,
    dockerfile_budget: build::Budget,
    /// Services and what they are given, by the kind of the grant.
    consumers: BTreeMap<(&'static str, String), Vec<String>>,
}

impl<'a, 'p> Lowering<'a, 'p> {
    fn new(context: Context<'a>, main: &Arc<Source>, problems: &'p mut Vec<Diagnostic>) -> Self {
        let mut places = PlaceTable::new(main);
        let loc = places.object(None, Span::default());
        project::top_level(&context, loc, &mut places);
        Lowering {
            context,
            main: Arc::clone(main),
            problems,
            places,
            loc,
            facts: None,
            containers: Vec::new(),
            services: Vec::new(),
            networks: Vec::new(),
            volumes: Vec::new(),
            volume_index: HashMap::new(),
            unread: unread(context.info),
            references: Vec::new(),
            builds: Vec::new(),
            dockerfile_budget: build::Budget::default(),
            consumers: BTreeMap::new(),
        }
    }

    /// A node of the project: `services`, `networks` …
    fn section(&self, name: &str) -> Option<&'a Node> {
        let root: &'a Node = self.context.root;
        read::at(root, &[name])
    }

    /// Registers an object at a node.
    fn object(&mut self, parent: Loc, node: &Node) -> Loc {
        self.places.object_written(Some(parent), &written(node))
    }

    /// Registers an object at a node, or where it should have been.
    fn object_or(&mut self, parent: Loc, node: Option<&Node>, otherwise: &Written) -> Loc {
        let at = node.map_or_else(|| otherwise.clone(), written);
        self.places.object_written(Some(parent), &at)
    }

    /// Registers a section of a service at its key, or at the service when it has none: a mapping
    /// begins at its first entry, which is not what lacks something.
    fn section_of(&mut self, parent: Loc, service: &Service<'_>, path: &[&str]) -> Loc {
        let entry = path.split_last().and_then(|(last, above)| {
            let entry = read::at(service.node, above)?.map()?.get(*last)?;
            (entry.node.value != Value::Null).then_some(entry)
        });
        match entry {
            Some(entry) => self.entry(parent, &entry.key, &entry.node),
            None => self.places.object_written(Some(parent), &service.key),
        }
    }

    /// Registers an object at a key and its value: as much of both as stands together.
    fn entry(&mut self, parent: Loc, key: &Place, node: &Node) -> Loc {
        let value = &node.place;
        let together =
            Arc::ptr_eq(&key.source, &value.source) && key.span.start <= value.span.start;
        let scalar = node.map().is_none() && node.items().is_empty();
        let place = if together && scalar {
            Place::new(&key.source, key.span.cover(value.span))
        } else {
            key.clone()
        };
        let used_at = node.used_at.clone();
        self.places.object_written(Some(parent), &Written { place, used_at })
    }

    /// Registers the place of a field that somebody wrote.
    fn field(&mut self, loc: Loc, name: &'static str, node: Option<&Node>) {
        if let Some(node) = node {
            self.places.field_written(loc, name, &written(node));
        }
    }

    /// Registers the places of the items of a list that somebody wrote.
    fn items<'n>(&mut self, loc: Loc, name: &'static str, nodes: impl Iterator<Item = &'n Node>) {
        let items: Vec<Written> = nodes.map(written).collect();
        if !items.is_empty() {
            self.places.items_written(loc, name, &items);
        }
    }

    /// A path below the root of the files, from the project's folder; `None` when it leads out, or
    /// is absolute.
    fn beside(&self, path: &str) -> Option<String> {
        path::join(&self.context.info.folder, path)
    }
}
