//! Taking a shortcut.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::super::value;
use super::builtins::{self, Builtin};
use super::memo::{Memo, Memory};
use super::part::{Form, Item, Part};
use super::program::{Body, Constant, Expr, Pattern, Statement};
use super::values::{Term, arithmetic, compare, member, step};

/// Statements and calls that one rule may take on one document; what is left then is unclear.
pub(super) const STEPS: u32 = 200_000;

/// So much text given to a function counts as a step.
const BYTES_OF_STEP: usize = 256;

/// A call with more arguments is unclear.
const MAX_ARGUMENTS: usize = 8;

/// Whether something holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    No,
    Perhaps,
    Yes,
}

/// Where the variables of a body begin.
#[derive(Clone, Copy)]
pub(super) struct Frame(usize);

impl Frame {
    fn at(self, slot: u16) -> usize {
        self.0 + usize::from(slot)
    }
}

/// One rule on one document.
pub(super) struct Taken<'m, 'd> {
    pub(super) memo: &'m mut Memo<'d>,
    pub(super) memory: &'m mut Memory,
    pub(super) steps: u32,
    pub(super) depth: u32,
}

impl<'d> Taken<'_, 'd> {
    pub(super) fn set(&mut self, bodies: &'d [Body]) -> Option<Value> {
        let mut all = BTreeSet::new();
        for Body { slots, branch } in bodies {
            let items = self.in_frame(*slots, |run, frame| {
                run.comprehension(&branch.value, &branch.statements, frame)
            });
            all.extend(items?.into_iter().map(Item::cloned));
        }
        Some(Value::from(all))
    }

    pub(super) fn is_tired(&mut self) -> bool {
        self.steps = self.steps.saturating_add(1);
        self.steps > STEPS || self.memo.is_full()
    }

    /// Runs something with so many variables, undefined at first.
    pub(super) fn in_frame<T>(&mut self, slots: u16, run: impl FnOnce(&mut Self, Frame) -> T) -> T {
        let base = self.memo.variables.len();
        self.memo.variables.resize(base + usize::from(slots), Term::Undefined);
        let result = run(self, Frame(base));
        self.memo.variables.truncate(base);
        result
    }

    pub(super) fn put(&mut self, frame: Frame, slot: Option<u16>, term: Term<'d>) {
        if let Some(place) = slot.and_then(|slot| self.memo.variables.get_mut(frame.at(slot))) {
            *place = term;
        }
    }

    fn slot(&self, frame: Frame, slot: u16) -> Term<'d> {
        self.memo.variables.get(frame.at(slot)).copied().unwrap_or(Term::Unclear)
    }

    fn exists(&mut self, statements: &'d [Statement], frame: Frame) -> Holds {
        let mut found = Holds::No;
        self.solve(statements, frame, true, &mut |_, sure| {
            found = if sure { Holds::Yes } else { Holds::Perhaps };
            !sure
        });
        found
    }

    /// Calls `done` for every way in which the statements hold, or may hold, until it says stop.
    /// Gives whether to go on.
    pub(super) fn solve(
        &mut self,
        statements: &'d [Statement],
        frame: Frame,
        mut sure: bool,
        done: &mut dyn FnMut(&mut Self, bool) -> bool,
    ) -> bool {
        let mut left = statements;
        while let Some((statement, rest)) = left.split_first() {
            left = rest;
            if self.is_tired() {
                done(self, false);
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
                    self.put(frame, Some(*slot), value);
                }
                Statement::Match { pattern, value } => match self.value(value, frame) {
                    Term::Undefined => return true,
                    Term::Unclear => {
                        sure = false;
                        self.blur(pattern, frame);
                    }
                    Term::Known(value) if self.take(pattern, value, frame) => {}
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
                    let slots = (*key, *value);
                    return match self.value(of, frame) {
                        Term::Undefined => true,
                        Term::Known(of) if of.is_collection() => {
                            self.each(slots, of, frame, &mut |run| {
                                run.solve(rest, frame, sure, done)
                            })
                        }
                        // The two ways to run a rule differ on what is no collection.
                        Term::Unclear | Term::Known(_) => {
                            self.put(frame, slots.0, Term::Unclear);
                            self.put(frame, slots.1, Term::Unclear);
                            self.solve(rest, frame, false, done)
                        }
                    };
                }
                Statement::Unclear => sure = false,
            }
        }
        done(self, sure)
    }

    /// Puts each item of a collection, and its key, into slots; until `then` says stop. Gives whether
    /// it never did.
    fn each(
        &mut self,
        (key, value): (Option<u16>, Option<u16>),
        of: Item<'d>,
        frame: Frame,
        then: &mut dyn FnMut(&mut Self) -> bool,
    ) -> bool {
        let known = |value| Term::Known(Item::Value(value));
        if let Item::Part(Part { form: Form::List(items), .. }) = of {
            return items.iter().enumerate().all(|(index, item)| {
                self.put_index(frame, key, index);
                self.put(frame, value, Term::Known(*item));
                then(self)
            });
        }
        match of.whole() {
            Value::Array(items) => items.iter().enumerate().all(|(index, item)| {
                self.put_index(frame, key, index);
                self.put(frame, value, known(item));
                then(self)
            }),
            Value::Set(items) => items.iter().all(|item| {
                self.put(frame, key, known(item));
                self.put(frame, value, known(item));
                then(self)
            }),
            Value::Object(fields) => fields.iter().all(|(name, item)| {
                self.put(frame, key, known(name));
                self.put(frame, value, known(item));
                then(self)
            }),
            _ => true,
        }
    }

    fn put_index(&mut self, frame: Frame, slot: Option<u16>, index: usize) {
        if slot.is_some() {
            let index = self.memo.keep(Value::from(index as u64));
            self.put(frame, slot, index);
        }
    }

    fn every(
        &mut self,
        key: Option<u16>,
        value: u16,
        of: &'d Expr,
        body: &'d [Statement],
        frame: Frame,
    ) -> Holds {
        // regorus and OPA differ on what is no collection.
        let of = match self.value(of, frame) {
            Term::Known(of) if of.is_collection() => of,
            _ => return Holds::Perhaps,
        };
        let mut all = Holds::Yes;
        self.each((key, Some(value)), of, frame, &mut |run| {
            match run.exists(body, frame) {
                Holds::No => all = Holds::No,
                Holds::Perhaps => all = Holds::Perhaps,
                Holds::Yes => {}
            }
            all != Holds::No
        });
        all
    }

    fn holds(&mut self, condition: &'d Expr, frame: Frame) -> Holds {
        match self.value(condition, frame) {
            Term::Undefined | Term::Known(Item::Value(Value::Bool(false))) => Holds::No,
            Term::Unclear => Holds::Perhaps,
            Term::Known(_) => Holds::Yes,
        }
    }

    pub(super) fn value(&mut self, expr: &'d Expr, frame: Frame) -> Term<'d> {
        match expr {
            Expr::Constant(Constant(value)) => Term::Known(Item::Value(value)),
            Expr::Slot(slot) => self.slot(frame, *slot),
            Expr::Input => Term::Known(self.memo.input),
            Expr::Params => Term::Known(Item::Value(self.memo.given.params)),
            Expr::Tables => Term::Known(Item::Value(self.memo.given.tables)),
            Expr::Field(of, key) => match self.value(of, frame) {
                Term::Known(Item::Value(of)) => self.memo.fields.step(of, key),
                Term::Known(Item::Part(part)) => match &part.form {
                    Form::Object(shape, items) => self.memory.field(shape, items, key),
                    // The keys of lists are numbers, and those are not fixed often.
                    Form::List(_) => step(Item::Part(part), &key.constant.0),
                },
                other => other,
            },
            Expr::Index(of, key) => self.both(of, key, frame, |_, of, key| step(of, key.whole())),
            Expr::Definition(position) => self.definition(*position),
            Expr::Call(position, args) => {
                self.with(args, frame, |run, args| run.call(*position, args))
            }
            Expr::Builtin(builtin, args) => {
                self.with(args, frame, |run, args| run.builtin(*builtin, args))
            }
            Expr::Array(items) => self.items(items, frame, Memo::keep_list),
            Expr::Set(items) => self.items(items, frame, |memo, items| memo.keep(set(items))),
            Expr::Object(fields) => self.object(fields, frame),
            Expr::Listed(term, query) => {
                let items = self.comprehension(term, query, frame);
                items.map_or(Term::Unclear, |items| self.memo.keep_list(items))
            }
            Expr::Collected(term, query) => {
                let items = self.comprehension(term, query, frame);
                self.known(items.map(set))
            }
            Expr::Mapped(key, term, query) => {
                let fields = self.mapped(key, term, query, frame);
                self.known(fields)
            }
            Expr::Compare(op, a, b) => self.both(a, b, frame, |_, a, b| compare(*op, a, b)),
            Expr::Member(value, of) => self.both(value, of, frame, |_, a, b| member(a, b)),
            Expr::Arithmetic(op, a, b) => {
                self.both(a, b, frame, |run, a, b| run.known(arithmetic(*op, a, b)))
            }
            Expr::Unclear => Term::Unclear,
        }
    }

    fn known(&mut self, value: Option<Value>) -> Term<'d> {
        value.map_or(Term::Unclear, |value| self.memo.keep(value))
    }

    fn both(
        &mut self,
        a: &'d Expr,
        b: &'d Expr,
        frame: Frame,
        then: impl FnOnce(&mut Self, Item<'d>, Item<'d>) -> Term<'d>,
    ) -> Term<'d> {
        match (self.value(a, frame), self.value(b, frame)) {
            (Term::Undefined, _) | (_, Term::Undefined) => Term::Undefined,
            (Term::Known(a), Term::Known(b)) => then(self, a, b),
            _ => Term::Unclear,
        }
    }

    /// What comes of values; undefined or unclear when one of them is.
    fn with(
        &mut self,
        exprs: &'d [Expr],
        frame: Frame,
        then: impl FnOnce(&mut Self, &[Item<'d>]) -> Term<'d>,
    ) -> Term<'d> {
        let mut values = [Item::Value(&Value::Null); MAX_ARGUMENTS];
        let Some(values) = values.get_mut(..exprs.len()) else { return Term::Unclear };
        let mut unclear = false;
        for (place, expr) in values.iter_mut().zip(exprs) {
            match self.value(expr, frame) {
                Term::Undefined => return Term::Undefined,
                Term::Unclear => unclear = true,
                Term::Known(value) => *place = value,
            }
        }
        if unclear { Term::Unclear } else { then(self, values) }
    }

    fn builtin(&mut self, builtin: Builtin, args: &[Item<'d>]) -> Term<'d> {
        if builtin == Builtin::ObjectGet {
            return builtins::get(args).map_or(Term::Unclear, Term::Known);
        }
        if let [Item::Part(part)] = args
            && let Some(value) = builtins::of_part(builtin, part)
        {
            return self.memo.keep(value);
        }
        let bytes: usize = args.iter().copied().map(builtins::bytes).sum();
        let steps = u32::try_from(bytes / BYTES_OF_STEP).unwrap_or(STEPS);
        self.steps = self.steps.saturating_add(steps);
        if let Some(items) = builtins::listed(builtin, args) {
            return self.memo.keep_list(items);
        }
        let mut values = [&Value::Null; MAX_ARGUMENTS];
        let Some(values) = values.get_mut(..args.len()) else { return Term::Unclear };
        for (place, arg) in values.iter_mut().zip(args) {
            *place = arg.whole();
        }
        let value = builtins::call(builtin, values, &mut self.memory.patterns);
        self.known(value)
    }

    fn items(
        &mut self,
        exprs: &'d [Expr],
        frame: Frame,
        make: impl FnOnce(&mut Memo<'d>, Vec<Item<'d>>) -> Term<'d>,
    ) -> Term<'d> {
        let mut items = Vec::with_capacity(exprs.len());
        let mut unclear = false;
        for expr in exprs {
            match self.value(expr, frame) {
                Term::Undefined => return Term::Undefined,
                Term::Unclear => unclear = true,
                Term::Known(item) => items.push(item),
            }
        }
        if unclear { Term::Unclear } else { make(self.memo, items) }
    }

    fn object(&mut self, fields: &'d [(Expr, Expr)], frame: Frame) -> Term<'d> {
        let mut object = BTreeMap::new();
        for (key, value) in fields {
            match (self.value(key, frame), self.value(value, frame)) {
                (Term::Undefined, _) | (_, Term::Undefined) => return Term::Undefined,
                (Term::Known(key), Term::Known(value)) => {
                    object.insert(key.cloned(), value.cloned());
                }
                _ => return Term::Unclear,
            }
        }
        self.memo.keep(value::object(object))
    }

    /// None when it is unclear what belongs to it.
    pub(super) fn comprehension(
        &mut self,
        term: &'d Expr,
        query: &'d [Statement],
        frame: Frame,
    ) -> Option<Vec<Item<'d>>> {
        let mut items = Vec::new();
        let mut clear = true;
        self.solve(query, frame, true, &mut |run, sure| {
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
        key: &'d Expr,
        term: &'d Expr,
        query: &'d [Statement],
        frame: Frame,
    ) -> Option<Value> {
        let mut fields = BTreeMap::new();
        let mut clear = true;
        self.solve(query, frame, true, &mut |run, sure| {
            match (run.value(key, frame), run.value(term, frame)) {
                (Term::Undefined, _) | (_, Term::Undefined) if sure => {}
                (Term::Known(key), Term::Known(value)) if sure => {
                    clear = fields.entry(key.cloned()).or_insert_with(|| value.cloned())
                        == value.whole();
                }
                _ => clear = false,
            }
            clear
        });
        clear.then(|| value::object(fields))
    }

    /// Takes something apart; false when it is not of that form.
    fn take(&mut self, pattern: &Pattern, item: Item<'d>, frame: Frame) -> bool {
        match pattern {
            Pattern::Any => true,
            Pattern::Slot(slot) => {
                self.put(frame, Some(*slot), Term::Known(item));
                true
            }
            Pattern::Literal(Constant(literal)) => Item::Value(literal) == item,
            Pattern::Array(parts) => match item {
                Item::Value(Value::Array(items)) => {
                    let mut pairs = parts.iter().zip(items.iter());
                    parts.len() == items.len()
                        && pairs.all(|(part, item)| self.take(part, Item::Value(item), frame))
                }
                Item::Part(Part { form: Form::List(items), .. }) => {
                    let mut pairs = parts.iter().zip(items.iter());
                    parts.len() == items.len()
                        && pairs.all(|(part, item)| self.take(part, *item, frame))
                }
                _ => false,
            },
        }
    }

    fn blur(&mut self, pattern: &Pattern, frame: Frame) {
        match pattern {
            Pattern::Any | Pattern::Literal(_) => {}
            Pattern::Slot(slot) => self.put(frame, Some(*slot), Term::Unclear),
            Pattern::Array(parts) => parts.iter().for_each(|part| self.blur(part, frame)),
        }
    }
}

fn set(items: Vec<Item<'_>>) -> Value {
    Value::from(items.into_iter().map(Item::cloned).collect::<BTreeSet<_>>())
}
