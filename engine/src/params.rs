//! The parameters of a rule: what METADATA declares, and whether a value fits.
//!
//! Owns the types, and the check of values against them. Who declares a parameter, and who sets it, is
//! not its business.

#[cfg(test)]
mod tests;

use std::fmt;

use plimsoll_sdk::rule::{ParamMeta, RuleMeta};
use serde_json::Value;

use crate::excerpt::excerpt;

/// What a parameter's values look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamType {
    /// `true` or `false`.
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// Any finite number.
    Number,
    /// Text.
    String,
    /// A list of texts.
    StringList,
    /// A list of whole numbers.
    IntegerList,
    /// Texts by name.
    StringMap,
}

impl ParamType {
    /// All of them, in the order in which messages list them.
    pub const ALL: [ParamType; 7] = [
        ParamType::Boolean,
        ParamType::Integer,
        ParamType::Number,
        ParamType::String,
        ParamType::StringList,
        ParamType::IntegerList,
        ParamType::StringMap,
    ];

    /// How METADATA writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ParamType::Boolean => "boolean",
            ParamType::Integer => "integer",
            ParamType::Number => "number",
            ParamType::String => "string",
            ParamType::StringList => "list<string>",
            ParamType::IntegerList => "list<integer>",
            ParamType::StringMap => "map<string>",
        }
    }

    /// Reads what METADATA writes; spaces do not count. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| *c != ' ').collect();
        Self::ALL.into_iter().find(|ty| ty.as_str() == text)
    }

    /// How messages write it, with its article.
    #[must_use]
    pub fn described(self) -> &'static str {
        match self {
            ParamType::Boolean => "a boolean",
            ParamType::Integer => "an integer",
            ParamType::Number => "a number",
            ParamType::String => "a string",
            ParamType::StringList => "a list of strings",
            ParamType::IntegerList => "a list of integers",
            ParamType::StringMap => "a mapping of strings",
        }
    }

    /// Whether a value is of this type.
    ///
    /// # Errors
    ///
    /// What does not fit: the value itself, or the first element that does not.
    pub fn check(self, value: &Value) -> Result<(), Mismatch> {
        match (self, value) {
            (ParamType::Boolean, Value::Bool(_))
            | (ParamType::Number, Value::Number(_))
            | (ParamType::String, Value::String(_)) => Ok(()),
            (ParamType::Integer, Value::Number(number)) if number.as_i64().is_some() => Ok(()),
            (ParamType::StringList | ParamType::IntegerList, Value::Array(items)) => items
                .iter()
                .enumerate()
                .try_for_each(|(at, item)| self.check_element(item, Step::Index(at))),
            (ParamType::StringMap, Value::Object(entries)) => entries
                .iter()
                .try_for_each(|(key, item)| self.check_element(item, Step::Key(key.clone()))),
            _ => Err(Mismatch {
                path: Vec::new(),
                expected: self.described().to_owned(),
                found: found(value),
            }),
        }
    }

    fn check_element(self, item: &Value, step: Step) -> Result<(), Mismatch> {
        let element = self.element().unwrap_or(self);
        element.check(item).map_err(|mismatch| Mismatch {
            path: vec![step],
            expected: format!("{} in {}", mismatch.expected, self.described()),
            ..mismatch
        })
    }

    /// The type of a list's or mapping's elements.
    fn element(self) -> Option<ParamType> {
        match self {
            ParamType::StringList | ParamType::StringMap => Some(ParamType::String),
            ParamType::IntegerList => Some(ParamType::Integer),
            _ => None,
        }
    }
}

impl fmt::Display for ParamType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One step from a value to one of its elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The element of a list, counted from 0.
    Index(usize),
    /// The value of a mapping's key.
    Key(String),
}

/// Why a value does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// From the value to what does not fit; empty for the value itself.
    pub path: Vec<Step>,
    /// What is allowed there: "an integer", "one of `a`, `b`".
    pub expected: String,
    /// What is there: "a list", "the string `x`".
    pub found: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

/// A parameter as its rule declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamSpec {
    /// Its name: lower-case words joined by `_`.
    pub name: String,
    /// Its type.
    pub ty: ParamType,
    /// Its value where nobody sets one; always fits.
    pub default: Value,
    /// What it does, for the reference.
    pub description: String,
    /// The only values (of a list or mapping: the only elements) that there may be.
    pub allowed: Option<Vec<Value>>,
}

impl ParamSpec {
    /// A declared parameter; `None` when its type is none.
    #[must_use]
    pub fn new(name: &str, meta: &ParamMeta) -> Option<Self> {
        Some(ParamSpec {
            name: name.to_owned(),
            ty: ParamType::parse(&meta.ty)?,
            default: meta.default.clone(),
            description: meta.description.clone(),
            allowed: meta.allowed.clone(),
        })
    }

    /// The parameters that a rule declares, by name. One whose type is none was refused with its
    /// bundle, and is left out here.
    #[must_use]
    pub fn of(rule: &RuleMeta) -> Vec<Self> {
        rule.params.iter().filter_map(|(name, meta)| ParamSpec::new(name, meta)).collect()
    }

    /// Whether a value fits the type, and is allowed.
    ///
    /// # Errors
    ///
    /// The first thing that does not fit.
    pub fn check(&self, value: &Value) -> Result<(), Mismatch> {
        self.ty.check(value)?;
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(at, item)| self.limits(item, || vec![Step::Index(at)])),
            Value::Object(entries) => entries
                .iter()
                .try_for_each(|(key, item)| self.limits(item, || vec![Step::Key(key.clone())])),
            value => self.limits(value, Vec::new),
        }
    }

    fn limits(&self, value: &Value, path: impl FnOnce() -> Vec<Step>) -> Result<(), Mismatch> {
        let Some(allowed) = &self.allowed else { return Ok(()) };
        if allowed.iter().any(|one| same(one, value)) {
            return Ok(());
        }
        let words: Vec<String> = allowed.iter().map(|one| format!("`{}`", plain(one))).collect();
        let expected = format!("one of {}", words.join(", "));
        Err(Mismatch { path: path(), expected, found: format!("`{}`", plain(value)) })
    }
}

/// Equal as JSON values, where `1` and `1.0` are one number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => {
            a.as_f64() == b.as_f64()
        }
        _ => a == b,
    }
}

/// A value as one would write it, shortened.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => excerpt(text),
        other => excerpt(&other.to_string()),
    }
}

/// What a value is, with its article; scalars with their text.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(value) => format!("the boolean `{value}`"),
        Value::Number(_) => format!("the number `{}`", plain(value)),
        Value::String(_) => format!("the string `{}`", plain(value)),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "a mapping".into(),
    }
}
