//! The handle of a fact's place.

use serde::{Deserialize, Serialize};

/// The place of one object of the facts: opaque, unique within its document.
///
/// A finding names a `Loc`, and optionally a field and an item of it; the engine knows the file,
/// line and columns. A rule only passes on what it finds in the `loc` field of a fact.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Loc(pub u32);
