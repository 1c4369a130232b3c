//! The values of the declared parameters, by type.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The values of a rule's parameters: those of the configuration, else the defaults.
///
/// There is a function for each type of [`Param`](crate::Param). Asking for a parameter that the rule does
/// not declare, or declares with another type, gives an empty value and makes the rule an error that
/// says so, in tests as in the host.
#[derive(Debug, Default)]
pub struct Params {
    values: Map<String, Value>,
    problem: RefCell<Option<String>>,
}

impl Params {
    /// From a JSON object with a value for every declared parameter.
    ///
    /// # Errors
    ///
    /// When the text is no JSON object: one sentence.
    pub(super) fn from_json(text: &str) -> Result<Self, String> {
        match serde_json::from_str(text) {
            Ok(values) => Ok(Params { values, problem: RefCell::default() }),
            Err(error) => Err(format!("the parameters are no JSON object: {error}")),
        }
    }

    /// A parameter made with [`Param::boolean`](crate::Param::boolean).
    #[must_use]
    pub fn boolean(&self, name: &str) -> bool {
        self.get(name, "a boolean", Value::as_bool)
    }

    /// A parameter made with [`Param::integer`](crate::Param::integer).
    #[must_use]
    pub fn integer(&self, name: &str) -> i64 {
        self.get(name, "an integer", Value::as_i64)
    }

    /// A parameter made with [`Param::number`](crate::Param::number).
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        self.get(name, "a number", Value::as_f64)
    }

    /// A parameter made with [`Param::string`](crate::Param::string) or
    /// [`Param::choice`](crate::Param::choice).
    #[must_use]
    pub fn string(&self, name: &str) -> String {
        self.get(name, "a string", text)
    }

    /// A parameter made with [`Param::strings`](crate::Param::strings).
    #[must_use]
    pub fn strings(&self, name: &str) -> Vec<String> {
        self.get(name, "a list of strings", |value| value.as_array()?.iter().map(text).collect())
    }

    /// A parameter made with [`Param::integers`](crate::Param::integers).
    #[must_use]
    pub fn integers(&self, name: &str) -> Vec<i64> {
        let list = |value: &Value| value.as_array()?.iter().map(Value::as_i64).collect();
        self.get(name, "a list of integers", list)
    }

    /// A parameter made with [`Param::map`](crate::Param::map).
    #[must_use]
    pub fn map(&self, name: &str) -> BTreeMap<String, String> {
        let pair = |(name, value): (&String, &Value)| Some((name.clone(), text(value)?));
        self.get(name, "a map of strings", |value| value.as_object()?.iter().map(pair).collect())
    }

    fn get<T: Default>(&self, name: &str, ty: &str, read: impl Fn(&Value) -> Option<T>) -> T {
        let value = self.values.get(name);
        value.and_then(read).unwrap_or_else(|| {
            let problem = match value {
                Some(_) => {
                    format!("the rule reads its parameter `{name}` as {ty}, which it is not")
                }
                None => format!("the rule reads a parameter `{name}`, which it does not declare"),
            };
            self.problem.borrow_mut().get_or_insert(problem);
            T::default()
        })
    }

    /// The first thing that was wrong with what the rule asked for.
    pub(super) fn problem(self) -> Option<String> {
        self.problem.into_inner()
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
