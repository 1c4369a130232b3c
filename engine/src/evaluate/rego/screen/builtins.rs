//! The built-in functions that screening knows.
//!
//! Each is OPA's of that name for arguments of the right type, and unclear for all others.
//! <https://www.openpolicyagent.org/docs/policy-reference#built-in-functions>

use std::collections::HashMap;

use regex::Regex;
use regorus::Value;
use serde::{Deserialize, Serialize};

use super::super::value::string;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Builtin {
    AnyPrefixMatch,
    AnySuffixMatch,
    ArrayConcat,
    ArraySlice,
    Concat,
    Contains,
    Count,
    EndsWith,
    IsArray,
    IsBoolean,
    IsNull,
    IsNumber,
    IsObject,
    IsString,
    Lower,
    Max,
    Min,
    ObjectGet,
    RegexMatch,
    Replace,
    Split,
    StartsWith,
    Substring,
    TrimPrefix,
    TrimSuffix,
    Upper,
}

impl Builtin {
    pub(super) fn named(name: &str) -> Option<Builtin> {
        Some(match name {
            "strings.any_prefix_match" => Builtin::AnyPrefixMatch,
            "strings.any_suffix_match" => Builtin::AnySuffixMatch,
            "array.concat" => Builtin::ArrayConcat,
            "array.slice" => Builtin::ArraySlice,
            "concat" => Builtin::Concat,
            "contains" => Builtin::Contains,
            "count" => Builtin::Count,
            "endswith" => Builtin::EndsWith,
            "is_array" => Builtin::IsArray,
            "is_boolean" => Builtin::IsBoolean,
            "is_null" => Builtin::IsNull,
            "is_number" => Builtin::IsNumber,
            "is_object" => Builtin::IsObject,
            "is_string" => Builtin::IsString,
            "lower" => Builtin::Lower,
            "max" => Builtin::Max,
            "min" => Builtin::Min,
            "object.get" => Builtin::ObjectGet,
            "regex.match" => Builtin::RegexMatch,
            "replace" => Builtin::Replace,
            "split" => Builtin::Split,
            "startswith" => Builtin::StartsWith,
            "substring" => Builtin::Substring,
            "trim_prefix" => Builtin::TrimPrefix,
            "trim_suffix" => Builtin::TrimSuffix,
            "upper" => Builtin::Upper,
            _ => return None,
        })
    }
}

/// Patterns that were compiled, kept for the documents to come; None for what is no pattern.
pub(super) type Patterns = HashMap<Box<str>, Option<Regex>>;

/// So many patterns are kept; a rule that makes up patterns of what it reads does not pile them up.
const MAX_PATTERNS: usize = 512;

