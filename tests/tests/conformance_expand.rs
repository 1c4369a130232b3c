//! Word expansion and splitting against BuildKit's own test tables.

use std::borrow::Cow;
use std::collections::BTreeSet;

use plimsoll_engine::document::dockerfile::expand::{ExpandError, Expander, Expansion, Lookup};
use plimsoll_tests::{ratchet, suites};
use serde_json::Value;

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_else(|| panic!("no {field}: {row}"))
}

fn check(row: &Value) -> Result<(), String> {
    let env = row["env"].as_object().unwrap_or_else(|| panic!("no env: {row}"));
    let lookup = |name: &str| {
        let value = env.get(name).and_then(Value::as_str);
        value.map_or(Lookup::Unset, |value| Lookup::Set(Cow::Borrowed(value)))
    };
    let expander = Expander::new(text(row, "escape").chars().next().unwrap_or('\\'));
    let input = text(row, "input");
    match text(row, "op") {
        "process_word" => check_word(row, expander.word(input, &lookup)),
        "process_words" => {
            let words = expander.words(input, &lookup);
            let words = words.map(|words| words.into_iter().map(|word| word.value).collect());
            compare(row, words.map(|words: Vec<_>| serde_json::json!(words)))
        }
        other => Err(format!("unknown op {other}")),
    }
}

fn check_word(row: &Value, outcome: Result<Expansion, ExpandError>) -> Result<(), String> {
    if let Ok(expansion) = &outcome {
        for (field, names) in [("matches", &expansion.used), ("unmatched", &expansion.unset)] {
            let Some(expected) = row.get(field).and_then(Value::as_array) else { continue };
            let expected: BTreeSet<_> = expected.iter().filter_map(Value::as_str).collect();
            let names: BTreeSet<_> = names.iter().map(String::as_str).collect();
            if expected != names && row["is_error"] == false {
                return Err(format!("{field} {names:?}, not {expected:?}"));
            }
        }
    }
    compare(row, outcome.map(|expansion| serde_json::json!(expansion.value)))
}

fn compare(row: &Value, outcome: Result<Value, ExpandError>) -> Result<(), String> {
    let wanted = &row["expect"];
    match (outcome, row["is_error"] == true) {
        (Ok(value), false) if value == *wanted => Ok(()),
        // Some tables only say "error", or nothing; others a part of the message.
        (Err(error), true) => {
            let part = wanted.as_str().filter(|part| *part != "error").unwrap_or_default();
            let found = error.message.contains(part);
            if found { Ok(()) } else { Err(format!("{error:?} without {part:?}")) }
        }
        (outcome, _) => Err(format!("{outcome:?}, not {wanted}")),
    }
}

#[test]
fn buildkit_shell() {
    let Some(rows) = suites::rows("01-buildkit/shell.jsonl") else { return };
    ratchet::check("expand", rows.iter().map(|row| (text(row, "id").to_owned(), check(row))));
}
