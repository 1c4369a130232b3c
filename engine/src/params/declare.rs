//! `params` in a rule's METADATA.

use std::fmt;

use serde_json::{Map, Value};

use super::{Mismatch, ParamSpec, ParamType};
use crate::excerpt::excerpt;
use crate::nearest::nearest;

const KEYS: [&str; 5] = ["type", "default", "description", "allowed", "minimum"];

/// What is wrong with a declaration. It has no place: the caller knows where METADATA stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationError {
    /// The parameter; `None` if `params` itself is no mapping.
    pub param: Option<String>,
    /// One sentence, lower-case start, no full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl fmt::Display for DeclarationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DeclarationError {}

/// Reads the mapping `params` of a rule's METADATA: parameters by name, in the order written.
///
/// # Errors
///
/// Everything that is wrong with every declaration.
pub fn declarations(params: &Value) -> Result<Vec<ParamSpec>, Vec<DeclarationError>> {
    let Value::Object(params) = params else {
        return Err(vec![DeclarationError {
            param: None,
            message: format!("`params` must be a mapping, found {}", super::found(params)),
            help: None,
        }]);
    };
    let mut specs = Vec::new();
    let mut errors = Vec::new();
    for (name, declaration) in params {
        let mut reader = Reader { name, errors: &mut errors };
        specs.extend(reader.spec(declaration));
    }
    if errors.is_empty() { Ok(specs) } else { Err(errors) }
}

struct Reader<'a> {
    name: &'a str,
    errors: &'a mut Vec<DeclarationError>,
}

impl Reader<'_> {
    fn spec(&mut self, declaration: &Value) -> Option<ParamSpec> {
        if !is_name(self.name) {
            let help = "use lower-case letters, digits and `_`, and start with a letter";
            self.error("has a name that is not one", Some(help.into()));
        }
        let Value::Object(keys) = declaration else {
            let help = "declare its type, default and description";
            let message = format!("must be a mapping, found {}", super::found(declaration));
            self.error(&message, Some(help.into()));
            return None;
        };
        self.unknown_keys(keys);
        let ty = self.ty(keys);
        let default = self.required(keys, "default").cloned();
        let description = self.description(keys);
        let spec = ParamSpec {
            name: self.name.to_owned(),
            ty: ty?,
            default: default?,
            description: description?,
            allowed: self.allowed(keys, ty?),
            minimum: self.minimum(keys, ty?),
        };
        if let Err(mismatch) = spec.check(&spec.default) {
            self.mismatch("has a default that does not fit", &mismatch);
        }
        Some(spec)
    }

    fn unknown_keys(&mut self, keys: &Map<String, Value>) {
        for key in keys.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let help = match nearest(key, KEYS) {
                Some(right) => format!("did you mean `{right}`?"),
                None => format!("the keys are {}", KEYS.map(|key| format!("`{key}`")).join(", ")),
            };
            self.error(&format!("has an unknown key `{}`", excerpt(key)), Some(help));
        }
    }

    fn ty(&mut self, keys: &Map<String, Value>) -> Option<ParamType> {
        let value = self.required(keys, "type")?;
        let word = value.as_str().unwrap_or_default();
        let ty = ParamType::parse(word);
        if ty.is_none() {
            let words = ParamType::ALL.map(ParamType::as_str);
            let help = match nearest(word, words) {
                Some(right) => format!("did you mean `{right}`?"),
                None => format!("the types are {}", words.map(|ty| format!("`{ty}`")).join(", ")),
            };
            self.error(&format!("has an unknown type `{}`", super::plain(value)), Some(help));
        }
        ty
    }

    fn description(&mut self, keys: &Map<String, Value>) -> Option<String> {
        match self.required(keys, "description")? {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            other => {
                let found = super::found(other);
                self.error(&format!("needs a text as its description, found {found}"), None);
                None
            }
        }
    }

    fn allowed(&mut self, keys: &Map<String, Value>, ty: ParamType) -> Option<Vec<Value>> {
        let value = keys.get("allowed")?;
        let Value::Array(values) = value else {
            let found = super::found(value);
            self.error(&format!("needs a list as its `allowed`, found {found}"), None);
            return None;
        };
        if values.is_empty() {
            self.error("allows no value at all", None);
        }
        let element = ty.element().unwrap_or(ty);
        for value in values {
            if let Err(mismatch) = element.check(value) {
                self.mismatch("allows a value that does not fit", &mismatch);
            }
        }
        Some(values.clone())
    }

    fn minimum(&mut self, keys: &Map<String, Value>, ty: ParamType) -> Option<f64> {
        let value = keys.get("minimum")?;
        let numeric = matches!(ty, ParamType::Integer | ParamType::Number | ParamType::IntegerList);
        let minimum = value.as_f64();
        if minimum.is_none() {
            let found = super::found(value);
            self.error(&format!("needs a number as its `minimum`, found {found}"), None);
        } else if !numeric {
            self.error(&format!("is {} and cannot have a `minimum`", ty.described()), None);
        }
        minimum
    }

    fn required<'v>(&mut self, keys: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
        let value = keys.get(key);
        if value.is_none() {
            self.error(&format!("has no `{key}`"), None);
        }
        value
    }

    fn mismatch(&mut self, what: &str, mismatch: &Mismatch) {
        self.error(&format!("{what}: {mismatch}"), None);
    }

    fn error(&mut self, what: &str, help: Option<String>) {
        self.errors.push(DeclarationError {
            param: Some(self.name.to_owned()),
            message: format!("the parameter `{}` {what}", excerpt(self.name)),
            help,
        });
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
