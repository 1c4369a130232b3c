//! A project as `docker compose config --format json` prints it.
//!
//! Owns the form of that JSON: which keys it has, and how values are written. It refuses nothing: a
//! value that Compose could not decode is printed as it is written.

use std::collections::BTreeSet;

use serde_json::{Map as JsonMap, Value as Json};

use super::complete::paths;
use super::keys::{Form, Key, Kind, Object, PROJECT, Shown};
use super::scalar::{Decoded, decode};
use super::tree::{Map, Node, Value};

/// The JSON of a completed tree. `working_dir` is the absolute path of the project's folder, which
/// relative paths are joined to.
///
/// Networks, volumes, secrets and configs that no service uses are left out, and every `$` is
/// written twice, as Compose does.
#[must_use]
pub fn to_json(root: &Node, working_dir: &str) -> Json {
    let mut root = root.clone();
    paths::resolve(&mut root, working_dir);
    drop_unused(&mut root);
    drop_env_files(&mut root);
    let Some(map) = root.map() else { return Json::Null };
    let mut printed = object(&PROJECT, map);
    if let Json::Object(printed) = &mut printed {
        let extensions = map.iter().filter(|(name, _)| name.starts_with("x-"));
        printed.extend(extensions.map(|(name, entry)| (name.clone(), raw(&entry.node))));
    }
    escape(printed)
}

/// Leaves out what no service uses.
fn drop_unused(root: &mut Node) {
    let used = ["networks", "volumes", "secrets", "configs"].map(|section| {
        let names = services(root).flat_map(|service| super::complete::uses(service, section));
        (section, names.map(str::to_owned).collect::<BTreeSet<_>>())
    });
    let Some(map) = root.map_mut() else { return };
    for (section, used) in used {
        let entries = map.get_mut(section).and_then(|entry| entry.node.map_mut());
        if let Some(entries) = entries {
            entries.retain(|name, _| used.contains(name));
        }
    }
}

/// Leaves out the files whose variables every service has by now; those of hooks are printed.
fn drop_env_files(root: &mut Node) {
    for section in ["services", "jobs"] {
        let services = root.map_mut().and_then(|root| root.get_mut(section));
        let services = services.and_then(|entry| entry.node.map_mut());
        for service in services.into_iter().flat_map(Map::values_mut) {
            service.node.map_mut().map(|service| service.shift_remove("env_file"));
        }
    }
}

fn services(root: &Node) -> impl Iterator<Item = &Node> {
    let services = root.get("services").and_then(Node::map);
    services.into_iter().flat_map(Map::values).map(|entry| &entry.node)
}

fn object(object: &'static Object, map: &Map) -> Json {
    let mut printed = JsonMap::new();
    for key in object.all() {
        if let Some(value) = entry(key, map) {
            printed.insert(key.printed.to_owned(), value);
        }
    }
    Json::Object(printed)
}

fn entry(key: &Key, map: &Map) -> Option<Json> {
    let Some(entry) = map.get(key.name) else {
        return (key.shown == Shown::Always).then(|| nothing(&key.kind));
    };
    let found = value(&key.kind, &entry.node);
    match key.shown {
        Shown::Never => None,
        Shown::False => (found.json == Json::Bool(false)).then_some(found.json),
        Shown::NotZero => (!found.is_zero).then_some(found.json),
        Shown::Written | Shown::Always => Some(found.json),
    }
}

/// What is printed for a key that is always there and is not written.
fn nothing(kind: &Kind) -> Json {
    match kind {
        Kind::Object(kind) => object(kind, &Map::new()),
        Kind::Map(..) => Json::Object(JsonMap::new()),
        Kind::Scalar(_, meaning) => {
            decode(*meaning, &Value::Null).map_or(Json::Null, |decoded| decoded.json)
        }
        _ => Json::Null,
    }
}

fn value(kind: &Kind, node: &Node) -> Decoded {
    match (kind, &node.value) {
        _ if node.is_unknown() => as_written(node),
        (Kind::Either(kinds), _) => match kinds.iter().find(|kind| kind.has_shape(&node.value)) {
            Some(kind) => value(kind, node),
            None => as_written(node),
        },
        (Kind::Printed(form, kind), _) => special(*form, kind, node),
        (Kind::Scalar(_, meaning) | Kind::Within(_, _, meaning), scalar) => {
            decode(*meaning, scalar).unwrap_or_else(|_| as_written(node))
        }
        (Kind::List(kind) | Kind::Set(kind), Value::Seq(items)) => {
            let items: Vec<Json> = items.iter().map(|item| value(kind, item).json).collect();
            Decoded { is_zero: items.is_empty(), json: Json::Array(items) }
        }
        (Kind::Map(_, kind), Value::Map(map)) => {
            let entries = map.iter().map(|(name, entry)| (name, value(kind, &entry.node).json));
            mapping(entries.map(|(name, json)| (name.clone(), json)))
        }
        // A mapping with known keys is a pointer in the model of compose-go: never its zero.
        (Kind::Object(kind), Value::Map(map)) => {
            Decoded { json: object(kind, map), is_zero: false }
        }
        (Kind::List(_) | Kind::Set(_) | Kind::Map(..) | Kind::Object(_), _)
        | (Kind::Choice(_) | Kind::Matching(..), _) => as_written(node),
    }
}

