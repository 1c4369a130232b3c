//! Lists in which a later item replaces an earlier one: compose-go's `EnforceUnicity`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::pattern::KeyPath;
use super::convert::scalar;
use crate::document::compose::tree::{Node, Value};

/// What two items must share for the later one to replace the earlier one; `None` when it cannot be
/// said, and the item stays.
type Index = fn(&Node) -> Option<String>;

const RULES: &[(&str, Index)] = &[
    ("services.*.build.platform", key),
    ("services.*.build.tags", key),
    ("services.*.cap_add", key),
    ("services.*.cap_drop", key),
    ("services.*.configs", config),
    ("services.*.devices", target),
    ("services.*.dns", key),
    ("services.*.dns_opt", key),
    ("services.*.dns_search", key),
    ("services.*.environment", key),
    ("services.*.env_file", file),
    ("services.*.expose", text),
    ("services.*.links", key),
    ("services.*.networks.*.aliases", key),
    ("services.*.networks.*.link_local_ips", key),
    ("services.*.ports", port),
    ("services.*.profiles", key),
    ("services.*.secrets", secret),
    ("services.*.tmpfs", key),
    ("services.*.volumes", target),
];

/// Removes items that a later item redefines; the later one takes the place in the order.
pub(in super::super) fn unique(node: &mut Node, path: &mut KeyPath) {
    match &mut node.value {
        Value::Map(map) => {
            for (key, entry) in map {
                path.inside(key, |path| unique(&mut entry.node, path));
            }
        }
        // compose-go leaves the ports of jobs as they are.
        Value::Seq(_) if path.is_below("jobs") && matches!(path.last(), "ports" | "expose") => {}
        Value::Seq(items) if items.len() > 1 => {
            if let Some(&(_, index)) = RULES.iter().find(|(pattern, _)| path.matches(pattern)) {
                redefine(items, index);
            }
        }
        _ => {}
    }
}

fn redefine(items: &mut Vec<Node>, index: Index) {
    let mut known: HashMap<String, usize> = HashMap::with_capacity(items.len());
    let mut kept: Vec<Node> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        match index(&item).map(|key| known.entry(key)) {
            Some(Entry::Occupied(before)) => {
                if let Some(slot) = kept.get_mut(*before.get()) {
                    *slot = item;
                }
            }
            Some(Entry::Vacant(new)) => {
                new.insert(kept.len());
                kept.push(item);
            }
            None => kept.push(item),
        }
    }
    *items = kept;
}

fn field(node: &Node, key: &str) -> Option<String> {
    scalar(&node.get(key)?.value)
}

fn text(node: &Node) -> Option<String> {
    scalar(&node.value)
}

/// What stands before the `=`.
fn key(node: &Node) -> Option<String> {
    let text = text(node)?;
    Some(match text.split_once('=') {
        Some((key, _)) => key.to_owned(),
        None => text,
    })
}

/// Where it is mounted; a short form that is not split yet is the same only as itself.
fn target(node: &Node) -> Option<String> {
    field(node, "target").or_else(|| text(node))
}

fn file(node: &Node) -> Option<String> {
    field(node, "path").or_else(|| text(node))
}

fn secret(node: &Node) -> Option<String> {
    mount(node, "/run/secrets")
}

fn config(node: &Node) -> Option<String> {
    mount(node, "")
}

fn mount(node: &Node, folder: &str) -> Option<String> {
    let source = || field(node, "source").or_else(|| text(node));
    field(node, "target").or_else(|| Some(format!("{folder}/{}", source()?)))
}

fn port(node: &Node) -> Option<String> {
    if node.map().is_none() {
        return text(node);
    }
    let part = |key: &str, default: &str| field(node, key).unwrap_or_else(|| default.to_owned());
    let target = field(node, "target")?;
    let (host, published) = (part("host_ip", "0.0.0.0"), part("published", ""));
    Some(format!("{host}:{published}:{target}/{}", part("protocol", "tcp")))
}
