//! What a node says, as facts have it: a value, known to be nothing, or unknown.
//!
//! Compose takes numbers and switches as text, too (`"512m"`, `"true"`); what cannot be read as its
//! type is unknown here, and a problem of the loader's.

use plimsoll_sdk::Nullable;

use super::super::tree::{Node, Value};
use crate::document::Written;
use crate::notation::size;

/// `None` is unknown, null is nothing.
pub(super) type Said<T> = Option<Nullable<T>>;

/// The place of a node, for the table of places.
pub(super) fn written(node: &Node) -> Written {
    Written { place: node.place.clone(), used_at: node.used_at.clone() }
}

/// The node at the end of a path of keys; one that says nothing is none.
pub(super) fn at<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    let node = path.iter().try_fold(node, |node, key| node.get(key))?;
    (node.value != Value::Null).then_some(node)
}

/// The text of a scalar; `None` when it is unknown, or no scalar.
pub(super) fn scalar(node: &Node) -> Option<String> {
    if node.is_unknown() {
        return None;
    }
    as_written(node)
}

/// The text of a scalar, with the variables that have no value as they are written.
pub(super) fn as_written(node: &Node) -> Option<String> {
    Some(match &node.value {
        Value::Str(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Null | Value::Seq(_) | Value::Map(_) => return None,
    })
}

fn said<T>(node: Option<&Node>, read: impl FnOnce(&Node) -> Option<T>) -> Said<T> {
    match node {
        None => Some(Nullable::Null),
        Some(node) if node.value == Value::Null => Some(Nullable::Null),
        Some(node) => read(node).map(Nullable::Value),
    }
}

/// A text; an empty one is nothing, as it is to Compose.
pub(super) fn text(node: Option<&Node>) -> Said<String> {
    match said(node, scalar) {
        Some(Nullable::Value(text)) if text.is_empty() => Some(Nullable::Null),
        said => said,
    }
}

/// A switch.
pub(super) fn boolean(node: Option<&Node>) -> Said<bool> {
    said(node, |node| match &node.value {
        _ if node.is_unknown() => None,
        Value::Bool(value) => Some(*value),
        Value::Str(text) => switch(text),
        _ => None,
    })
}

/// A switch as Go's `strconv.ParseBool` and YAML 1.1 read it.
pub(super) fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "t" | "true" | "y" | "yes" | "on" => Some(true),
        "0" | "f" | "false" | "n" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// A switch that is off when nobody sets it.
pub(super) fn flag(node: Option<&Node>) -> Option<bool> {
    boolean(node).map(|said| said.value().copied().unwrap_or(false))
}

/// A whole number.
pub(super) fn integer(node: Option<&Node>) -> Said<i64> {
    said(node, |node| match &node.value {
        _ if node.is_unknown() => None,
        Value::Int(value) => Some(*value),
        Value::Float(value) if value.fract() == 0.0 => Some(*value as i64),
        Value::Str(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// A number.
pub(super) fn number(node: Option<&Node>) -> Said<f64> {
    said(node, |node| match &node.value {
        _ if node.is_unknown() => None,
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        Value::Str(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// A size in bytes, `-1` included, which stands for no limit.
pub(super) fn bytes(node: Option<&Node>) -> Said<i64> {
    said(node, |node| match &node.value {
        _ if node.is_unknown() => None,
        Value::Int(value) => Some(*value),
        Value::Float(value) => Some(*value as i64),
        Value::Str(text) if text.trim() == "-1" => Some(-1),
        Value::Str(text) => size::parse_binary(text).ok().and_then(|size| size.try_into().ok()),
        _ => None,
    })
}

/// A duration in seconds, as Go writes it: `1m30s`.
pub(super) fn seconds(node: Option<&Node>) -> Said<f64> {
    said(node, |node| {
        let text = scalar(node)?;
        crate::document::dockerfile::parse::duration::nanoseconds(&text)
            .ok()
            .map(|number| number / 1e9)
    })
}

/// A limit: what is not positive is none.
pub(super) fn limit(said: Said<i64>) -> Said<u64> {
    said.map(|said| {
        let value = said.value().and_then(|value| u64::try_from(*value).ok());
        value.filter(|value| *value > 0).into()
    })
}

/// Permission bits: octal as text, or the number itself.
pub(super) fn mode(node: Option<&Node>) -> Said<u32> {
    said(node, |node| match &node.value {
        _ if node.is_unknown() => None,
        Value::Int(value) => u32::try_from(*value).ok(),
        Value::Str(text) => u32::from_str_radix(text.trim_start_matches("0o"), 8).ok(),
        _ => None,
    })
}

/// The texts of a list of scalars, and whether they are all of it. A single scalar is a list of one.
pub(super) fn texts(node: Option<&Node>) -> (Vec<String>, bool) {
    let items = elements(node);
    let texts: Vec<String> = items.iter().filter_map(|item| scalar(item)).collect();
    let complete = texts.len() == items.len();
    (texts, complete)
}

/// The elements of a list; a single value is a list of one, nothing is none.
pub(super) fn elements(node: Option<&Node>) -> Vec<&Node> {
    match node.map(|node| (&node.value, node)) {
        None | Some((Value::Null, _)) => Vec::new(),
        Some((Value::Seq(items), _)) => {
            items.iter().filter(|item| item.value != Value::Null).collect()
        }
        Some((_, node)) => vec![node],
    }
}

/// How a value was written: whether without variables, which variables, and those without a value.
pub(super) fn provenance(node: &Node) -> (bool, Vec<String>, Vec<String>) {
    match &node.substitution {
        None => (true, Vec::new(), Vec::new()),
        Some(written) => (false, written.variables.clone(), written.missing.clone()),
    }
}
