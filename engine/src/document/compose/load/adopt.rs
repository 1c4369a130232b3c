//! Extensions that became keys: compose-go takes `x-develop` for `develop`.

use std::mem;

use super::merge::merge;
use super::pattern::KeyPath;
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Map, Node, Value};

/// Renames the extensions of a document that have a key of their own by now. Where that key is
/// written too, it is merged over the extension.
pub(super) fn adopt(document: &mut Node, problems: &mut Vec<Diagnostic>) {
    let services = document.map_mut().and_then(|root| root.get_mut("services"));
    for (name, entry) in services.and_then(|entry| entry.node.map_mut()).into_iter().flatten() {
        let Some(service) = entry.node.map_mut() else { continue };
        let mut path = KeyPath::new(["services", name, "develop"]);
        rename(service, "x-develop", "develop", &mut path, problems);
        let develop = service.get_mut("develop").and_then(|entry| entry.node.map_mut());
        let watch = develop.and_then(|develop| develop.get_mut("watch"));
        let Some(Value::Seq(items)) = watch.map(|watch| &mut watch.node.value) else { continue };
        for item in items.iter_mut().filter_map(Node::map_mut) {
            let mut path = KeyPath::new(["services", name, "develop", "watch", "[]"]);
            rename(item, "x-initialSync", "initial_sync", &mut path, problems);
        }
    }
}

fn rename(map: &mut Map, from: &str, to: &str, path: &mut KeyPath, problems: &mut Vec<Diagnostic>) {
    let Some(extension) = map.shift_remove(from) else { return };
    match map.get_mut(to).filter(|own| own.node.value != Value::Null) {
        Some(own) => {
            let nothing = Node::new(Value::Null, own.node.place.clone());
            let over = mem::replace(&mut own.node, nothing);
            own.node = merge(extension.node, over, path, problems);
        }
        None => {
            map.insert(to.to_owned(), extension);
        }
    }
}
