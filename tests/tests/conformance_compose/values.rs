//! Variables, files of variables and short forms against compose-go's test tables.
//!
//! A row that a table's own test evaluates with Go code has that code restated here, by the name
//! of the operation.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_engine::diagnostic::{Diagnostic, Level};
use plimsoll_engine::document::compose::dotenv::{self, Pair};
use plimsoll_engine::document::compose::interpolate::template::{Fault, Lookup, substitute};
use plimsoll_engine::document::compose::interpolate::{Variable, interpolate, variables};
use plimsoll_engine::document::compose::short::canonicalise;
use plimsoll_engine::document::compose::tree::{Node, Value as Yaml};
use plimsoll_engine::document::compose::variables::{Unset, Variables};
use plimsoll_engine::source::Source;
use plimsoll_engine::yaml;
use plimsoll_tests::{ratchet, suites};
use serde_json::{Value, json};

type Outcome = Result<(), String>;

fn run(name: &str, check: impl Fn(&Value) -> Outcome) {
    let Some(rows) = suites::rows(&format!("02-compose/{name}.jsonl")) else { return };
    let outcomes = rows.iter().map(|row| (text(&row["id"]).to_owned(), check(row)));
    ratchet::check(&format!("compose_{name}"), outcomes);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Where the words of errors differ: Plimsoll's say the path with a place, and what of a port is
/// wrong in full words.
const WORDS: [(&str, &str); 4] = [
    (" for servicea.image.", ""),
    ("containerport", "container port"),
    ("invalid proto:", "invalid protocol:"),
    ("no port specified: <empty>", "no port specified"),
];

/// Compares with what a row wants: a value, or an error that contains some words. The words of
/// errors differ in case between versions of compose-go.
fn compare(row: &Value, got: Result<Value, String>, want: &Value) -> Outcome {
    if row["expect"] == "error" {
        let words = row["error_contains"].as_str().or(row["error"].as_str()).unwrap_or_default();
        let words = words.lines().next().unwrap_or_default().to_lowercase();
        let words = WORDS.iter().fold(words, |words, (theirs, ours)| words.replace(theirs, ours));
        return match got {
            Err(message) if message.to_lowercase().contains(&words) => Ok(()),
            got => Err(format!("{got:?}, not the error {words:?}")),
        };
    }
    match got {
        Ok(got) if got == *want => Ok(()),
        got => Err(format!("{got:?}, not {want}")),
    }
}

#[test]
fn template() {
    run("template", |row| {
        let env = row["env"].as_object().cloned().unwrap_or_default();
        let lookup = |name: &str| match env.get(name).and_then(Value::as_str) {
            Some(value) => Lookup::Set(Cow::Borrowed(value)),
            None => Lookup::Unset,
        };
        let got = substitute(text(&row["args"][0]), &lookup, Unset::Empty, &mut (1 << 20));
        let got = got.map(|found| json!(found.text)).map_err(|error| match error.fault {
            Fault::Invalid => "invalid template".to_owned(),
            Fault::Required { variable, reason } => {
                format!("required variable {variable} is missing a value: {reason}")
            }
            fault => format!("{fault:?}"),
        });
        compare(row, got, &row["checks"][0]["equals"])
    });
}

#[test]
fn interpolation() {
    run("interpolation", |row| {
        let mut variables = Variables::default();
        variables.unset = Unset::Empty;
        for (name, value) in row["args"][1]["LookupValue"].as_object().into_iter().flatten() {
            variables.set(name, text(value));
        }
        let mut problems = Vec::new();
        let mut node = tree(&row["args"][0])?;
        interpolate(&mut node, &variables, &mut problems);
        compare(row, outcome(&node, &problems), &row["checks"][0]["equals"])
    });
}

#[test]
fn variables_of_a_file() {
    run("variables", |row| {
        let mut found = BTreeMap::new();
        collect(&row["args"][0], &mut found);
        let want = row["checks"][0]["equals"].as_object().cloned().unwrap_or_default();
        let names: BTreeSet<&String> = want.keys().collect();
        if !found.keys().eq(names.iter().copied()) {
            return Err(format!("{:?}, not {names:?}", found.keys()));
        }
        for (name, variable) in &found {
            let Variable { default, alternative, required, .. } = variable;
            let got = (default.as_deref(), alternative.as_deref(), *required);
            let column = |column: &str| text(&want[name][column]);
            let required = want[name]["Required"] == true;
            let want = (column("DefaultValue"), column("PresenceValue"), required);
            if (got.0.unwrap_or_default(), got.1.unwrap_or_default(), got.2) != want {
                return Err(format!("{name}: {got:?}, not {want:?}"));
            }
        }
        Ok(())
    });
}

fn collect(value: &Value, found: &mut BTreeMap<String, Variable>) {
    match value {
        Value::String(text) => {
            found.extend(variables(text).into_iter().map(|found| (found.name.clone(), found)));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(map) => map.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

#[test]
fn dotenv_files() {
    run("dotenv", |row| match text(&row["op"]) {
        "dotenv_line" => {
            let pairs = read(Source::new(".env", text(&row["args"][0])), &Value::Null)?;
            let (key, want) = (text(&row["args"][1]), text(&row["args"][2]));
            check_pairs(&pairs, [(key, want)])
        }
        "dotenv_file" => {
            let file = format!("02-compose/compose-go/dotenv/{}", text(&row["args"][1]));
            let path = suites::folder().ok_or("no suites")?.join(file);
            let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
            let pairs = read(Source::from_bytes(".env", bytes), &row["args"][3])?;
            let want = row["args"][2].as_object().into_iter().flatten();
            check_pairs(&pairs, want.map(|(key, value)| (key.as_str(), text(value))))
        }
        _ => {
            let got = read(Source::new(".env", text(&row["args"][0])), &Value::Null);
            let got = got.map(|pairs| {
                pairs.into_iter().map(|pair| (pair.name, json!(pair.value))).collect()
            });
            compare(row, got, &row["case"]["expected"])
        }
    });
}

fn read(source: Arc<Source>, presets: &Value) -> Result<Vec<Pair>, String> {
    let lookup = |name: &str| presets[name].as_str().map(str::to_owned);
    dotenv::parse(&source, &lookup, Unset::Empty).map_err(|problems| messages(&problems))
}

fn check_pairs<'a>(pairs: &[Pair], want: impl IntoIterator<Item = (&'a str, &'a str)>) -> Outcome {
    for (name, want) in want {
        let pair = pairs.iter().rfind(|pair| pair.name == name);
        let got = pair.and_then(|pair| pair.value.as_deref());
        if got != Some(want) {
            return Err(format!("{name}: {got:?}, not {want:?}"));
        }
    }
    Ok(())
}

#[test]
fn volume() {
    run("volume", |row| {
        let got = long("volumes", &json!([row["args"][0]]), &["services", "a"]);
        let got = got.map(|volumes| volumes[0].clone());
        if row["case"].get("n").is_none() {
            return compare(row, got, &emptied(&row["checks"][0]["equals"]));
        }
        // The Go test looks only at whether there is a source.
        let want = row["case"]["expected"].as_array().cloned().unwrap_or_default();
        match got {
            Ok(got) if want.len() > 1 && got["source"] == want[0] && got["target"] == want[1] => {
                Ok(())
            }
            Ok(got) if want.len() == 1 && got["source"].is_null() && got["target"] == want[0] => {
                Ok(())
            }
            Err(_) if want.is_empty() => Ok(()),
            got => Err(format!("{got:?}, not {want:?}")),
        }
    });
}

/// The tables write an empty mapping as an empty list.
fn emptied(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.is_empty() => json!({}),
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), emptied(value))).collect()
        }
        value => value.clone(),
    }
}

