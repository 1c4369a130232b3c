//! Keys and types of one file, after the table of keys.

use std::collections::HashMap;

use super::places::{Path, place_at, place_of};
use super::{Problems, quoted};
use crate::diagnostic::Diagnostic;
use crate::document::compose::keys::{Kind, Meaning, Names, Object, Others, PROJECT, Types};
use crate::document::compose::tree::{Entry, Map, Node, Tag, Value};
use crate::nearest::nearest;
use crate::source::Place;

/// Checks a file from the top.
pub(super) fn check(file: &Node, problems: &mut Problems<'_>) {
    match &file.value {
        Value::Null => {}
        Value::Map(map) => object(&PROJECT, map, file, Path::TOP, problems),
        _ => problems.error(
            "a compose file must be a mapping".to_owned(),
            &file.place,
            &format!("this is {}", found(file)),
        ),
    }
}

/// Checks one value. `at` is where to point when it is not written.
fn value(kind: &Kind, node: &Node, at: &Place, path: Path<'_>, problems: &mut Problems<'_>) {
    if node.is_unknown() || node.tag == Some(Tag::Reset) {
        return;
    }
    if !kind.has_shape(&node.value) {
        return problems.add(|| wrong_type(kind, node, at, path));
    }
    match (kind, &node.value) {
        (Kind::Either(kinds), shape) => {
            if let Some(kind) = kinds.iter().find(|kind| kind.has_shape(shape)) {
                value(kind, node, at, path, problems);
            }
        }
        (Kind::Printed(_, kind), _) => value(kind, node, at, path, problems),
        (Kind::Object(kind), Value::Map(map)) => object(kind, map, node, path, problems),
        (Kind::Map(names, kind), Value::Map(map)) => {
            for (key, entry) in map {
                name(*names, key, entry, path, problems);
                value(kind, &entry.node, place_of(entry), path.key(key), problems);
            }
        }
        (Kind::List(kind), Value::Seq(items)) => list(kind, items, path, problems),
        (Kind::Set(kind), Value::Seq(items)) => {
            list(kind, items, path, problems);
            set(items, path, problems);
        }
        (Kind::Within(least, most, _), number) => {
            if let Some(number) = outside(number, *least, *most) {
                let bounds = format!("it must be between {least} and {most}");
                let bounds =
                    if *most == i64::MAX { "it must not be negative".into() } else { bounds };
                problems.error(format!("{path} is {number}"), at, &bounds);
            }
        }
        (Kind::Choice(words), Value::Str(text)) if !words.contains(&text.as_str()) => {
            problems.add(|| wrong_choice(words, text, at, path));
        }
        (Kind::Matching(matches, asked), Value::Str(text)) if !matches(text) => {
            problems.error(
                format!("{path} must {asked}"),
                at,
                &format!("this is {}", quoted(text)),
            );
        }
        _ => {}
    }
}

fn outside(number: &Value, least: i64, most: i64) -> Option<i64> {
    let number = match number {
        Value::Int(number) => *number,
        Value::Float(number) => *number as i64,
        _ => return None,
    };
    (number < least || number > most).then_some(number)
}

fn list(kind: &Kind, items: &[Node], path: Path<'_>, problems: &mut Problems<'_>) {
    for (index, item) in items.iter().enumerate() {
        value(kind, item, &item.place, path.item(index), problems);
    }
}

fn set(items: &[Node], path: Path<'_>, problems: &mut Problems<'_>) {
    let mut seen: HashMap<&str, &Place> = HashMap::new();
    for item in items {
        let Some(text) = item.known_text() else { continue };
        if let Some(first) = seen.insert(text, &item.place) {
            problems.add(|| {
                Diagnostic::error(format!("{path} has {} twice", quoted(text)))
                    .label(item.place.clone(), "again here")
                    .label(first.clone(), "first here")
            });
        }
    }
}

fn object(
    kind: &'static Object,
    map: &Map,
    node: &Node,
    path: Path<'_>,
    problems: &mut Problems<'_>,
) {
    for (name, entry) in map {
        match kind.key(name) {
            Some(key) => {
                value(&key.kind, &entry.node, place_of(entry), path.key(name), problems);
            }
            None if kind.others == Others::Yes => {}
            None if kind.others == Others::Extensions && name.starts_with("x-") => {}
            None => problems.add(|| unknown_key(kind, name, entry, path)),
        }
    }
    for required in kind.required.iter().filter(|required| !map.contains_key(**required)) {
        let message = format!("`{required}` is missing{}", path.inside());
        problems.error(message, &node.place, &format!("{} must have it", kind.what));
    }
}

