//! References to images, as facts.

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::ImageRef;

use crate::document::PlaceTable;
use crate::notation::reference::Reference;
use crate::source::Place;
use plimsoll_sdk::Loc;

/// A reference that is written without variables.
pub(super) fn fact(
    places: &mut PlaceTable,
    parent: Loc,
    place: &Place,
    role: &str,
    raw: &str,
) -> ImageRef {
    let loc = places.object_at(Some(parent), place);
    let mut reference = ImageRef {
        loc,
        role: role.into(),
        stage: Nullable::Null,
        container: Nullable::Null,
        needed: true,
        shipped: role == "base",
        raw: raw.to_owned(),
        text: Some(raw.to_owned()),
        kind: Some("image".into()),
        problem: Nullable::Null,
        stage_index: Some(Nullable::Null),
        registry: None,
        repository: None,
        name: None,
        familiar: None,
        tag: None,
        digest: None,
        official: None,
        literal: true,
        variables: Vec::new(),
        missing: Vec::new(),
    };
    match Reference::parse_normalized(raw) {
        Ok(parsed) => {
            let registry = parsed.canonical_registry().unwrap_or_default().to_owned();
            reference.name = Some(format!("{registry}/{}", parsed.repository()));
            reference.registry = Some(registry);
            reference.repository = Some(parsed.repository().to_owned());
            reference.familiar = Some(parsed.familiar_name());
            reference.official = Some(parsed.is_official());
            reference.tag = Some(parsed.tag().map(str::to_owned).into());
            reference.digest =
                Some(parsed.digest().map(|digest| digest.as_str().to_owned()).into());
        }
        Err(error) => {
            reference.kind = Some("invalid".into());
            reference.problem = Nullable::Value(error.to_string());
        }
    }
    reference
}
