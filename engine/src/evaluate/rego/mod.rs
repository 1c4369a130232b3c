//! Rules in Rego.
//!
//! Owns everything that names regorus. A rule is a package with `deny contains …`, and optionally
//! `unknown contains …`, whose items [`FINDING_LIBRARY`] makes. Its `input` is the facts of one
//! document, and `params` (by rule id, then name) and `data` (tables by name).
//!
//! # Three ways to run a rule
//!
//! regorus has a bytecode machine and an interpreter. The machine is several times as fast, its
//! programs can be stored ([`store`]), and it counts instructions, so that its verdicts do not
//! depend on the computer; but it does not understand all of Rego, and overlooks conflicts that the
//! interpreter reports (`agreement`). Each rule runs on the machine if it compiles for it and has
//! no such conflicts, else on the interpreter. That is decided when the rule is loaded
//! ([`RegoEvaluator::executor`]) and never changes while it runs.
//!
//! Both are asked only where a rule's `shortcut` does not settle what the rule says of the document:
//! an evaluator of our own for the part of Rego that most rules keep to, ten times as fast again.
//!
//! # What a rule cannot do
//!
//! | attempt | what stops it |
//! |---|---|
//! | nested brackets, operator chains, huge files | `scan`, before the parser sees them |
//! | recursion, long chains of rules and functions | `check`, at load |
//! | functions that do not exist, wrong arity, reading other packages | `check`, at load |
//! | clock, network, randomness, printing; ranges, shifts, widths that explode | `builtins`, at load |
//! | endless work | [`Limits::instructions`]; on the interpreter [`Limits::time`] |
//! | panics of the engine | caught, an error of that rule |
//! | too many or too long findings, or something else | `output` |
//!
//! What nothing stops: a policy that doubles a text or a list in each of many statements can ask for
//! any amount of memory. Policies are trusted not to. Evaluation recurses as deep as rules refer to
//! each other and brackets nest, both bounded: a thread that evaluates needs [`STACK_BYTES`].

mod agreement;
mod builtins;
mod check;
mod executor;
mod failure;
pub mod mutation;
mod names;
mod output;
mod scan;
mod schema;
mod session;
mod shortcut;
mod stored;
mod syntax;
mod tables;
mod unit;
mod value;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use plimsoll_sdk::rule::RuleMeta;
use regorus::Value;
use serde_json::{Map, Value as Json};

use self::unit::Unit;
use self::value::Converter;
use super::params::resolve;
use super::{Evaluator, Session};
use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;

pub use stored::{restore, store};
pub use tables::TablesRead;

/// The text of the package `plimsoll.finding`, which every rule may import.
pub const FINDING_LIBRARY: &str = include_str!("lib/finding.rego");

/// The stack that a thread which loads or evaluates needs, in bytes.
pub const STACK_BYTES: usize = 8 << 20;

/// What one rule may use up on one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Instructions of the bytecode machine, for `deny` and for `unknown` each.
    pub instructions: usize,
    /// Wall time, for `deny` and for `unknown` each: the only budget of the interpreter, and a
    /// backstop for the machine.
    pub time: Duration,
    /// Findings, and unknown subjects.
    pub findings: usize,
    /// Bytes of a message. What is longer is cut off, with an ellipsis.
    pub message_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            instructions: 5_000_000,
            time: Duration::from_secs(10),
            findings: 10_000,
            message_bytes: 4096,
        }
    }
}

/// The rules of bundles, checked and compiled.
pub struct RegoEvaluator {
    units: Vec<Unit>,
    metas: Vec<Arc<RuleMeta>>,
    /// For each rule its unit and its index in it.
    slots: Vec<(usize, usize)>,
    params: Value,
    data: Value,
    lasting: shortcut::Lasting,
    limits: Limits,
    way: Way,
}

/// How far rules are run by the shortest way that there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By their shortcuts, else as bytecode, else on the interpreter.
    Shortest,
    /// As bytecode, else on the interpreter.
    Machine,
    Interpreter,
}

