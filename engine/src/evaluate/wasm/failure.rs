//! Why a call of a plugin failed, in words for people.

use wasmtime::{Store, Trap};

use super::super::RuleErrorKind;
use super::code::excerpt_line;
use super::contract::Host;
use super::limits::{Exceeded, Limits, bytes};

/// Why a call gave no answer.
pub(super) struct Failure {
    /// A sentence about "it", the plugin, without a full stop.
    pub(super) reason: String,
    pub(super) kind: RuleErrorKind,
}

impl Failure {
    pub(super) fn new(kind: RuleErrorKind, reason: impl Into<String>) -> Self {
        Failure { reason: reason.into(), kind }
    }

    /// What an error of a call means. The limits are those that it ran with.
    pub(super) fn of(error: &wasmtime::Error, store: &Store<Host>, limits: &Limits) -> Self {
        if let Some(exceeded) = error.downcast_ref::<Exceeded>() {
            return Failure::new(RuleErrorKind::Limit, exceeded.to_string());
        }
        match error.downcast_ref::<Trap>() {
            Some(trap) => Failure::of_trap(*trap, store, limits),
            None => Failure::of_value(error, limits),
        }
    }

    fn of_trap(trap: Trap, store: &Store<Host>, limits: &Limits) -> Self {
        let limit = |reason: String| Failure::new(RuleErrorKind::Limit, reason);
        let failed = match trap {
            Trap::OutOfFuel => {
                return limit(format!("it used up its {} units of fuel", limits.fuel));
            }
            Trap::Interrupt => {
                let time = limits.time.as_secs_f64();
                return limit(format!("it took longer than {time} s"));
            }
            Trap::StackOverflow => {
                let stack = bytes(limits.stack);
                return limit(format!(
                    "it needs more than {stack} of stack: it recurses too deeply"
                ));
            }
            Trap::UnreachableCodeReached => "it gave up (`unreachable`)".to_owned(),
            trap => {
                let what = trap.to_string();
                format!("it did what is not possible: {}", what.trim_start_matches("wasm trap: "))
            }
        };
        let reason = match &store.data().last_error {
            Some(said) => format!("{failed}, and said last: {said}"),
            None => failed,
        };
        Failure::new(RuleErrorKind::Runtime, reason)
    }

    /// What it returned could not be read.
    fn of_value(error: &wasmtime::Error, limits: &Limits) -> Self {
        let text = error.root_cause().to_string();
        // wasmtime has no type for these.
        if text.contains("fuel allocated for hostcalls") {
            let output = bytes(limits.output);
            return Failure::new(RuleErrorKind::Limit, format!("it returned more than {output}"));
        }
        if text.contains("resource limit exceeded") {
            let reason = format!("it wants too much: {}", excerpt_line(&text));
            return Failure::new(RuleErrorKind::Limit, reason);
        }
        let reason = match text.contains("utf-8") || text.contains("UTF-8") {
            true => "it returned text that is not UTF-8".to_owned(),
            false => format!("it returned what cannot be read: {}", excerpt_line(&text)),
        };
        Failure::new(RuleErrorKind::Nonsense, reason)
    }
}
