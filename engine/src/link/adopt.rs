//! Facts of one document taken over into another, with their places.

use plimsoll_sdk::facts::Image;
use serde_json::Value;

use crate::document::PlaceTable;

/// A copy of an image for the facts of another document: its handles are those of `places`, which
/// takes over the places they stand for.
///
/// `None` for an image that does not survive being written as JSON, which facts always do.
pub(super) fn image(image: &Image, from: &PlaceTable, places: &mut PlaceTable) -> Option<Image> {
    let offset = places.append(from);
    let mut value = serde_json::to_value(image).ok()?;
    shift(&mut value, offset);
    serde_json::from_value(value).ok()
}

/// Adds to every `loc`. The facts are as deep as their types.
fn shift(value: &mut Value, offset: u32) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| shift(item, offset)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_u64() {
                    Some(loc) if name == "loc" => *field = Value::from(loc + u64::from(offset)),
                    _ => shift(field, offset),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
