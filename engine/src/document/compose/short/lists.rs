//! Short forms that every key may share: one value for a list, a list for a mapping.

use std::mem;

use super::Short;
use super::text::{Text, around, put};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Entry, Map, Node, Value};
use crate::source::Place;

/// One text as a list of it.
pub(super) fn list(node: &mut Node) {
    if matches!(node.value, Value::Str(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_)) {
        let outer = around(node, Value::Null);
        let item = mem::replace(node, outer);
        node.value = Value::Seq(vec![Node { tag: None, ..item }]);
    }
}

/// One text as a mapping in which it is the value of `key`.
pub(super) fn keyed(node: &mut Node, key: &str) {
    if let Some(text) = Text::new(node) {
        let mut map = Map::new();
        put(&mut map, key, text.part(0..text.shadow().len()));
        *node = text.map(map);
    }
}

/// What a name of a list of `NAME=VALUE` has that is there alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    /// Nothing: its value comes from elsewhere.
    Null,
    /// An empty text.
    Empty,
    /// None may be alone; the text says what it should be.
    Error(&'static str),
}

/// A list of `NAME=VALUE` as a mapping; a later value replaces an earlier one.
pub(super) fn pairs(node: &mut Node, bare: Bare, short: &mut Short<'_>) {
    let Value::Seq(items) = &node.value else { return };
    let mut map = Map::new();
    for item in items {
        let Some(text) = Text::new(item) else {
            short.tell(
                Diagnostic::error(format!("unexpected {} in a list of `name=value`", kind(item)))
                    .at(item.place.clone()),
            );
            continue;
        };
        let whole = 0..text.shadow().len();
        let (name, mut value) = match text.shadow().find('=') {
            Some(at) => (0..at, text.part(at + 1..whole.end)),
            None => {
                if let Bare::Error(expected) = bare
                    && !item.is_unknown()
                {
                    let problem = Diagnostic::error(format!("this is not {expected}"));
                    short.tell(problem.at(item.place.clone()));
                    continue;
                }
                let empty =
                    if bare == Bare::Empty { Value::Str(String::new()) } else { Value::Null };
                (whole.clone(), text.with(whole.clone(), empty))
            }
        };
        if !text.is_known(name.clone()) {
            // Nobody knows which variable this is, so nobody knows a value of it.
            value.substitution.clone_from(&item.substitution);
        }
        let entry = Entry { key: text.place(name.clone()), node: value };
        map.insert(text.part(name).text().unwrap_or_default().to_owned(), entry);
    }
    node.value = Value::Map(map);
}

/// A list of names as a mapping in which each has a value of its own.
pub(super) fn names(node: &mut Node, value: impl Fn(&Place) -> Value) {
    let Value::Seq(items) = &mut node.value else { return };
    if items.iter().any(|item| item.text().is_none()) {
        return;
    }
    let mut map = Map::new();
    for item in mem::take(items) {
        let Value::Str(name) = &item.value else { continue };
        let name = name.clone();
        // The substitution stays: nobody knows what an unknown name depends on.
        let value = value(&item.place);
        let entry = Entry { key: item.place.clone(), node: Node { value, ..item } };
        map.insert(name, entry);
    }
    node.value = Value::Map(map);
}

/// `extra_hosts`: a list of `host=address` or `host:address`, or a mapping, as a mapping of hosts
/// to lists of addresses without brackets.
pub(super) fn hosts(node: &mut Node, short: &mut Short<'_>) {
    match &mut node.value {
        Value::Map(map) => {
            for (host, entry) in map {
                list(&mut entry.node);
                if !entry.node.items().iter().any(Node::is_unknown) {
                    check_host(host, &entry.key, short);
                }
                if let Value::Seq(addresses) = &mut entry.node.value {
                    addresses.iter_mut().for_each(without_brackets);
                }
            }
        }
        Value::Seq(items) => {
            let mut map = Map::new();
            for item in mem::take(items) {
                host(&item, &mut map, short);
            }
            node.value = Value::Map(map);
        }
        _ => {}
    }
}

fn host(item: &Node, map: &mut Map, short: &mut Short<'_>) {
    let Some(text) = Text::new(item) else { return };
    let end = text.shadow().len();
    let (host, mut address) = match text.shadow().find('=').or_else(|| text.shadow().find(':')) {
        Some(at) => (0..at, text.part(at + 1..end)),
        None if item.is_unknown() => (0..end, text.with(0..end, Value::Null)),
        None => {
            let message = format!("invalid additional host, missing IP: {}", text.slice(0..end));
            short.tell(
                Diagnostic::error(message).at(item.place.clone()).help("write `host=address`"),
            );
            return;
        }
    };
    if !text.is_known(host.clone()) {
        address.substitution.clone_from(&item.substitution);
    } else if !check_host(text.slice(host.clone()), &item.place, short) {
        return;
    }
    without_brackets(&mut address);
    let name = text.part(host.clone()).text().unwrap_or_default().to_owned();
    let entry = map.entry(name).or_insert_with(|| Entry {
        key: text.place(host),
        node: around(item, Value::Seq(Vec::new())),
    });
    if let Value::Seq(addresses) = &mut entry.node.value {
        addresses.push(address);
    }
}

fn check_host(host: &str, place: &Place, short: &mut Short<'_>) -> bool {
    let is_good = !host.is_empty() && !host.contains(':');
    if !is_good {
        short.tell(Diagnostic::error(format!("bad host name '{host}'")).at(place.clone()));
    }
    is_good
}

fn without_brackets(address: &mut Node) {
    if let Value::Str(text) = &mut address.value
        && let Some(inner) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'))
        && !inner.is_empty()
    {
        *text = inner.to_owned();
    }
}

/// `build.ssh`: a list of `default` or `id=path` as a mapping.
pub(super) fn ssh(node: &mut Node, short: &mut Short<'_>) {
    for item in node.items() {
        if let Some(text) = item.text()
            && !item.is_unknown()
            && !text.contains('=')
            && text != "default"
        {
            short.tell(
                Diagnostic::error(format!("invalid ssh key \"{text}\""))
                    .at(item.place.clone())
                    .help("write `default`, or `id=path`"),
            );
        }
    }
    pairs(node, Bare::Null, short);
}

fn kind(node: &Node) -> &'static str {
    match node.value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) | Value::Float(_) => "number",
        Value::Str(_) => "text",
        Value::Seq(_) => "list",
        Value::Map(_) => "mapping",
    }
}
