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
//! The rules of a bundle share their definitions, and what these come to on a document ([`memo`]).
//! Shortcuts are compiled with their bundle and stored with it; [`program`] is their form.

mod builtins;
mod call;
mod compile;
mod expression;
mod fixed;
mod format;
mod literal;
mod memo;
mod part;
mod program;
mod run;
mod scope;
#[cfg(test)]
mod tests;
mod values;

use std::sync::OnceLock;

use regorus::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) use compile::compile;
pub(super) use memo::{Given, Lasting, Memo, Memory};
pub(super) use part::{Item, Made, Parts, Shapes};
use program::{Definition, Program};

/// The shortcuts of a bundle.
#[derive(Default)]
pub(super) struct Shortcuts {
    /// In the order of the bundle's rules.
    programs: Vec<Stored<Program>>,
    /// What the rules refer to, by its position.
    definitions: Vec<Stored<Definition>>,
    /// What definitions come to that depend on parameters and tables only, which are the same for
    /// all documents; and how many steps that took.
    fixed: Vec<OnceLock<(Option<Value>, u32)>>,
}

impl Shortcuts {
    fn new(programs: Vec<Program>, definitions: Vec<Definition>) -> Self {
        Shortcuts {
            fixed: definitions.iter().map(|_| OnceLock::new()).collect(),
            programs: programs.into_iter().map(Stored::new).collect(),
            definitions: definitions.into_iter().map(Stored::new).collect(),
        }
    }

    /// What [`Shortcuts::store`] wrote; each part is taken up again when it is first needed.
    pub(super) fn restored(programs: &[&'static [u8]], definitions: &[&'static [u8]]) -> Self {
        Shortcuts {
            programs: programs.iter().copied().map(Stored::written).collect(),
            definitions: definitions.iter().copied().map(Stored::written).collect(),
            fixed: definitions.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The rules, one after the other, and then the definitions.
    pub(super) fn store(&self) -> Result<Vec<Vec<u8>>, String> {
        let programs = self.programs.iter().map(Stored::write);
        programs.chain(self.definitions.iter().map(Stored::write)).collect()
    }

    /// How many definitions there are.
    pub(super) fn definitions(&self) -> usize {
        self.definitions.len()
    }
}

/// Something that was compiled in this process, or is read when it is first needed.
struct Stored<T> {
    bytes: &'static [u8],
    value: OnceLock<Option<T>>,
}

impl<T: Serialize + DeserializeOwned> Stored<T> {
    fn new(value: T) -> Self {
        Stored { bytes: &[], value: OnceLock::from(Some(value)) }
    }

    fn written(bytes: &'static [u8]) -> Self {
        Stored { bytes, value: OnceLock::new() }
    }

    fn write(&self) -> Result<Vec<u8>, String> {
        match self.get() {
            Some(value) => postcard::to_allocvec(value).map_err(|error| error.to_string()),
            None => Ok(Vec::new()),
        }
    }

    /// None when it cannot be read, which is as if it were unclear.
    fn get(&self) -> Option<&T> {
        self.value.get_or_init(|| postcard::from_bytes(self.bytes).ok()).as_ref()
    }
}
