//! The narrow seam over regorus' two ways to run a rule.

use std::num::NonZeroU32;

use regorus::rvm::vm::RegoVM;
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, LimitError, Value};

use super::super::RuleError;
use super::Limits;
use super::failure;
use super::unit::{Code, Unit, UnitRule};

/// What `deny` and `unknown` of a rule evaluate to; undefined where there is none.
pub(super) struct Raw {
    pub(super) deny: Value,
    pub(super) unknown: Value,
}

/// How many steps pass between two looks at the clock.
const CHECK_INTERVAL: NonZeroU32 = NonZeroU32::new(256).unwrap();

fn timer(limits: &Limits) -> ExecutionTimerConfig {
    ExecutionTimerConfig { limit: limits.time, check_interval: CHECK_INTERVAL }
}

/// The bytecode machine with one program.
pub(super) struct Machine {
    vm: RegoVM,
}

impl Machine {
    pub(super) fn new(unit: &Unit, program: usize, limits: &Limits) -> Option<Machine> {
        let mut vm = RegoVM::new();
        vm.load_program(unit.programs.get(program)?.clone());
        vm.set_max_instructions(limits.instructions);
        vm.set_execution_timer_config(Some(timer(limits)));
        vm.set_strict_builtin_errors(false);
        vm.set_data(Value::new_object()).ok()?;
        Some(Machine { vm })
    }

    pub(super) fn run(&mut self, unit: &Unit, code: Code, input: &Value) -> Result<Raw, RuleError> {
        self.vm.set_input(input.clone());
        let deny = self.entry(unit, code.deny)?;
        let unknown = match code.unknown {
            Some(entry) => self.entry(unit, entry)?,
            None => Value::Undefined,
        };
        Ok(Raw { deny, unknown })
    }

    fn entry(&mut self, unit: &Unit, index: usize) -> Result<Value, RuleError> {
        self.vm.execute_entry_point_by_index(index).map_err(|error| {
            failure::of_machine(&unit.files, self.vm.get_program(), self.vm.get_pc(), &error)
        })
    }
}

/// The interpreter with a bundle's rules.
pub(super) struct Interpreter {
    engine: Engine,
}

impl Interpreter {
    pub(super) fn new(engine: &Engine, limits: &Limits) -> Interpreter {
        let mut engine = engine.clone();
        engine.set_execution_timer_config(timer(limits));
        Interpreter { engine }
    }

    pub(super) fn run(
        &mut self,
        unit: &Unit,
        rule: &UnitRule,
        input: &Value,
    ) -> Result<Raw, RuleError> {
        self.engine.set_input(input.clone());
        let deny = self.evaluate(unit, &rule.deny)?;
        let unknown = match &rule.unknown {
            Some(path) => self.evaluate(unit, path)?,
            None => Value::Undefined,
        };
        Ok(Raw { deny, unknown })
    }

    fn evaluate(&mut self, unit: &Unit, path: &str) -> Result<Value, RuleError> {
        self.engine.eval_rule(path.to_owned()).map_err(|error| {
            // Inside of functions regorus keeps the text of a limit only.
            let limit = error.downcast_ref::<LimitError>().is_some()
                || error.to_string().contains("execution exceeded time limit");
            failure::of_interpreter(&unit.files, &error, limit)
        })
    }
}
