//! Taking a shortcut.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use regorus::Value;

use super::super::executor::Raw;
use super::super::value;
use super::builtins::{self, Patterns};
use super::program::{Body, Constant, Expr, Pattern, Program, Statement};
use super::values::{Term, arithmetic, compare, member, step};

/// Statements and calls that one rule may take on one document; what is left then is unclear.
pub(super) const STEPS: u32 = 200_000;

/// So much text given to a function counts as a step.
const BYTES_OF_STEP: usize = 256;

/// What is kept from one document to the next.
#[derive(Default)]
pub(in super::super) struct Memory {
    patterns: Patterns,
}

/// What of a rule depends on parameters and tables only, and is the same for all documents.
#[derive(Default)]
pub(in super::super) struct Fixed {
    pub(super) definitions: Known,
    /// Calls with texts, by function and arguments.
    pub(super) calls: HashMap<(u16, Vec<Arc<str>>), Term>,
}

/// Values of definitions, by their position.
type Known = Vec<Option<Term>>;

/// Whether something holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    No,
    Perhaps,
    Yes,
}

pub(super) type Frame = Vec<Term>;

/// One rule on one document.
pub(in super::super) struct Taken<'p> {
    pub(super) program: &'p Program,
    input: &'p Value,
    params: &'p Value,
    tables: &'p Value,
    memory: &'p mut Memory,
    pub(super) fixed: &'p mut Fixed,
    pub(super) values: Known,
    pub(super) steps: u32,
    pub(super) depth: u32,
}