#[test]
fn types() {
    run("types", |row| match text(&row["op"]) {
        "parse_port" => {
            let got = long("ports", &json!([row["args"][0]]), &["services", "a"]);
            compare(row, got, &row["case"]["expected"])
        }
        "hosts_list" => {
            let got = long("extra_hosts", &row["args"][0], &["services", "a"]).map(|hosts| {
                let mut lines = Vec::new();
                for (host, addresses) in hosts.as_object().into_iter().flatten() {
                    let addresses = addresses.as_array().into_iter().flatten();
                    lines.extend(addresses.map(|address| format!("{host}:{}", text(address))));
                }
                lines.sort();
                json!(lines.join(" "))
            });
            compare(row, got, &row["case"]["expectedOut"])
        }
        other => Err(format!("the harness does not know {other}")),
    });
}

#[test]
fn transform() {
    run("transform", |row| {
        let input = yaml_of(&row["args"][0])?;
        let want =
            row["checks"][0].get("equals").or(row["case"].get("want")).unwrap_or(&Value::Null);
        let service = ["services", "a"];
        let got = match text(&row["op"]) {
            "build" => long("build", &row["case"]["yaml"], &service),
            "env_file" => long("env_file", &input, &service),
            "external" => long("a", &input, &["volumes"]),
            "ports" => long("ports", &input, &service),
            "ssh" => long("ssh", &input, &["services", "a", "build"]),
            other => Err(format!("{other} is not done by this stage")),
        };
        compare(row, got, want)
    });
}

/// An argument of a row, which may be given as YAML.
fn yaml_of(value: &Value) -> Result<Value, String> {
    match value.get("$yaml").and_then(Value::as_str) {
        Some(text) => serde_yaml::from_str(text).map_err(|error| error.to_string()),
        None => Ok(value.clone()),
    }
}

/// The long form of a key's value that lies under other keys.
fn long(key: &str, value: &Value, under: &[&str]) -> Result<Value, String> {
    let path: Vec<&str> = under.iter().copied().chain([key]).collect();
    let root = path.iter().rfold(value.clone(), |value, key| json!({ *key: value }));
    let mut node = tree(&root)?;
    let mut problems = Vec::new();
    canonicalise(&mut node, &mut problems);
    let whole = outcome(&node, &problems)?;
    Ok(path.iter().fold(whole, |value, key| value[*key].clone()))
}

fn tree(value: &Value) -> Result<Node, String> {
    let source = Source::new("compose.yaml", value.to_string());
    let node = yaml::parse(&source, yaml::Limits::default());
    node.map(|node| Node::from_yaml(&source, node)).map_err(|problems| messages(&problems))
}

/// The tree as JSON, or the errors.
fn outcome(node: &Node, problems: &[Diagnostic]) -> Result<Value, String> {
    if problems.iter().any(|problem| problem.level == Level::Error) {
        return Err(messages(problems));
    }
    Ok(json(node))
}

fn json(node: &Node) -> Value {
    match &node.value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => json!(value),
        Yaml::Int(value) => json!(value),
        Yaml::Float(value) => json!(value),
        Yaml::Str(value) => json!(value),
        Yaml::Seq(items) => items.iter().map(json).collect(),
        Yaml::Map(map) => map.iter().map(|(key, entry)| (key.clone(), json(&entry.node))).collect(),
    }
}

fn messages(problems: &[Diagnostic]) -> String {
    problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; ")
}
