//! Names that must exist: networks, volumes, secrets, configs and models that services use.

use super::places::place_of;
use super::{Problems, is_unknown_name, quoted, section};
use crate::diagnostic::Diagnostic;
use crate::document::compose::complete::is_external;
use crate::document::compose::tree::{Map, Node, Value};
use crate::nearest::nearest;
use crate::source::Place;

/// Checks what services refer to, and what is defined for them to refer to.
pub(super) fn check(root: &Node, problems: &mut Problems<'_>) {
    for (name, _, service) in section(root, "services") {
        let mut references = References { root, service: name, problems };
        references.networks(service);
        references.mounts(service);
        references.files(service, "secrets", "secret", "secrets");
        references.files(service, "configs", "config", "configs");
        if let Some(build) = service.get("build") {
            references.files(build, "secrets", "build secret", "secrets");
            references.contexts(build);
        }
        for (model, entry) in service.get("models").and_then(Node::map).into_iter().flatten() {
            references.must_exist("model", "models", model, &entry.key);
        }
    }
    for (name, key, volume) in section(root, "volumes") {
        external_volume(name, key, volume, problems);
    }
    for (name, key, config) in section(root, "configs") {
        file_object("configs", name, key, config, &["file", "environment", "content"], problems);
    }
    for (name, key, secret) in section(root, "secrets") {
        file_object("secrets", name, key, secret, &["file", "environment"], problems);
    }
}

struct References<'c, 'p> {
    root: &'c Node,
    service: &'c str,
    problems: &'c mut Problems<'p>,
}

impl References<'_, '_> {
    fn must_exist(&mut self, what: &str, section: &str, name: &str, place: &Place) {
        let known = self.root.get(section).and_then(Node::map);
        if is_unknown_name(name) || known.is_some_and(|known| known.contains_key(name)) {
            return;
        }
        // Searching for near names is slow: only as often as problems are told.
        self.problems.add(|| {
            let names = known.into_iter().flat_map(Map::keys).map(String::as_str);
            let help = match nearest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("define it under `{section}` at the top of the file"),
            };
            let (service, name) = (self.service, quoted(name));
            Diagnostic::error(format!("service `{service}` uses the undefined {what} {name}"))
                .label(place.clone(), "no such name")
                .help(help)
        });
    }

    fn networks(&mut self, service: &Node) {
        for (name, entry) in service.get("networks").and_then(Node::map).into_iter().flatten() {
            self.must_exist("network", "networks", name, &entry.key);
        }
    }

    fn mounts(&mut self, service: &Node) {
        for mount in service.get("volumes").map(Node::items).unwrap_or_default() {
            let is_volume = mount.get("type").and_then(Node::text) == Some("volume");
            let source = mount.get("source").filter(|_| is_volume);
            let name = source.and_then(Node::known_text).filter(|name| !name.is_empty());
            if let (Some(source), Some(name)) = (source, name) {
                self.must_exist("volume", "volumes", name, &source.place);
            }
        }
    }

    fn files(&mut self, node: &Node, key: &str, what: &str, section: &str) {
        for item in node.get(key).map(Node::items).unwrap_or_default() {
            if item.is_unknown() {
                continue;
            }
            let Some(source) = item.get("source") else {
                let message =
                    format!("`source` is missing in a {what} of service `{}`", self.service);
                self.problems.error(message, &item.place, "which one is meant?");
                continue;
            };
            if let Some(name) = source.known_text() {
                self.must_exist(what, section, name, &source.place);
            }
        }
    }

    /// Contexts of a build that are other services: those must be built, too.
    fn contexts(&mut self, build: &Node) {
        let contexts = build.get("additional_contexts").and_then(Node::map);
        for (name, entry) in contexts.into_iter().flatten() {
            if entry.node.text().is_none() && !is_unknown_name(name) {
                let message = format!("the additional context {} is no path or URL", quoted(name));
                self.problems.error(message, place_of(entry), "this must be a string");
            }
            let context = entry.node.known_text();
            let Some(name) = context.and_then(|context| context.strip_prefix("service:")) else {
                continue;
            };
            let services = self.root.get("services");
            match services.and_then(|services| services.get(name)) {
                None => self.must_exist("service", "services", name, &entry.node.place),
                Some(service) if service.get("build").is_none() => {
                    let message = format!(
                        "service `{}` builds upon service {}, which is not built",
                        self.service,
                        quoted(name)
                    );
                    self.problems.error(message, &entry.node.place, "a service without `build`");
                }
                Some(_) => {}
            }
        }
    }
}

/// What others make cannot be configured here.
fn external_volume(name: &str, key: &Place, volume: &Node, problems: &mut Problems<'_>) {
    let Some(map) = volume.map() else { return };
    let is_external = map.get("external").is_some_and(|entry| is_external(&entry.node));
    if !is_external {
        return;
    }
    let others = map.iter().filter(|(key, _)| *key != "name" && *key != "external");
    for (other, entry) in others.filter(|(key, _)| !key.starts_with("x-")) {
        problems.add(|| {
            Diagnostic::error(format!("volume {} is external and has `{other}`", quoted(name)))
                .label(entry.key.clone(), "whoever makes the volume decides that")
                .label(key.clone(), "external")
        });
    }
}

/// A secret or config has one source, unless others make it.
fn file_object(
    section: &str,
    name: &str,
    key: &Place,
    object: &Node,
    sources: &[&str],
    problems: &mut Problems<'_>,
) {
    let Some(map) = object.map() else { return };
    let mut written = sources.iter().filter_map(|source| map.get(*source));
    let list = sources.iter().map(|source| format!("`{source}`")).collect::<Vec<_>>().join(", ");
    match (written.next(), written.next()) {
        (Some(first), Some(second)) => problems.add(|| {
            Diagnostic::error(format!("{section}.{name} has more than one of {list}"))
                .label(second.key.clone(), "a second source")
                .label(first.key.clone(), "the first")
        }),
        (None, _) if is_without_source(section, map) => {
            let message = format!("{section}.{name} has none of {list}");
            problems.error(message, key, "where does its content come from?");
        }
        _ => {}
    }
}

/// Whether a secret or config that names no source ought to. Compose lets a driver provide a config,
/// but not a secret.
fn is_without_source(section: &str, map: &Map) -> bool {
    let external = map.get("external").map(|entry| &entry.node);
    let is_external = external.is_some_and(|node| node.is_unknown() || is_external(node));
    let is_false = external.is_some_and(|node| node.value == Value::Bool(false));
    let has_driver = map.contains_key("driver") && section == "configs";
    !is_external && (!has_driver || is_false)
}
