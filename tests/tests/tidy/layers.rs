//! Who may import whom: modules of the engine, and crates.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::code::{code, is_test};
use super::{Tracked, report, rust_files};

/// The layer of every top-level module of the engine. A module imports from lower layers, and from
/// its own as long as that makes no cycle.
const LAYERS: &[(&str, u8)] = &[
    ("source", 1),
    ("diagnostic", 1),
    ("files", 1),
    ("git", 1),
    ("mask", 1),
    ("nearest", 1),
    ("excerpt", 1),
    ("yaml", 1),
    ("json", 1),
    ("params", 1),
    ("shell", 1),
    ("notation", 1),
    ("document", 2),
    ("config", 2),
    ("bundle", 2),
    ("link", 3),
    ("policy", 3),
    ("evaluate", 4),
    ("finding", 5),
    ("decide", 6),
    ("report", 7),
    ("engine", 8),
    ("checklist", 8),
    ("policy_test", 9),
];

/// Which crate of ours each crate may depend on, outside its tests.
const CRATES: &[(&str, &[&str])] = &[
    ("plimsoll-sdk", &[]),
    ("plimsoll-policies", &[]),
    ("plimsoll-engine", &["plimsoll-sdk"]),
    ("plimsoll-plugin-build", &[]),
    (
        "plimsoll",
        &["plimsoll-engine", "plimsoll-plugin-build", "plimsoll-policies", "plimsoll-sdk"],
    ),
    (
        "plimsoll-tests",
        &["plimsoll-engine", "plimsoll-plugin-build", "plimsoll-policies", "plimsoll-sdk"],
    ),
    ("plimsoll-example-embed", &["plimsoll-engine", "plimsoll-policies"]),
];

/// The path of a file's module below the crate: `["document", "place"]`.
fn module_path(file: &Tracked) -> Vec<&str> {
    let path = file.path.trim_start_matches("engine/src/").trim_end_matches(".rs");
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.last() == Some(&"mod") || parts == ["lib"] {
        parts.pop();
    }
    parts
}

/// The top-level modules that a file names, with the line of each.
fn imports(file: &Tracked, modules: &BTreeSet<&str>) -> Vec<(usize, String)> {
    let code = code(&file.text);
    let depth = module_path(file).len();
    let to_root = "super::".repeat(depth);
    let deeper = format!("super::{to_root}");
    let mut found = Vec::new();
    for (at, prefix) in code.match_indices("crate::").chain(code.match_indices(&to_root)) {
        // `pub(crate)::` does not exist, `xcrate::` would be another name, and one more `super`
        // leads somewhere else.
        let before = &code[..at];
        let inside = before.ends_with(|char: char| char.is_alphanumeric() || "_:$".contains(char));
        if prefix.is_empty() || inside || code[at..].starts_with(&deeper) {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let list = match rest.strip_prefix('{') {
            // Only the heads of a list count: `{document::{self, Folder}, files}`.
            Some(list) => heads(list),
            None => vec![head(rest)],
        };
        let line = before.matches('\n').count() + 1;
        let known = list.into_iter().filter(|name| modules.contains(name.as_str()));
        found.extend(known.map(|name| (line, name)));
    }
    found
}

fn head(text: &str) -> String {
    text.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect()
}

fn heads(list: &str) -> Vec<String> {
    let mut depth = 1;
    let mut names = vec![head(list.trim_start())];
    for (at, char) in list.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(head(list[at + 1..].trim_start())),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

#[test]
fn modules_import_from_lower_layers() {
    let layers: BTreeMap<&str, u8> = LAYERS.iter().copied().collect();
    let files = rust_files("engine/src");
    let modules: BTreeSet<&str> =
        files.iter().filter_map(|file| module_path(file).first().copied()).collect();
    let mut complaints = Vec::new();
    for module in modules.iter().filter(|module| !layers.contains_key(**module)) {
        complaints.push(format!("the module `{module}` has no layer"));
    }
    for (module, _) in LAYERS.iter().filter(|(module, _)| !modules.contains(module)) {
        complaints.push(format!("there is no module `{module}`"));
    }
    let mut edges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| !is_test(&file.path)) {
        let Some(&module) = module_path(file).first() else { continue };
        for (line, import) in imports(file, &modules) {
            if import == module {
                continue;
            }
            let (own, other) = (layers.get(module), layers.get(import.as_str()));
            if own < other {
                let path = &file.path;
                complaints.push(format!("{path}:{line}: `{module}` imports `{import}`, above it"));
            }
            edges.entry(module).or_default().insert(import);
        }
    }
    // The parser of imports sees something.
    assert!(edges["engine"].contains("report") && edges["diagnostic"].contains("source"));
    complaints.extend(cycles(&edges));
    report("a module of the engine imports from lower layers only", &complaints);
}

/// Takes away modules that import nothing that is left; what stays is in cycles, or above them.
fn cycles(edges: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let mut left = edges.clone();
    loop {
        let names: BTreeSet<String> = left.keys().map(|name| (*name).to_owned()).collect();
        let before = left.len();
        left.retain(|_, imports| imports.iter().any(|import| names.contains(import)));
        if left.len() == before {
            let cyclic = |(name, imports)| format!("in or above a cycle: `{name}` {imports:?}");
            return left.iter().map(cyclic).collect();
        }
    }
}

#[test]
fn cycles_are_found() {
    let edge = |from, to: &[&str]| (from, to.iter().map(|name| (*name).to_owned()).collect());
    assert!(cycles(&BTreeMap::from([edge("a", &["b", "c"]), edge("b", &["c"])])).is_empty());
    assert_eq!(cycles(&BTreeMap::from([edge("a", &["b"]), edge("b", &["a"])])).len(), 2);
}

#[test]
fn crates_depend_in_one_direction() {
    let metadata = super::dependencies::metadata(&["--no-deps"]);
    let mut complaints = Vec::new();
    let packages = metadata["packages"].as_array().expect("packages");
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = CRATES.iter().find(|(known, _)| *known == name) else {
            complaints.push(format!("the crate `{name}` has no place in the table"));
            continue;
        };
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        let normal = dependencies.iter().filter(|dependency| dependency["kind"] != "dev");
        let ours = normal.filter(|dependency| dependency["source"] == Value::Null);
        for other in ours.filter_map(|dependency| dependency["name"].as_str()) {
            if !allowed.contains(&other) {
                complaints.push(format!("`{name}` depends on `{other}`"));
            }
        }
    }
    assert!(packages.len() >= 4, "cargo knows the workspace");
    report("crates depend in one direction", &complaints);
}

#[test]
fn the_library_needs_nothing_of_a_terminal() {
    let metadata = super::dependencies::metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().expect("packages");
    let engine = packages.iter().find(|package| package["name"] == "plimsoll-engine");
    let dependencies = engine.expect("the engine")["dependencies"].as_array().expect("a list");
    let names: Vec<&str> = dependencies.iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.contains(&"regorus"), "{names:?}");
    for name in ["clap", "anstream", "indicatif", "crossterm", "terminal_size", "walkdir"] {
        assert!(!names.contains(&name), "users of the library do not want {name}");
    }
}
