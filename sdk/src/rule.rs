//! What a rule declares about itself, in Rego and in WebAssembly alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Severity;

/// Metadata of a rule. In Rego it is the `# METADATA` comment of the package: `title`,
/// `description` and `related_resources` as OPA defines them, the rest under `custom`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleMeta {
    /// `area/name`, or `bundle/area/name` outside the default bundle. Names the fault.
    pub id: String,
    /// The fault in a few words: "Container is privileged".
    pub title: String,
    /// What the rule looks for, in a sentence or two.
    pub description: String,
    /// How bad a finding is, unless it names a level.
    pub severity: Severity,
    /// Named severities, for rules whose findings differ in weight.
    #[serde(default)]
    pub levels: BTreeMap<String, Severity>,
    /// Kinds of documents the rule applies to; elsewhere its outcome is "not applicable".
    pub kinds: Vec<String>,
    /// What it judges: `image`, `build`, `stage`, `reference` … A rule that names `build` and
    /// `image` judges a Dockerfile as a build, and images that were built as images.
    pub subjects: Vec<String>,
    /// Profiles in which it is enabled.
    pub profiles: Vec<String>,
    /// Dotted paths below the subject without which the verdict is unknown.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Lines of the container security checklist that it serves.
    #[serde(default)]
    pub checklist: Vec<String>,
    /// Numbers of the CIS Docker Benchmark v1.6.
    #[serde(default)]
    pub cis: Vec<String>,
    /// Sections of NIST SP 800-190.
    #[serde(default)]
    pub nist: Vec<String>,
    /// Other tools' ids of the same check, by tool.
    #[serde(default)]
    pub equivalents: BTreeMap<String, Vec<String>>,
    /// What to do about a finding: one imperative sentence.
    pub remedy: String,
    /// Where to read more: URLs.
    #[serde(default)]
    pub references: Vec<String>,
    /// Parameters by name.
    #[serde(default)]
    pub params: BTreeMap<String, ParamMeta>,
    /// The version of the bundle that first had the rule.
    #[serde(default)]
    pub since: Option<String>,
    /// Whether the rule wants `input.raw`, the parsed source in its own names.
    #[serde(default)]
    pub raw: bool,
}

/// A parameter of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ParamMeta {
    /// `boolean`, `integer`, `number`, `string`, `list<string>`, `list<integer>`, `map<string>`.
    #[serde(rename = "type")]
    pub ty: String,
    /// The value without configuration.
    pub default: Value,
    /// What it means.
    pub description: String,
    /// The only values allowed, if they are few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<Value>>,
}
