//! The built-in functions that shortcuts know.
//!
//! Each is OPA's of that name for arguments of the right type, and unclear for all others.
//! <https://www.openpolicyagent.org/docs/policy-reference#built-in-functions>

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use regex::Regex;
use regorus::Value;
use serde::{Deserialize, Serialize};

use super::super::value::{object, string};
use super::format;
use super::part::{Item, Part};
use super::values::{Term, step};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Builtin {
    AddDate,
    AnyPrefixMatch,
    AnySuffixMatch,
    ArrayConcat,
    ArraySlice,
    BitsAnd,
    Concat,
    Contains,
    Count,
    EndsWith,
    FindN,
    FindSubmatches,
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
    ObjectKeys,
    ObjectRemove,
    ObjectUnion,
    ObjectUnionN,
    ParseRfc3339,
    Reachable,
    RegexMatch,
    RegexReplace,
    Replace,
    Sort,
    Split,
    Sprintf,
    StartsWith,
    Substring,
    Sum,
    ToNumber,
    Trim,
    TrimLeft,
    TrimPrefix,
    TrimRight,
    TrimSpace,
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
            "bits.and" => Builtin::BitsAnd,
            "concat" => Builtin::Concat,
            "contains" => Builtin::Contains,
            "count" => Builtin::Count,
            "endswith" => Builtin::EndsWith,
            "graph.reachable" => Builtin::Reachable,
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
            "object.keys" => Builtin::ObjectKeys,
            "object.remove" => Builtin::ObjectRemove,
            "object.union" => Builtin::ObjectUnion,
            "object.union_n" => Builtin::ObjectUnionN,
            "regex.find_all_string_submatch_n" => Builtin::FindSubmatches,
            "regex.find_n" => Builtin::FindN,
            "regex.match" => Builtin::RegexMatch,
            "regex.replace" => Builtin::RegexReplace,
            "replace" => Builtin::Replace,
            "sort" => Builtin::Sort,
            "split" => Builtin::Split,
            "sprintf" => Builtin::Sprintf,
            "startswith" => Builtin::StartsWith,
            "substring" => Builtin::Substring,
            "sum" => Builtin::Sum,
            "time.add_date" => Builtin::AddDate,
            "time.parse_rfc3339_ns" => Builtin::ParseRfc3339,
            "to_number" => Builtin::ToNumber,
            "trim" => Builtin::Trim,
            "trim_left" => Builtin::TrimLeft,
            "trim_prefix" => Builtin::TrimPrefix,
            "trim_right" => Builtin::TrimRight,
            "trim_space" => Builtin::TrimSpace,
            "trim_suffix" => Builtin::TrimSuffix,
            "upper" => Builtin::Upper,
            _ => return None,
        })
    }
}

/// The longest text and the largest collection that a function may make; a longer one is unclear, so
/// that a chain of statements cannot double it again and again.
const MAX_TEXT: usize = 1 << 20;

/// What the least of nothing is.
const UNDEFINED: Value = Value::Undefined;

const NANOSECONDS_OF_DAY: i64 = 86_400_000_000_000;

/// Patterns that were compiled, kept for the documents to come; None for what is no pattern.
#[derive(Default)]
pub(super) struct Patterns(HashMap<Box<str>, Option<Regex>>);

/// So many patterns are kept; a rule that makes up patterns of what it reads does not pile them up.
const MAX_PATTERNS: usize = 512;

impl Patterns {
    fn get(&mut self, pattern: &str) -> Option<&Regex> {
        if self.0.len() >= MAX_PATTERNS && !self.0.contains_key(pattern) {
            self.0.clear();
        }
        if !self.0.contains_key(pattern) {
            self.0.insert(pattern.into(), Regex::new(pattern).ok());
        }
        self.0.get(pattern)?.as_ref()
    }
}

