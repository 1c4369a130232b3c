//! Which services are part of the project: those without profiles, and those with an active one.

use std::collections::HashSet;

use super::DisabledService;
use crate::document::compose::tree::{Map, Node, Value};

/// Takes the services out of a project that no active profile asks for; `*` is every profile. A
/// service whose profiles are not known stays.
pub(super) fn split(project: &mut Node, active: &[String]) -> Vec<DisabledService> {
    let mut disabled = Vec::new();
    if active.iter().any(|profile| profile == "*") {
        return disabled;
    }
    let services = project.map_mut().and_then(|root| root.get_mut("services"));
    let Some(services) = services.and_then(|entry| entry.node.map_mut()) else { return disabled };
    let mut enabled = Map::new();
    for (name, entry) in std::mem::take(services) {
        if is_enabled(&entry.node, active) {
            enabled.insert(name, entry);
        } else {
            disabled.push(DisabledService { name, key: entry.key, node: entry.node });
        }
    }
    *services = enabled;
    disabled
}

fn is_enabled(service: &Node, active: &[String]) -> bool {
    let profiles = service.get("profiles").map(Node::items).unwrap_or_default();
    profiles.is_empty()
        || profiles.iter().any(|profile| {
            profile.is_unknown()
                || profile.text().is_some_and(|name| active.iter().any(|active| active == name))
        })
}

/// Takes out of a project what its services depend on only if it is part of the project, and is not.
pub(super) fn drop_optional(project: &mut Node, disabled: &[DisabledService]) {
    let disabled: HashSet<&str> = disabled.iter().map(|service| service.name.as_str()).collect();
    let services = project.map_mut().and_then(|root| root.get_mut("services"));
    let services = services.and_then(|entry| entry.node.map_mut());
    for service in services.into_iter().flat_map(Map::values_mut) {
        let depends = service.node.map_mut().and_then(|service| service.get_mut("depends_on"));
        let Some(depends) = depends.and_then(|entry| entry.node.map_mut()) else { continue };
        depends.retain(|name, entry| {
            let required = entry.node.get("required");
            let is_required = required.is_none_or(|node| node.value != Value::Bool(false));
            is_required || !disabled.contains(name.as_str())
        });
    }
}
