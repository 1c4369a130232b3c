//! Screening: which rules have nothing to say of a document.
//!
//! Most rules say nothing of most documents, and to find that out with the Rego engine takes longer
//! than everything else together. Here the conditions of a rule are evaluated by a small, fast
//! evaluator of its own that knows a part of Rego, in three values: a condition holds, does not
//! hold, or is *unclear*, because something in it is none of what this module knows. A rule of which
//! every body of `deny` and `unknown` has a condition that certainly does not hold is not run; every
//! other rule is, by the Rego engine, which alone says what a rule finds.
//!
//! It therefore has to be right in one direction only, and errs in the other: what is not
//! implemented, or not implemented exactly as in Rego, is unclear. So is everything once
//! [`run::STEPS`] have been taken. `tests/tests/executors.rs` compares rules that are screened with
//! rules that are not, over every document there is.
//!
//! A screen is compiled with its rule and stored with it; [`program`] is its form.

mod builtins;
mod compile;
mod fixed;
mod program;
mod run;
mod scope;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

pub(super) use compile::compile;
pub(super) use program::Program;
pub(super) use run::{Fixed, Memory, Screening};

/// The screen of a rule, as it was compiled or as it was stored.
#[derive(Default)]
pub(super) struct Screen {
    stored: &'static [u8],
    program: OnceLock<Option<Program>>,
}

impl Screen {
    pub(super) fn new(program: Program) -> Self {
        Screen { stored: &[], program: OnceLock::from(Some(program)) }
    }

    /// One that [`Screen::store`] wrote; it is taken up again when it is first needed.
    pub(super) fn stored(stored: &'static [u8]) -> Self {
        Screen { stored, program: OnceLock::new() }
    }

    pub(super) fn store(&self) -> Result<Vec<u8>, String> {
        match self.program() {
            Some(program) => postcard::to_allocvec(program).map_err(|error| error.to_string()),
            None => Ok(Vec::new()),
        }
    }

    /// None when the rule is not screened.
    pub(super) fn program(&self) -> Option<&Program> {
        self.program.get_or_init(|| postcard::from_bytes(self.stored).ok()).as_ref()
    }
}
