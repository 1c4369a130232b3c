//! One thread's working state.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

use plimsoll_sdk::facts::Facts;
use serde_json::Value as Json;

use super::super::{RuleError, RuleErrorKind, RuleOutput, Session};
use super::executor::{Interpreter, Machine, Raw};
use super::output;
use super::shortcut::{Given, Item, Made, Memo, Memory, Parts, Shapes};
use super::unit::{Code, Unit, UnitRule};
use super::value::{Converter, take_over};
use super::{RegoEvaluator, Way};

/// Executors that were made so far, and what conversions have in common.
pub(super) struct RegoSession<'a> {
    evaluator: &'a RegoEvaluator,
    converter: Converter,
    shapes: Shapes,
    machines: HashMap<(usize, usize), Machine>,
    interpreters: HashMap<usize, Interpreter>,
    /// Of the shortcuts of each bundle.
    memories: BTreeMap<usize, Memory>,
}

impl<'a> RegoSession<'a> {
    pub(super) fn new(evaluator: &'a RegoEvaluator) -> Self {
        RegoSession {
            evaluator,
            converter: Converter::default(),
            shapes: Shapes::default(),
            machines: HashMap::new(),
            interpreters: HashMap::new(),
            memories: BTreeMap::new(),
        }
    }

    fn rule<'d>(
        &mut self,
        rule: usize,
        input: &Input<'d>,
        shortcuts: &mut OfDocument<'d>,
    ) -> Option<Result<RuleOutput, RuleError>>
    where
        'a: 'd,
    {
        let evaluator = self.evaluator;
        let (unit_index, rule_) = evaluator.rule(rule)?;
        let unit = evaluator.units.get(unit_index)?;
        let meta = evaluator.metas.get(rule)?;
        let Some(item) = input.of(rule_) else {
            return Some(Err(runtime("the document is not given to it as it is written")));
        };
        let code = rule_.code.filter(|_| evaluator.way != Way::Interpreter);
        let result = match (self.settled(rule, item, shortcuts), code) {
            (Some(raw), _) => Ok(raw),
            (None, Some(code)) => self.on_machine(unit, unit_index, code, item.whole()),
            (None, None) => self.on_interpreter(unit, unit_index, rule_, item.whole()),
        };
        Some(result.and_then(|raw| {
            Ok(RuleOutput {
                findings: output::findings(&raw.deny, meta, &evaluator.limits)?,
                unknowns: output::unknowns(&raw.unknown, &evaluator.limits)?,
            })
        }))
    }

    /// What the rule says, where its shortcut is certain of that.
    fn settled<'d>(
        &mut self,
        rule: usize,
        input: Item<'d>,
        shortcuts: &mut OfDocument<'d>,
    ) -> Option<Raw>
    where
        'a: 'd,
    {
        let evaluator = self.evaluator;
        if evaluator.way != Way::Shortest {
            return None;
        }
        let &(unit_index, index) = evaluator.slots.get(rule)?;
        let (unit, raw) = (evaluator.units.get(unit_index)?, evaluator.rule(rule)?.1.raw);
        let memo = shortcuts.memos.entry((unit_index, raw)).or_insert_with(|| {
            let (params, tables) = (&evaluator.params, &evaluator.data);
            let given = Given { params, tables, lasting: &evaluator.lasting };
            Memo::new(&unit.shortcuts, input, given, shortcuts.made)
        });
        memo.settle(index, self.memories.entry(unit_index).or_default())
    }

    fn on_machine(
        &mut self,
        unit: &Unit,
        unit_index: usize,
        code: Code,
        input: &regorus::Value,
    ) -> Result<Raw, RuleError> {
        let key = (unit_index, code.program);
        let machine = match self.machines.entry(key) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let machine = Machine::new(unit, code.program, &self.evaluator.limits);
                entry.insert(machine.ok_or_else(|| runtime("the rule's bytecode is missing"))?)
            }
        };
        let result = shielded(|| machine.run(unit, code, input));
        result.unwrap_or_else(|error| {
            self.machines.remove(&key);
            Err(error)
        })
    }

    fn on_interpreter(
        &mut self,
        unit: &Unit,
        unit_index: usize,
        rule: &UnitRule,
        input: &regorus::Value,
    ) -> Result<Raw, RuleError> {
        let evaluator = self.evaluator;
        let interpreter = match self.interpreters.entry(unit_index) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let engine =
                    unit.interpreter(evaluator.way == Way::Interpreter).map_err(runtime)?;
                entry.insert(Interpreter::new(engine, &evaluator.limits))
            }
        };
        let result = shielded(|| interpreter.run(unit, rule, input));
        result.unwrap_or_else(|error| {
            self.interpreters.remove(&unit_index);
            Err(error)
        })
    }
}

