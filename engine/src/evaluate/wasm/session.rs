//! One thread's calls of plugins.

use std::panic::{AssertUnwindSafe, catch_unwind};

use plimsoll_sdk::facts::Facts;
use serde_json::Value as Json;

use super::super::{RuleError, RuleErrorKind, RuleOutput, Session};
use super::contract::{Answer, Wanted};
use super::failure::Failure;
use super::ticker::Ticking;
use super::{Usage, WasmEvaluator, output};

/// Nothing of a plugin is kept from one document to the next.
pub(super) struct WasmSession<'a> {
    evaluator: &'a WasmEvaluator,
    /// From the first call on.
    ticking: Option<Ticking>,
}

impl<'a> WasmSession<'a> {
    pub(super) fn new(evaluator: &'a WasmEvaluator) -> Self {
        WasmSession { evaluator, ticking: None }
    }
}

type Checked = Result<RuleOutput, RuleError>;

impl Session for WasmSession<'_> {
    /// No plugin has a rule that asks for more than facts: it is not loaded.
    fn check_with_raw(
        &mut self,
        facts: &Facts,
        _: Option<&Json>,
        wanted: &[usize],
    ) -> Vec<(usize, Checked)> {
        let evaluator = self.evaluator;
        let known: Vec<usize> =
            wanted.iter().copied().filter(|&rule| rule < evaluator.slots.len()).collect();
        if known.is_empty() {
            return Vec::new();
        }
        let facts = match serde_json::to_string(facts) {
            Ok(facts) => facts,
            Err(error) => {
                let message = format!("the facts have no JSON form: {error}");
                let error = RuleError { message, place: None, kind: RuleErrorKind::Runtime };
                return known.into_iter().map(|rule| (rule, Err(error.clone()))).collect();
            }
        };
        self.ticking.get_or_insert_with(|| evaluator.ticker.start());
        let mut checked: Vec<(usize, Option<Checked>)> =
            known.iter().map(|&rule| (rule, None)).collect();
        for plugin in 0..evaluator.plugins.len() {
            let at: Vec<usize> = (known.iter().enumerate())
                .filter(|(_, rule)| evaluator.slots.get(**rule) == Some(&plugin))
                .map(|(at, _)| at)
                .collect();
            let rules: Vec<usize> = at.iter().filter_map(|&at| known.get(at).copied()).collect();
            for (at, result) in at.into_iter().zip(evaluator.judge(plugin, &rules, &facts)) {
                if let Some(slot) = checked.get_mut(at) {
                    slot.1 = Some(result);
                }
            }
        }
        checked.into_iter().filter_map(|(rule, result)| Some((rule, result?))).collect()
    }
}

impl WasmEvaluator {
    /// What the wanted rules use up on one document, in one call of each plugin. What is memory is the
    /// most of any plugin, and what is fuel the sum. A call that fails has used up what it had until
    /// then.
    #[must_use]
    pub fn usage(&self, facts: &Facts, wanted: &[usize]) -> Usage {
        let mut all = Usage::default();
        let Ok(facts) = serde_json::to_string(facts) else { return all };
        let _ticking = self.ticker.start();
        for (at, plugin) in self.plugins.iter().enumerate() {
            let own = wanted.iter().copied().filter(|&rule| self.slots.get(rule) == Some(&at));
            let own: Vec<usize> = own.collect();
            if own.is_empty() {
                continue;
            }
            let wanted = self.wanted(&own);
            let measured =
                catch_unwind(AssertUnwindSafe(|| plugin.measure(&facts, &wanted, &self.ticker)));
            let Ok(Ok((_, usage))) = measured else { continue };
            all.fuel = all.fuel.saturating_add(usage.fuel);
            all.memory = all.memory.max(usage.memory);
            all.table_elements = all.table_elements.max(usage.table_elements);
        }
        all
    }

    fn wanted(&self, rules: &[usize]) -> Vec<Wanted<'_>> {
        let wanted = |&rule: &usize| {
            let (meta, params) = (self.metas.get(rule)?, self.params.get(rule)?);
            Some(Wanted { rule: &meta.id, params })
        };
        rules.iter().filter_map(wanted).collect()
    }

    /// What rules of one plugin say: all of them in one call, and each alone if that fails.
    fn judge(&self, plugin: usize, rules: &[usize], facts: &str) -> Vec<Checked> {
        if rules.is_empty() {
            return Vec::new();
        }
        let alone = |rule: &usize| {
            let answers = self.call(plugin, std::slice::from_ref(rule), facts)?;
            // As many as were asked for.
            answers.into_iter().next().unwrap_or_else(|| Err(Failure::silent(0, 1)))
        };
        let answers = match self.call(plugin, rules, facts) {
            Ok(answers) => answers,
            Err(failure) if rules.len() == 1 => vec![Err(failure)],
            Err(_) => rules.iter().map(alone).collect(),
        };
        let rules = rules.iter().zip(answers);
        rules.map(|(&rule, answer)| self.finish(plugin, rule, answer)).collect()
    }

    fn call(
        &self,
        plugin: usize,
        rules: &[usize],
        facts: &str,
    ) -> Result<Vec<Result<super::contract::Verdict, Failure>>, Failure> {
        let Some(plugin) = self.plugins.get(plugin) else { return Ok(Vec::new()) };
        let wanted = self.wanted(rules);
        let called = catch_unwind(AssertUnwindSafe(|| plugin.check(facts, &wanted, &self.ticker)));
        let answers = called.unwrap_or_else(|_| {
            Err(Failure::new(RuleErrorKind::Runtime, "it made the WebAssembly engine panic"))
        })?;
        if answers.len() != rules.len() {
            return Err(Failure::silent(answers.len(), rules.len()));
        }
        let read = |answer: Answer| {
            answer.map_err(|reason| {
                let reason = super::super::bounds::cut(reason.trim(), 4096);
                Failure::new(RuleErrorKind::Runtime, format!("it says: {reason}"))
            })
        };
        Ok(answers.into_iter().map(read).collect())
    }

    fn finish(
        &self,
        plugin: usize,
        rule: usize,
        answer: Result<super::contract::Verdict, Failure>,
    ) -> Checked {
        let (Some(plugin), Some(meta)) = (self.plugins.get(plugin), self.metas.get(rule)) else {
            return Ok(RuleOutput::default());
        };
        match answer {
            Ok(verdict) => output::read(verdict, meta, plugin.limits()),
            Err(Failure { reason, kind }) => {
                let message = format!("the plugin `{}` failed: {reason}", plugin.name());
                Err(RuleError { message, place: None, kind })
            }
        }
    }
}

impl Failure {
    fn silent(answers: usize, rules: usize) -> Failure {
        let reason = format!("it gave {answers} answers for {rules} rules");
        Failure::new(RuleErrorKind::Nonsense, reason)
    }
}
