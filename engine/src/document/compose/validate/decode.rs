//! Single values that mean nothing: times without units, sizes that are none, numbers below zero.

use super::places::{Path, place_of};
use super::{Problems, quoted};
use crate::document::compose::keys::{Kind, Meaning, Object, PROJECT};
use crate::document::compose::scalar::decode;
use crate::document::compose::tree::{Map, Node, Value};
use crate::source::Place;

/// Checks every value of a completed tree.
pub(super) fn check(root: &Node, problems: &mut Problems<'_>) {
    if let Some(map) = root.map() {
        object(&PROJECT, map, Path::TOP, problems);
    }
}

fn object(kind: &'static Object, map: &Map, path: Path<'_>, problems: &mut Problems<'_>) {
    for (name, entry) in map {
        if let Some(key) = kind.key(name) {
            value(&key.kind, &entry.node, place_of(entry), path.key(name), problems);
        }
    }
}

fn value(kind: &Kind, node: &Node, at: &Place, path: Path<'_>, problems: &mut Problems<'_>) {
    if node.is_unknown() {
        return;
    }
    match (kind, &node.value) {
        (Kind::Either(kinds), shape) => {
            if let Some(kind) = kinds.iter().find(|kind| kind.has_shape(shape)) {
                value(kind, node, at, path, problems);
            }
        }
        (Kind::Printed(_, kind), _) => value(kind, node, at, path, problems),
        (Kind::Object(kind), Value::Map(map)) => object(kind, map, path, problems),
        (Kind::Map(_, kind), Value::Map(map)) => {
            for (name, entry) in map {
                value(kind, &entry.node, place_of(entry), path.key(name), problems);
            }
        }
        (Kind::List(kind) | Kind::Set(kind), Value::Seq(items)) => {
            for (index, item) in items.iter().enumerate() {
                value(kind, item, &item.place, path.item(index), problems);
            }
        }
        // A list or mapping here is a wrong type, which the check of the file tells.
        (Kind::Scalar(..) | Kind::Within(..), Value::Seq(_) | Value::Map(_)) => {}
        (Kind::Scalar(_, meaning) | Kind::Within(_, _, meaning), scalar) => {
            if let Err(expected) = decode(*meaning, scalar) {
                let message = format!("{path} must be {expected}");
                problems.error(message, at, &format!("this is {}", shown(*meaning, scalar)));
            }
        }
        _ => {}
    }
}

fn shown(meaning: Meaning, scalar: &Value) -> String {
    match (meaning, scalar) {
        (_, Value::Str(text)) => quoted(text),
        (_, Value::Int(number)) => format!("`{number}`"),
        (_, Value::Float(number)) => format!("`{number}`"),
        _ => "something else".to_owned(),
    }
}
