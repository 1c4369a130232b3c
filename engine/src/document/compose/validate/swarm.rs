//! Keys that mean something to Docker Swarm only: Compose warns that it ignores them.

use super::{Problems, quoted, section};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Entry, Map, Node};
use crate::source::Place;

/// Keys of `deploy`, and what Swarm does with them.
const DEPLOY: &[(&str, &str)] = &[
    ("mode", "Swarm mode"),
    ("endpoint_mode", "the routing mesh of Swarm"),
    ("labels", "services of Swarm"),
    ("placement", "the scheduler of Swarm"),
    ("update_config", "rolling updates of Swarm"),
    ("rollback_config", "rolling updates of Swarm"),
];

/// Warns of what only Swarm would honour.
pub(super) fn check(root: &Node, problems: &mut Problems<'_>) {
    for (name, _, service) in section(root, "services") {
        let mut warn = |key: &str, place: &Place, what: &str| {
            problems.add(|| {
                let message = format!("`{key}` of service `{name}` is ignored by Compose");
                Diagnostic::warning(message).label(place.clone(), format!("it is for {what}"))
            });
        };
        for (key, what) in DEPLOY {
            if let Some(entry) = entry(service.get("deploy"), key) {
                warn(&format!("deploy.{key}"), &entry.key, what);
            }
        }
        if let Some(entry) = entry(Some(service), "credential_spec") {
            warn("credential_spec", &entry.key, "Windows containers of Swarm");
        }
        let options = service.get("storage_opt").and_then(Node::map);
        for (option, entry) in options.into_iter().flat_map(Map::iter) {
            warn(&format!("storage_opt.{}", quoted(option).trim_matches('`')), &entry.key, "Swarm");
        }
        for list in ["secrets", "configs"] {
            for item in service.get(list).map(Node::items).unwrap_or_default() {
                for key in ["uid", "gid", "mode"] {
                    if let Some(entry) = entry(Some(item), key) {
                        warn(&format!("{list}.{key}"), &entry.key, "Swarm");
                    }
                }
            }
        }
        let is = |item: &Node, key, text| item.get(key).and_then(Node::known_text) == Some(text);
        for port in service.get("ports").map(Node::items).unwrap_or_default() {
            if let Some(entry) = entry(Some(port), "mode").filter(|_| is(port, "mode", "host")) {
                warn("ports.mode", &entry.key, "the routing mesh of Swarm");
            }
        }
        for mount in service.get("volumes").map(Node::items).unwrap_or_default() {
            if is(mount, "type", "cluster") {
                warn("volumes", &mount.place, "Swarm: a volume of the cluster");
            }
        }
    }
}

/// The entry of a key that somebody wrote.
fn entry<'n>(node: Option<&'n Node>, key: &str) -> Option<&'n Entry> {
    node?.map()?.get(key).filter(|entry| !entry.node.defaulted)
}
