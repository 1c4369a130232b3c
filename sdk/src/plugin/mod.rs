//! What the author of a plugin writes, and what becomes of it.
//!
//! Owns [`Check`], what a rule implements; [`Plugin`], rules with a name, which
//! [`export!`](crate::export) makes into the component that `wit/v1/plugin.wit` describes; and
//! [`Description`], what that component says of itself. All of it runs natively, too, which is how a
//! plugin is tested. It refuses to judge anything by itself.

mod findings;
mod params;
mod rule;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use findings::{Finding, Findings, Verdict};
pub use params::Params;
pub use rule::{Param, Rule};

use crate::facts::{Facts, VERSION};
use crate::rule::RuleMeta;

/// A rule: what it declares, how it takes its parameters, and how it judges.
///
/// The value that judges is made for each document; what it has to remember are its parameters.
///
/// ```
/// use plimsoll_sdk::{Check, Facts, Findings, Params, Rule, Severity};
///
/// /// Images without an owner.
/// struct MissingOwner;
///
/// impl Check for MissingOwner {
///     const RULE: Rule = Rule::new("image/missing-owner", "Image has no owner", Severity::Medium)
///         .description("Looks for a label that says who looks after the image.")
///         .remedy("Set the label `com.acme.owner`.")
///         .kinds(&["dockerfile", "image"])
///         .subjects(&["image"])
///         .profiles(&["baseline"]);
///
///     fn new(_: &Params) -> Self {
///         MissingOwner
///     }
///
///     fn check(&self, facts: &Facts, findings: &mut Findings) {
///         for image in &facts.images {
///             let owner = Some("com.acme.owner");
///             if !image.config.labels.iter().any(|label| label.key.as_deref() == owner) {
///                 findings.at_field(image.config.loc, "labels", "label `com.acme.owner` is missing");
///             }
///         }
///     }
/// }
///
/// plimsoll_sdk::export!(MissingOwner);
/// # fn main() {}
/// ```
pub trait Check: Sized {
    /// What it declares.
    const RULE: Rule;

    /// Takes the values of the parameters that [`Check::RULE`] declares.
    fn new(params: &Params) -> Self;

    /// Judges a document: says what is wrong, and what cannot be judged.
    ///
    /// Facts that are absent are unknown, and no reason for a finding. Words that the rule does not know
    /// are words of a newer host.
    fn check(&self, facts: &Facts, findings: &mut Findings);

    /// As [`Check::check`], with the parsed source in its own names. Only for a rule that is
    /// [`Rule::raw`], which is to implement this one and leave the other empty.
    fn check_raw(&self, facts: &Facts, raw: &Value, findings: &mut Findings) {
        let _ = raw;
        self.check(facts, findings);
    }
}

/// Rules with a name: what [`export!`](crate::export) makes.
#[derive(Clone, Copy, Debug)]
pub struct Plugin {
    name: &'static str,
    version: &'static str,
    entries: &'static [Entry],
}

/// A rule in the table of a plugin.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    rule: Rule,
    judge: fn(&str, &Document) -> Result<Verdict, String>,
}

impl Entry {
    /// The entry of a rule; a compile error in a constant when the rule lacks something.
    #[must_use]
    pub const fn of<C: Check>() -> Self {
        Entry { rule: C::RULE.complete(), judge: judge::<C> }
    }
}

/// A document as a rule gets it.
struct Document {
    facts: Facts,
    raw: Option<Value>,
}

/// The part of the facts that has no type.
#[derive(Deserialize)]
struct WithRaw {
    #[serde(default)]
    raw: Option<Value>,
}

pub(crate) fn judge_facts<C: Check>(params: &str, facts: Facts) -> Result<Verdict, String> {
    judge::<C>(params, &Document { facts, raw: None })
}

fn judge<C: Check>(params: &str, document: &Document) -> Result<Verdict, String> {
    let params = Params::from_json(params)?;
    let rule = C::new(&params);
    if let Some(problem) = params.problem() {
        return Err(problem);
    }
    let mut findings = Findings::default();
    match &document.raw {
        Some(raw) if C::RULE.wants_raw() => rule.check_raw(&document.facts, raw, &mut findings),
        _ => rule.check(&document.facts, &mut findings),
    }
    findings.finish()
}

