//! Whole projects: what `docker compose config` prints of them, or that it refuses them.
//!
//! The rows of the suites were made with Docker Compose v5.6.1; so were the cases of our own, in
//! `tests/cases/compose.jsonl` (`tests/compose/measure.py` made them).

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use plimsoll_engine::diagnostic::{Diagnostic, Level};
use plimsoll_engine::document::compose::config;
use plimsoll_engine::document::compose::load::{Loaded, load};
use plimsoll_engine::document::compose::tree::Node;
use plimsoll_engine::document::compose::validate::validate;
use plimsoll_engine::document::compose::variables::Unset;
use plimsoll_engine::document::{ComposeOptions, Folder, Input, MAX_BYTES, ReadOptions};
use plimsoll_engine::files::{DiskFiles, Files, MemoryFiles};
use plimsoll_engine::source::Source;
use plimsoll_engine::yaml;
use plimsoll_tests::{ratchet, repository, suites};
use serde_json::Value;

/// Where projects are said to lie: nothing is read from there.
const WORK: &str = "/up/work";

fn options() -> ComposeOptions {
    ComposeOptions {
        profiles: vec!["*".to_owned()],
        project_name: Some("proj".to_owned()),
        unset: Unset::Empty,
        ..ComposeOptions::default()
    }
}

fn project(files: Arc<dyn Files>, path: &str, compose: ComposeOptions) -> Loaded {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let bytes = files.read(path, MAX_BYTES).unwrap_or_else(|e| panic!("{path}: {e}"));
    let folder = Folder { files, path: folder.to_owned(), file_name: name.to_owned() };
    let input = Input { source: Source::from_bytes(path, bytes), folder: Some(folder) };
    load(&input, &ReadOptions { compose, ..ReadOptions::default() })
}

fn errors(problems: &[Diagnostic]) -> Vec<String> {
    let errors = problems.iter().filter(|problem| problem.level == Level::Error);
    let place = |problem: &Diagnostic| {
        problem.place().map_or_else(String::new, |place| {
            format!("{}:{}: ", place.source.name(), place.start())
        })
    };
    errors.map(|problem| place(problem) + &problem.message).collect()
}

/// Compares a project with a row: `config`, or else an `error`.
fn compare(row: &Value, loaded: &Loaded) -> Result<(), String> {
    let errors = errors(&loaded.problems);
    let Some(config) = row.get("config") else {
        let error = row["error"].as_str().unwrap_or_default();
        let last = error.trim().lines().last().unwrap_or_default();
        return if errors.is_empty() { Err(format!("accepted; Compose: {last}")) } else { Ok(()) };
    };
    if !errors.is_empty() {
        return Err(format!("refused: {}", errors.join("\n    ")));
    }
    let found = config::to_json(&loaded.root, WORK);
    let expected = config.to_string().replace("$WD", WORK).replace("$UP", "/up");
    let expected: Value = serde_json::from_str(&expected).map_err(|error| error.to_string())?;
    let mut differences = String::new();
    differ("", &found, &expected, &mut differences);
    if differences.is_empty() { Ok(()) } else { Err(differences) }
}

fn differ(path: &str, found: &Value, expected: &Value, out: &mut String) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            for (key, value) in expected {
                let null = Value::String("(absent)".to_owned());
                differ(&format!("{path}.{key}"), found.get(key).unwrap_or(&null), value, out);
            }
            for (key, value) in found.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                let _ = writeln!(out, "  {path}.{key}: {value}, not (absent)");
            }
        }
        _ if found == expected => {}
        _ => {
            let _ = writeln!(out, "  {path}: {found}, not {expected}");
        }
    }
}

fn text<'r>(row: &'r Value, key: &str) -> &'r str {
    row[key].as_str().unwrap_or_else(|| panic!("{key} is no text in {row}"))
}

#[test]
fn oracle_config_files() {
    let Some(rows) = suites::rows("02-compose/oracle_config_files.jsonl") else { return };
    let Some(folder) = suites::folder() else { return };
    let files: Arc<dyn Files> =
        Arc::new(DiskFiles::open(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())));
    let check = |row: &Value| {
        let file = text(row, "file");
        let loaded = project(Arc::clone(&files), file, options());
        (file.to_owned(), compare(row, &loaded))
    };
    ratchet::check("compose_oracle_files", rows.iter().map(check));
}

#[test]
fn oracle_config_inline() {
    let Some(rows) = suites::rows("02-compose/oracle_config_inline.jsonl") else { return };
    let sources: Vec<Value> = ["02-compose/load.jsonl", "02-compose/merge.jsonl"]
        .into_iter()
        .flat_map(|file| suites::rows(file).unwrap_or_default())
        .collect();
    let check = |row: &Value| {
        let id = text(row, "ref");
        let source = sources.iter().find(|source| source["id"] == *id);
        let source = source.unwrap_or_else(|| panic!("no row {id}"));
        (id.to_owned(), compare(row, &inline(source)))
    };
    ratchet::check("compose_oracle_inline", rows.iter().map(check));
}

