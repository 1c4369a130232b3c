//! References to images that an image names: its own names, its base.

use plimsoll_sdk::facts::ImageRef;
use plimsoll_sdk::{Loc, Nullable};

use crate::document::{PlaceTable, reference};
use crate::source::Place;

/// A reference that is written without variables.
pub(super) fn fact(
    places: &mut PlaceTable,
    parent: Loc,
    place: &Place,
    role: &str,
    raw: &str,
) -> ImageRef {
    let mut fact = reference::unresolved(places.object_at(Some(parent), place), role, raw);
    fact.shipped = role == "base";
    fact.text = Some(raw.to_owned());
    fact.stage_index = Some(Nullable::Null);
    reference::resolve(&mut fact, raw);
    fact
}