fn mapping(entries: impl Iterator<Item = (String, Json)>) -> Decoded {
    let entries: JsonMap<String, Json> = entries.collect();
    Decoded { is_zero: entries.is_empty(), json: Json::Object(entries) }
}

fn special(form: Form, kind: &Kind, node: &Node) -> Decoded {
    match (form, &node.value) {
        (Form::External, Value::Map(_)) => Decoded { json: true.into(), is_zero: false },
        (Form::Limit, Value::Map(map)) => limit(map),
        (Form::Hosts, Value::Map(map)) => hosts(map),
        (Form::Options, Value::Map(map)) => {
            let list = |node: &Node| match &node.value {
                Value::Seq(items) => items.iter().map(as_text).collect(),
                _ => vec![as_text(node)],
            };
            let lists = map.iter().map(|(name, entry)| (name, list(&entry.node)));
            let written = lists.filter(|(_, list)| !list.is_empty());
            mapping(written.map(|(name, list)| (name.clone(), list.into())))
        }
        (Form::Ssh, Value::Map(map)) => {
            let keys = map.iter().map(|(id, entry)| match entry.node.text() {
                Some(path) if !path.is_empty() => format!("{id}={path}"),
                _ => id.clone(),
            });
            list(keys.collect())
        }
        (Form::Arguments, Value::Map(map)) => {
            let set = map.iter().filter(|(_, entry)| entry.node.value != Value::Null);
            mapping(set.map(|(name, entry)| (name.clone(), as_text(&entry.node))))
        }
        (Form::Limit, scalar) if super::scalar::integer(scalar) == Ok(0) => limit(&Map::new()),
        _ => value(kind, node),
    }
}

/// A limit: one number where `single` says so, or `soft` and `hard` where they are not zero.
fn limit(map: &Map) -> Decoded {
    let number = |name: &str| {
        let node = map.get(name).map(|entry| &entry.node);
        node.and_then(|node| super::scalar::integer(&node.value).ok()).filter(|&number| number != 0)
    };
    if let Some(single) = number("single") {
        return Decoded { json: single.into(), is_zero: false };
    }
    let bounds = ["soft", "hard"].into_iter();
    let mut printed =
        mapping(bounds.filter_map(|name| Some((name.to_owned(), Json::from(number(name)?)))));
    printed.is_zero = false;
    printed
}

/// Host names and their addresses, in order.
fn hosts(map: &Map) -> Decoded {
    let mut lines = Vec::new();
    for (host, entry) in map {
        let one = [entry.node.clone()];
        let addresses = if entry.node.items().is_empty() { &one } else { entry.node.items() };
        lines.extend(addresses.iter().filter_map(Node::text).map(|ip| format!("{host}={ip}")));
    }
    lines.sort();
    Decoded { is_zero: map.is_empty(), json: lines.into() }
}

fn list(lines: Vec<String>) -> Decoded {
    Decoded { is_zero: lines.is_empty(), json: lines.into() }
}

fn as_text(node: &Node) -> Json {
    decode(super::keys::Meaning::Text, &node.value).map_or(Json::Null, |decoded| decoded.json)
}

fn as_written(node: &Node) -> Decoded {
    let is_zero = match &node.value {
        Value::Null => true,
        Value::Str(text) => text.is_empty(),
        Value::Seq(items) => items.is_empty(),
        _ => false,
    };
    Decoded { json: raw(node), is_zero }
}

/// A tree as it is.
fn raw(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Str(text) => text.clone().into(),
        Value::Seq(items) => items.iter().map(raw).collect(),
        Value::Map(map) => {
            map.iter().map(|(name, entry)| (name.clone(), raw(&entry.node))).collect()
        }
    }
}

/// Writes every `$` twice: what is printed can be read again.
fn escape(json: Json) -> Json {
    match json {
        Json::String(text) => text.replace('$', "$$").into(),
        Json::Array(items) => items.into_iter().map(escape).collect(),
        Json::Object(map) => {
            map.into_iter().map(|(name, value)| (name.replace('$', "$$"), escape(value))).collect()
        }
        other => other,
    }
}
