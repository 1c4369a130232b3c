//! Short forms of one key each: dependencies, devices, files of variables, what is external.

use std::mem;

use super::Short;
use super::lists::{keyed, list, names};
use super::text::{Text, around, put};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Map, Node, Value};

/// `depends_on`: names as a mapping; each is waited for, and must be there.
pub(super) fn dependencies(node: &mut Node) {
    names(node, |place| {
        let mut map = Map::new();
        let condition = Value::Str("service_started".to_owned());
        put(&mut map, "condition", Node::default_at(condition, place));
        Value::Map(map)
    });
    let Some(services) = node.map_mut() else { return };
    for entry in services.values_mut() {
        let place = entry.node.place.clone();
        required(&mut entry.node, &place);
    }
}

/// Says that a mapping is `required`, if it does not say.
fn required(node: &mut Node, place: &crate::source::Place) {
    if let Some(map) = node.map_mut()
        && !map.contains_key("required")
    {
        put(map, "required", Node::default_at(Value::Bool(true), place));
    }
}

/// `env_file`: paths as a list of mappings.
pub(super) fn env_files(node: &mut Node) {
    list(node);
    let Value::Seq(items) = &mut node.value else { return };
    for item in items {
        keyed(item, "path");
        let place = item.place.clone();
        required(item, &place);
    }
}

/// `gpus: all` as a request for all devices.
pub(super) fn gpus(node: &mut Node) {
    keyed(node, "count");
    if node.map().is_some() {
        let outer = around(node, Value::Null);
        let request = mem::replace(node, outer);
        node.value = Value::Seq(vec![Node { tag: None, ..request }]);
    }
}

/// `healthcheck.test`: a text is a line for a shell.
pub(super) fn health_test(node: &mut Node) {
    if let Value::Str(_) = node.value {
        list(node);
        let shell = Node::default_at(Value::Str("CMD-SHELL".to_owned()), &node.place);
        if let Value::Seq(items) = &mut node.value {
            items.insert(0, shell);
        }
    }
}

/// `devices`: `source[:target[:permissions]]`.
pub(super) fn device(node: &mut Node, short: &mut Short<'_>) {
    let Some(text) = Text::new(node) else { return };
    let mut parts = Vec::new();
    let mut start = 0;
    for part in text.shadow().split(':').take(4) {
        parts.push(start..start + part.len());
        start += part.len() + 1;
    }
    let (source, rest) = match parts.as_slice() {
        // One variable may be all of it.
        [only] if !text.is_known(only.clone()) => return,
        [source, rest @ ..] if rest.len() <= 2 => (source.clone(), rest),
        _ => {
            let written = text.slice(0..text.shadow().len());
            let message = format!("confusing device mapping, please use long syntax: {written}");
            short.tell(Diagnostic::error(message).at(node.place.clone()));
            return;
        }
    };
    let target = rest.first().filter(|target| !target.is_empty()).unwrap_or(&source).clone();
    let mut map = Map::new();
    put(&mut map, "source", text.part(source));
    put(&mut map, "target", text.part(target));
    let permissions = match rest.get(1) {
        Some(permissions) => text.part(permissions.clone()),
        None => Node::default_at(Value::Str("rwm".to_owned()), &node.place),
    };
    put(&mut map, "permissions", permissions);
    *node = text.map(map);
}

/// `external: {name: x}`, as it was once written: `external: true` and `name: x`.
pub(super) fn external(resource: &mut Map, path: &str, short: &mut Short<'_>) {
    let Some(entry) = resource.get_mut("external") else { return };
    let Some(old) = entry.node.map_mut() else { return };
    let name = old.shift_remove("name");
    let old = around(&entry.node, Value::Bool(true));
    entry.node = old;
    let Some(name) = name else { return };
    short.tell(
        Diagnostic::warning(format!("{path}: external.name is deprecated"))
            .at(name.node.place.clone())
            .help("write `external: true`, and the name as `name`"),
    );
    let Some(other) = resource.get("name") else {
        resource.insert("name".to_owned(), name);
        return;
    };
    let is_known = !other.node.is_unknown() && !name.node.is_unknown();
    if is_known && other.node.value != name.node.value {
        short.tell(
            Diagnostic::error(format!("{path}: name and external.name conflict"))
                .label(name.node.place, "one name")
                .label(other.node.place.clone(), "another")
                .help("write `external: true`, and the name as `name`"),
        );
    }
}
