//! What evaluations have in common: of one document, and of one document with the next.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use regorus::Value;

use super::super::executor::Raw;
use super::super::value::AddressHasher;
use super::Shortcuts;
use super::builtins::{self, Patterns};
use super::part::{Item, Made, Part, Shape};
use super::program::Key;
use super::run::Taken;
use super::values::{Term, step, truth};

/// Bytes, about, of values that are made for one document; beyond, everything is unclear.
const MAX_MADE: usize = 64 << 20;

/// So many calls are remembered for one document, and so many there are of most.
const MAX_CALLS: usize = 1 << 14;
const USUAL_CALLS: usize = 1 << 9;

/// So many calls are remembered from one document to the next, and of so short texts.
const MAX_LASTING_CALLS: usize = 1 << 13;
const MAX_ARGUMENT: usize = 256;

/// The steps from which on a call is remembered for other documents.
const COSTLY: u32 = 12;

/// How deep in parameters and tables the collections are that functions are given.
const LASTING_DEPTH: u32 = 2;

/// What is kept from one document to the next.
#[derive(Default)]
pub(in super::super) struct Memory {
    pub(super) patterns: Patterns,
    /// Calls of functions that depend on parameters and tables only, with arguments that mean the
    /// same for another document.
    calls: HashMap<LastingCall, (Option<Value>, u32)>,
    /// For each definition the most steps that a call of it took: to remember the quick ones would
    /// take longer than to make them.
    costs: Vec<u32>,
    /// The collections that fixed definitions came to, by their addresses.
    fixed: Addresses,
    /// Where in a shape a key is, by the numbers of both.
    places: Vec<Vec<Place>>,
}

#[derive(Clone, Copy, Default)]
enum Place {
    /// Nobody looked.
    #[default]
    Open,
    Nowhere,
    /// There are fewer shapes than that, and a shape has at most as many names.
    At(u16),
}

type Addresses = HashSet<usize, BuildHasherDefault<AddressHasher>>;

/// What is the same for all documents.
pub(in super::super) struct Given<'e> {
    pub(in super::super) params: &'e Value,
    pub(in super::super) tables: &'e Value,
    pub(in super::super) lasting: &'e Lasting,
}

/// The collections in parameters and tables, by their addresses.
pub(in super::super) struct Lasting(Addresses);

impl Lasting {
    pub(in super::super) fn of(params: &Value, tables: &Value) -> Self {
        let mut lasting = Lasting(HashSet::default());
        lasting.add(params, LASTING_DEPTH);
        lasting.add(tables, LASTING_DEPTH);
        lasting
    }

    fn add(&mut self, value: &Value, depth: u32) {
        if let (Value::Object(fields), 1..) = (value, depth) {
            fields.iter().for_each(|(_, value)| self.add(value, depth - 1));
        }
        self.0.extend(address(value));
    }
}

/// Where a collection is, which tells it from every other one that is there as long.
fn address(value: &Value) -> Option<usize> {
    Some(match value {
        Value::Array(items) => Arc::as_ptr(items).addr(),
        Value::Set(items) => Arc::as_ptr(items).addr(),
        Value::Object(fields) => Arc::as_ptr(fields).addr(),
        _ => return None,
    })
}

/// What something came to, and how many steps it took. Who meets it again counts them, too, so that
/// what was looked at before does not decide how far a rule gets.
pub(super) type Known<'d> = (Term<'d>, u32);

/// One document: its facts, and what definitions came to, for all rules of a bundle.
pub(in super::super) struct Memo<'d> {
    pub(super) shortcuts: &'d Shortcuts,
    pub(super) input: Item<'d>,
    pub(super) given: Given<'d>,
    made: &'d Made<'d>,
    made_bytes: usize,
    /// By the positions of definitions.
    values: Vec<Option<Known<'d>>>,
    calls: HashMap<Call, Known<'d>, BuildHasherDefault<AddressHasher>>,
    pub(super) fields: Fields<'d>,
    /// The variables of everything that is being evaluated.
    pub(super) variables: Vec<Term<'d>>,
}

impl<'d> Memo<'d> {
    pub(in super::super) fn new(
        shortcuts: &'d Shortcuts,
        input: Item<'d>,
        given: Given<'d>,
        made: &'d Made<'d>,
    ) -> Self {
        Memo {
            shortcuts,
            input,
            given,
            made,
            made_bytes: 0,
            values: vec![None; shortcuts.definitions.len()],
            calls: HashMap::with_capacity_and_hasher(USUAL_CALLS, BuildHasherDefault::default()),
            fields: Fields::new(),
            variables: Vec::with_capacity(64),
        }
    }

