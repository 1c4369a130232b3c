//! Every rule of every example on all documents that there are, of its own kinds and of others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::thread;

use plimsoll_engine::document::{Document, KINDS};
use plimsoll_engine::evaluate::wasm::WasmEvaluator;
use plimsoll_engine::evaluate::{Evaluator, RuleOutput};
use plimsoll_engine::report::{self, Outcome, WriteOptions};
use plimsoll_engine::source::Source;
use plimsoll_engine::{Engine, EngineBuilder, config};
use plimsoll_tests::{checklist, documents};
use serde_json::json;

use super::{EXAMPLES, loaded};

/// The documents of the repository: of the pages of all rules, of the corpus and of the examples, and
/// what no text can be.
static OWN: LazyLock<Vec<Document>> = LazyLock::new(|| {
    let mut runs = documents::of_pages(&checklist().shipped());
    runs.extend(loaded().iter().flat_map(|plugin| documents::of_pages(&plugin.shipped())));
    runs.extend(documents::of_projects());
    runs.extend(documents::of_layers());
    linked(runs)
});

/// Those of the conformance suites; none without suites.
static SUITES: LazyLock<Vec<Document>> = LazyLock::new(|| linked(documents::of_suites()));

fn linked(mut runs: Vec<Vec<Document>>) -> Vec<Document> {
    let engine = documents::linking(&checklist());
    runs.iter_mut().for_each(|run| engine.link(run));
    runs.into_iter().flatten().collect()
}

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Document> {
    OWN.iter().chain(SUITES.iter())
}

/// What each rule says of a document, or why it says nothing.
type Answers = Vec<Result<RuleOutput, String>>;

/// What the rules say of every `step`th document from the one at `first` on, in a session of its own.
fn answers(evaluator: &WasmEvaluator, first: usize, step: usize) -> Vec<Answers> {
    let wanted: Vec<usize> = (0..evaluator.rules().len()).collect();
    let mut session = evaluator.session();
    let documents = all().skip(first).step_by(step);
    documents
        .map(|document| {
            let answers = session.check(&document.facts, &wanted).into_iter();
            answers.map(|(_, answer)| answer.map_err(|error| error.message)).collect()
        })
        .collect()
}

#[test]
fn there_is_a_document_of_every_kind() {
    let kinds: BTreeSet<&str> = OWN.iter().map(|document| document.kind).collect();
    assert_eq!(kinds, KINDS.into_iter().collect());
}

#[test]
fn no_rule_fails_and_all_runs_agree() {
    if EXAMPLES.is_empty() {
        return;
    }
    let evaluator = WasmEvaluator::load(&loaded(), &json!({})).expect("the examples");
    // Once on one thread, and once on two that share the work.
    let alone = answers(&evaluator, 0, 1);
    let (even, odd) = thread::scope(|scope| {
        let even = scope.spawn(|| answers(&evaluator, 0, 2));
        let odd = scope.spawn(|| answers(&evaluator, 1, 2));
        (even.join().expect("a thread"), odd.join().expect("a thread"))
    });
    let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (document, one)) in all().zip(&alone).enumerate() {
        let other = if at % 2 == 0 { &even } else { &odd };
        assert_eq!(Some(one), other.get(at / 2), "{}", document.name);
        assert_eq!(one.len(), evaluator.rules().len());
        for (rule, answer) in evaluator.rules().iter().zip(one) {
            let (id, name) = (&rule.id, &document.name);
            let output = answer.as_ref().unwrap_or_else(|why| panic!("{id}, {name}: {why}"));
            let (findings, unknowns) = found.entry(id).or_default();
            *findings += output.findings.len();
            *unknowns += output.unknowns.len();
        }
        *kinds.entry(document.kind).or_default() += 1;
    }
    println!("{kinds:?}\nfindings, unknown subjects: {found:?}");
    // Nothing is compared where nothing is found.
    let silent: Vec<&&str> = found.keys().filter(|id| found[**id].0 == 0).collect();
    assert!(silent.is_empty(), "{silent:?} find nothing in any document");
}

#[test]
fn a_report_is_the_same_with_one_thread_and_with_two() {
    if EXAMPLES.is_empty() {
        return;
    }
    let documents: Vec<Document> = documents::of_projects().into_iter().flatten().collect();
    let report = |threads| {
        let rules = loaded().iter().flat_map(|plugin| plugin.rules().to_vec()).collect::<Vec<_>>();
        let rules: Vec<String> = rules.iter().map(|rule| format!("  {}: on\n", rule.id)).collect();
        let settings = Source::new("plimsoll.yaml", format!("rules:\n{}", rules.concat()));
        let settings = config::parse(&settings).expect("settings");
        let builder = Engine::builder().threads(threads).settings(settings);
        let builder = loaded().into_iter().fold(builder, EngineBuilder::plugin);
        let engine = builder.build().unwrap_or_else(|error| panic!("{error}"));
        let report = engine.check(documents.clone());
        let mut text = Vec::new();
        let format = report::format("json").expect("a format");
        report.write(format, &mut text, &WriteOptions::default()).expect("no error in memory");
        (text, report)
    };
    let ((one, report), (two, _)) = (report(1), report(2));
    assert!(one == two);
    assert!(report.decisions.len() > 10 && report.count(Outcome::Error) == 0);
}