/// The value, if the arguments are of the types that the function is for.
pub(super) fn call(builtin: Builtin, args: &[&Value], patterns: &mut Patterns) -> Option<Value> {
    let value = match *args {
        [value] => of_one(builtin, value),
        [first, second] => of_two(builtin, first, second, patterns),
        [first, second, third] => of_three(builtin, first, second, third, patterns),
        [time, years, months, days] if builtin == Builtin::AddDate => {
            let no_calendar = integer(years)? == 0 && integer(months)? == 0;
            let days = integer(days)?.checked_mul(NANOSECONDS_OF_DAY).filter(|_| no_calendar)?;
            integer(time)?.checked_add(days).map(Value::from)
        }
        _ => None,
    };
    value.filter(|value| bytes_of(value) <= MAX_TEXT)
}

/// What can be said of a part without making a value of it.
pub(super) fn of_part(builtin: Builtin, part: &Part<'_>) -> Option<Value> {
    match builtin {
        Builtin::Count => Some(Value::from(part.items().len() as u64)),
        Builtin::IsArray => is(part.is_list()),
        Builtin::IsObject => is(!part.is_list()),
        Builtin::IsBoolean | Builtin::IsNull | Builtin::IsNumber | Builtin::IsString => is(false),
        _ => None,
    }
}

/// `object.get`, which makes nothing; None for a path of keys, and for what is no object.
pub(super) fn get<'d>(args: &[Item<'d>]) -> Option<Item<'d>> {
    let [object, key, default] = *args else { return None };
    let is_object = match object {
        Item::Value(object) => matches!(object, Value::Object(_)),
        Item::Part(part) => !part.is_list(),
    };
    let Item::Value(key) = key else { return None };
    if !is_object || matches!(key, Value::Array(_)) {
        return None;
    }
    match step(object, key) {
        Term::Known(item) => Some(item),
        Term::Undefined => Some(default),
        Term::Unclear => None,
    }
}

/// The items of a list that is made of lists with parts; None for anything else.
pub(super) fn listed<'d>(builtin: Builtin, args: &[Item<'d>]) -> Option<Vec<Item<'d>>> {
    match (builtin, args) {
        (
            Builtin::ArrayConcat,
            [first @ Item::Part(_), second] | [first, second @ Item::Part(_)],
        ) => {
            let mut all = first.listed()?;
            all.extend(second.listed()?);
            Some(all).filter(|all| all.len() <= MAX_TEXT)
        }
        (Builtin::ArraySlice, [list @ Item::Part(_), start, end]) => {
            let items = list.listed()?;
            let range = slice(items.len(), start.whole(), end.whole())?;
            Some(items.get(range).unwrap_or_default().to_vec())
        }
        _ => None,
    }
}

/// Where `array.slice` begins and ends.
fn slice(length: usize, start: &Value, end: &Value) -> Option<Range<usize>> {
    let bound =
        |bound: &Value| integer(bound).map(|bound| usize::try_from(bound).unwrap_or(0).min(length));
    Some(bound(start)?..bound(end)?)
}

/// The length of a text, the number of items of a collection.
pub(super) fn bytes(item: Item<'_>) -> usize {
    match item {
        Item::Value(value) => bytes_of(value),
        Item::Part(part) => part.items().len(),
    }
}

pub(super) fn bytes_of(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.len(),
        Value::Set(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    }
}

