//! What a service implies: its network, its dependencies, its Dockerfile.

use std::sync::Arc;

use super::{add_default, default_entry, paths};
use crate::document::compose::tree::{Entry, Map, Node, Substitution, Value};
use crate::document::compose::variables::Variables;
use crate::document::partial::Partial;
use crate::source::Place;

/// Completes a service or a job.
pub(super) fn complete(entry: &mut Entry, variables: &Variables) {
    bare_names(&mut entry.node, variables);
    let place = entry.key.clone();
    let Some(service) = entry.node.map_mut() else { return };
    join_default_network(service, &place);
    if let Some(policy) = service.get_mut("pull_policy")
        && policy.node.text() == Some("if_not_present")
    {
        policy.node.value = Value::Str("missing".to_owned());
    }
    if let Some(build) = service.get_mut("build") {
        name_dockerfile(build);
    }
    add_dependencies(service);
    tidy_mounts(service);
    copy_scale(service);
}

/// A service that says nothing of networks is on the default one. One that a provider runs is not
/// Compose's to connect.
fn join_default_network(service: &mut Map, place: &Place) {
    if service.contains_key("network_mode") || service.contains_key("provider") {
        return;
    }
    let networks = service.get("networks").map(|entry| &entry.node.value);
    let is_empty = match networks {
        None | Some(Value::Null) => true,
        Some(Value::Map(map)) => map.is_empty(),
        Some(_) => false,
    };
    if is_empty {
        let default = default_entry(Value::Null, place);
        let networks = Map::from_iter([("default".to_owned(), default)]);
        service.insert("networks".to_owned(), default_entry(Value::Map(networks), place));
    }
}

fn name_dockerfile(build: &mut Entry) {
    let place = build.key.clone();
    let Some(map) = build.node.map_mut() else { return };
    // A name that is written counts, even an empty one.
    if !map.contains_key("dockerfile_inline") {
        add_default(map, "dockerfile", || Value::Str("Dockerfile".to_owned()), &place);
    }
}

/// Gives names that are mentioned without a value the value that they have outside.
pub(super) fn bare_names(service: &mut Node, variables: &Variables) {
    let Some(map) = service.map_mut() else { return };
    if let Some(environment) = map.get_mut("environment") {
        resolve(&mut environment.node, variables);
    }
    let build = map.get_mut("build").and_then(|build| build.node.map_mut());
    if let Some(arguments) = build.and_then(|build| build.get_mut("args")) {
        resolve(&mut arguments.node, variables);
    }
}

fn resolve(names: &mut Node, variables: &Variables) {
    let Some(names) = names.map_mut() else { return };
    for (name, entry) in names.iter_mut().filter(|(_, entry)| entry.node.value == Value::Null) {
        let Some(value) = variables.get(name) else { continue };
        entry.node.value = Value::Str(value.to_owned());
        // It is not written here: as good as `NAME: ${NAME}`.
        entry.node.substitution = Some(Arc::new(Substitution {
            raw: name.clone(),
            variables: vec![name.clone()],
            missing: Vec::new(),
            known: Partial::default(),
        }));
    }
}

/// Makes the dependencies explicit that links, shared namespaces and volumes of others imply.
fn add_dependencies(service: &mut Map) {
    let mut implied = Vec::new();
    let items = |key: &str| service.get(key).map(|entry| entry.node.items()).unwrap_or_default();
    for link in items("links") {
        // `service` or `service:alias`; Compose takes anything else for the name of a service.
        let service = link.known_text().map(|link| match link.split_once(':') {
            Some((service, alias)) if !alias.contains(':') => service,
            _ => link,
        });
        implied.extend(service.map(|service| (service.to_owned(), true, link.place.clone())));
    }
    for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
        let Some(entry) = service.get(key) else { continue };
        let service = entry.node.known_text().and_then(|mode| mode.strip_prefix("service:"));
        implied.extend(service.map(|service| (service.to_owned(), true, entry.node.place.clone())));
    }
    for volumes in items("volumes_from") {
        let text = volumes.known_text().filter(|text| !text.starts_with("container:"));
        let service = text.and_then(|text| text.split(':').next());
        implied.extend(service.map(|service| (service.to_owned(), false, volumes.place.clone())));
    }
    let Some((_, _, first)) = implied.first() else {
        return complete_dependencies(service);
    };
    let entry = service
        .entry("depends_on".to_owned())
        .or_insert_with(|| default_entry(Value::Map(Map::new()), first));
    if let Some(dependencies) = entry.node.map_mut() {
        for (name, restart, place) in &implied {
            add_default(dependencies, name, || dependency(*restart, place), place);
        }
    }
    complete_dependencies(service);
}

fn dependency(restart: bool, place: &Place) -> Value {
    let mut map = Map::new();
    let started = Value::Str("service_started".to_owned());
    map.insert("condition".to_owned(), default_entry(started, place));
    if restart {
        map.insert("restart".to_owned(), default_entry(Value::Bool(true), place));
    }
    Value::Map(map)
}

/// A dependency is required unless it says otherwise.
fn complete_dependencies(service: &mut Map) {
    let dependencies = service.get_mut("depends_on").and_then(|entry| entry.node.map_mut());
    for (_, entry) in dependencies.into_iter().flatten() {
        let place = entry.key.clone();
        if let Some(map) = entry.node.map_mut() {
            add_default(map, "required", || Value::Bool(true), &place);
        }
    }
}

/// `scale` is what `deploy.replicas` is, where there is a `deploy`.
fn copy_scale(service: &mut Map) {
    let Some(scale) = service.get("scale").cloned() else { return };
    let deploy = service.get_mut("deploy").and_then(|entry| entry.node.map_mut());
    if let Some(deploy) = deploy {
        let node = Node { defaulted: true, ..scale.node };
        deploy.entry("replicas".to_owned()).or_insert(Entry { key: scale.key, node });
    }
}

fn tidy_mounts(service: &mut Map) {
    let Some(Value::Seq(mounts)) = service.get_mut("volumes").map(|entry| &mut entry.node.value)
    else {
        return;
    };
    for mount in mounts {
        if mount.get("target").is_none_or(Node::is_unknown) {
            continue;
        }
        let target = mount.map_mut().and_then(|mount| mount.get_mut("target"));
        if let Some(Value::Str(path)) = target.map(|entry| &mut entry.node.value) {
            *path = paths::target(path);
        }
    }
}
