//! Evaluation: rules and facts in, raw findings out.
//!
//! Owns the seam that every rule language is behind: [`Evaluator`] (what was loaded, shared by all
//! threads) and [`Session`] (one thread's working state). It knows nothing of documents, places or
//! policy layers: a finding names a `loc`, and whoever holds the document finds the place. Only
//! `evaluate::rego` names the Rego engine, and only `evaluate::wasm` the one of WebAssembly.

mod bounds;
mod params;
pub mod rego;
mod several;
pub mod wasm;

use std::sync::Arc;

use plimsoll_sdk::facts::Facts;
use plimsoll_sdk::finding::{RawFinding, RawUnknown};
use plimsoll_sdk::rule::RuleMeta;
use serde_json::Value as Json;

use crate::source::Place;

pub use rego::TablesRead;
pub use several::Several;

/// Rules that were loaded and can be run: immutable, shared between threads.
pub trait Evaluator: Send + Sync {
    /// The rules, in the order that [`Session::check`] counts them.
    fn rules(&self) -> &[Arc<RuleMeta>];

    /// What a rule runs on: `bytecode`, `interpreter` or `webassembly`; empty when there is no such
    /// rule.
    fn executor(&self, rule: usize) -> &'static str;

    /// The policy's tables that a rule may read.
    fn tables(&self, rule: usize) -> TablesRead;

    /// Working state for one thread. Making one is cheap; reusing it for many documents is cheaper.
    fn session(&self) -> Box<dyn Session + '_>;
}

/// One thread's working state of an [`Evaluator`].
pub trait Session {
    /// Runs the `wanted` rules, indices into [`Evaluator::rules`], over the facts of one document.
    ///
    /// Gives one answer for each index that names a rule, in the order of `wanted`. A rule that
    /// fails gives an error and leaves the others alone; nothing is carried from one call to the
    /// next. It does not panic. A rule that asks for the document [as written](RuleMeta::raw) fails.
    fn check(
        &mut self,
        facts: &Facts,
        wanted: &[usize],
    ) -> Vec<(usize, Result<RuleOutput, RuleError>)> {
        self.check_with_raw(facts, None, wanted)
    }

    /// As [`Session::check`], with the document as written, which rules get that ask for it.
    fn check_with_raw(
        &mut self,
        facts: &Facts,
        raw: Option<&Json>,
        wanted: &[usize],
    ) -> Vec<(usize, Result<RuleOutput, RuleError>)>;
}

/// What a rule says about one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleOutput {
    /// The faults it found: sorted, without duplicates.
    pub findings: Vec<RawFinding>,
    /// The subjects it could not judge: sorted, without duplicates.
    pub unknowns: Vec<RawUnknown>,
}

/// Why a rule gave no answer. The run is incomplete.
#[derive(Clone, Debug)]
pub struct RuleError {
    /// What went wrong: one sentence, lower-case start, no full stop.
    pub message: String,
    /// Where in the rule's source, when that is known.
    pub place: Option<Place>,
    /// What sort of failure it is.
    pub kind: RuleErrorKind,
}

/// The sorts of failure of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleErrorKind {
    /// The rule failed while it ran.
    Runtime,
    /// The rule used up its budget, or returned more than it may.
    Limit,
    /// The rule returned something that is no finding.
    Nonsense,
}