fn of_one(builtin: Builtin, value: &Value) -> Option<Value> {
    match (builtin, value) {
        (Builtin::IsArray, value) => is(matches!(value, Value::Array(_))),
        (Builtin::IsBoolean, value) => is(matches!(value, Value::Bool(_))),
        (Builtin::IsNull, value) => is(matches!(value, Value::Null)),
        (Builtin::IsNumber, value) => is(matches!(value, Value::Number(_))),
        (Builtin::IsObject, value) => is(matches!(value, Value::Object(_))),
        (Builtin::IsString, value) => is(matches!(value, Value::String(_))),
        (Builtin::Count, value) => count(value).map(|count| Value::from(count as u64)),
        (Builtin::Max, value) => {
            Some(items(value)?.into_iter().max().map_or(UNDEFINED, Value::clone))
        }
        (Builtin::Min, value) => {
            Some(items(value)?.into_iter().min().map_or(UNDEFINED, Value::clone))
        }
        (Builtin::Sort, value) => {
            let mut sorted: Vec<Value> = items(value)?.into_iter().cloned().collect();
            sorted.sort();
            Some(Value::from(sorted))
        }
        (Builtin::Sum, value) => {
            let mut numbers = items(value)?.into_iter().map(integer);
            numbers.try_fold(0_i64, |sum, number| sum.checked_add(number?)).map(Value::from)
        }
        (Builtin::ObjectKeys, Value::Object(fields)) => {
            Some(Value::from(fields.iter().map(|(key, _)| key.clone()).collect::<BTreeSet<_>>()))
        }
        (Builtin::ObjectUnionN, Value::Array(objects)) => {
            let all = objects.iter().all(|object| matches!(object, Value::Object(_)));
            all.then(|| objects.iter().fold(Value::new_object(), |all, next| union(&all, next)))
        }
        (Builtin::ToNumber, Value::Number(_)) => Some(value.clone()),
        (Builtin::ToNumber, Value::String(text)) => {
            // Other ways to write a number are left alone.
            let digits = text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
            let plain = digits && (!text.starts_with('0') || text.len() == 1);
            text.parse::<i64>().ok().filter(|_| plain).map(Value::from)
        }
        (Builtin::ParseRfc3339, Value::String(text)) => {
            let time = chrono::DateTime::parse_from_rfc3339(text).ok()?;
            time.timestamp_nanos_opt().map(Value::from)
        }
        (Builtin::Lower, Value::String(text)) => Some(string(&text.to_lowercase())),
        (Builtin::Upper, Value::String(text)) => Some(string(&text.to_uppercase())),
        (Builtin::TrimSpace, Value::String(text)) => Some(string(text.trim())),
        _ => None,
    }
}

fn of_two(
    builtin: Builtin,
    first: &Value,
    second: &Value,
    patterns: &mut Patterns,
) -> Option<Value> {
    match (builtin, first, second) {
        (Builtin::ArrayConcat, Value::Array(first), Value::Array(second)) => {
            let all: Vec<Value> = first.iter().chain(second.iter()).cloned().collect();
            Some(Value::from(all))
        }
        (Builtin::BitsAnd, first, second) => {
            let (first, second) = (integer(first)?, integer(second)?);
            (first >= 0 && second >= 0).then(|| Value::from(first & second))
        }
        (Builtin::Concat, Value::String(between), parts) => {
            let parts: Option<Vec<&str>> = items(parts)?.into_iter().map(text).collect();
            Some(string(&parts?.join(between)))
        }
        (Builtin::ObjectRemove, Value::Object(fields), removed) => {
            let removed = items(removed)?;
            let left = fields.iter().filter(|(key, _)| !removed.contains(key));
            Some(object(left.map(|(key, value)| (key.clone(), value.clone())).collect()))
        }
        (Builtin::ObjectUnion, Value::Object(_), Value::Object(_)) => Some(union(first, second)),
        (Builtin::Reachable, Value::Object(_), initial) => reachable(first, initial),
        (Builtin::Sprintf, Value::String(format), Value::Array(args)) => {
            format::sprintf(format, args.as_slice())
        }
        (Builtin::AnyPrefixMatch, searched, found) => {
            any(searched, found, |text, part| text.starts_with(part))
        }
        (Builtin::AnySuffixMatch, searched, found) => {
            any(searched, found, |text, part| text.ends_with(part))
        }
        (_, Value::String(first), Value::String(second)) => {
            of_texts(builtin, first, second, patterns)
        }
        _ => None,
    }
}

