//! Shortcuts, the bytecode machine and the interpreter give the same on every rule of the default
//! bundle, over the cases on its pages, of all kinds, and over what the conformance suites have of
//! each kind.
//!
//! The machine is known to misread some rules without a word, and shortcuts are an evaluator of our
//! own. This test is what allows the default bundle to be run by them.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use plimsoll_engine::Engine;
use plimsoll_engine::bundle::{Bundle, merged_tables};
use plimsoll_engine::config;
use plimsoll_engine::document::{Document, FORMATS, Folder, Input, KINDS, ReadOptions, dockerfile};
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::evaluate::rego::{Limits, RegoEvaluator};
use plimsoll_engine::files::{DiskFiles, Files, MemoryFiles};
use plimsoll_engine::policy_test::{self, Case};
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

/// The documents of a case, each of its kind, with the others beside it.
fn case_documents(id: &str, case: &Case) -> Vec<Document> {
    let files = case.files.iter().fold(MemoryFiles::default(), |files, file| {
        files.with(file.name.clone(), file.text.clone())
    });
    let files: Arc<dyn Files> = Arc::new(files);
    let documents = case.files.iter().filter_map(|file| {
        let format = FORMATS.iter().find(|format| Some(format.name) == file.kind.as_deref())?;
        let (path, file_name) = file.name.rsplit_once('/').unwrap_or(("", &file.name));
        let (path, file_name) = (path.to_owned(), file_name.to_owned());
        let folder = Folder { files: Arc::clone(&files), path, file_name };
        let name = format!("{id}: {}: {}", case.name, file.name);
        let input = Input { source: Source::new(name, file.text.clone()), folder: Some(folder) };
        Some((format.read)(&input, &ReadOptions::default()))
    });
    documents.flatten().collect()
}

/// Documents, by the runs that they are joined in.
fn documents(bundle: &Bundle) -> Vec<Vec<Document>> {
    let kinds: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let mut documents = Vec::new();
    for rule in bundle.rules() {
        let page = policy_test::parse(rule.page(), &kinds).expect("a page");
        documents.extend(page.cases.iter().map(|case| case_documents(rule.id(), case)));
    }
    for (file, field) in [
        ("01-buildkit/test_dockerfiles.jsonl", "dockerfile"),
        ("01-buildkit/lint.jsonl", "dockerfile"),
        ("01-buildkit/rule_docs.jsonl", "dockerfile"),
        ("07-policy-fixtures/dockerfile_utils.jsonl", "content"),
    ] {
        for row in suites::rows(file).unwrap_or_default() {
            if let Some(text) = row[field].as_str() {
                documents.push(vec![read(&format!("{file}#{}", row["id"]), text)]);
            }
        }
    }
    for folder in ["02-compose", "04-oci-images", "05-inspect-daemon"] {
        documents.extend(suite_documents(folder));
    }
    documents
}

/// Everything in a folder of the suites that is a document, each file for itself.
fn suite_documents(folder: &str) -> Vec<Vec<Document>> {
    let Some(root) = suites::folder().map(|suites| suites.join(folder)) else { return Vec::new() };
    let mut paths = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder of the suites") {
            let entry = entry.expect("an entry of it");
            let kind = entry.file_type().expect("its type");
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                paths.push(entry.path());
            }
        }
    }
    paths.sort();
    paths.iter().filter_map(|path| suite_document(&root, path)).collect()
}