impl<'p> Taken<'p> {
    pub(in super::super) fn new(
        program: &'p Program,
        (input, params, tables): (&'p Value, &'p Value, &'p Value),
        memory: &'p mut Memory,
        fixed: &'p mut Fixed,
    ) -> Self {
        let none = || vec![None; program.definitions.len()];
        if fixed.definitions.len() != program.definitions.len() {
            *fixed = Fixed { definitions: none(), calls: HashMap::new() };
        }
        let values = none();
        Taken { program, input, params, tables, memory, fixed, values, steps: 0, depth: 0 }
    }

    /// All that the rule says; None when that is not certain.
    pub(in super::super) fn settle(&mut self) -> Option<Raw> {
        let program = self.program;
        let deny = self.set(&program.deny)?;
        let unknown = self.set(&program.unknown)?;
        Some(Raw { deny, unknown })
    }

    fn set(&mut self, bodies: &'p [Body]) -> Option<Value> {
        let mut all = BTreeSet::new();
        for Body { slots, branch } in bodies {
            let mut frame = vec![Term::Undefined; usize::from(*slots)];
            all.extend(self.comprehension(&branch.value, &branch.statements, &mut frame)?);
        }
        Some(Value::from(all))
    }

    pub(super) fn is_tired(&mut self) -> bool {
        self.steps += 1;
        self.steps > STEPS
    }

    fn exists(&mut self, statements: &'p [Statement], frame: &mut Frame) -> Holds {
        let mut found = Holds::No;
        self.solve(statements, frame, true, &mut |_, _, sure| {
            found = if sure { Holds::Yes } else { Holds::Perhaps };
            !sure
        });
        found
    }

    /// Calls `done` for every way in which the statements hold, or may hold, until it says stop.
    /// Gives whether to go on.
    pub(super) fn solve(
        &mut self,
        statements: &'p [Statement],
        frame: &mut Frame,
        mut sure: bool,
        done: &mut dyn FnMut(&mut Self, &mut Frame, bool) -> bool,
    ) -> bool {
        let mut left = statements;
        while let Some((statement, rest)) = left.split_first() {
            left = rest;
            if self.is_tired() {
                done(self, frame, false);
                return false;
            }
            match statement {
                Statement::Bind { slot, value } => {
                    let value = self.value(value, frame);
                    match value {
                        Term::Undefined => return true,
                        Term::Unclear => sure = false,
                        Term::Known(_) => {}
                    }
                    put(frame, Some(*slot), value);
                }
                Statement::Match { pattern, value } => match self.value(value, frame) {
                    Term::Undefined => return true,
                    Term::Unclear => {
                        sure = false;
                        blur(pattern, frame);
                    }
                    Term::Known(value) if take(pattern, &value, frame) => {}
                    Term::Known(_) => return true,
                },
                Statement::Holds(condition) => match self.holds(condition, frame) {
                    Holds::No => return true,
                    Holds::Perhaps => sure = false,
                    Holds::Yes => {}
                },
                Statement::Fails(inner) => match self.exists(inner, frame) {
                    Holds::Yes => return true,
                    Holds::Perhaps => sure = false,
                    Holds::No => {}
                },
                Statement::Every { key, value, of, body } => {
                    match self.every(*key, *value, of, body, frame) {
                        Holds::No => return true,
                        Holds::Perhaps => sure = false,
                        Holds::Yes => {}
                    }
                }
                Statement::Each { key, value, of } => {
                    return self.each(*key, *value, of, rest, frame, sure, done);
                }
                Statement::Unclear => sure = false,
            }
        }
        done(self, frame, sure)
    }

    #[allow(clippy::too_many_arguments)] // They are the loop's state.
    fn each(
        &mut self,
        key: Option<u16>,
        value: Option<u16>,
        of: &'p Expr,
        rest: &'p [Statement],
        frame: &mut Frame,
        sure: bool,
        done: &mut dyn FnMut(&mut Self, &mut Frame, bool) -> bool,
    ) -> bool {
        let of = match self.value(of, frame) {
            Term::Undefined => return true,
            Term::Unclear => {
                put(frame, key, Term::Unclear);
                put(frame, value, Term::Unclear);
                return self.solve(rest, frame, false, done);
            }
            Term::Known(of) => of,
        };
        let mut go_on = |run: &mut Self, frame: &mut Frame, at: Option<Value>, item: &Value| {
            if let (Some(slot), Some(at)) = (key, at) {
                put(frame, Some(slot), Term::Known(at));
            }
            put(frame, value, Term::Known(item.clone()));
            run.solve(rest, frame, sure, done)
        };
        match &of {
            Value::Array(items) => items.iter().enumerate().all(|(index, item)| {
                let at = key.map(|_| Value::from(index as u64));
                go_on(self, frame, at, item)
            }),
            Value::Set(items) => items.iter().all(|item| {
                let at = key.map(|_| item.clone());
                go_on(self, frame, at, item)
            }),
            Value::Object(fields) => fields.iter().all(|(name, item)| {
                let at = key.map(|_| name.clone());
                go_on(self, frame, at, item)
            }),
            // The two ways to run a rule differ on what is no collection.
            _ => {
                put(frame, key, Term::Unclear);
                put(frame, value, Term::Unclear);
                self.solve(rest, frame, false, done)
            }
        }
    }

    fn every(
        &mut self,
        key: Option<u16>,
        value: u16,
        of: &'p Expr,
        body: &'p [Statement],
        frame: &mut Frame,
    ) -> Holds {
        // regorus and OPA differ on what is no collection.
        let Term::Known(of) = self.value(of, frame) else { return Holds::Perhaps };
        let items: Vec<(Value, Value)> = match &of {
            Value::Array(items) => (items.iter().enumerate())
                .map(|(index, item)| (Value::from(index as u64), item.clone()))
                .collect(),
            Value::Set(items) => items.iter().map(|item| (item.clone(), item.clone())).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(key, item)| (key.clone(), item.clone())).collect()
            }
            _ => return Holds::Perhaps,
        };
        let mut all = Holds::Yes;
        for (at, item) in items {
            put(frame, key, Term::Known(at));
            put(frame, Some(value), Term::Known(item));
            match self.exists(body, frame) {
                Holds::No => return Holds::No,
                Holds::Perhaps => all = Holds::Perhaps,
                Holds::Yes => {}
            }
        }
        all
    }

    fn holds(&mut self, condition: &'p Expr, frame: &mut Frame) -> Holds {
        match self.value(condition, frame) {
            Term::Undefined | Term::Known(Value::Bool(false)) => Holds::No,
            Term::Unclear => Holds::Perhaps,
            Term::Known(_) => Holds::Yes,
        }
    }

    pub(super) fn value(&mut self, expr: &'p Expr, frame: &mut Frame) -> Term {
        match expr {
            Expr::Constant(Constant(value)) => Term::Known(value.clone()),
            Expr::Slot(slot) => frame.get(usize::from(*slot)).cloned().unwrap_or(Term::Unclear),
            Expr::Input => Term::Known(self.input.clone()),
            Expr::Params => Term::Known(self.params.clone()),
            Expr::Tables => Term::Known(self.tables.clone()),
            Expr::Field(of, Constant(key)) => self.field(of, key, frame),
            Expr::Index(of, key) => match (self.value(of, frame), self.value(key, frame)) {
                (Term::Undefined, _) | (_, Term::Undefined) => Term::Undefined,
                (Term::Known(of), Term::Known(key)) => step(&of, &key),
                _ => Term::Unclear,
            },
            Expr::Definition(position) => self.definition(*position),
            Expr::Call(position, args) => match self.all(args, frame) {
                Ok(args) => self.call(*position, &args),
                Err(term) => term,
            },
            Expr::Builtin(builtin, args) => match self.all(args, frame) {
                Ok(args) => {
                    let bytes: usize = args.iter().map(builtins::bytes).sum();
                    let steps = u32::try_from(bytes / BYTES_OF_STEP).unwrap_or(STEPS);
                    self.steps = self.steps.saturating_add(steps);
                    builtins::call(*builtin, &args, &mut self.memory.patterns)
                        .map_or(Term::Unclear, Term::Known)
                }
                Err(term) => term,
            },
            Expr::Array(items) => self.list(items, frame, Value::from),
            Expr::Set(items) => self.list(items, frame, |items| {
                Value::from(items.into_iter().collect::<BTreeSet<_>>())
            }),
            Expr::Object(fields) => self.object(fields, frame),
            Expr::Listed(term, query) => self
                .comprehension(term, query, frame)
                .map_or(Term::Unclear, |items| Term::Known(Value::from(items))),
            Expr::Collected(term, query) => {
                self.comprehension(term, query, frame).map_or(Term::Unclear, |items| {
                    Term::Known(Value::from(items.into_iter().collect::<BTreeSet<_>>()))
                })
            }
            Expr::Mapped(key, term, query) => {
                self.mapped(key, term, query, frame).map_or(Term::Unclear, Term::Known)
            }
            Expr::Compare(op, a, b) => match (self.value(a, frame), self.value(b, frame)) {
                (Term::Undefined, _) | (_, Term::Undefined) => Term::Undefined,
                (Term::Known(a), Term::Known(b)) => compare(*op, &a, &b),
                _ => Term::Unclear,
            },
            Expr::Member(value, of) => match (self.value(value, frame), self.value(of, frame)) {
                (Term::Undefined, _) | (_, Term::Undefined) => Term::Undefined,
                (Term::Known(value), Term::Known(of)) => member(&value, &of),
                _ => Term::Unclear,
            },
            Expr::Arithmetic(op, a, b) => match (self.value(a, frame), self.value(b, frame)) {
                (Term::Undefined, _) | (_, Term::Undefined) => Term::Undefined,
                (Term::Known(a), Term::Known(b)) => {
                    arithmetic(*op, &a, &b).map_or(Term::Unclear, Term::Known)
                }
                _ => Term::Unclear,
            },
            Expr::Unclear => Term::Unclear,
        }
    }

    /// A step to a fixed key, without copying what it is taken from.
    fn field(&mut self, of: &'p Expr, key: &Value, frame: &mut Frame) -> Term {
        match of {
            Expr::Input => step(self.input, key),
            Expr::Params => step(self.params, key),
            Expr::Tables => step(self.tables, key),
            Expr::Slot(slot) => match frame.get(usize::from(*slot)) {
                Some(Term::Known(of)) => step(of, key),
                Some(Term::Undefined) => Term::Undefined,
                Some(Term::Unclear) | None => Term::Unclear,
            },
            of => match self.value(of, frame) {
                Term::Known(of) => step(&of, key),
                other => other,
            },
        }
    }

    /// The values of arguments, or what the call comes to without them.
    fn all(&mut self, exprs: &'p [Expr], frame: &mut Frame) -> Result<Vec<Value>, Term> {
        let mut values = Vec::with_capacity(exprs.len());
        let mut unclear = false;
        for expr in exprs {
            match self.value(expr, frame) {
                Term::Undefined => return Err(Term::Undefined),
                Term::Unclear => unclear = true,
                Term::Known(value) => values.push(value),
            }
        }
        if unclear { Err(Term::Unclear) } else { Ok(values) }
    }

    fn list(
        &mut self,
        items: &'p [Expr],
        frame: &mut Frame,
        make: impl FnOnce(Vec<Value>) -> Value,
    ) -> Term {
        self.all(items, frame).map_or_else(|term| term, |items| Term::Known(make(items)))
    }

    fn object(&mut self, fields: &'p [(Expr, Expr)], frame: &mut Frame) -> Term {
        let mut object = Value::new_object();
        let Ok(entries) = object.as_object_mut() else { return Term::Unclear };
        for (key, value) in fields {
            match (self.value(key, frame), self.value(value, frame)) {
                (Term::Undefined, _) | (_, Term::Undefined) => return Term::Undefined,
                (Term::Known(key), Term::Known(value)) => {
                    entries.insert(key, value);
                }
                _ => return Term::Unclear,
            }
        }
        Term::Known(object)
    }

    /// None when it is unclear what belongs to it.
    pub(super) fn comprehension(
        &mut self,
        term: &'p Expr,
        query: &'p [Statement],
        frame: &mut Frame,
    ) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        let mut clear = true;
        self.solve(query, frame, true, &mut |run, frame, sure| {
            match run.value(term, frame) {
                Term::Undefined if sure => {}
                Term::Known(item) if sure => items.push(item),
                _ => clear = false,
            }
            clear
        });
        clear.then_some(items)
    }

    /// None when it is unclear what belongs to it, or when a key has two values.
    fn mapped(
        &mut self,
        key: &'p Expr,
        term: &'p Expr,
        query: &'p [Statement],
        frame: &mut Frame,
    ) -> Option<Value> {
        let mut fields = BTreeMap::new();
        let mut clear = true;
        self.solve(query, frame, true, &mut |run, frame, sure| {
            match (run.value(key, frame), run.value(term, frame)) {
                (Term::Undefined, _) | (_, Term::Undefined) if sure => {}
                (Term::Known(key), Term::Known(value)) if sure => {
                    clear = *fields.entry(key).or_insert_with(|| value.clone()) == value;
                }
                _ => clear = false,
            }
            clear
        });
        clear.then(|| value::object(fields))
    }
}

pub(super) fn put(frame: &mut Frame, slot: Option<u16>, term: Term) {
    if let Some(place) = slot.and_then(|slot| frame.get_mut(usize::from(slot))) {
        *place = term;
    }
}

/// Takes a value apart; false when it is not of that form.
fn take(pattern: &Pattern, value: &Value, frame: &mut Frame) -> bool {
    match (pattern, value) {
        (Pattern::Any, _) => true,
        (Pattern::Slot(slot), value) => {
            put(frame, Some(*slot), Term::Known(value.clone()));
            true
        }
        (Pattern::Literal(Constant(literal)), value) => literal == value,
        (Pattern::Array(parts), Value::Array(items)) => {
            parts.len() == items.len()
                && parts.iter().zip(items.iter()).all(|(part, item)| take(part, item, frame))
        }
        (Pattern::Array(_), _) => false,
    }
}

fn blur(pattern: &Pattern, frame: &mut Frame) {
    match pattern {
        Pattern::Any | Pattern::Literal(_) => {}
        Pattern::Slot(slot) => put(frame, Some(*slot), Term::Unclear),
        Pattern::Array(parts) => parts.iter().for_each(|part| blur(part, frame)),
    }
}
