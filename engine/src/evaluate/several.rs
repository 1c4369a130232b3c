//! Evaluators of several languages as one.

use std::sync::Arc;

use plimsoll_sdk::facts::Facts;
use plimsoll_sdk::rule::RuleMeta;
use serde_json::Value as Json;

use super::{Evaluator, RuleError, RuleOutput, Session, TablesRead};

/// The rules of several evaluators, one after the other.
pub struct Several {
    parts: Vec<Box<dyn Evaluator>>,
    rules: Vec<Arc<RuleMeta>>,
    /// For each rule its evaluator and its index there.
    slots: Vec<(usize, usize)>,
}

impl Several {
    /// The rules of all of these, in this order.
    #[must_use]
    pub fn new(parts: Vec<Box<dyn Evaluator>>) -> Self {
        let rules = parts.iter().flat_map(|part| part.rules()).cloned().collect();
        let slots = (parts.iter().enumerate())
            .flat_map(|(at, part)| (0..part.rules().len()).map(move |rule| (at, rule)))
            .collect();
        Several { parts, rules, slots }
    }

    fn part(&self, rule: usize) -> Option<(&dyn Evaluator, usize)> {
        let &(part, rule) = self.slots.get(rule)?;
        Some((self.parts.get(part)?.as_ref(), rule))
    }
}

impl Evaluator for Several {
    fn rules(&self) -> &[Arc<RuleMeta>] {
        &self.rules
    }

    fn executor(&self, rule: usize) -> &'static str {
        self.part(rule).map_or("", |(part, rule)| part.executor(rule))
    }

    fn tables(&self, rule: usize) -> TablesRead {
        self.part(rule).map(|(part, rule)| part.tables(rule)).unwrap_or_default()
    }

    fn session(&self) -> Box<dyn Session + '_> {
        let sessions = self.parts.iter().map(|part| part.session()).collect();
        Box::new(Sessions { slots: &self.slots, sessions })
    }
}

struct Sessions<'a> {
    slots: &'a [(usize, usize)],
    sessions: Vec<Box<dyn Session + 'a>>,
}

impl Session for Sessions<'_> {
    fn check_with_raw(
        &mut self,
        facts: &Facts,
        raw: Option<&Json>,
        wanted: &[usize],
    ) -> Vec<(usize, Result<RuleOutput, RuleError>)> {
        let slots: Vec<(usize, (usize, usize))> =
            wanted.iter().filter_map(|&rule| Some((rule, *self.slots.get(rule)?))).collect();
        let mut answers: Vec<_> = Vec::with_capacity(self.sessions.len());
        for (at, session) in self.sessions.iter_mut().enumerate() {
            let own: Vec<usize> =
                slots.iter().filter(|(_, slot)| slot.0 == at).map(|(_, slot)| slot.1).collect();
            let answered = match own.as_slice() {
                [] => Vec::new(),
                own => session.check_with_raw(facts, raw, own),
            };
            answers.push(answered.into_iter());
        }
        // Each part answers in the order in which it was asked.
        let answer = |&(rule, (part, _)): &(usize, (usize, usize))| {
            Some((rule, answers.get_mut(part)?.next()?.1))
        };
        let mut answer = answer;
        slots.iter().filter_map(&mut answer).collect()
    }
}