fn unknown_key(kind: &'static Object, name: &str, entry: &Entry, path: Path<'_>) -> Diagnostic {
    let problem = Diagnostic::error(format!("unknown key {}{}", quoted(name), path.inside()))
        .label(entry.key.clone(), format!("{} has no such key", kind.what));
    if let Some(near) = nearest(name, kind.all().map(|key| key.name)) {
        return problem.help(format!("did you mean `{near}`?"));
    }
    match kind.home_of(name) {
        Some(home) => problem.help(format!("`{name}` belongs in `{home}`")),
        None if kind.others == Others::Extensions => {
            problem.help("remove it, or let its name begin with `x-` if another program reads it")
        }
        None => problem,
    }
}

fn name(names: Names, key: &str, entry: &Entry, path: Path<'_>, problems: &mut Problems<'_>) {
    let is_identifier =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let asked = match names {
        Names::Any => return,
        Names::NotEmpty if !key.is_empty() => return,
        Names::NotEmpty => "a name must not be empty",
        Names::Identifier if !key.is_empty() && key.bytes().all(is_identifier) => return,
        Names::Identifier => "a name has letters, digits, `.`, `_` and `-` only",
    };
    problems.error(format!("{} cannot be a name in {path}", quoted(key)), &entry.key, asked);
}

fn wrong_type(kind: &Kind, node: &Node, at: &Place, path: Path<'_>) -> Diagnostic {
    let mut expected = Vec::new();
    expectations(kind, &mut expected);
    let is_text = expected.contains(&"a string");
    let expected = match expected.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    };
    let problem = Diagnostic::error(format!("{path} must be {expected}"))
        .label(place_at(node, at).clone(), format!("this is {}", found(node)));
    match &node.value {
        Value::Null => problem.help("give it a value, or remove the key"),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) if is_text => {
            problem.help("write it in quotes")
        }
        Value::Str(_) | Value::Int(_) if kind.has_shape(&Value::Seq(Vec::new())) => {
            problem.help("write it as an item of a list, after `- `")
        }
        _ => problem,
    }
}

/// What a value may be, in words, without repetition.
fn expectations(kind: &Kind, words: &mut Vec<&'static str>) {
    let mut add = |word| {
        if !words.contains(&word) {
            words.push(word);
        }
    };
    match kind {
        Kind::Either(kinds) => kinds.iter().for_each(|kind| expectations(kind, words)),
        Kind::Printed(_, kind) => expectations(kind, words),
        Kind::Scalar(_, Meaning::Flag) => add("`true` or `false`"),
        Kind::Scalar(_, Meaning::Duration) => add("a time such as 1m30s"),
        Kind::Scalar(_, Meaning::Bytes) => add("a size such as 64m"),
        Kind::Scalar(_, Meaning::Integer | Meaning::Unsigned) => add("a number"),
        Kind::Scalar(types, _) => {
            let names = [
                (Types::STRING, "a string"),
                (Types::INTEGER, "a number"),
                (Types::BOOL, "`true` or `false`"),
                (Types::NULL, "nothing"),
            ];
            names.into_iter().filter(|(one, _)| types.has(*one)).for_each(|(_, word)| add(word));
        }
        Kind::Within(..) => add("a whole number"),
        Kind::Choice(_) | Kind::Matching(..) => add("a string"),
        Kind::List(_) | Kind::Set(_) => add("a list"),
        Kind::Map(..) | Kind::Object(_) => add("a mapping"),
    }
}

fn found(node: &Node) -> &'static str {
    match &node.value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Int(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Str(_) => "a string",
        Value::Seq(_) => "a list",
        Value::Map(_) => "a mapping",
    }
}

fn wrong_choice(
    words: &'static [&'static str],
    text: &str,
    at: &Place,
    path: Path<'_>,
) -> Diagnostic {
    let all = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let problem = Diagnostic::error(format!("{path} cannot be {}", quoted(text)))
        .label(at.clone(), format!("it must be one of {all}"));
    match nearest(text, words.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    }
}
