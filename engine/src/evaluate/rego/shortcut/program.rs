//! The form of a compiled shortcut.

use std::collections::BTreeMap;
use std::fmt;

use regorus::Value;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::value;
use super::builtins::Builtin;

/// One rule.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Program {
    pub(super) deny: Vec<Body>,
    pub(super) unknown: Vec<Body>,
}

/// A body, what it adds to its set, and how many variables they have.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) slots: u16,
    pub(super) branch: Branch,
}

/// A statement of a body: all of them have to hold.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Statement {
    /// `some key, value in of`.
    Each { key: Option<u16>, value: Option<u16>, of: Expr },
    /// `slot := value`.
    Bind { slot: u16, value: Expr },
    /// `[a, b] := value`: holds when the value has that form.
    Match { pattern: Pattern, value: Expr },
    /// An expression that has to be defined and not false.
    Holds(Expr),
    /// `not …`.
    Fails(Vec<Statement>),
    /// `every key, value in of { … }`.
    Every { key: Option<u16>, value: u16, of: Expr, body: Vec<Statement> },
    /// Something that may hold or not.
    Unclear,
}

/// What a value is taken apart by.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Pattern {
    Any,
    Slot(u16),
    Literal(Constant),
    Array(Vec<Pattern>),
}

/// An expression.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Expr {
    Constant(Constant),
    Slot(u16),
    Input,
    /// `input.params`, the same for all documents.
    Params,
    /// `input.data`, the same for all documents.
    Tables,
    /// A step to a fixed key.
    Field(Box<Expr>, Key),
    /// A step to a key that is computed.
    Index(Box<Expr>, Box<Expr>),
    /// A definition without arguments, by its position in the bundle.
    Definition(u32),
    Call(u32, Vec<Expr>),
    Builtin(Builtin, Vec<Expr>),
    Array(Vec<Expr>),
    Set(Vec<Expr>),
    Object(Vec<(Expr, Expr)>),
    /// `[term | …]`.
    Listed(Box<Expr>, Vec<Statement>),
    /// `{term | …}`.
    Collected(Box<Expr>, Vec<Statement>),
    /// `{key: term | …}`.
    Mapped(Box<Expr>, Box<Expr>, Vec<Statement>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `value in collection`.
    Member(Box<Expr>, Box<Expr>),
    Arithmetic(Operation, Box<Expr>, Box<Expr>),
    Unclear,
}

/// A fixed key, and its number among the keys of a bundle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) constant: Constant,
    pub(super) number: u32,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
    NotEqual,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    And,
    Or,
}

/// A rule of a package, or a function.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Definition {
    /// Whether it is a set that its alternatives add to.
    pub(super) collects: bool,
    pub(super) alternatives: Vec<Alternative>,
    /// Whether every value that it may have is `true`: the first that holds decides.
    pub(super) affirms: bool,
    /// Whether it depends on parameters and tables only.
    pub(super) fixed: bool,
}

/// One definition of several with the same name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Alternative {
    pub(super) slots: u16,
    pub(super) parameters: Vec<Parameter>,
    /// The body and those behind `else`, in order.
    pub(super) branches: Vec<Branch>,
}

/// A parameter of a function.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Parameter {
    Slot(u16),
    Any,
    Literal(Constant),
}

/// A body and the value it gives.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Branch {
    pub(super) statements: Vec<Statement>,
    pub(super) value: Expr,
}

/// A value that is written out. Serialised with its type, which JSON would lose.
#[derive(Clone)]
pub(super) struct Constant(pub(super) Value);

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[derive(Serialize, Deserialize)]
enum Plain {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
    Array(Vec<Plain>),
    Set(Vec<Plain>),
    Object(Vec<(Plain, Plain)>),
}

impl Constant {
    /// None for values that constants cannot have: numbers that are no small integers.
    pub(super) fn of(value: &Value) -> Option<Constant> {
        Plain::of(value).map(|_| Constant(value.clone()))
    }
}

impl Plain {
    fn of(value: &Value) -> Option<Plain> {
        Some(match value {
            Value::Null => Plain::Null,
            Value::Bool(value) => Plain::Bool(*value),
            Value::Number(number) if number.is_integer() => Plain::Integer(number.as_i64()?),
            Value::String(text) => Plain::Text(text.to_string()),
            Value::Array(items) => {
                Plain::Array(items.iter().map(Plain::of).collect::<Option<_>>()?)
            }
            Value::Set(items) => Plain::Set(items.iter().map(Plain::of).collect::<Option<_>>()?),
            Value::Object(fields) => Plain::Object(
                (fields.iter())
                    .map(|(key, value)| Some((Plain::of(key)?, Plain::of(value)?)))
                    .collect::<Option<_>>()?,
            ),
            Value::Number(_) | Value::Undefined => return None,
        })
    }

    fn value(self) -> Value {
        match self {
            Plain::Null => Value::Null,
            Plain::Bool(value) => Value::Bool(value),
            Plain::Integer(number) => Value::from(number),
            Plain::Text(text) => value::string(&text),
            Plain::Array(items) => {
                Value::from(items.into_iter().map(Plain::value).collect::<Vec<_>>())
            }
            Plain::Set(items) => Value::from(
                items.into_iter().map(Plain::value).collect::<std::collections::BTreeSet<_>>(),
            ),
            Plain::Object(fields) => value::object(
                fields
                    .into_iter()
                    .map(|(key, of)| (key.value(), of.value()))
                    .collect::<BTreeMap<_, _>>(),
            ),
        }
    }
}

impl Serialize for Constant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // `of` lets nothing else become a constant.
        Plain::of(&self.0).unwrap_or(Plain::Null).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Constant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Plain::deserialize(deserializer).map(|plain| Constant(plain.value()))
    }
}
