//! What must not stand in a file.

use super::code::{code, is_test};
use super::{report, rust_files, tracked};
use plimsoll_tests::repository;

/// The largest file, in lines of code: without comments, blank lines and tests.
const MAX_CODE: usize = 500;

/// Files that are longer, and how long they may be. This list only ever gets shorter.
const LONGER: &[(&str, usize)] = &[];

/// What a library that never touches the world cannot name, and who may all the same.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("std::fs", &["engine/src/evaluate/wasm/cache/folder.rs"]),
    ("std::env", &[]),
    ("std::process", &[]),
    ("cap_std", &["engine/src/files.rs", "engine/src/evaluate/wasm/cache/folder.rs"]),
    ("rustix", &["engine/src/evaluate/wasm/cache/folder.rs"]),
    ("TcpStream", &[]),
    ("TcpListener", &[]),
    ("UdpSocket", &[]),
    ("ToSocketAddrs", &[]),
    ("SystemTime", &[]),
    ("Instant", &[]),
    ("println!", &[]),
    ("print!", &[]),
    ("eprintln!", &[]),
    ("eprint!", &[]),
    ("dbg!", &[]),
    ("stdout()", &[]),
    ("stderr()", &[]),
    ("stdin()", &[]),
];

fn is_word(code: &str, at: usize, word: &str) -> bool {
    let in_name = |char: char| char.is_alphanumeric() || char == '_';
    let open = !word.ends_with(in_name) || !code[at + word.len()..].starts_with(in_name);
    !code[..at].ends_with(in_name) && open
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

#[test]
fn the_libraries_touch_nothing_outside() {
    let mut complaints = Vec::new();
    let mut seen = 0;
    for folder in ["engine/src", "sdk/src", "policies/src"] {
        for file in rust_files(folder).iter().filter(|file| !is_test(&file.path)) {
            let code = code(&file.text);
            for (word, allowed) in OUTSIDE {
                for (at, _) in code.match_indices(word).filter(|(at, _)| is_word(&code, *at, word))
                {
                    seen += 1;
                    if !allowed.contains(&file.path.as_str()) {
                        let (path, line) = (&file.path, line_of(&code, at));
                        complaints.push(format!("{path}:{line}: {word}"));
                    }
                }
            }
        }
    }
    assert!(seen > 0, "the disk implementation of Files was not seen");
    report("no file, clock, environment, network or printing in a library", &complaints);
}

#[test]
fn unsafe_code_is_in_one_place() {
    let mut found = Vec::new();
    for file in tracked().into_iter().filter(|file| file.path.ends_with(".rs")) {
        let code = code(&file.text);
        let at = code.match_indices("unsafe").filter(|(at, word)| is_word(&code, *at, word));
        found.extend(at.map(|_| file.path.clone()));
    }
    assert_eq!(found, ["engine/src/evaluate/wasm/cache/mod.rs"]);
}

#[test]
fn only_the_seam_names_regorus() {
    only_names("engine/src/evaluate/rego/", "regorus");
}

#[test]
fn only_the_seam_names_wasmtime() {
    only_names("engine/src/evaluate/wasm/", "wasmtime");
}

/// Only files below the folder name the crate.
fn only_names(below: &str, name: &str) {
    let mut complaints = Vec::new();
    let mut seen = 0;
    for folder in ["engine/src", "sdk/src", "policies/src", "cli/src", "tests"] {
        if !super::exists(folder) {
            continue;
        }
        for file in rust_files(folder) {
            let code = code(&file.text);
            let named = code.match_indices(name).any(|(at, word)| is_word(&code, at, word));
            seen += usize::from(named);
            if named && !file.path.starts_with(below) {
                complaints.push(file.path);
            }
        }
    }
    assert!(seen > 0, "{name} was not seen");
    report(&format!("only {below} names {name}"), &complaints);
}

#[test]
fn files_are_short() {
    let mut complaints = Vec::new();
    for (path, _) in LONGER.iter().filter(|(path, _)| !super::exists(path)) {
        complaints.push(format!("{path} is gone: take it off the list"));
    }
    for file in tracked().iter().filter(|file| file.path.ends_with(".rs")) {
        let code = code(&file.text);
        let lines = code.lines().filter(|line| !line.trim().is_empty()).count();
        let listed = LONGER.iter().find(|(path, _)| *path == file.path).map(|(_, limit)| *limit);
        let limit = listed.unwrap_or(MAX_CODE);
        if lines > limit {
            complaints.push(format!("{}: {lines} lines of code, at most {limit}", file.path));
        }
        if listed.is_some_and(|limit| lines < limit) {
            complaints.push(format!("{}: now {lines} lines, say so in the list", file.path));
        }
    }
    report("files are at most some 500 lines of code", &complaints);
}

#[test]
fn names_say_what_a_thing_is() {
    let vague = ["util", "utils", "helper", "helpers", "misc", "common", "manager", "handler"];
    let mut complaints = Vec::new();
    for file in tracked().iter().filter(|file| file.path.ends_with(".rs")) {
        let parts = file.path.trim_end_matches(".rs").split('/');
        if parts.into_iter().any(|part| vague.contains(&part)) {
            complaints.push(file.path.clone());
        }
        let code = code(&file.text);
        for keyword in ["mod ", "struct ", "enum ", "trait ", "type "] {
            for (at, _) in code.match_indices(keyword).filter(|(at, _)| is_word(&code, *at, "")) {
                let rest = &code[at + keyword.len()..];
                let end = rest.find(|char: char| !char.is_alphanumeric() && char != '_');
                let name = &rest[..end.unwrap_or(rest.len())];
                let lower = name.to_lowercase();
                let ending = ["util", "utils", "helper", "helpers", "handler"];
                if vague.contains(&lower.as_str()) && lower != "manager"
                    || ending.iter().any(|end| lower.ends_with(end))
                {
                    complaints.push(format!("{}:{}: {name}", file.path, line_of(&code, at)));
                }
            }
        }
    }
    report("no utils, helpers, managers or handlers", &complaints);
}

#[test]
fn nothing_is_left_to_do() {
    // Put together here, so that this file does not contain them.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let mut complaints = Vec::new();
    for file in tracked().iter().filter(|file| !file.path.ends_with("Cargo.lock")) {
        for word in words {
            for (at, _) in
                file.text.match_indices(word).filter(|(at, _)| is_word(&file.text, *at, word))
            {
                complaints.push(format!("{}:{}: {word}", file.path, line_of(&file.text, at)));
            }
        }
    }
    report("what is to be done is an issue, not a comment", &complaints);
}

#[test]
fn no_machine_is_named() {
    let root = repository();
    let mut paths = vec![root.display().to_string()];
    // A linked worktree knows the place of the main one.
    if let Some(up) = root.parent().filter(|up| up.components().count() > 1) {
        paths.push(up.join("shared").display().to_string());
    }
    let mut complaints = Vec::new();
    for file in &tracked() {
        for path in &paths {
            if let Some(at) = file.text.find(path.as_str()) {
                complaints.push(format!("{}:{}: {path}", file.path, line_of(&file.text, at)));
            }
        }
        // Where packages come from is a matter of the machine.
        let builds = [".ci/", ".cargo/", "tests/opa/", "test"];
        let script = builds.iter().any(|start| file.path.starts_with(start))
            && !file.path.ends_with(".rs")
            && !file.path.ends_with(".jsonl")
            && !file.path.ends_with(".txt")
            && !file.path.ends_with("Cargo.lock");
        let words = ["index-url", "replace-with", "--registry", "--index ", "--proxy"];
        if script && words.iter().any(|word| file.text.contains(word)) {
            complaints.push(format!("{}: names a package index", file.path));
        }
    }
    report("no path or host of one machine", &complaints);
}
