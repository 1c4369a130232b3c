//! What hooks before a service take over from it.
//!
//! Owns the inheritance of `pre_start`: such a hook runs in a container of its own, which is like the
//! service's where the hook does not say otherwise.

use super::Loader;
use super::merge::merge;
use super::pattern::KeyPath;
use super::reader::{count, used_at};
use crate::document::compose::keys::CONTAINER;
use crate::document::compose::short::canonicalise;
use crate::document::compose::tree::{Entry, Map, Node, Value};

/// What hooks do not take over: mounts, and files that have been read already.
const OWN: [&str; 3] = ["volumes", "env_file", "label_file"];

/// Gives every hook before a service what it does not say itself. The tree is completed.
pub(super) fn inherit(loader: &mut Loader<'_>, root: &mut Node) {
    let mut is_any = false;
    let services = root.map_mut().and_then(|map| map.get_mut("services"));
    for (name, entry) in services.and_then(|entry| entry.node.map_mut()).into_iter().flatten() {
        is_any |= inherit_from(loader, name, entry);
    }
    if is_any {
        // Merging leaves lists where mappings were merged as lists.
        canonicalise(root, &mut loader.problems);
    }
}

/// Whether the service has hooks.
fn inherit_from(loader: &mut Loader<'_>, name: &str, entry: &mut Entry) -> bool {
    let Some(service) = entry.node.map_mut() else { return false };
    let hooks = service.get_mut("pre_start").map(|entry| &mut entry.node.value);
    let hooks = match hooks {
        Some(Value::Seq(hooks)) => std::mem::take(hooks),
        _ => return false,
    };
    let parts = CONTAINER.iter().map(|key| key.name).filter(|key| !OWN.contains(key));
    let parts: Map =
        parts.filter_map(|key| Some((key.to_owned(), service.get(key)?.clone()))).collect();
    let base = Node::new(Value::Map(parts), entry.key.clone());
    let size = count(&base);
    let mut merged = Vec::new();
    for hook in hooks {
        if let Err(problem) = loader.reader.work(size + count(&hook)) {
            loader.stop(problem.at(hook.place.clone()));
            break;
        }
        let mut from = base.clone();
        used_at(&mut from, &hook.place);
        let place = hook.place.clone();
        let mut path = KeyPath::new(["services", name]);
        let node = merge(from, hook, &mut path, &mut loader.problems);
        merged.push(Node { place, used_at: None, ..node });
    }
    if let Some(hooks) = entry.node.map_mut().and_then(|map| map.get_mut("pre_start")) {
        hooks.node.value = Value::Seq(merged);
    }
    true
}
