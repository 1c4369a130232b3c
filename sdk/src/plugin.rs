//! What a plugin says about itself, in WebAssembly only: the answer of `describe`.
//!
//! The contract is `wit/v1/plugin.wit`; beside it, `description.schema.json` is the JSON Schema of
//! [`Description`].

use serde::{Deserialize, Serialize};

use crate::rule::RuleMeta;

/// A plugin and its rules. Fields that a host does not know it ignores, so that a plugin may say more
/// than the host of the day understands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Description {
    /// The plugin's name, with which the ids of its rules begin: lower-case letters, digits, and
    /// hyphens or underscores between them.
    pub name: String,
    /// The plugin's own version, for people.
    pub version: String,
    /// The version of the facts that it was written for, as their field `facts` has it: `0`.
    pub facts: String,
    /// Its rules; each `id` is `name/area/rule`.
    pub rules: Vec<RuleMeta>,
}

/// The JSON Schema of [`Description`], draft 2020-12.
#[cfg(feature = "schema")]
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Description).to_value()
}
