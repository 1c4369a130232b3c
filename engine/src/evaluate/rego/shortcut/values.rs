//! Operations on values that are known.

use std::cmp::Ordering;

use regorus::Value;

use super::part::{self, Form, Item};
use super::program::{Comparison, Operation};

/// The value of an expression. What is known is part of the facts, of the tables, of the rule, or
/// was made on the way and is kept with the [`Memo`](super::memo::Memo) of the document.
#[derive(Clone, Copy)]
pub(super) enum Term<'d> {
    Undefined,
    Unclear,
    Known(Item<'d>),
}

/// A boolean.
pub(super) fn truth(value: bool) -> Term<'static> {
    Term::Known(part::truth(value))
}

/// A step into something.
pub(super) fn step<'d>(of: Item<'d>, key: &Value) -> Term<'d> {
    let found = match (of, key) {
        (Item::Part(part), key) => {
            let place = match (&part.form, key) {
                (Form::Object(shape, _), key) => shape.place(key),
                (Form::List(_), key) => position(key),
            };
            let item = place.and_then(|place| part.items().get(place));
            return item.map_or(Term::Undefined, |item| Term::Known(*item));
        }
        (Item::Value(Value::Object(fields)), key) => fields.get(key),
        (Item::Value(Value::Array(items)), key) => position(key).and_then(|index| items.get(index)),
        (Item::Value(Value::Set(items)), key) => items.get(key),
        _ => None,
    };
    match found {
        Some(Value::Undefined) | None => Term::Undefined,
        Some(value) => Term::Known(Item::Value(value)),
    }
}

fn position(index: &Value) -> Option<usize> {
    let Value::Number(index) = index else { return None };
    usize::try_from(index.as_u64()?).ok()
}

pub(super) fn compare(op: Comparison, a: Item<'_>, b: Item<'_>) -> Term<'static> {
    let order = || match (a, b) {
        (Item::Value(a @ Value::Number(_)), Item::Value(b @ Value::Number(_)))
        | (Item::Value(a @ Value::String(_)), Item::Value(b @ Value::String(_))) => Some(a.cmp(b)),
        _ => None,
    };
    let holds = match op {
        Comparison::Equal => Some(a == b),
        Comparison::NotEqual => Some(a != b),
        Comparison::Less => order().map(Ordering::is_lt),
        Comparison::LessOrEqual => order().map(Ordering::is_le),
        Comparison::GreaterOrEqual => order().map(Ordering::is_ge),
        Comparison::Greater => order().map(Ordering::is_gt),
    };
    holds.map_or(Term::Unclear, truth)
}

pub(super) fn member(value: Item<'_>, of: Item<'_>) -> Term<'static> {
    truth(match of {
        Item::Part(part) => part.items().contains(&value),
        Item::Value(Value::Array(items)) => items.iter().any(|item| Item::Value(item) == value),
        Item::Value(Value::Set(items)) => items.contains(value.whole()),
        Item::Value(Value::Object(fields)) => {
            fields.iter().any(|(_, item)| Item::Value(item) == value)
        }
        Item::Value(_) => return Term::Unclear,
    })
}

/// None for what is no whole number, and no set.
pub(super) fn arithmetic(op: Operation, a: Item<'_>, b: Item<'_>) -> Option<Value> {
    let (Item::Value(a), Item::Value(b)) = (a, b) else { return None };
    match (op, a, b) {
        (Operation::And, Value::Set(a), Value::Set(b)) => Some(a.intersection(b).into_value()),
        (Operation::Or, Value::Set(a), Value::Set(b)) => Some(a.union(b).into_value()),
        (Operation::Subtract, Value::Set(a), Value::Set(b)) => Some(a.difference(b).into_value()),
        (op, Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_i64()?, b.as_i64()?);
            let number = match op {
                Operation::Add => a.checked_add(b),
                Operation::Subtract => a.checked_sub(b),
                Operation::Multiply => a.checked_mul(b),
                Operation::And | Operation::Or => None,
            };
            number.map(Value::from)
        }
        _ => None,
    }
}
