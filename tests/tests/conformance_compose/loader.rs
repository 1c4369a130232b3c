//! Merging, extending, including: compose-go's tests of its `override` and `loader` packages.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::document::compose::config;
use plimsoll_engine::document::compose::load::{Loaded, load};
use plimsoll_engine::document::compose::tree::{self, Node};
use plimsoll_engine::document::compose::variables::Unset;
use plimsoll_engine::document::{ComposeOptions, Folder, Input, ReadOptions};
use plimsoll_engine::files::{DiskFiles, FileError, Files, Listing, MemoryFiles};
use plimsoll_engine::source::Source;
use plimsoll_tests::{ratchet, suites};
use serde_json::{Map, Value};

/// The folder that relative paths are joined to, for `$WD`.
const WORKING_DIR: &str = "/wd";

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_else(|| panic!("no {field}: {row}"))
}

/// The texts of a case, and behind them the test data of compose-go.
struct Case {
    texts: MemoryFiles,
    data: Option<DiskFiles>,
}

impl Files for Case {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, FileError> {
        match (self.texts.read(path, limit), &self.data) {
            (Err(FileError::NotFound), Some(data)) => data.read(path, limit),
            (result, _) => result,
        }
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        match (self.texts.open(path), &self.data) {
            (Err(FileError::NotFound), Some(data)) => data.open(path),
            (result, _) => result,
        }
    }

    fn list(&self, folder: &str, limit: usize) -> Result<Listing, FileError> {
        self.texts.list(folder, limit)
    }
}

/// Loads files (paths and texts; the first is the document) with an environment.
fn project(files: &[(String, String)], name: Option<&str>, env: &Value, data: bool) -> Loaded {
    let folder = suites::folder().unwrap_or_default().join("02-compose/compose-go/loader");
    let data = data.then(|| DiskFiles::open(Path::new(&folder)).expect("the suite has its data"));
    let texts = files
        .iter()
        .fold(MemoryFiles::default(), |texts, (path, text)| texts.with(path.clone(), text.clone()));
    let (path, text) = files.first().expect("a file");
    let (parent, file_name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = Folder {
        files: Arc::new(Case { texts, data }),
        path: parent.to_owned(),
        file_name: file_name.to_owned(),
    };
    let input = Input { source: Source::new(path.clone(), text.clone()), folder: Some(folder) };
    let variables = env.as_object().into_iter().flatten();
    let variables = variables.map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned()));
    let options = ReadOptions {
        compose: ComposeOptions {
            files: files.iter().skip(1).map(|(path, _)| path.clone()).collect(),
            variables: variables.collect(),
            profiles: vec!["*".to_owned()],
            project_name: name.map(str::to_owned),
            unset: Unset::Empty,
            ..ComposeOptions::default()
        },
        ..ReadOptions::default()
    };
    load(&input, &options)
}

fn errors(loaded: &Loaded) -> Vec<String> {
    let errors = loaded.problems.iter().filter(|problem| problem.level == Level::Error);
    errors.map(|problem| format!("{} {:?}", problem.message, problem.place())).collect()
}

fn single(text: &str) -> Vec<(String, String)> {
    vec![("compose.yaml".to_owned(), text.to_owned())]
}

fn check_merge(row: &Value) -> Result<(), String> {
    let files = [
        ("compose.yaml".to_owned(), text(row, "base").to_owned()),
        ("override.yaml".to_owned(), text(row, "override").to_owned()),
    ];
    let merged = project(&files, Some("proj"), &Value::Null, false);
    let wanted = project(&single(text(row, "want")), Some("proj"), &Value::Null, false);
    let json = |loaded: &Loaded| config::to_json(&loaded.root, WORKING_DIR);
    match json(&merged) == json(&wanted) {
        true => Ok(()),
        false => Err(format!("{} not {} {:?}", json(&merged), json(&wanted), errors(&merged))),
    }
}

#[test]
fn merge() {
    let Some(rows) = suites::rows("02-compose/merge.jsonl") else { return };
    let outcomes = rows.iter().map(|row| (text(row, "id").to_owned(), check_merge(row)));
    ratchet::check("compose_merge", outcomes);
}

fn check_load(row: &Value) -> Result<(), String> {
    let loaded = project(&single(text(row, "yaml")), Some("test"), &row["env"], true);
    check_ok(row, &loaded, is_refused(row))
}

/// Whether Compose refuses the project of a row whose test passes over what is wrong with it.
fn is_refused(row: &Value) -> bool {
    let oracle = suites::rows("02-compose/oracle_config_inline.jsonl").unwrap_or_default();
    oracle.iter().any(|answer| answer["ref"] == row["id"] && answer["exit"] != 0)
}

#[test]
fn load_inline() {
    let Some(rows) = suites::rows("02-compose/load.jsonl") else { return };
    let outcomes = rows.iter().map(|row| (text(row, "id").to_owned(), check_load(row)));
    ratchet::check("compose_load", outcomes);
}