    /// All that a rule says; None when that is not certain.
    pub(in super::super) fn settle(&mut self, rule: usize, memory: &mut Memory) -> Option<Raw> {
        let program = self.shortcuts.programs.get(rule)?.get()?;
        self.variables.clear();
        let mut taken = Taken { memo: self, memory, steps: 0, depth: 0 };
        let deny = taken.set(&program.deny)?;
        let unknown = taken.set(&program.unknown)?;
        Some(Raw { deny, unknown })
    }

    /// A value that is new. Undefined is none.
    pub(super) fn keep(&mut self, value: Value) -> Term<'d> {
        let bytes = match &value {
            Value::Undefined => return Term::Undefined,
            Value::Bool(value) => return truth(*value),
            Value::String(text) => text.len(),
            other => builtins::bytes_of(other) * size_of::<Value>(),
        };
        self.made_bytes += size_of::<Value>() + bytes;
        Term::Known(Item::Value(self.made.values.alloc(value)))
    }

    /// A list that is new. What has no parts is a value at once, as most functions want it.
    pub(super) fn keep_list(&mut self, items: Vec<Item<'d>>) -> Term<'d> {
        if items.iter().all(|item| matches!(item, Item::Value(_))) {
            return self.keep(Value::from(items.into_iter().map(Item::cloned).collect::<Vec<_>>()));
        }
        self.made_bytes += size_of::<Part<'_>>() + items.len() * size_of::<Item<'_>>();
        let items = self.made.items.alloc_extend(items);
        Term::Known(Item::Part(self.made.parts.alloc(Part::list(items))))
    }

    pub(super) fn is_full(&self) -> bool {
        self.made_bytes > MAX_MADE
    }

    /// What a definition came to on this document.
    pub(super) fn value(&self, position: u32) -> Option<Known<'d>> {
        *self.values.get(position as usize)?
    }

    /// What a definition comes to on every document.
    pub(super) fn fixed(&self, position: u32) -> Option<Known<'d>> {
        let (value, steps) = self.shortcuts.fixed.get(position as usize)?.get()?;
        let known = |value| Term::Known(Item::Value(value));
        Some((value.as_ref().map_or(Term::Undefined, known), *steps))
    }

    pub(super) fn remember(&mut self, position: u32, (term, steps): Known<'d>, is_fixed: bool) {
        let Some(value) = of_certain(term) else { return };
        let index = position as usize;
        if is_fixed {
            if let Some(fixed) = self.shortcuts.fixed.get(index) {
                // Another thread may have been faster, and found the same.
                let _same = fixed.set((value.map(Item::cloned), steps));
            }
        } else if let Some(place) = self.values.get_mut(index) {
            *place = Some((term, steps));
        }
    }

    pub(super) fn call(&self, call: &Call) -> Option<Known<'d>> {
        self.calls.get(call).copied()
    }

    pub(super) fn remember_call(&mut self, call: Call, known: Known<'d>) {
        if self.calls.len() < MAX_CALLS && of_certain(known.0).is_some() {
            self.calls.insert(call, known);
        }
    }
}

impl Memory {
    /// Whether calls of a definition are worth being remembered.
    pub(super) fn is_costly(&self, position: u32) -> bool {
        self.costs.get(position as usize).is_some_and(|&steps| steps >= COSTLY)
    }

    pub(super) fn note_cost(&mut self, position: u32, steps: u32) {
        let index = position as usize;
        if self.costs.len() <= index {
            self.costs.resize(index + 1, 0);
        }
        if let Some(most) = self.costs.get_mut(index) {
            *most = steps.max(*most);
        }
    }

    /// Takes note of what a fixed definition came to: it is the same for other documents.
    pub(super) fn note_fixed(&mut self, value: &Value) {
        self.fixed.extend(address(value));
    }

    pub(super) fn call(&self, call: &LastingCall) -> Option<(Option<Value>, u32)> {
        self.calls.get(call).cloned()
    }

    pub(super) fn remember_call(&mut self, call: LastingCall, (term, steps): Known<'_>) {
        let Some(value) = of_certain(term) else { return };
        if self.calls.len() >= MAX_LASTING_CALLS {
            self.calls.clear();
        }
        self.calls.insert(call, (value.map(Item::cloned), steps));
    }

    /// A step to a field of an object that has a shape.
    pub(super) fn field<'d>(&mut self, shape: &Shape, items: &[Item<'d>], key: &Key) -> Term<'d> {
        let (shape_number, number) = (shape.number, key.number as usize);
        if self.places.len() <= shape_number {
            self.places.resize_with(shape_number + 1, Vec::new);
        }
        let Some(places) = self.places.get_mut(shape_number) else { return Term::Unclear };
        if places.len() <= number {
            places.resize(number + 1, Place::Open);
        }
        let Some(place) = places.get_mut(number) else { return Term::Unclear };
        if let Place::Open = place {
            let found = shape.place(&key.constant.0).and_then(|at| u16::try_from(at).ok());
            *place = found.map_or(Place::Nowhere, Place::At);
        }
        match place {
            Place::At(at) => {
                items.get(usize::from(*at)).map_or(Term::Undefined, |it| Term::Known(*it))
            }
            Place::Open | Place::Nowhere => Term::Undefined,
        }
    }
}

