//! What Compose puts in where a project says nothing: defaults, names, implied dependencies.
//!
//! What it adds is [`defaulted`](super::tree::Node::defaulted), at the place of the nearest thing that
//! should have had it. It refuses nothing; [`validate`](super::validate) does.

mod defaults;
pub mod paths;
mod service;
#[cfg(test)]
mod tests;

pub use defaults::defaults;

use super::scalar;
use super::tree::{Entry, Map, Node, Value};
use super::variables::Variables;
use crate::source::Place;

/// What completing needs to know beside the tree.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The name of the project, which prefixes the names of its networks and volumes; `None` when it
    /// is not known, and then neither are they.
    pub project_name: Option<&'a str>,
    /// The values of names that `environment` and `build.args` mention without one.
    pub variables: &'a Variables,
}

/// Fills in what Compose fills in, on a merged tree of long forms: [`defaults`], and what compose-go
/// calls normalising.
pub fn complete(root: &mut Node, context: &Context<'_>) {
    defaults(root);
    name_project(root, context.project_name);
    let mut default_network = None;
    for section in ["services", "jobs"] {
        for (_, entry) in entries(root, section) {
            service::complete(entry, context.variables);
            if default_network.is_none() && is_on_default_network(&entry.node) {
                default_network = Some(entry.key.clone());
            }
        }
    }
    if let Some(place) = default_network {
        add_default_network(root, &place);
    }
    for section in ["networks", "volumes", "secrets", "configs"] {
        for (name, entry) in entries(root, section) {
            add_name(name, entry, context.project_name);
        }
    }
}

/// Gives `environment` and `build.args` the values of the names that they mention without one, as
/// [`complete`] does: for a file with variables of its own.
pub fn bare_names(root: &mut Node, variables: &Variables) {
    for section in ["services", "jobs"] {
        for (_, entry) in entries(root, section) {
            service::bare_names(&mut entry.node, variables);
        }
    }
}

/// The names of what a service uses of a section: `networks`, `volumes`, `secrets` or `configs`.
pub(super) fn uses<'n>(service: &'n Node, section: &str) -> Vec<&'n str> {
    let sources = |node: Option<&'n Node>| {
        let items = node.map(Node::items).unwrap_or_default().iter();
        items.filter_map(|item| item.get("source").or(Some(item)).and_then(Node::text))
    };
    match section {
        "networks" => {
            let networks = service.get("networks").and_then(Node::map);
            networks.into_iter().flat_map(Map::keys).map(String::as_str).collect()
        }
        "volumes" => {
            let mounts = service.get("volumes").map(Node::items).unwrap_or_default().iter();
            let volumes = mounts.filter(|mount| is_text(mount.get("type"), "volume"));
            volumes.filter_map(|mount| mount.get("source").and_then(Node::text)).collect()
        }
        "secrets" => {
            let build = service.get("build").and_then(|build| build.get("secrets"));
            sources(service.get("secrets")).chain(sources(build)).collect()
        }
        _ => sources(service.get(section)).collect(),
    }
}

fn is_text(node: Option<&Node>, text: &str) -> bool {
    node.and_then(Node::text) == Some(text)
}

/// The entries of a mapping at the top of the tree.
fn entries<'n>(
    root: &'n mut Node,
    section: &str,
) -> impl Iterator<Item = (&'n String, &'n mut Entry)> {
    let section = root.map_mut().and_then(|map| map.get_mut(section));
    section.and_then(|entry| entry.node.map_mut()).into_iter().flat_map(|map| map.iter_mut())
}

/// An entry that nobody wrote, at the place that should have had it.
fn default_entry(value: Value, place: &Place) -> Entry {
    Entry { key: place.clone(), node: Node::default_at(value, place) }
}

/// Adds a default to a mapping, unless the key is there.
fn add_default(map: &mut Map, key: &str, value: impl FnOnce() -> Value, place: &Place) {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), default_entry(value(), place));
    }
}

/// The name of the project is part of the model, wherever it comes from.
fn name_project(root: &mut Node, name: Option<&str>) {
    let place = root.place.clone();
    let (Some(name), Some(map)) = (name, root.map_mut()) else { return };
    match map.get_mut("name") {
        Some(entry) => entry.node.value = Value::Str(name.to_owned()),
        None => {
            map.insert("name".to_owned(), default_entry(Value::Str(name.to_owned()), &place));
        }
    }
}

/// A service that a provider runs does not bring the default network into being.
fn is_on_default_network(service: &Node) -> bool {
    service.get("provider").is_none()
        && service.get("networks").is_some_and(|networks| networks.get("default").is_some())
}

fn add_default_network(root: &mut Node, place: &Place) {
    let Some(map) = root.map_mut() else { return };
    let networks = map
        .entry("networks".to_owned())
        .or_insert_with(|| default_entry(Value::Map(Map::new()), place));
    if let Some(networks) = networks.node.map_mut() {
        add_default(networks, "default", || Value::Map(Map::new()), place);
    }
}

/// The name that a network, volume, secret or config has for the engine.
fn add_name(key: &str, entry: &mut Entry, project: Option<&str>) {
    if entry.node.value == Value::Null {
        // `data:` with nothing after it is a volume with every default.
        entry.node.value = Value::Map(Map::new());
        entry.node.place = entry.key.clone();
    }
    // A name that is written counts, even an empty one.
    if entry.node.get("name").is_some() {
        return;
    }
    let name = match entry.node.get("external") {
        Some(external) if external.is_unknown() => None,
        Some(external) if is_external(external) => Some(key.to_owned()),
        _ => project.map(|project| format!("{project}_{key}")),
    };
    let place = entry.key.clone();
    if let (Some(name), Some(map)) = (name, entry.node.map_mut()) {
        map.insert("name".to_owned(), default_entry(Value::Str(name), &place));
    }
}

/// Whether the value of `external` says that others make the thing.
pub(super) fn is_external(external: &Node) -> bool {
    external.map().is_some() || scalar::flag(&external.value) == Ok(true)
}
