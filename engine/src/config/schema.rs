//! The file's JSON Schema, for editors and for the reference page.
//!
//! The types say what a file may hold; their comments become the schema's descriptions. They are
//! not what is read: [`super::parse`] keeps places and tells all problems at once. A test holds the
//! two together.

use std::collections::BTreeMap;

use plimsoll_sdk::Severity;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use super::{DEFAULT_EXTENDS, FailOn, Profile, UnknownBase};

/// Configuration of Plimsoll: which bundles, which rules, and how strict.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
#[schemars(title = "plimsoll.yaml")]
pub struct Config {
    /// Bundles by name, lowest layer first. An empty list is none.
    #[schemars(inner(length(min = 1)), extend("uniqueItems" = true))]
    pub extends: Vec<String>,
    /// Folders with Rego rules (a `.rego` and a `.md` file each), relative to this file.
    #[schemars(inner(length(min = 1)), extend("uniqueItems" = true))]
    pub policies: Vec<String>,
    /// Plugins in WebAssembly: files, relative to this one. Pages of their rules are in the folder
    /// `rules` beside each.
    pub plugins: Vec<PluginConfig>,
    /// Settings of single rules, by rule id.
    pub rules: BTreeMap<String, RuleConfig>,
    /// The lowest severity that fails the run, or `never`.
    pub fail_on: FailOn,
    /// Whether a verdict that could not be reached fails the run, too.
    pub fail_on_unknown: bool,
    /// What a Dockerfile's base image that is not known is taken to set.
    pub unknown_base: UnknownBase,
    /// Which rules are on.
    pub profile: Profile,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            extends: DEFAULT_EXTENDS.map(str::to_owned).to_vec(),
            policies: Vec::new(),
            plugins: Vec::new(),
            rules: BTreeMap::new(),
            fail_on: FailOn::default(),
            fail_on_unknown: false,
            unknown_base: UnknownBase::default(),
            profile: Profile::default(),
        }
    }
}

/// A plugin: its file, or that with more.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum PluginConfig {
    /// The file.
    File(#[schemars(length(min = 1))] String),
    /// The file, and how it is run.
    Options(PluginOptions),
}

/// A plugin, and how it is run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PluginOptions {
    /// The file.
    #[schemars(length(min = 1))]
    pub path: String,
    /// The digest that the file has to have: `sha256:` and 64 digits, as `plimsoll plugin inspect` prints it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^sha256:[0-9a-f]{64}$"))]
    pub digest: Option<String>,
    /// What it may use up on one document.
    #[serde(default)]
    pub limits: LimitOptions,
}

/// What a plugin may use up on one document. A rule that needs more has no verdict.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct LimitOptions {
    /// Units of fuel: about one for each instruction.
    #[schemars(range(min = 1, max = 1_000_000_000_000_000_u64))]
    pub fuel: u64,
    /// Seconds: a backstop that fuel should always come before.
    #[schemars(range(min = 0.01, max = 3600))]
    pub time: f64,
    /// Memory.
    pub memory: Size,
    /// Elements of tables.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub table_elements: u64,
    /// Stack, at most `4m`.
    pub stack: Size,
    /// What it returns.
    pub output: Size,
    /// Findings of one rule.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub findings: u64,
}

impl Default for LimitOptions {
    fn default() -> Self {
        let size = |text: &str| Size::Text(text.to_owned());
        LimitOptions {
            fuel: 1_000_000_000,
            time: 10.0,
            memory: size("64m"),
            table_elements: 10_000,
            stack: size("512k"),
            output: size("8m"),
            findings: 10_000,
        }
    }
}

/// A size: bytes, or a number with a unit in powers of 1024, such as `64m`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Size {
    /// Bytes.
    Bytes(u64),
    /// A number and a unit.
    Text(#[schemars(regex(pattern = r"^[0-9.]+ ?([bB]|[kKmMgG]([iI]?[bB])?)?$"))] String),
}

/// Settings of a rule, or a word for the most frequent ones.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum RuleConfig {
    /// The same as `on` and `off`.
    Switch(bool),
    /// `on`, `off`, or the severity of its findings.
    Word(RuleWord),
    /// Settings one by one.
    Options(RuleOptions),
}

/// `on`, `off`, or the severity of its findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // A description for each would make the schema a list of six schemas.
pub enum RuleWord {
    Off,
    On,
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl RuleWord {
    /// All of them.
    pub const ALL: [RuleWord; 7] = [
        RuleWord::Off,
        RuleWord::On,
        RuleWord::Info,
        RuleWord::Low,
        RuleWord::Medium,
        RuleWord::High,
        RuleWord::Critical,
    ];

    /// The word in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match (self, self.severity()) {
            (_, Some(severity)) => severity.as_str(),
            (RuleWord::On, None) => "on",
            (_, None) => "off",
        }
    }

    /// The severity that it sets, if it sets one.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            RuleWord::Off | RuleWord::On => None,
            RuleWord::Info => Some(Severity::Info),
            RuleWord::Low => Some(Severity::Low),
            RuleWord::Medium => Some(Severity::Medium),
            RuleWord::High => Some(Severity::High),
            RuleWord::Critical => Some(Severity::Critical),
        }
    }
}

/// Settings of a rule, one by one.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RuleOptions {
    /// Whether the rule is on, whatever the profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    pub enabled: Option<bool>,
    /// The severity of its findings. It alone does not switch the rule on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Severity")]
    pub severity: Option<Severity>,
    /// Values for the parameters that the rule declares.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, serde_json::Value>,
}

impl Serialize for FailOn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl JsonSchema for FailOn {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FailOn".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> =
            Severity::ALL.into_iter().map(Severity::as_str).chain(["never"]).collect();
        schemars::json_schema!({ "type": "string", "enum": words })
    }
}

/// The JSON Schema of `plimsoll.yaml`.
///
/// Draft 7, which the YAML language server and the schema stores read throughout.
#[must_use]
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<Config>().to_value()
}
