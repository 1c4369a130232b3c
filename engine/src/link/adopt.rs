//! Facts of one document taken over into another, with their places.

use plimsoll_sdk::Loc;
use plimsoll_sdk::finding::RawPlace;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::PlaceTable;

/// A copy of facts for another document: their handles are those of `places`, which takes over the
/// places they stand for, and no others.
///
/// `None` for facts that do not survive being written as JSON, which all do.
pub(super) fn copy<T: Serialize + DeserializeOwned>(
    facts: &T,
    from: &PlaceTable,
    places: &mut PlaceTable,
) -> Option<T> {
    let mut value = serde_json::to_value(facts).ok()?;
    let mut used = Vec::new();
    each_loc(&mut value, &mut |loc| {
        used.push(loc);
        loc
    });
    let taken = places.adopt(from, used);
    each_loc(&mut value, &mut |loc| taken.get(&loc).copied().unwrap_or_default());
    serde_json::from_value(value).ok()
}

/// A handle below `parent` for something that stands where another fact of the same table does.
pub(super) fn at(parent: Loc, fact: Loc, places: &mut PlaceTable) -> Loc {
    match places.place(fact) {
        Some(place) => places.object_at(Some(parent), &place),
        None => parent,
    }
}

/// As [`at`], where a field of the fact stands.
pub(super) fn at_field(
    parent: Loc,
    (fact, field): (Loc, &'static str),
    places: &mut PlaceTable,
) -> Loc {
    match places.resolve(&RawPlace { loc: fact, field: Some(field.into()), item: None }) {
        Some(place) => places.object_at(Some(parent), &place),
        None => parent,
    }
}

/// Replaces every `loc`. The facts are as deep as their types.
fn each_loc(value: &mut Value, replace: &mut impl FnMut(Loc) -> Loc) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_loc(item, replace)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_u64().and_then(|loc| u32::try_from(loc).ok()) {
                    Some(loc) if name == "loc" => *field = Value::from(replace(Loc(loc)).0),
                    _ => each_loc(field, replace),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