/// The value, if the arguments are of the types that the function is for.
pub(super) fn call(builtin: Builtin, args: &[Value], patterns: &mut Patterns) -> Option<Value> {
    match (builtin, args) {
        (Builtin::IsArray, [value]) => is(matches!(value, Value::Array(_))),
        (Builtin::IsBoolean, [value]) => is(matches!(value, Value::Bool(_))),
        (Builtin::IsNull, [value]) => is(matches!(value, Value::Null)),
        (Builtin::IsNumber, [value]) => is(matches!(value, Value::Number(_))),
        (Builtin::IsObject, [value]) => is(matches!(value, Value::Object(_))),
        (Builtin::IsString, [value]) => is(matches!(value, Value::String(_))),
        (Builtin::Count, [value]) => count(value).map(|count| Value::from(count as u64)),
        (Builtin::Max, [value]) => items(value)?.into_iter().max().cloned(),
        (Builtin::Min, [value]) => items(value)?.into_iter().min().cloned(),
        (Builtin::ObjectGet, [Value::Object(fields), key, default]) => match key {
            Value::Array(_) => None,
            key => Some(fields.get(key).unwrap_or(default).clone()),
        },
        (Builtin::ArrayConcat, [Value::Array(first), Value::Array(second)]) => {
            let all: Vec<Value> = first.iter().chain(second.iter()).cloned().collect();
            Some(Value::from(all))
        }
        (Builtin::ArraySlice, [Value::Array(items), Value::Number(start), Value::Number(end)]) => {
            let bound = |bound: i64| usize::try_from(bound).unwrap_or(0).min(items.len());
            let (start, end) = (bound(start.as_i64()?), bound(end.as_i64()?));
            Some(Value::from(items.as_slice().get(start..end).unwrap_or_default().to_vec()))
        }
        (Builtin::Concat, [Value::String(between), parts]) => {
            let parts: Option<Vec<&str>> = items(parts)?.into_iter().map(text).collect();
            Some(string(&parts?.join(between)))
        }
        (
            Builtin::Substring,
            [Value::String(text), Value::Number(start), Value::Number(length)],
        ) => {
            let start = usize::try_from(start.as_i64()?).ok()?;
            let length = usize::try_from(length.as_i64()?).unwrap_or(usize::MAX);
            Some(string(&text.chars().skip(start).take(length).collect::<String>()))
        }
        (Builtin::Replace, [Value::String(text), Value::String(old), Value::String(new)]) => {
            (!old.is_empty()).then(|| string(&text.replace(&**old, new)))
        }
        (Builtin::AnyPrefixMatch, [searched, found]) => {
            any(searched, found, |text, part| text.starts_with(part))
        }
        (Builtin::AnySuffixMatch, [searched, found]) => {
            any(searched, found, |text, part| text.ends_with(part))
        }
        (_, [Value::String(text)]) => of_one(builtin, text),
        (_, [Value::String(first), Value::String(second)]) => {
            of_two(builtin, first, second, patterns)
        }
        _ => None,
    }
}

fn of_one(builtin: Builtin, text: &str) -> Option<Value> {
    match builtin {
        Builtin::Lower => Some(string(&text.to_lowercase())),
        Builtin::Upper => Some(string(&text.to_uppercase())),
        _ => None,
    }
}

fn of_two(builtin: Builtin, text: &str, part: &str, patterns: &mut Patterns) -> Option<Value> {
    match builtin {
        Builtin::Contains => is(text.contains(part)),
        Builtin::StartsWith => is(text.starts_with(part)),
        Builtin::EndsWith => is(text.ends_with(part)),
        Builtin::TrimPrefix => Some(string(text.strip_prefix(part).unwrap_or(text))),
        Builtin::TrimSuffix => Some(string(text.strip_suffix(part).unwrap_or(text))),
        Builtin::Split if !part.is_empty() => {
            Some(Value::from(text.split(part).map(string).collect::<Vec<_>>()))
        }
        Builtin::RegexMatch => {
            if patterns.len() >= MAX_PATTERNS {
                patterns.clear();
            }
            if !patterns.contains_key(text) {
                patterns.insert(text.into(), Regex::new(text).ok());
            }
            is(patterns.get(text)?.as_ref()?.is_match(part))
        }
        _ => None,
    }
}

#[allow(clippy::unnecessary_wraps)] // What it is called for may have no value.
fn is(value: bool) -> Option<Value> {
    Some(Value::Bool(value))
}

fn count(value: &Value) -> Option<usize> {
    Some(match value {
        Value::Array(items) => items.len(),
        Value::Set(items) => items.len(),
        Value::Object(fields) => fields.len(),
        Value::String(text) => text.chars().count(),
        _ => return None,
    })
}

fn items(value: &Value) -> Option<Vec<&Value>> {
    Some(match value {
        Value::Array(items) => items.iter().collect(),
        Value::Set(items) => items.iter_sorted().collect(),
        _ => return None,
    })
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        other => items(other)?.into_iter().map(text).collect(),
    }
}

fn any(searched: &Value, found: &Value, fits: fn(&str, &str) -> bool) -> Option<Value> {
    let (searched, found) = (texts(searched)?, texts(found)?);
    is(searched.iter().any(|text| found.iter().any(|part| fits(text, part))))
}
