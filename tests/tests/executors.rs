//! The interpreter and the bytecode machine give the same on every rule of the default bundle, over
//! the cases on its pages and over the Dockerfiles of the conformance suites.
//!
//! The machine is known to misread some rules without a word. This test is what allows the default
//! bundle to run on it.
#![allow(clippy::print_stdout)]

use std::fmt::Write as _;

use plimsoll_engine::Engine;
use plimsoll_engine::bundle::{Bundle, merged_tables};
use plimsoll_engine::config;
use plimsoll_engine::document::{Document, FORMATS, Input, ReadOptions, dockerfile};
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::evaluate::rego::{Limits, RegoEvaluator};
use plimsoll_engine::policy_test;
use plimsoll_engine::source::Source;
use plimsoll_tests::suites;
use serde_json::{Value, json};

/// An engine with every rule on, to link documents.
fn engine(bundle: &Bundle) -> Engine {
    let rules: serde_json::Map<String, Value> =
        bundle.rules().iter().map(|rule| (rule.id().to_owned(), json!(true))).collect();
    let settings = config::parse(&Source::new("all", json!({"rules": rules}).to_string()));
    let settings = settings.expect("settings");
    let builder = Engine::builder().bundle(bundle.clone()).settings(settings);
    builder.now("2026-11-22T00:00:00Z").build().expect("an engine")
}

fn read(name: &str, text: &str) -> Document {
    let input = Input { source: Source::new(name, text), folder: None };
    dockerfile::read(&input, &ReadOptions::default()).remove(0)
}

fn documents(bundle: &Bundle) -> Vec<Document> {
    let kinds: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let mut documents = Vec::new();
    for rule in bundle.rules() {
        let page = policy_test::parse(rule.page(), &kinds).expect("a page");
        for case in &page.cases {
            for file in case.files.iter().filter(|file| file.kind.is_some()) {
                documents.push(read(&format!("{}: {}", rule.id(), case.name), &file.text));
            }
        }
    }
    for (file, field) in [
        ("01-buildkit/test_dockerfiles.jsonl", "dockerfile"),
        ("01-buildkit/lint.jsonl", "dockerfile"),
        ("01-buildkit/rule_docs.jsonl", "dockerfile"),
        ("07-policy-fixtures/dockerfile_utils.jsonl", "content"),
    ] {
        for row in suites::rows(file).unwrap_or_default() {
            if let Some(text) = row[field].as_str() {
                documents.push(read(&format!("{file}#{}", row["id"]), text));
            }
        }
    }
    documents
}

#[test]
fn both_executors_agree() {
    let bundle = plimsoll_tests::checklist();
    let engine = engine(&bundle);
    let load = || {
        let data = merged_tables(&[&bundle]);
        RegoEvaluator::load(&[&bundle], engine.policy().params(), data, Limits::default())
            .expect("the bundle loads")
    };
    let (machine, interpreter) = (load(), load().interpreted());
    let compiled =
        (0..machine.rules().len()).filter(|&r| machine.executor(r) == "bytecode").count();
    let wanted: Vec<usize> = (0..machine.rules().len()).collect();
    for &rule in &wanted {
        if let Some(why) = machine.why_interpreted(rule) {
            println!("interpreted: {}: {why}", machine.rules()[rule].id);
        }
    }
    let (mut fast, mut slow) = (machine.session(), interpreter.session());
    let mut complaints = String::new();
    let mut documents = documents(&bundle);
    for document in &mut documents {
        engine.link(std::slice::from_mut(document));
        let pairs = fast
            .check(&document.facts, &wanted)
            .into_iter()
            .zip(slow.check(&document.facts, &wanted));
        for ((rule, fast), (_, slow)) in pairs {
            let same = matches!((&fast, &slow), (Ok(fast), Ok(slow)) if fast == slow);
            if !same && complaints.len() < 20_000 {
                let (id, name) = (&machine.rules()[rule].id, &document.name);
                let _ = writeln!(
                    complaints,
                    "{id}, {name}:\n bytecode {fast:?}\n interpreter {slow:?}"
                );
            }
        }
    }
    println!("{} documents, {} rules, {compiled} as bytecode", documents.len(), wanted.len());
    assert!(complaints.is_empty(), "{complaints}");
    assert!(compiled > 0 && documents.len() > 300);
}