/// The files of a row, and the environment; an error for a row that does not say them.
fn arguments(row: &Value) -> Result<(Vec<(String, String)>, Value), String> {
    let mut env = Value::Null;
    let mut files = Vec::new();
    for argument in row["args"].as_array().into_iter().flatten() {
        match argument {
            Value::String(text) => files = single(text),
            Value::Object(object) if object.contains_key("files") => {
                for (at, text) in object["files"].as_array().into_iter().flatten().enumerate() {
                    let text = text.as_str().unwrap_or_default().to_owned();
                    files.push((format!("compose{at}.yaml"), text));
                }
                env = object["env"].clone();
            }
            Value::Object(object) if object.contains_key("ConfigFiles") => {
                files = config_files(row, object)?;
                env = object.get("environment").cloned().unwrap_or_default();
            }
            Value::Object(_) => env = argument.clone(),
            _ => {}
        }
    }
    if files.is_empty() {
        return Err("the row has no file".to_owned());
    }
    Ok((files, env))
}

fn config_files(row: &Value, object: &Map<String, Value>) -> Result<Vec<(String, String)>, String> {
    let folder = object.get("working_dir").and_then(Value::as_str).unwrap_or("$WD");
    let folder = folder.strip_prefix("$WD").ok_or("the row's files are not in the suite")?;
    let folder = folder.trim_start_matches('/').trim_start_matches('.');
    let below = |path: &str| match folder {
        "" => path.to_owned(),
        folder => format!("{folder}/{path}"),
    };
    let data = suites::folder().unwrap_or_default().join("02-compose/compose-go/loader");
    let mut files = Vec::new();
    for (at, file) in object["ConfigFiles"].as_array().into_iter().flatten().enumerate() {
        let name = file["Filename"].as_str().unwrap_or_default();
        if let Some(content) = file["content"].as_str() {
            files.push((below(&format!("inline{at}.yaml")), content.to_owned()));
            continue;
        }
        let path = name.trim_start_matches("$WD/").to_owned();
        let content = std::fs::read_to_string(data.join(&path));
        files.push((path, content.map_err(|_| "the row's files are not in the suite")?));
    }
    if files.is_empty() && row["case"]["config"].is_string() {
        files = single(text(&row["case"], "config"));
    }
    Ok(files)
}

fn check_loader(row: &Value) -> Result<(), String> {
    if row["op"] == "normalize" {
        return check_normalize(row);
    }
    let (files, env) = arguments(row)?;
    let name = row["id"].as_str().filter(|id| id.contains("TestLoadProjectName"));
    let name = name.filter(|id| id.contains("from options")).map(|_| "testproject");
    let loaded = project(&files, name, &env, true);
    if row["expect"] == "error" {
        return match errors(&loaded).is_empty() {
            true => Err(format!("no error, not {} {}", row["error"], row["error_contains"])),
            false => Ok(()),
        };
    }
    // A test that gives a text alone does not ask whether the project is consistent.
    let skipped = ["SkipConsistencyCheck", "SkipValidation"];
    let skipped = skipped.iter().any(|option| row["options"][option] == "true");
    check_ok(row, &loaded, skipped || row["args"][0].is_string())
}

/// compose-go completes a project that is loaded already: here it is loaded, and so completed.
fn check_normalize(row: &Value) -> Result<(), String> {
    let loaded = project(&single(text(&row["args"][0], "$yaml")), None, &Value::Null, false);
    let wanted = row["checks"][0]["equals"]["$yaml"].as_str().unwrap_or_default();
    // The test completes without loading: the name is not brought to lower case.
    let wanted = wanted.replace("myProject", "myproject");
    let wanted = project(&single(&wanted), None, &Value::Null, false);
    let json = |loaded: &Loaded| config::to_json(&loaded.root, WORKING_DIR);
    match json(&loaded) == json(&wanted) {
        true => Ok(()),
        false => Err(format!("{:#} not {:#}", json(&loaded), json(&wanted))),
    }
}

#[test]
fn loader() {
    let Some(rows) = suites::rows("02-compose/loader.jsonl") else { return };
    let outcomes = rows.iter().map(|row| (text(row, "id").to_owned(), check_loader(row)));
    ratchet::check("compose_loader", outcomes);
}

fn check_ok(row: &Value, loaded: &Loaded, lenient: bool) -> Result<(), String> {
    let errors = errors(loaded);
    if !lenient && !errors.is_empty() {
        return Err(format!("errors: {errors:?}"));
    }
    let json = config::to_json(&loaded.root, WORKING_DIR);
    // What the JSON leaves out, or writes otherwise, is in the tree.
    let tree = tree(&loaded.root);
    for check in row["checks"].as_array().into_iter().flatten() {
        let printed = check_value(check, &json);
        let is_service = text(check, "path").starts_with("services");
        let outcome = match check["in_config"] == true && is_service {
            true => printed,
            false => printed.or_else(|_| check_value(check, &tree)),
        };
        outcome.map_err(|difference| format!("{check}: {difference}"))?;
    }
    Ok(())
}

