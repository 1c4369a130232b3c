//! Rules in WebAssembly.
//!
//! Owns everything that names wasmtime. A plugin is a component of the world `plugin` of
//! `sdk/wit/v1/plugin.wit`: it says what its rules are (`describe`) and what they say of a document's
//! facts (`check`). It gets no clock, no files, no network, no randomness; all that it may import is
//! `log`.
//!
//! # What a plugin cannot do
//!
//! | attempt | what stops it |
//! |---|---|
//! | be no component, be damaged, be huge | `code`, before anything of it runs |
//! | import anything but `log` | `contract`, at load, by name |
//! | claim ids of others, declare nonsense | `description`, at load |
//! | endless work | [`Limits::fuel`], counted and so the same everywhere; [`Limits::time`] behind it |
//! | memory, tables, deep recursion | [`Limits::memory`], [`Limits::table_elements`], [`Limits::stack`] |
//! | too much output, too many or too long findings, or something else | [`Limits::output`], `output` |
//! | remember anything | a new instance for every document, in memory as at the beginning |
//! | depend on the machine | threads, relaxed SIMD and the bits of NaN are off or fixed |
//!
//! A plugin is called once for a document, with all its rules that are wanted. When that call fails,
//! each rule is called alone, so that only the guilty ones have no answer.
//!
//! What a plugin says in `log` goes to [`PluginOptions::log`]; when it fails, the last error that it
//! logged is told with the failure.

mod anatomy;
mod cache;
mod code;
mod contract;
mod deep;
mod description;
mod failure;
mod limits;
mod output;
mod plugin;
mod session;
mod slots;
mod ticker;
mod v1;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use plimsoll_sdk::rule::RuleMeta;
use serde_json::Value as Json;

use super::params::resolve;
use super::{Evaluator, Session, TablesRead};
use crate::diagnostic::Diagnostic;
use ticker::Ticker;

pub use anatomy::{Anatomy, Kind};
pub use cache::CodeCache;
pub use code::{MAX_BYTES, digest};
pub use contract::VERSIONS;
pub use description::check_name;
pub use limits::{Limits, Usage};
pub use plugin::{Log, LogLevel, LogLine, Plugin, PluginOptions};

/// The rules of plugins.
pub struct WasmEvaluator {
    plugins: Vec<Plugin>,
    metas: Vec<Arc<RuleMeta>>,
    /// For each rule the index of its plugin.
    slots: Vec<usize>,
    /// For each rule the values of its parameters, a JSON object.
    params: Vec<String>,
    ticker: Ticker,
}

impl WasmEvaluator {
    /// The rules of `plugins`, in their order. `params` are values by rule id and name; what is not
    /// given has its default.
    ///
    /// # Errors
    ///
    /// Parameters that there are not, or that do not fit.
    pub fn load(plugins: &[Plugin], params: &Json) -> Result<WasmEvaluator, Vec<Diagnostic>> {
        let rules: Vec<&Arc<RuleMeta>> = plugins.iter().flat_map(Plugin::rules).collect();
        let mut problems = Vec::new();
        let params = resolve(&rules, params, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let values = |rule: &&Arc<RuleMeta>| {
            params.get(&rule.id).map_or_else(|| "{}".to_owned(), Json::to_string)
        };
        let of = |(at, plugin): (usize, &Plugin)| vec![at; plugin.rules().len()];
        Ok(WasmEvaluator {
            slots: plugins.iter().enumerate().flat_map(of).collect(),
            params: rules.iter().map(values).collect(),
            metas: rules.into_iter().cloned().collect(),
            ticker: Ticker::new(plugins.iter().map(Plugin::engine).cloned().collect()),
            plugins: plugins.to_vec(),
        })
    }
}

impl Evaluator for WasmEvaluator {
    fn rules(&self) -> &[Arc<RuleMeta>] {
        &self.metas
    }

    fn executor(&self, rule: usize) -> &'static str {
        if rule < self.slots.len() { "webassembly" } else { "" }
    }

    fn tables(&self, _: usize) -> TablesRead {
        TablesRead::default()
    }

    fn session(&self) -> Box<dyn Session + '_> {
        Box::new(session::WasmSession::new(self))
    }
}
