//! Projects of several files, measured with Docker Compose: `tests/cases/compose_projects.jsonl`,
//! which `tests/compose/projects.py` made.

use std::fmt::Write as _;
use std::sync::Arc;

use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::document::compose::config;
use plimsoll_engine::document::compose::load::{Loaded, load};
use plimsoll_engine::document::compose::variables::Unset;
use plimsoll_engine::document::{ComposeOptions, Folder, Input, ReadOptions};
use plimsoll_engine::files::MemoryFiles;
use plimsoll_engine::source::Source;
use plimsoll_tests::repository;
use serde_json::Value;

/// Where the projects are said to lie, for `$ROOT`.
const ROOT: &str = "/root";

fn project(row: &Value) -> Loaded {
    let files = row["files"].as_object().into_iter().flatten();
    let files = files.fold(MemoryFiles::default(), |files, (path, text)| {
        files.with(path.clone(), text.as_str().unwrap_or_default())
    });
    let given = row["given"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let given: Vec<String> = given.map(str::to_owned).collect();
    let (first, others) = given.split_first().expect("a file is given");
    let text = row["files"][first].as_str().unwrap_or_else(|| panic!("no {first}"));
    let (parent, file_name) = first.rsplit_once('/').unwrap_or(("", first));
    let folder =
        Folder { files: Arc::new(files), path: parent.to_owned(), file_name: file_name.to_owned() };
    let compose = ComposeOptions {
        files: others.to_vec(),
        profiles: vec!["*".to_owned()],
        project_name: Some("proj".to_owned()),
        unset: Unset::Empty,
        ..ComposeOptions::default()
    };
    let input = Input { source: Source::new(first, text), folder: Some(folder) };
    load(&input, &ReadOptions { compose, ..ReadOptions::default() })
}

fn check(row: &Value) -> Result<(), String> {
    let loaded = project(row);
    let errors = loaded.problems.iter().filter(|problem| problem.level == Level::Error);
    let errors: Vec<_> = errors.map(|problem| (&problem.message, problem.place())).collect();
    let Some(config) = row.get("config") else {
        return match errors.is_empty() {
            true => Err(format!("accepted; Compose: {}", row["error"])),
            false => Ok(()),
        };
    };
    if !errors.is_empty() {
        return Err(format!("{errors:?}"));
    }
    let first = row["given"][0].as_str().unwrap_or_default();
    let folder = first.rsplit_once('/').map_or("", |(folder, _)| folder);
    let json = config::to_json(&loaded.root, format!("{ROOT}/{folder}").trim_end_matches('/'));
    let wanted = config.to_string().replace("$ROOT", ROOT);
    let wanted = serde_json::from_str(&wanted).expect("the case is JSON");
    let mut differences = String::new();
    differ("", &wanted, &json, &mut differences);
    if differences.is_empty() { Ok(()) } else { Err(differences) }
}

fn differ(path: &str, wanted: &Value, found: &Value, out: &mut String) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            let keys = wanted.keys().chain(found.keys().filter(|key| !wanted.contains_key(*key)));
            for key in keys {
                let value = |map: &serde_json::Map<String, Value>| {
                    map.get(key).cloned().unwrap_or_else(|| Value::from("(nothing)"))
                };
                differ(&format!("{path}.{key}"), &value(wanted), &value(found), out);
            }
        }
        _ if wanted == found => {}
        _ => {
            let _ = write!(out, "\n    {path}: {found}, not {wanted}");
        }
    }
}

#[test]
fn projects() {
    let path = repository().join("tests/cases/compose_projects.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut complaints = String::new();
    for (line, text) in text.lines().enumerate() {
        let row: Value = serde_json::from_str(text).expect("a case is JSON");
        if let Err(complaint) = check(&row) {
            let _ = writeln!(complaints, "line {}: {complaint}", line + 1);
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}