fn tree(node: &Node) -> Value {
    match &node.value {
        tree::Value::Null => Value::Null,
        tree::Value::Bool(value) => Value::from(*value),
        tree::Value::Int(value) => Value::from(*value),
        tree::Value::Float(value) => Value::from(*value),
        tree::Value::Str(value) => Value::from(value.as_str()),
        tree::Value::Seq(items) => items.iter().map(tree).collect(),
        tree::Value::Map(map) => {
            map.iter().map(|(key, entry)| (key.clone(), tree(&entry.node))).collect()
        }
    }
}

fn check_value(check: &Value, json: &Value) -> Result<(), String> {
    let path = text(check, "path");
    // A check of a Go variable, not of the project.
    if path.is_empty() || path.starts_with("environment.") || path == "working_dir" {
        return Ok(());
    }
    let names: Value = match path.strip_suffix("Names()") {
        Some(section) => {
            let section = field(json, &format!("{section}s"));
            section.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
        }
        None => Value::Null,
    };
    let found = match path.strip_prefix("GetService().") {
        None if !names.is_null() => vec![&names],
        // Which service is meant is not said.
        Some(path) => {
            let services = json["services"].as_object().into_iter().flatten();
            services.map(|(_, service)| at(service, path)).collect()
        }
        None => vec![at(json, path)],
    };
    let good = |found: &&Value| match check.get("len").and_then(Value::as_u64) {
        Some(len) => {
            let size = found.as_array().map(Vec::len).or(found.as_object().map(Map::len));
            size.unwrap_or_default() as u64 == len
        }
        None => same(&check["equals"], found),
    };
    match found.iter().any(good) {
        true => Ok(()),
        false => Err(format!("found {found:?}")),
    }
}

/// The value at `services.a.ports[0].target`; null for none.
fn at<'a>(json: &'a Value, path: &str) -> &'a Value {
    let mut value = json;
    let mut rest = path;
    while !rest.is_empty() {
        let (part, tail) = rest.split_once('.').unwrap_or((rest, ""));
        let (key, index) = part.split_once('[').unwrap_or((part, ""));
        // Keys may have dots: the longest one that is there counts.
        let whole = value.as_object().and_then(|map| map.get_key_value(rest));
        if let Some((_, value)) = whole {
            return value;
        }
        value = field(value, key);
        if let Ok(index) = index.trim_end_matches(']').parse::<usize>() {
            value = &value[index];
        }
        rest = tail;
    }
    value
}

/// A key as Go's model or as the JSON spells it.
fn field<'a>(value: &'a Value, key: &str) -> &'a Value {
    let Some(map) = value.as_object() else { return &Value::Null };
    let same = |other: &str| other.eq_ignore_ascii_case(key);
    map.get(key)
        .or_else(|| map.iter().find(|(other, _)| same(other)).map(|(_, value)| value))
        .unwrap_or(&Value::Null)
}

/// Whether a value of Go's model is what the JSON says: nothing is written as null, `[]` or not at
/// all, a duration in nanoseconds or with units, and defaults may have been added.
fn same(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        _ if is_nothing(wanted) => is_nothing(found),
        (Value::Object(wanted), Value::Object(map)) => wanted.iter().all(|(key, value)| {
            // The model repeats the key of a service in it.
            let repeated = key == "name" && !map.contains_key("name");
            repeated
                || matches!(key.as_str(), "working_dir" | "compose_files")
                || same(value, field(found, key))
                || (key == "environment" && wanted.contains_key("services"))
        }),
        (Value::Array(wanted), Value::Array(items)) => {
            wanted.len() == items.len() && wanted.iter().zip(items).all(|(a, b)| same(a, b))
        }
        // A limit with one number.
        (Value::Object(map), Value::Number(_)) => {
            map.get("single").is_some_and(|one| same(one, found))
        }
        (Value::Number(number), Value::String(text)) => {
            let octal = text.strip_prefix('0').map(|digits| i64::from_str_radix(digits, 8));
            number.to_string() == *text
                || octal.is_some_and(|mode| mode.ok() == number.as_i64())
                || nanoseconds(text).is_some_and(|nanos| number.as_f64() == Some(nanos))
        }
        // A path: the test does not resolve it, or we do not.
        (Value::String(wanted), Value::String(text)) if wanted.contains('/') => {
            tidy(&wanted.replace("$WD", WORKING_DIR)) == tidy(text)
        }
        (Value::String(text), Value::Number(number)) => number.to_string() == *text,
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::String(wanted), Value::String(text)) => wanted.replace("$WD", WORKING_DIR) == *text,
        _ => wanted == found,
    }
}

fn tidy(path: &str) -> String {
    let path = path.strip_prefix(WORKING_DIR).unwrap_or(path).trim_start_matches('/');
    path.strip_prefix("./").unwrap_or(path).to_owned()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// A duration as Go writes it: `1m30s`.
fn nanoseconds(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(end);
        let units = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(units);
        let factor = match unit {
            "ns" => 1.0,
            "us" | "µs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = tail;
    }
    Some(total)
}
