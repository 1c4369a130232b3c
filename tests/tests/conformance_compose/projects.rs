//! Projects of several files, measured with Docker Compose: `tests/cases/compose_projects.jsonl`,
//! which `tests/compose/projects.py` made.

use std::fmt::Write as _;
use std::sync::Arc;

use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::document::compose::config;
use plimsoll_engine::document::compose::load::{Loaded, MAX_PROBLEMS, load};
use plimsoll_engine::document::compose::tree::{self, Node};
use plimsoll_engine::document::compose::variables::Unset;
use plimsoll_engine::document::{ComposeOptions, Folder, Input, ReadOptions};
use plimsoll_engine::files::MemoryFiles;
use plimsoll_engine::source::{Place, Source};
use plimsoll_tests::repository;
use serde_json::Value;

/// Where the projects are said to lie, for `$ROOT`.
const ROOT: &str = "/root";

fn rows() -> Vec<Value> {
    let path = repository().join("tests/cases/compose_projects.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect()
}

fn project(row: &Value, unset: Unset) -> Loaded {
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
        unset,
        ..ComposeOptions::default()
    };
    let input = Input { source: Source::new(first, text), folder: Some(folder) };
    load(&input, &ReadOptions { compose, ..ReadOptions::default() })
}

fn check(row: &Value) -> Result<(), String> {
    let loaded = project(row, Unset::Empty);
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
    let mut complaints = String::new();
    for (line, row) in rows().iter().enumerate() {
        if let Err(complaint) = check(row) {
            let _ = writeln!(complaints, "line {}: {complaint}", line + 1);
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// What a writer's hand may slip in.
const SLIPS: [&str; 16] = [
    "",
    " ",
    "\n",
    "- ",
    ": ",
    "{",
    "]",
    "'",
    "${A}",
    "${A",
    "!reset ",
    "!override ",
    "&a ",
    "*a",
    "---\n",
    "99999999999",
];

/// Numbers that are the same on every machine: a linear congruential generator (Knuth's MMIX).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// Replaces a part of a text by something else.
    fn slip(&mut self, text: &str) -> String {
        let start = text.floor_char_boundary(self.below(text.len() + 1));
        let end = text.ceil_char_boundary((start + self.below(12)).min(text.len()));
        format!("{}{}{}", &text[..start], SLIPS[self.below(SLIPS.len())], &text[end..])
    }
}

#[test]
fn broken_projects_are_read_as_far_as_they_go() {
    let mut chance = Chance(1);
    for (at, mut row) in rows().into_iter().enumerate() {
        for round in 0..8 {
            let files = row["files"].as_object_mut().expect("a project has files");
            let text = files.values_mut().nth(round % 3);
            if let Some(text) = text {
                *text = Value::from(chance.slip(text.as_str().unwrap_or_default()));
            }
            let unset = if round % 2 == 0 { Unset::Unknown } else { Unset::Empty };
            let loaded = project(&row, unset);
            every_place(&loaded.root, &|| format!("line {} round {round}: {row}", at + 1));
            let _ = config::to_json(&loaded.root, ROOT);
            assert!(loaded.problems.len() <= MAX_PROBLEMS + 1);
        }
    }
}

/// Every place lies in its text.
fn every_place(node: &Node, which: &dyn Fn() -> String) {
    let check = |place: &Place| {
        let text = place.source.text().get(place.span.range());
        assert!(text.is_some(), "{place:?}: {}", which());
    };
    check(&node.place);
    node.used_at.iter().for_each(check);
    match &node.value {
        tree::Value::Seq(items) => items.iter().for_each(|item| every_place(item, which)),
        tree::Value::Map(map) => map.values().for_each(|entry| {
            check(&entry.key);
            every_place(&entry.node, which);
        }),
        _ => {}
    }
}
