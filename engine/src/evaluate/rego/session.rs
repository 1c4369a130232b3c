//! One thread's working state.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::panic::{AssertUnwindSafe, catch_unwind};

use plimsoll_sdk::facts::Facts;
use regorus::Value;

use super::super::{RuleError, RuleErrorKind, RuleOutput, Session};
use super::RegoEvaluator;
use super::executor::{Interpreter, Machine, Raw};
use super::output;
use super::screen::{self, Screening};
use super::unit::{Code, Unit, UnitRule};
use super::value::{self, Converter};

/// Executors that were made so far, and what conversions have in common.
pub(super) struct RegoSession<'a> {
    evaluator: &'a RegoEvaluator,
    converter: Converter,
    machines: HashMap<(usize, usize), Machine>,
    interpreters: HashMap<usize, Interpreter>,
    memory: screen::Memory,
    /// For each rule what of its screen is the same for all documents.
    fixed: HashMap<usize, screen::Fixed>,
}

impl<'a> RegoSession<'a> {
    pub(super) fn new(evaluator: &'a RegoEvaluator) -> Self {
        RegoSession {
            evaluator,
            converter: Converter::default(),
            machines: HashMap::new(),
            interpreters: HashMap::new(),
            memory: screen::Memory::default(),
            fixed: HashMap::new(),
        }
    }

    fn rule(&mut self, rule: usize, input: &Input) -> Option<Result<RuleOutput, RuleError>> {
        let evaluator = self.evaluator;
        let (unit_index, rule_) = evaluator.rule(rule)?;
        let unit = evaluator.units.get(unit_index)?;
        let meta = evaluator.metas.get(rule)?;
        if self.is_silent(rule, rule_, &input.without) {
            return Some(Ok(RuleOutput::default()));
        }
        let value = if rule_.raw { &input.with_raw } else { &input.without };
        let code = rule_.code.filter(|_| !evaluator.interpret);
        let result = match code {
            Some(code) => self.on_machine(unit, unit_index, code, value),
            None => self.on_interpreter(unit, unit_index, rule_, value),
        };
        Some(result.and_then(|raw| {
            Ok(RuleOutput {
                findings: output::findings(&raw.deny, meta, &evaluator.limits)?,
                unknowns: output::unknowns(&raw.unknown, &evaluator.limits)?,
            })
        }))
    }

    /// Whether the rule's screen is sure that it says nothing.
    fn is_silent(&mut self, rule: usize, of: &UnitRule, input: &Value) -> bool {
        let evaluator = self.evaluator;
        if of.raw || evaluator.interpret {
            return false;
        }
        let Some(program) = of.screen.program() else { return false };
        let given = (input, &evaluator.params, &evaluator.data);
        let fixed = self.fixed.entry(rule).or_default();
        Screening::new(program, given, &mut self.memory, fixed).is_silent()
    }

    fn on_machine(
        &mut self,
        unit: &Unit,
        unit_index: usize,
        code: Code,
        input: &Value,
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
        input: &Value,
    ) -> Result<Raw, RuleError> {
        let evaluator = self.evaluator;
        let interpreter = match self.interpreters.entry(unit_index) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let engine = unit.interpreter(evaluator.interpret).map_err(runtime)?;
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

/// The facts as rules see them.
struct Input {
    with_raw: Value,
    without: Value,
}

impl Session for RegoSession<'_> {
    fn check(
        &mut self,
        facts: &Facts,
        wanted: &[usize],
    ) -> Vec<(usize, Result<RuleOutput, RuleError>)> {
        let known = wanted.iter().filter(|&&rule| self.evaluator.rule(rule).is_some());
        let input = match self.input(facts) {
            Ok(input) => input,
            Err(error) => return known.map(|&rule| (rule, Err(error.clone()))).collect(),
        };
        (wanted.iter()).filter_map(|&rule| Some((rule, self.rule(rule, &input)?))).collect()
    }
}

impl RegoEvaluator {
    /// Whether a rule is not even run on these facts, because its screen is sure that it says
    /// nothing of them.
    #[must_use]
    pub fn is_silent(&self, rule: usize, facts: &Facts) -> bool {
        let mut session = RegoSession::new(self);
        let input = session.input(facts);
        let of = self.rule(rule);
        input.is_ok_and(|input| {
            of.is_some_and(|(_, of)| session.is_silent(rule, of, &input.without))
        })
    }
}

impl RegoSession<'_> {
    fn input(&mut self, facts: &Facts) -> Result<Input, RuleError> {
        let mut input =
            self.converter.convert(facts).map_err(|error| runtime(&error.to_string()))?;
        let fields = input.as_object_mut().map_err(|error| runtime(&error.to_string()))?;
        fields.insert(value::string("params"), self.evaluator.params.clone());
        fields.insert(value::string("data"), self.evaluator.data.clone());
        let raw = value::string("raw");
        let with_raw = input.clone();
        let has_raw = input.as_object().is_ok_and(|fields| fields.contains_key(&raw));
        if has_raw && let Ok(fields) = input.as_object_mut() {
            fields.remove(&raw);
        }
        Ok(Input { with_raw, without: input })
    }
}
