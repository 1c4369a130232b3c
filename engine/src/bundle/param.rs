//! Values of parameters.

use plimsoll_sdk::rule::ParamMeta;
use serde_json::Value;

/// The types that a parameter may have.
pub(super) const TYPES: [&str; 7] =
    ["boolean", "integer", "number", "string", "list<string>", "list<integer>", "map<string>"];

/// Whether a parameter takes a value: of its type, and one of the allowed ones if it names any (for
/// a list, each of its items).
///
/// # Errors
///
/// What the value should be, to follow "expected": `a list of strings`, `one of "a", "b"`.
pub fn check_param(param: &ParamMeta, value: &Value) -> Result<(), String> {
    if !has_type(&param.ty, value) {
        return Err(type_in_words(&param.ty).to_owned());
    }
    let Some(allowed) = &param.allowed else { return Ok(()) };
    let fits = match value {
        Value::Array(items) => items.iter().all(|item| allowed.contains(item)),
        Value::Object(map) => map.values().all(|item| allowed.contains(item)),
        single => allowed.contains(single),
    };
    if fits {
        return Ok(());
    }
    let words: Vec<String> = allowed.iter().map(Value::to_string).collect();
    Err(format!("one of {}", words.join(", ")))
}

fn has_type(ty: &str, value: &Value) -> bool {
    let list_of =
        |test: fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(test));
    match ty {
        "boolean" => value.is_boolean(),
        "integer" => is_integer(value),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "list<string>" => list_of(Value::is_string),
        "list<integer>" => list_of(is_integer),
        "map<string>" => value.as_object().is_some_and(|map| map.values().all(Value::is_string)),
        _ => false,
    }
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

fn type_in_words(ty: &str) -> &str {
    match ty {
        "boolean" => "true or false",
        "integer" => "an integer",
        "number" => "a number",
        "string" => "a string",
        "list<string>" => "a list of strings",
        "list<integer>" => "a list of integers",
        "map<string>" => "a map of strings",
        other => other,
    }
}
