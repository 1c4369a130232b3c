//! Operations on values that are known.

use regorus::Value;

use super::program::{Comparison, Operation};

/// The value of an expression. What is known is part of the facts, of the tables, of the rule, or
/// was made on the way and is kept with the [`Memo`](super::memo::Memo) of the document.
#[derive(Clone, Copy)]
pub(super) enum Term<'d> {
    Undefined,
    Unclear,
    Known(&'d Value),
}

/// A boolean.
pub(super) fn truth(value: bool) -> Term<'static> {
    static TRUE: Value = Value::Bool(true);
    static FALSE: Value = Value::Bool(false);
    Term::Known(if value { &TRUE } else { &FALSE })
}

/// A step into a value.
pub(super) fn step<'d>(of: &'d Value, key: &Value) -> Term<'d> {
    let found = match (of, key) {
        (Value::Object(fields), key) => fields.get(key),
        (Value::Array(items), Value::Number(index)) => {
            index.as_u64().and_then(|index| items.get(usize::try_from(index).ok()?))
        }
        (Value::Set(items), key) => items.get(key),
        _ => None,
    };
    match found {
        Some(Value::Undefined) | None => Term::Undefined,
        Some(value) => Term::Known(value),
    }
}

pub(super) fn compare(op: Comparison, a: &Value, b: &Value) -> Term<'static> {
    let comparable = matches!(
        (a, b),
        (Value::Number(_), Value::Number(_)) | (Value::String(_), Value::String(_))
    );
    truth(match op {
        Comparison::Equal => a == b,
        Comparison::NotEqual => a != b,
        _ if !comparable => return Term::Unclear,
        Comparison::Less => a < b,
        Comparison::LessOrEqual => a <= b,
        Comparison::GreaterOrEqual => a >= b,
        Comparison::Greater => a > b,
    })
}

pub(super) fn member(value: &Value, of: &Value) -> Term<'static> {
    truth(match of {
        Value::Array(items) => items.iter().any(|item| item == value),
        Value::Set(items) => items.contains(value),
        Value::Object(fields) => fields.iter().any(|(_, item)| item == value),
        _ => return Term::Unclear,
    })
}

/// None for what is no whole number, and no set.
pub(super) fn arithmetic(op: Operation, a: &Value, b: &Value) -> Option<Value> {
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
