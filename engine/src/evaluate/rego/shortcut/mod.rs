//! Shortcuts: what a rule says of a document, without the Rego engine.
//!
//! To run a rule with the Rego engine takes far longer than everything else together. Here it is
//! evaluated by a small, fast evaluator that knows a part of Rego, in three values: a condition
//! holds, does not hold, or is *unclear*, because something in it is none of what this module knows.
//! Where nothing unclear has a part in it, what the rule says is settled, and the Rego engine is not
//! asked; else it is, and nothing of the attempt is kept.
//!
//! What is not implemented, or not implemented exactly as in Rego, is unclear, and so is everything
//! once [`run::STEPS`] have been taken. Statements stay in the order in which they are written,
//! which Rego is free to change; where that could make a difference ([`scope`]) they are unclear.
//! `tests/tests/executors.rs` compares rules with and without their shortcuts, over every document
//! there is.
//!
//! A shortcut is compiled with its rule and stored with it; [`program`] is its form.

mod builtins;
mod call;
mod compile;
mod expression;
mod fixed;
mod format;
mod literal;
mod program;
mod run;
mod scope;
#[cfg(test)]
mod tests;
mod values;

use std::sync::OnceLock;

pub(super) use compile::compile;
pub(super) use program::Program;
pub(super) use run::{Fixed, Memory, Taken};

/// The shortcut of a rule, as it was compiled or as it was stored.
#[derive(Default)]
pub(super) struct Shortcut {
    stored: &'static [u8],
    program: OnceLock<Option<Program>>,
}

impl Shortcut {
    pub(super) fn new(program: Program) -> Self {
        Shortcut { stored: &[], program: OnceLock::from(Some(program)) }
    }

    /// One that [`Shortcut::store`] wrote; it is taken up again when it is first needed.
    pub(super) fn stored(stored: &'static [u8]) -> Self {
        Shortcut { stored, program: OnceLock::new() }
    }

    pub(super) fn store(&self) -> Result<Vec<u8>, String> {
        match self.program() {
            Some(program) => postcard::to_allocvec(program).map_err(|error| error.to_string()),
            None => Ok(Vec::new()),
        }
    }

    /// None when there is none.
    pub(super) fn program(&self) -> Option<&Program> {
        self.program.get_or_init(|| postcard::from_bytes(self.stored).ok()).as_ref()
    }
}