/// What can be relied on another time, too: what was cut short may come out then.
fn of_certain(term: Term<'_>) -> Option<Option<Item<'_>>> {
    match term {
        Term::Unclear => None,
        Term::Undefined => Some(None),
        Term::Known(value) => Some(Some(value)),
    }
}

/// Fields of objects that were looked up before. Rules go the same ways again and again, and to look
/// at a key's number is far quicker than to compare its letters with those of others.
pub(super) struct Fields<'d>(Vec<Option<Looked<'d>>>);

/// An object's address, a key's number, and what is there.
type Looked<'d> = (usize, u32, Term<'d>);

impl<'d> Fields<'d> {
    /// So many are kept; what comes to the place of another one takes it.
    const PLACES: usize = 1 << 10;

    fn new() -> Self {
        Fields(vec![None; Self::PLACES])
    }

    /// As [`values::step`](step).
    pub(super) fn step(&mut self, of: &'d Value, key: &Key) -> Term<'d> {
        let Value::Object(fields) = of else { return step(Item::Value(of), &key.constant.0) };
        let (address, number) = (Arc::as_ptr(fields).addr(), key.number);
        let mixed = (address >> 4).wrapping_add(number as usize).wrapping_mul(0x9e37_79b9);
        let Some(place) = self.0.get_mut((mixed >> 12) % Self::PLACES) else {
            return step(Item::Value(of), &key.constant.0);
        };
        match place {
            Some((at, key, term)) if *at == address && *key == number => *term,
            place => {
                let term = step(Item::Value(of), &key.constant.0);
                *place = Some((address, number, term));
                term
            }
        }
    }
}

/// A function and its arguments: which ones, not what they say, because nothing that was looked at
/// goes away before the document does.
#[derive(PartialEq, Eq)]
pub(super) struct Call {
    position: u32,
    args: [(u8, u64); Call::ARGUMENTS],
}

impl Call {
    const ARGUMENTS: usize = 6;

    /// None for more arguments than are looked at, and for numbers that are not whole.
    pub(super) fn of(position: u32, args: &[Item<'_>]) -> Option<Call> {
        let mut call = Call { position, args: [(0, 0); Call::ARGUMENTS] };
        if args.len() > call.args.len() {
            return None;
        }
        for (place, arg) in call.args.iter_mut().zip(args) {
            let arg = match arg {
                Item::Value(value) => value,
                Item::Part(part) => {
                    *place = (6, std::ptr::from_ref(*part).addr() as u64);
                    continue;
                }
            };
            *place = match arg {
                Value::Null => (1, 0),
                Value::Bool(value) => (2, u64::from(*value)),
                Value::Number(number) => (3, number.as_i64()?.cast_unsigned()),
                Value::String(text) => (4, Arc::as_ptr(text).addr() as u64),
                collection => (5, address(collection)? as u64),
            };
        }
        Some(call)
    }
}

impl Hash for Call {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.position);
        self.args.iter().for_each(|(_, arg)| state.write_u64(*arg));
    }
}

/// A function and its arguments, by what they say.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct LastingCall {
    position: u32,
    args: Vec<Argument>,
}

#[derive(PartialEq, Eq, Hash)]
enum Argument {
    Null,
    Bool(bool),
    Text(Arc<str>),
    /// The address of a collection that is lasting.
    Lasting(usize),
}

impl LastingCall {
    /// None where an argument is something else.
    pub(super) fn of(
        position: u32,
        args: &[Item<'_>],
        lasting: &Lasting,
        memory: &Memory,
    ) -> Option<LastingCall> {
        let is_lasting = |at: &usize| lasting.0.contains(at) || memory.fixed.contains(at);
        let of_value = |value: &Value| match value {
            Value::Null => Some(Argument::Null),
            Value::Bool(value) => Some(Argument::Bool(*value)),
            Value::String(text) if text.len() <= MAX_ARGUMENT => {
                Some(Argument::Text(Arc::clone(text)))
            }
            value => address(value).filter(is_lasting).map(Argument::Lasting),
        };
        let argument = |arg: &Item<'_>| match arg {
            Item::Part(_) => None,
            Item::Value(value) => of_value(value),
        };
        let args = args.iter().map(argument).collect::<Option<_>>()?;
        Some(LastingCall { position, args })
    }
}