fn of_texts(builtin: Builtin, text: &str, part: &str, patterns: &mut Patterns) -> Option<Value> {
    match builtin {
        Builtin::Contains => is(text.contains(part)),
        Builtin::StartsWith => is(text.starts_with(part)),
        Builtin::EndsWith => is(text.ends_with(part)),
        Builtin::Trim => Some(string(text.trim_matches(|c| part.contains(c)))),
        Builtin::TrimLeft => Some(string(text.trim_start_matches(|c| part.contains(c)))),
        Builtin::TrimRight => Some(string(text.trim_end_matches(|c| part.contains(c)))),
        Builtin::TrimPrefix => Some(string(text.strip_prefix(part).unwrap_or(text))),
        Builtin::TrimSuffix => Some(string(text.strip_suffix(part).unwrap_or(text))),
        Builtin::Split if !part.is_empty() => {
            Some(Value::from(text.split(part).map(string).collect::<Vec<_>>()))
        }
        Builtin::RegexMatch => is(patterns.get(text)?.is_match(part)),
        _ => None,
    }
}

fn of_three(
    builtin: Builtin,
    first: &Value,
    second: &Value,
    third: &Value,
    patterns: &mut Patterns,
) -> Option<Value> {
    match (builtin, first, second, third) {
        (Builtin::ArraySlice, Value::Array(items), start, end) => {
            let range = slice(items.len(), start, end)?;
            Some(Value::from(items.as_slice().get(range).unwrap_or_default().to_vec()))
        }
        (Builtin::Substring, Value::String(text), start, length) => {
            let start = usize::try_from(integer(start)?).ok()?;
            let length = usize::try_from(integer(length)?).unwrap_or(usize::MAX);
            Some(string(&text.chars().skip(start).take(length).collect::<String>()))
        }
        (Builtin::Replace, Value::String(text), Value::String(old), Value::String(new)) => {
            (!old.is_empty()).then(|| string(&text.replace(&**old, new)))
        }
        (
            Builtin::RegexReplace,
            Value::String(text),
            Value::String(pattern),
            Value::String(new),
        ) => Some(string(&patterns.get(pattern)?.replace_all(text, &**new))),
        (Builtin::FindN, Value::String(pattern), Value::String(text), most) => {
            let most = usize::try_from(integer(most)?).unwrap_or(usize::MAX);
            let found = patterns.get(pattern)?.find_iter(text).take(most);
            Some(Value::from(found.map(|found| string(found.as_str())).collect::<Vec<_>>()))
        }
        (Builtin::FindSubmatches, Value::String(pattern), Value::String(text), most) => {
            let most = usize::try_from(integer(most)?).unwrap_or(usize::MAX);
            let groups = |found: regex::Captures<'_>| {
                let group =
                    |group: Option<regex::Match<'_>>| string(group.map_or("", |it| it.as_str()));
                Value::from(found.iter().map(group).collect::<Vec<_>>())
            };
            let found = patterns.get(pattern)?.captures_iter(text).take(most);
            Some(Value::from(found.map(groups).collect::<Vec<_>>()))
        }
        _ => None,
    }
}

/// What the second has, and of the first what is left; objects in both are joined in turn.
fn union(first: &Value, second: &Value) -> Value {
    let (Value::Object(before), Value::Object(after)) = (first, second) else {
        return second.clone();
    };
    let mut fields: BTreeMap<Value, Value> =
        before.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    for (key, value) in after.iter() {
        let value = fields.get(key).map_or_else(|| value.clone(), |before| union(before, value));
        fields.insert(key.clone(), value);
    }
    object(fields)
}

/// The nodes of a graph that can be reached, those that it starts with included.
fn reachable(graph: &Value, initial: &Value) -> Option<Value> {
    let Value::Object(graph) = graph else { return None };
    let mut left = items(initial)?;
    let mut reached = BTreeSet::new();
    while let Some(node) = left.pop() {
        if let Some(next) = graph.get(node)
            && reached.insert(node.clone())
        {
            left.extend(items(next)?);
        }
    }
    Some(Value::from(reached))
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
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