fn runtime(message: &str) -> RuleError {
    RuleError { message: message.to_owned(), place: None, kind: RuleErrorKind::Runtime }
}

/// Runs something of regorus' that may panic. What it worked on is to be thrown away then.
fn shielded<T>(run: impl FnOnce() -> T) -> Result<T, RuleError> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| runtime("the rule made the Rego engine panic"))
}

/// The facts as rules see them, and with `raw` if that is given.
struct Input<'d> {
    facts: Item<'d>,
    with_raw: Option<Item<'d>>,
}

impl<'d> Input<'d> {
    fn of(&self, rule: &UnitRule) -> Option<Item<'d>> {
        if rule.raw { self.with_raw } else { Some(self.facts) }
    }
}

/// What shortcuts know of one document: those of a bundle together, and those that see `raw` apart.
struct OfDocument<'d> {
    made: &'d Made<'d>,
    memos: BTreeMap<(usize, bool), Memo<'d>>,
}

impl<'d> OfDocument<'d> {
    fn new(made: &'d Made<'d>) -> Self {
        OfDocument { made, memos: BTreeMap::new() }
    }
}

impl Session for RegoSession<'_> {
    fn check_with_raw(
        &mut self,
        facts: &Facts,
        raw: Option<&Json>,
        wanted: &[usize],
    ) -> Vec<(usize, Result<RuleOutput, RuleError>)> {
        let known = wanted.iter().filter(|&&rule| self.evaluator.rule(rule).is_some());
        let made = Made::default();
        let input = match self.input(facts, raw, &made) {
            Ok(input) => input,
            Err(error) => return known.map(|&rule| (rule, Err(error.clone()))).collect(),
        };
        let mut shortcuts = OfDocument::new(&made);
        let mut said = |rule| Some((rule, self.rule(rule, &input, &mut shortcuts)?));
        wanted.iter().filter_map(|&rule| said(rule)).collect()
    }
}

impl RegoEvaluator {
    /// Whether what a rule says of these facts is settled without the Rego engine.
    #[must_use]
    pub fn is_settled(&self, rule: usize, facts: &Facts) -> bool {
        let mut session = RegoSession::new(self);
        let Some((_, of)) = self.rule(rule) else { return false };
        let made = Made::default();
        let Ok(input) = session.input(facts, None, &made) else { return false };
        let Some(input) = input.of(of) else { return false };
        session.settled(rule, input, &mut OfDocument::new(&made)).is_some()
    }
}

impl<'a> RegoSession<'a> {
    fn input<'d>(
        &mut self,
        facts: &Facts,
        raw: Option<&Json>,
        made: &'d Made<'d>,
    ) -> Result<Input<'d>, RuleError>
    where
        'a: 'd,
    {
        let RegoEvaluator { params, data, .. } = self.evaluator;
        let mut parts = Parts { names: &mut self.converter, shapes: &mut self.shapes, made };
        let facts = take_over(facts, &mut parts).map_err(|error| runtime(&error.to_string()))?;
        let raw = match raw {
            Some(raw) => {
                Some(take_over(raw, &mut parts).map_err(|error| runtime(&error.to_string()))?)
            }
            None => None,
        };
        let given = [("params", Item::Value(params)), ("data", Item::Value(data))];
        let facts = parts.with(facts, &given);
        Ok(Input { facts, with_raw: raw.map(|raw| parts.with(facts, &[("raw", raw)])) })
    }
}