impl RegoEvaluator {
    /// Checks and compiles the rules of `bundles`.
    ///
    /// `params` are values by rule id and name; what is not given has its default. `data` is what
    /// rules read as `input.data`: tables by name.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the bundles, at once, as far as the parser gets.
    pub fn load(
        bundles: &[&Bundle],
        params: Json,
        data: Json,
        limits: Limits,
    ) -> Result<RegoEvaluator, Vec<Diagnostic>> {
        let tables: BTreeSet<&str> =
            data.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
        let mut problems = Vec::new();
        let mut units = Vec::with_capacity(bundles.len());
        for bundle in bundles {
            match Unit::load(bundle, &tables) {
                Ok(unit) => units.push(unit),
                Err(found) => problems.extend(found),
            }
        }
        let rules: Vec<&Arc<RuleMeta>> =
            bundles.iter().flat_map(|bundle| bundle.rules()).map(|rule| rule.meta()).collect();
        let mut seen = BTreeSet::new();
        for rule in bundles.iter().flat_map(|bundle| bundle.rules()) {
            if !seen.insert(rule.id()) {
                let mut problem =
                    Diagnostic::error(format!("two bundles have a rule `{}`", rule.id()));
                problem = match rule.place("title") {
                    Some(place) => problem.at(place),
                    None => problem,
                };
                problems.push(problem);
            }
        }
        let params = resolve(&rules, &params, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let slots = units
            .iter()
            .enumerate()
            .flat_map(|(unit, rules)| (0..rules.rules.len()).map(move |rule| (unit, rule)))
            .collect();
        let convert = |json: &Json| {
            Converter::default()
                .convert(json)
                .map_err(|error| vec![Diagnostic::error(error.to_string())])
        };
        let (params, data) = (convert(&params)?, convert(&data)?);
        Ok(RegoEvaluator {
            metas: rules.into_iter().cloned().collect(),
            units,
            slots,
            lasting: shortcut::Lasting::of(&params, &data),
            params,
            data,
            limits,
            way: Way::Shortest,
        })
    }

    /// The same rules, without their shortcuts.
    #[must_use]
    pub fn without_shortcuts(self) -> RegoEvaluator {
        RegoEvaluator { way: Way::Machine, ..self }
    }

    /// The same rules, all on the interpreter: what the others are compared with.
    #[must_use]
    pub fn interpreted(self) -> RegoEvaluator {
        RegoEvaluator { way: Way::Interpreter, ..self }
    }

    /// What a rule runs on: `bytecode` or `interpreter`; empty when there is no such rule.
    #[must_use]
    pub fn executor(&self, rule: usize) -> &'static str {
        match self.rule(rule) {
            Some((_, rule)) if rule.code.is_some() && self.way != Way::Interpreter => "bytecode",
            Some(_) => "interpreter",
            None => "",
        }
    }

    /// The tables that a rule may read, itself or through the bundle's libraries.
    #[must_use]
    pub fn tables(&self, rule: usize) -> TablesRead {
        let Some((unit, rule)) = self.rule(rule) else { return TablesRead::default() };
        self.units.get(unit).map(|unit| tables::read_by(unit, &rule.path)).unwrap_or_default()
    }

    /// Why a rule cannot run as bytecode, if it cannot, in the words of the compiler.
    #[must_use]
    pub fn why_interpreted(&self, rule: usize) -> Option<&str> {
        self.rule(rule)?.1.why_interpreted.as_deref()
    }

    fn rule(&self, rule: usize) -> Option<(usize, &unit::UnitRule)> {
        let &(unit, index) = self.slots.get(rule)?;
        Some((unit, self.units.get(unit)?.rules.get(index)?))
    }
}

impl Evaluator for RegoEvaluator {
    fn rules(&self) -> &[Arc<RuleMeta>] {
        &self.metas
    }

    fn executor(&self, rule: usize) -> &'static str {
        self.executor(rule)
    }

    fn tables(&self, rule: usize) -> TablesRead {
        self.tables(rule)
    }

    fn session(&self) -> Box<dyn Session + '_> {
        Box::new(session::RegoSession::new(self))
    }
}

/// What the default bundle is held to on top of what is checked at load: no `not` on facts that may
/// be unknown, of which it is true.
///
/// # Errors
///
/// What keeps the bundle from being loaded at all.
pub fn lint(bundle: &Bundle, data: &Json) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let tables = data.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
    unit::lint(bundle, &tables)
}

/// Rules that were not checked, for tests of what happens to those that should never get so far.
#[cfg(test)]
fn unchecked(bundle: &Bundle, way: Way) -> RegoEvaluator {
    let unit = Unit::unchecked(bundle);
    RegoEvaluator {
        metas: bundle.rules().iter().map(|rule| Arc::clone(rule.meta())).collect(),
        slots: (0..unit.rules.len()).map(|rule| (0, rule)).collect(),
        units: vec![unit],
        params: Value::new_object(),
        data: Value::new_object(),
        lasting: shortcut::Lasting::of(&Value::Null, &Value::Null),
        limits: Limits::default(),
        way,
    }
}
