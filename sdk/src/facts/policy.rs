//! What the policy itself rests on.

use serde::{Deserialize, Serialize};

use crate::Loc;

/// The tables that rules look things up in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Policy {
    /// Its place.
    pub loc: Loc,
    /// The tables, by name.
    pub tables: Vec<Table>,
}

/// A table of a bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Table {
    /// Its place.
    pub loc: Loc,
    /// The name that rules read it by: `end-of-life`.
    pub name: String,
    /// The day that what it holds was true, RFC 3339: `2026-01-31`; absent when it does not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}
