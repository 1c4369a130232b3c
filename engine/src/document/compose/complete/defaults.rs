//! Defaults of single values: ports, secrets, devices, bind mounts, contexts.

use super::{add_default, entries};
use crate::document::compose::tree::{Entry, Node, Value};
use crate::source::Place;

/// Fills in the defaults that a file has by itself, whatever project it belongs to: a file that is
/// included gets them before its paths are resolved.
pub fn defaults(root: &mut Node) {
    for section in ["services", "jobs"] {
        for (_, entry) in entries(root, section) {
            service(entry);
        }
    }
}

fn service(entry: &mut Entry) {
    let Some(service) = entry.node.map_mut() else { return };
    if let Some(build) = service.get_mut("build") {
        set(&mut build.node, "context", || text("."), &build.key);
    }
    for (list, keys) in
        [("ports", &[("protocol", "tcp"), ("mode", "ingress")][..]), ("gpus", &[("count", "all")])]
    {
        let items = service.get_mut(list).map(|entry| &mut entry.node);
        for item in items.into_iter().flat_map(items_mut) {
            let place = item.place.clone();
            for (key, value) in keys {
                let has_ids = *key == "count" && item.get("device_ids").is_some();
                if !has_ids {
                    set(item, key, || text(value), &place);
                }
            }
        }
    }
    for item in items_below(&mut entry.node, &["deploy", "resources", "reservations", "devices"]) {
        let place = item.place.clone();
        if item.get("device_ids").is_none() {
            set(item, "count", || text("all"), &place);
        }
    }
    for secret in items_below(&mut entry.node, &["secrets"]) {
        let place = secret.place.clone();
        let source = secret.get("source").and_then(Node::text).map(str::to_owned);
        if let Some(source) = source {
            set(secret, "target", || Value::Str(format!("/run/secrets/{source}")), &place);
        }
    }
    for mount in items_below(&mut entry.node, &["volumes"]) {
        let bind = mount.map_mut().and_then(|mount| mount.get_mut("bind"));
        if let Some(bind) = bind {
            set(&mut bind.node, "create_host_path", || Value::Bool(true), &bind.key);
        }
    }
}

fn text(text: &str) -> Value {
    Value::Str(text.to_owned())
}

fn set(node: &mut Node, key: &str, value: impl FnOnce() -> Value, place: &Place) {
    if let Some(map) = node.map_mut() {
        add_default(map, key, value, place);
    }
}

fn items_mut(node: &mut Node) -> &mut [Node] {
    match &mut node.value {
        Value::Seq(items) => items,
        _ => &mut [],
    }
}

/// The items of the list at the end of a path of keys.
fn items_below<'n>(node: &'n mut Node, keys: &[&str]) -> &'n mut [Node] {
    let mut node = node;
    for key in keys {
        match node.map_mut().and_then(|map| map.get_mut(*key)) {
            Some(entry) => node = &mut entry.node,
            None => return &mut [],
        }
    }
    items_mut(node)
}
