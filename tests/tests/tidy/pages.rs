//! Pages that must be true: ARCHITECTURE.md and the pages of rules.

use std::collections::BTreeSet;

use super::code::code;
use super::{exists, report, rust_files, tracked};

/// The largest ARCHITECTURE.md, in lines.
const MAX_LINES: usize = 150;

fn architecture() -> String {
    let path = plimsoll_tests::repository().join("ARCHITECTURE.md");
    std::fs::read_to_string(path).expect("ARCHITECTURE.md")
}

/// What stands between single backticks, outside fences.
fn quoted(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let lines = text.lines().filter(|line| {
        let fence = line.starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    });
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn architecture_is_short() {
    let lines = architecture().lines().count();
    assert!(lines <= MAX_LINES, "ARCHITECTURE.md has {lines} lines, at most {MAX_LINES}");
}

#[test]
fn what_architecture_names_exists() {
    let text = architecture();
    let plain = |char: char| char.is_ascii_alphanumeric() || "._-/".contains(char);
    let engine: BTreeSet<String> =
        rust_files("engine/src").into_iter().map(|file| file.path).collect();
    let tests: String =
        rust_files("tests/tests/tidy").iter().map(|file| code(&file.text)).collect();
    let mut complaints = Vec::new();
    let mut seen = 0;
    for word in quoted(&text) {
        let is_path = word.chars().all(plain) && (word.contains('/') || word.contains('.'));
        if is_path {
            seen += 1;
            // The user's file is none of ours.
            if !exists(word) && word != "plimsoll.yaml" {
                complaints.push(format!("there is no `{word}`"));
            }
        } else if let Some(test) = word.strip_prefix("tidy::") {
            seen += 1;
            if !tests.contains(&format!("fn {test}(")) {
                complaints.push(format!("there is no test `{test}`"));
            }
        } else if let Some((first, second)) = word.split_once("::") {
            let lower = word.chars().all(|char| char.is_ascii_lowercase() || "_:".contains(char));
            let module = second.replace("::", "/");
            let path = format!("engine/src/{first}/{module}");
            let there = engine.contains(&format!("{path}.rs"))
                || engine.contains(&format!("{path}/mod.rs"));
            if lower && !there {
                complaints.push(format!("there is no module `{word}`"));
            }
        }
    }
    assert!(seen > 20, "the page names {seen} things");
    report("ARCHITECTURE.md names what exists", &complaints);
}

#[test]
fn every_module_is_on_the_map() {
    let text = architecture();
    let mut complaints = Vec::new();
    for file in rust_files("engine/src") {
        let path = file.path.trim_start_matches("engine/src/").trim_end_matches(".rs");
        let module = path.split('/').next().unwrap_or_default();
        if module != "lib" && !text.contains(&format!("`{module}`")) {
            complaints.push(format!("ARCHITECTURE.md does not name `{module}`"));
        }
    }
    complaints.dedup();
    report("every module is on the map", &complaints);
}

#[test]
fn every_rule_has_its_page() {
    let files: BTreeSet<String> = tracked().into_iter().map(|file| file.path).collect();
    let mut complaints = Vec::new();
    for path in files.iter().filter(|path| path.ends_with(".rego")) {
        let Some(rule) = path.strip_prefix("policies/checklist/") else { continue };
        if rule.starts_with("lib/") || rule.ends_with("_test.rego") {
            continue;
        }
        let page = path.replace(".rego", ".md");
        if !files.contains(&page) {
            complaints.push(format!("{path} has no page {page}"));
        }
    }
    report("a rule is two files", &complaints);
}

/// Links of a page to files beside it, without anchors.
fn links(text: &str) -> Vec<&str> {
    let after = text.split("](").skip(1);
    let targets = after.filter_map(|rest| rest.split([')', ' ']).next());
    let local = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    local.filter_map(|target| target.split('#').next()).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut complaints = Vec::new();
    let mut seen = 0;
    for file in tracked() {
        let page = file.path.ends_with(".md");
        // The pages of rules hold Dockerfiles, in which brackets mean something else.
        if !page || file.path.starts_with("policies/") {
            continue;
        }
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in links(&file.text).into_iter().filter(|link| !link.is_empty()) {
            seen += 1;
            if !exists(format!("{folder}/{link}").trim_start_matches('/')) {
                complaints.push(format!("{}: {link}", file.path));
            }
        }
    }
    assert!(seen > 5, "{seen} links were seen");
    report("links lead somewhere", &complaints);
}
