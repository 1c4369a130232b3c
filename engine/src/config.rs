//! `plimsoll.yaml`: which bundles, which rules, and how strict.
//!
//! Owns the file's grammar, its JSON Schema, and the wording of everything that can be wrong with
//! it, all told at once. The configuration is trusted: a path may lead anywhere. It refuses unknown
//! keys and words. Whether a rule, a parameter, a bundle or a folder exists it does not know: who
//! does calls the constructors [`unknown_rule`], [`unknown_param`] and [`wrong_param`].

mod plugins;
mod problems;
mod read;
mod schema;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use plimsoll_sdk::Severity;
use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::params::Step;
use crate::source::{Place, Source};
use crate::yaml::Node;

pub use problems::{unknown_param, unknown_rule, wrong_param};
pub use schema::{
    Config, LimitOptions, PluginConfig, PluginOptions, RuleConfig, RuleOptions, RuleWord, Size,
    schema,
};

/// The names of the file, in the order in which they are tried in each folder.
pub const FILE_NAMES: [&str; 2] = ["plimsoll.yaml", "plimsoll.yml"];

/// The bundles that are used where the file does not say.
pub const DEFAULT_EXTENDS: [&str; 1] = ["checklist"];

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// A file as written and found to be in order. What it does not say is `None` or empty; the methods
/// give the effective value.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bundles by name, lowest layer first; an empty list is none.
    pub extends: Option<Vec<Spanned<String>>>,
    /// Folders with rules, relative to the file's own folder.
    pub policies: Vec<Spanned<String>>,
    /// Plugins; no two have the same path.
    pub plugins: Vec<PluginSetting>,
    /// What is said of single rules, in source order; no two have the same id, whatever the case.
    pub rules: Vec<RuleSetting>,
    /// From which severity on a finding fails the run.
    pub fail_on: Option<Spanned<FailOn>>,
    /// Whether a verdict that could not be reached fails the run.
    pub fail_on_unknown: Option<Spanned<bool>>,
    /// What a base image that is not known is taken to set.
    pub unknown_base: Option<Spanned<UnknownBase>>,
    /// Which rules are on.
    pub profile: Option<Spanned<Profile>>,
    /// The file.
    pub source: Arc<Source>,
}

impl Settings {
    /// The names of the bundles, lowest layer first.
    #[must_use]
    pub fn extends(&self) -> Vec<&str> {
        match &self.extends {
            Some(names) => names.iter().map(|name| name.value.as_str()).collect(),
            None => DEFAULT_EXTENDS.to_vec(),
        }
    }

    /// From which severity on a finding fails the run.
    #[must_use]
    pub fn fail_on(&self) -> FailOn {
        self.fail_on.as_ref().map_or_else(FailOn::default, |setting| setting.value)
    }

    /// Whether a verdict that could not be reached fails the run.
    #[must_use]
    pub fn fail_on_unknown(&self) -> bool {
        self.fail_on_unknown.as_ref().is_some_and(|setting| setting.value)
    }

    /// What a base image that is not known is taken to set.
    #[must_use]
    pub fn unknown_base(&self) -> UnknownBase {
        self.unknown_base.as_ref().map_or_else(UnknownBase::default, |setting| setting.value)
    }

    /// Which rules are on.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile.as_ref().map_or_else(Profile::default, |setting| setting.value)
    }

    fn empty(source: &Arc<Source>) -> Self {
        Settings {
            extends: None,
            policies: Vec::new(),
            plugins: Vec::new(),
            rules: Vec::new(),
            fail_on: None,
            fail_on_unknown: None,
            unknown_base: None,
            profile: None,
            source: Arc::clone(source),
        }
    }
}

impl Default for Settings {
    /// What holds without any file.
    fn default() -> Self {
        Self::empty(&Source::new("<default>", ""))
    }
}

/// What is said of one plugin.
#[derive(Clone, Debug)]
pub struct PluginSetting {
    /// Its file, relative to the configuration's own folder.
    pub path: Spanned<String>,
    /// The digest that it has to have: `sha256:` and 64 hexadecimal digits in lower case.
    pub digest: Option<Spanned<String>>,
    /// What it may use up, where that is said.
    pub limits: PluginLimits,
}

impl PluginSetting {
    fn new(path: Spanned<String>) -> Self {
        PluginSetting { path, digest: None, limits: PluginLimits::default() }
    }
}