impl Plugin {
    /// A plugin.
    #[must_use]
    pub const fn new(name: &'static str, version: &'static str, entries: &'static [Entry]) -> Self {
        Plugin { name, version, entries }
    }

    /// What it says of itself.
    #[must_use]
    pub fn describe(&self) -> Description {
        Description {
            name: self.name.to_owned(),
            version: self.version.to_owned(),
            facts: VERSION.to_owned(),
            rules: self.entries.iter().map(|entry| entry.rule.meta(self.name)).collect(),
        }
    }

    /// Runs rules over the facts of one document: an answer for each, in their order.
    ///
    /// `facts` is JSON, `wanted` are ids as [`Plugin::describe`] gives them and parameters as JSON
    /// objects. An error is the reason why a rule could not judge.
    #[must_use]
    pub fn check(&self, facts: &str, wanted: &[(&str, &str)]) -> Vec<Result<Verdict, String>> {
        let entries: Vec<_> = wanted.iter().map(|(id, _)| self.entry(id)).collect();
        let raw = entries.iter().flatten().any(|entry| entry.rule.wants_raw());
        let document = match document(facts, raw) {
            Ok(document) => document,
            Err(reason) => return wanted.iter().map(|_| Err(reason.clone())).collect(),
        };
        let judged = entries.into_iter().zip(wanted).map(|(entry, (id, params))| match entry {
            Some(entry) => (entry.judge)(params, &document),
            None => Err(format!("the plugin has no rule `{id}`")),
        });
        let judged = judged.collect();
        // The host throws the whole memory away: taking the facts apart before is lost time.
        #[cfg(target_arch = "wasm32")]
        std::mem::forget(document);
        judged
    }

    fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.rule.id(self.name) == id)
    }
}

fn document(facts: &str, raw: bool) -> Result<Document, String> {
    let wrong =
        |error: serde_json::Error| format!("the facts are not what they should be: {error}");
    let raw = match raw {
        true => serde_json::from_str::<WithRaw>(facts).map_err(wrong)?.raw,
        false => None,
    };
    #[cfg(target_arch = "wasm32")]
    let facts = crate::facts::trusted(facts);
    #[cfg(not(target_arch = "wasm32"))]
    let facts = Facts::from_json(facts);
    Ok(Document { facts: facts.map_err(wrong)?, raw })
}

/// What a plugin says of itself: the JSON that `describe` returns.
///
/// Fields that a host does not know are ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Description {
    /// Its name, with which the ids of its rules begin: lower-case letters, digits and hyphens.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The version of the facts that it was written for: `"0"`.
    pub facts: String,
    /// Its rules.
    pub rules: Vec<RuleMeta>,
}

/// How much a line of [`log`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// For whoever looks for a fault in the plugin.
    Debug,
    /// Good to know.
    Info,
    /// Something is odd.
    Warning,
    /// Something is wrong.
    Error,
}

/// A line for whoever looks for a fault in the plugin; never part of a report. In a native test it
/// goes nowhere.
pub fn log(level: Level, message: &str) {
    #[cfg(target_arch = "wasm32")]
    crate::guest::log(level, message);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (level, message);
}

/// Makes a crate a plugin: `export!(MyRule, Other);`, once, at the top of its `lib.rs`.
///
/// It defines `PLUGIN`, a [`Plugin`] with the given rules and the name and the version of the crate, and
/// in a build for WebAssembly what the component exports. `export!("name": MyRule)` gives another name.
#[macro_export]
macro_rules! export {
    ($name:literal: $($rule:ty),+ $(,)?) => {
        $crate::export!(@plugin $name, $($rule),+);
    };
    (@plugin $name:expr, $($rule:ty),+) => {
        /// The rules of this crate.
        pub const PLUGIN: $crate::Plugin = $crate::Plugin::new(
            $name,
            env!("CARGO_PKG_VERSION"),
            &[$(const { $crate::plugin::Entry::of::<$rule>() }),+],
        );
        $crate::__export_component!(PLUGIN);
    };
    ($($rule:ty),+ $(,)?) => {
        $crate::export!(@plugin env!("CARGO_PKG_NAME"), $($rule),+);
    };
}

/// Nothing, outside of WebAssembly.
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __export_component {
    ($plugin:expr) => {};
}

#[cfg(test)]
mod tests;
