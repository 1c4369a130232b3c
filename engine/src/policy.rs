//! The rules in force: bundles as an organisation configured them.
//!
//! Owns the effective rule set: which rules are on, their severities and their parameters. It reads
//! no file and knows no rule language.

use std::sync::Arc;

use plimsoll_sdk::Severity;
use plimsoll_sdk::rule::RuleMeta;
use serde_json::{Map, Value};

use crate::bundle::{Bundle, Shipped};
use crate::config::{self, FailOn, Profile, RuleSetting, Settings, UnknownBase};
use crate::diagnostic::Diagnostic;
use crate::params::ParamSpec;

/// A rule and how it is configured.
#[derive(Clone, Debug)]
pub struct PolicyRule {
    /// What it declares.
    pub meta: Arc<RuleMeta>,
    /// What ships it: `bundle` or `plugin`.
    pub from: &'static str,
    /// The name of the bundle or the plugin that ships it.
    pub bundle: String,
    /// Whether it is run.
    pub enabled: bool,
    /// The severity of its findings that name no level.
    pub severity: Severity,
    /// Its parameters: every declared one, with its value in force.
    pub params: Map<String, Value>,
    /// Its page, in Markdown.
    pub page: Arc<str>,
}

/// The rules in force, and what is decided by them.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Every rule of every bundle, sorted by id, also those that are off.
    pub rules: Vec<PolicyRule>,
    /// The profile that decides which rules are on unless configured otherwise.
    pub profile: Profile,
    /// From which severity on a finding fails the run.
    pub fail_on: FailOn,
    /// Whether a verdict that is unknown fails the run.
    pub fail_on_unknown: bool,
    /// What a base image that is not known is taken to set.
    pub unknown_base: UnknownBase,
}

impl Policy {
    /// Applies a configuration to the rules of bundles.
    ///
    /// # Errors
    ///
    /// As [`Policy::of`].
    pub fn new(bundles: &[Bundle], settings: Option<&Settings>) -> Result<Self, Vec<Diagnostic>> {
        let shipped: Vec<Shipped> = bundles.iter().map(Bundle::shipped).collect();
        Policy::of(&shipped, settings)
    }

    /// Applies a configuration to the rules of bundles and plugins.
    ///
    /// # Errors
    ///
    /// Everything in the configuration that does not fit the rules, all at once: rules that there
    /// are not, parameters that a rule does not declare, values of the wrong type; and two that ship
    /// a rule of the same id, or a plugin that is called like another or like a bundle.
    pub fn of(shipped: &[Shipped], settings: Option<&Settings>) -> Result<Self, Vec<Diagnostic>> {
        let (clashing, mut problems) = same_names(shipped);
        let profile = settings.map_or_else(Profile::default, Settings::profile);
        let mut rules: Vec<PolicyRule> = Vec::new();
        // That two have the same rules, too, is said with that they have the same name.
        let named_apart = shipped.iter().enumerate().filter(|(at, _)| !clashing.contains(at));
        for (_, from) in named_apart {
            for shipped_rule in &from.rules {
                let meta = shipped_rule.meta();
                if let Some(first) = rules.iter().find(|rule| rule.meta.id == meta.id) {
                    let message = match (first.from, from.what) {
                        ("bundle", "bundle") => format!("two bundles have a rule `{}`", meta.id),
                        (other, what) => format!(
                            "the {other} `{}` and the {what} `{}` both have a rule `{}`",
                            first.bundle, from.name, meta.id
                        ),
                    };
                    let mut problem = Diagnostic::error(message);
                    problem.labels.extend(shipped_rule.place("title").map(|place| {
                        crate::diagnostic::Label { place, text: "this one comes later".into() }
                    }));
                    problems.push(problem);
                    continue;
                }
                rules.push(PolicyRule {
                    enabled: meta.profiles.iter().any(|name| name == profile.as_str()),
                    severity: meta.severity,
                    params: defaults(meta),
                    page: Arc::from(shipped_rule.page().text()),
                    from: from.what,
                    bundle: from.name.clone(),
                    meta: Arc::clone(meta),
                });
            }
        }
        rules.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
        for setting in settings.iter().flat_map(|settings| &settings.rules) {
            configure(&mut rules, setting, &mut problems);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Policy {
            rules,
            profile,
            fail_on: settings.map_or_else(FailOn::default, Settings::fail_on),
            fail_on_unknown: settings.is_some_and(Settings::fail_on_unknown),
            unknown_base: settings.map_or_else(UnknownBase::default, Settings::unknown_base),
        })
    }

    /// The rule of this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&PolicyRule> {
        self.rules
            .binary_search_by(|rule| rule.meta.id.as_str().cmp(id))
            .ok()
            .map(|at| &self.rules[at])
    }

    /// The parameters of all rules that bundles ship, by rule.
    #[must_use]
    pub fn params(&self) -> Value {
        self.params_of("bundle")
    }

    /// The parameters of all rules that one or the other ships, `bundle` or `plugin`, by rule.
    #[must_use]
    pub fn params_of(&self, what: &str) -> Value {
        let rules = self.rules.iter().filter(|rule| rule.from == what && !rule.params.is_empty());
        rules.map(|rule| (rule.meta.id.clone(), Value::Object(rule.params.clone()))).collect()
    }
}

/// The plugins and bundles that are called like an earlier one, where one of the two is a plugin.
fn same_names(shipped: &[Shipped]) -> (Vec<usize>, Vec<Diagnostic>) {
    let mut clashing = Vec::new();
    let mut problems = Vec::new();
    for (at, later) in shipped.iter().enumerate() {
        let clashes = |first: &&Shipped| {
            first.name == later.name && (first.what, later.what) != ("bundle", "bundle")
        };
        let Some(first) = shipped.iter().take(at).find(clashes) else { continue };
        let (one, other, name) = (first.what, later.what, &first.name);
        let message = match one == other {
            true => format!("two {one}s are called `{name}`"),
            false => format!("a {one} and a {other} are called `{name}`"),
        };
        let help = format!("one is {}, the other {}", first.file, later.file);
        problems.push(Diagnostic::error(message).help(help));
        clashing.push(at);
    }
    (clashing, problems)
}

fn defaults(meta: &RuleMeta) -> Map<String, Value> {
    meta.params.iter().map(|(name, param)| (name.clone(), param.default.clone())).collect()
}

fn configure(rules: &mut [PolicyRule], setting: &RuleSetting, problems: &mut Vec<Diagnostic>) {
    let Ok(at) = rules.binary_search_by(|rule| rule.meta.id.as_str().cmp(&setting.id.value)) else {
        let known: Vec<&str> = rules.iter().map(|rule| rule.meta.id.as_str()).collect();
        problems.push(config::unknown_rule(setting, &known));
        return;
    };
    let rule = &mut rules[at];
    if let Some(enabled) = &setting.enabled {
        rule.enabled = enabled.value;
    }
    if let Some(severity) = &setting.severity {
        rule.severity = severity.value;
    }
    let declared = ParamSpec::of(&rule.meta);
    for param in &setting.params {
        let Some(specification) = declared.iter().find(|spec| spec.name == param.name.value) else {
            problems.push(config::unknown_param(setting, param, &declared));
            continue;
        };
        match specification.check(&param.value.value) {
            Ok(()) => {
                rule.params.insert(param.name.value.clone(), param.value.value.clone());
            }
            Err(mismatch) => problems.push(config::wrong_param(setting, param, &mismatch)),
        }
    }
}