/// One file, or a file and another one that overrides it.
fn inline(source: &Value) -> Loaded {
    let mut compose = options();
    let environment = source["env"].as_object().into_iter().flatten();
    compose.variables = environment
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    if let Some(yaml) = source["yaml"].as_str() {
        compose.project_name = Some("test".to_owned());
        return project(Arc::new(MemoryFiles::default().with("a.yml", yaml)), "a.yml", compose);
    }
    compose.files = vec!["b.yml".to_owned()];
    let files = MemoryFiles::default().with("a.yml", text(source, "base"));
    project(Arc::new(files.with("b.yml", text(source, "override"))), "a.yml", compose)
}

#[test]
fn schema() {
    let Some(rows) = suites::rows("02-compose/schema.jsonl") else { return };
    let check = |row: &Value| {
        let source = Source::new("compose.yaml", row["args"][0].to_string());
        let tree = yaml::parse(&source, yaml::Limits::default());
        let tree = Node::from_yaml(&source, tree.unwrap_or_else(|e| panic!("{e:?}")));
        let mut problems = Vec::new();
        validate(&tree, &mut problems);
        let errors = errors(&problems);
        let outcome = match (row["expect"] == "error", errors.is_empty()) {
            (true, true) => Err(format!("accepted; {}", row["error_contains"])),
            (false, false) => Err(format!("refused: {}", errors.join("\n    "))),
            _ => Ok(()),
        };
        (text(row, "id").to_owned(), outcome)
    };
    ratchet::check("compose_schema", rows.iter().map(check));
}

/// Our own cases, or others that were measured in the same way: those of `PLIMSOLL_COMPOSE_CASES`.
/// One that differs from Compose says why in `differs`.
#[test]
fn measured() {
    let other = std::env::var_os("PLIMSOLL_COMPOSE_CASES").map(PathBuf::from);
    let path = other.unwrap_or_else(|| repository().join("tests/cases/compose.jsonl"));
    let cases =
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut complaints = String::new();
    let mut count = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let mut compose = options();
        compose.variables = vec![("OUTSIDE".to_owned(), "from outside".to_owned())];
        let yaml = text(&case, "compose");
        let files = MemoryFiles::default().with("compose.yaml", yaml);
        let outcome = compare(&case, &project(Arc::new(files), "compose.yaml", compose));
        match (outcome, case.get("differs")) {
            (Err(difference), None) => {
                let _ = writeln!(complaints, "{yaml}\n{difference}");
            }
            (Ok(()), Some(reason)) => {
                let _ = writeln!(complaints, "{yaml}\n  is as in Compose, in spite of: {reason}");
            }
            _ => {}
        }
        count += 1;
    }
    assert!(complaints.is_empty(), "{complaints}");
    assert!(count > 0, "no cases");
}

/// What is accepted stays so when any one value is not known.
#[test]
fn unknown_values_are_never_refused() {
    let path = repository().join("tests/cases/compose.jsonl");
    let cases =
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut complaints = String::new();
    let mut count = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let yaml = text(&case, "compose");
        let Ok(tree) = serde_yaml::from_str::<Value>(yaml) else { continue };
        let refused = |tree: &Value| {
            let files = MemoryFiles::default().with("compose.yaml", tree.to_string());
            let compose = ComposeOptions { unset: Unset::Unknown, ..options() };
            errors(&project(Arc::new(files), "compose.yaml", compose).problems)
        };
        // Not every tree is the same as JSON: `0755` and merge keys are not.
        if !refused(&tree).is_empty() {
            continue;
        }
        for pointer in scalars(&tree, String::new()) {
            // What is not known cannot be read: other files.
            if pointer.contains("/extends") || pointer.contains("/env_file") {
                continue;
            }
            let mut changed = tree.clone();
            let Some(value) = changed.pointer_mut(&pointer) else { continue };
            *value = Value::String("${UNKNOWN}".to_owned());
            let errors = refused(&changed);
            count += 1;
            if !errors.is_empty() {
                let _ = writeln!(complaints, "{changed}\n  {pointer}: {}", errors.join("\n  "));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
    assert!(count > 1000, "{count} values");
}

/// Where every value is that may have a variable in it.
fn scalars(value: &Value, at: String) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| !key.starts_with("x-"))
            .flat_map(|(key, value)| {
                let key = key.replace('~', "~0").replace('/', "~1");
                scalars(value, format!("{at}/{key}"))
            })
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.flat_map(|(index, item)| scalars(item, format!("{at}/{index}"))).collect()
        }
        Value::Null => Vec::new(),
        _ => vec![at],
    }
}