/// What a plugin may use up; each within what is possible.
#[derive(Clone, Debug, Default)]
pub struct PluginLimits {
    /// Units of fuel for one document.
    pub fuel: Option<Spanned<u64>>,
    /// Wall time for one document.
    pub time: Option<Spanned<Duration>>,
    /// Bytes of memory.
    pub memory: Option<Spanned<u64>>,
    /// Elements of tables.
    pub table_elements: Option<Spanned<u64>>,
    /// Bytes of stack.
    pub stack: Option<Spanned<u64>>,
    /// Bytes that it returns.
    pub output: Option<Spanned<u64>>,
    /// Findings of one rule.
    pub findings: Option<Spanned<u64>>,
}

/// What is said of one rule.
#[derive(Clone, Debug)]
pub struct RuleSetting {
    /// The rule's id as written; whether there is such a rule is not known here.
    pub id: Spanned<String>,
    /// Whether it is on, whatever the profile.
    pub enabled: Option<Spanned<bool>>,
    /// The severity of its findings. It alone does not switch a rule on.
    pub severity: Option<Spanned<Severity>>,
    /// Its parameters, in source order.
    pub params: Vec<ParamSetting>,
}

/// A value for a rule's parameter.
#[derive(Clone, Debug)]
pub struct ParamSetting {
    /// The parameter's name; whether the rule has one is not known here.
    pub name: Spanned<String>,
    /// The value.
    pub value: Spanned<serde_json::Value>,
    node: Node,
}

impl ParamSetting {
    /// The place of an element of the value, or of the nearest thing around it that has a place.
    #[must_use]
    pub fn place_of(&self, path: &[Step]) -> Place {
        let source = &self.value.place.source;
        let mut node = &self.node;
        let mut place = self.value.place.clone();
        for step in path {
            let next = match (step, &node.value) {
                (Step::Index(at), crate::yaml::Value::Seq(items)) => items.get(*at),
                (Step::Key(key), _) => node.get(key),
                _ => None,
            };
            let Some(next) = next else { break };
            node = next;
            if !node.span.is_empty() {
                place = Place::new(source, node.span);
            }
        }
        place
    }
}

/// From which severity on a finding fails the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// From this one on.
    AtLeast(Severity),
    /// No finding fails the run.
    Never,
}

impl FailOn {
    /// The word in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            FailOn::AtLeast(severity) => severity.as_str(),
            FailOn::Never => "never",
        }
    }

    /// Whether a finding of this severity fails the run.
    #[must_use]
    pub fn fails(self, severity: Severity) -> bool {
        matches!(self, FailOn::AtLeast(least) if severity >= least)
    }
}

impl Default for FailOn {
    fn default() -> Self {
        FailOn::AtLeast(Severity::Medium)
    }
}

/// What a base image that is not known is taken to set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnknownBase {
    /// Nothing: what the Dockerfile does not set itself is judged as not set.
    #[default]
    Assume,
    /// Anything: what the Dockerfile does not set itself is unknown.
    Unknown,
}

impl UnknownBase {
    /// All of them.
    pub const ALL: [UnknownBase; 2] = [UnknownBase::Assume, UnknownBase::Unknown];

    /// The word in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            UnknownBase::Assume => "assume",
            UnknownBase::Unknown => "unknown",
        }
    }
}

/// Which rules are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// What every container should keep to.
    #[default]
    Baseline,
    /// What the CIS Docker Benchmark asks for.
    Cis,
    /// Every rule: also what only a hardened host can keep to, and what is noisy.
    Strict,
    /// Style and mistakes of what is written, and nothing else.
    Lint,
}

impl Profile {
    /// All of them.
    pub const ALL: [Profile; 4] = [Profile::Baseline, Profile::Cis, Profile::Strict, Profile::Lint];

    /// The word in the file and in METADATA.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::Baseline => "baseline",
            Profile::Cis => "cis",
            Profile::Strict => "strict",
            Profile::Lint => "lint",
        }
    }
}

/// Reads a configuration file; an empty one says nothing.
///
/// # Errors
///
/// Everything that is wrong with it, in source order: what YAML forbids, or else unknown keys and
/// words, wrong types, empty names, and what stands twice. A long list is cut, and says so.
pub fn parse(source: &Arc<Source>) -> Result<Settings, Vec<Diagnostic>> {
    match parse_partly(source) {
        (settings, problems) if problems.is_empty() => Ok(settings),
        (_, problems) => Err(problems),
    }
}

/// As [`parse`], and gives with the problems what could be read all the same: for whoever wants to
/// tell at once what else is wrong. It is not to be judged by.
#[must_use]
pub fn parse_partly(source: &Arc<Source>) -> (Settings, Vec<Diagnostic>) {
    read::read(source)
}