fn suite_document(root: &Path, path: &Path) -> Option<Vec<Document>> {
    let options = ReadOptions::default();
    let bytes = std::fs::read(path).ok()?;
    let beginning = bytes.get(..512).unwrap_or(&bytes);
    let mut archives = FORMATS.iter().filter_map(|format| format.archive.as_ref());
    if let Some(archive) = archives.find(|archive| (archive.is)(beginning)) {
        return Some((archive.read)(path.to_str()?, &mut bytes.as_slice(), &options));
    }
    // The interpreter takes its time over what is large.
    let text = String::from_utf8(bytes).ok().filter(|text| text.len() < 100_000)?;
    let file_name = path.file_name()?.to_str()?.to_owned();
    let format = (FORMATS.iter().find(|format| (format.has_name)(&file_name)))
        .or_else(|| FORMATS.iter().find(|format| (format.has_content)(&text)))?;
    let below = path.strip_prefix(root).ok()?;
    let folder = below.parent()?.to_str()?.to_owned();
    let files: Arc<dyn Files> = Arc::new(DiskFiles::open(root).ok()?);
    let folder = Folder { files, path: folder, file_name };
    let source = Source::new(below.to_str()?, text);
    let input = Input { source, folder: Some(folder) };
    Some((format.read)(&input, &options))
}

/// Prints which rules are often not settled by their shortcuts, and wants most to be.
fn settled<'d>(evaluator: &RegoEvaluator, documents: impl Iterator<Item = &'d Document>) {
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    // One in five is enough to tell.
    for document in documents.step_by(5) {
        for (rule, meta) in evaluator.rules().iter().enumerate() {
            if meta.kinds.iter().any(|kind| kind == document.kind) {
                let (settled, all) = counts.entry(rule).or_default();
                *settled += usize::from(evaluator.is_settled(rule, &document.facts));
                *all += 1;
            }
        }
    }
    let mut sum = (0, 0);
    for (rule, (settled, all)) in counts {
        sum = (sum.0 + settled, sum.1 + all);
        if settled * 10 < all * 9 {
            println!("settled: {settled} of {all}: {}", evaluator.rules()[rule].id);
        }
    }
    println!("settled: {} of {}", sum.0, sum.1);
    assert!(sum.0 * 100 >= sum.1 * 95, "shortcuts settle {} of {}", sum.0, sum.1);
}

#[test]
fn all_ways_to_run_a_rule_agree() {
    let bundle = plimsoll_tests::checklist();
    let engine = engine(&bundle);
    let load = || {
        let data = merged_tables(&[&bundle]);
        RegoEvaluator::load(&[&bundle], engine.policy().params(), data, Limits::default())
            .expect("the bundle loads")
    };
    let (shortest, machine) = (load(), load().without_shortcuts());
    let interpreter = load().interpreted();
    let compiled =
        (0..machine.rules().len()).filter(|&r| machine.executor(r) == "bytecode").count();
    let wanted: Vec<usize> = (0..machine.rules().len()).collect();
    for &rule in &wanted {
        if let Some(why) = machine.why_interpreted(rule) {
            println!("interpreted: {}: {why}", machine.rules()[rule].id);
        }
    }
    let mut sessions = [shortest.session(), machine.session(), interpreter.session()];
    let mut complaints = String::new();
    let mut documents = documents(&bundle);
    documents.iter_mut().for_each(|run| engine.link(run));
    for document in documents.iter().flatten() {
        let [short, fast, slow] =
            sessions.each_mut().map(|session| session.check(&document.facts, &wanted));
        for (((rule, short), (_, fast)), (_, slow)) in short.into_iter().zip(fast).zip(slow) {
            let same = matches!((&short, &fast, &slow), (Ok(short), Ok(fast), Ok(slow))
                if short == slow && fast == slow);
            if !same && complaints.len() < 20_000 {
                let (id, name) = (&machine.rules()[rule].id, &document.name);
                let _ = writeln!(
                    complaints,
                    "{id}, {name}:\n shortcut {short:?}\n bytecode {fast:?}\n interpreter {slow:?}"
                );
            }
        }
    }
    settled(&shortest, documents.iter().flatten());
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for document in documents.iter().flatten() {
        *kinds.entry(document.kind).or_default() += 1;
    }
    println!("{kinds:?}, {} rules, {compiled} as bytecode", wanted.len());
    assert!(complaints.is_empty(), "{complaints}");
    assert!(compiled > 0 && documents.len() > 300 && kinds.len() == KINDS.len());
}
