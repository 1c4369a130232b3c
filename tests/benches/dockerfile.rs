//! What one Dockerfile costs: parse, facts, link and evaluate; and what loading the bundle costs.
//!
//! `cargo bench -p plimsoll-tests`, and a word to choose: `cargo bench -p plimsoll-tests -- check`.

use divan::Bencher;
use plimsoll_engine::Engine;
use plimsoll_engine::document::dockerfile::{parse, read};
use plimsoll_engine::document::{Document, Input, ReadOptions};
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::source::Source;
use plimsoll_tests::whole::{engine, rules_for};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// Name and text: the smallest that is useful, one as most are, and one as large as they come.
const CASES: [&str; 3] = ["small", "median", "large"];

fn text(case: &str) -> String {
    match case {
        "small" => "FROM alpine:3.22.2\nCOPY app /app\nUSER 10001\nENTRYPOINT [\"/app\"]\n".into(),
        "median" => include_str!("../../examples/shop/api/Dockerfile").into(),
        _ => plimsoll_tests::generated_dockerfiles::large(60),
    }
}

fn input(case: &str) -> Input {
    Input { source: Source::new("Dockerfile", text(case)), folder: None }
}

fn document(case: &str) -> Document {
    read(&input(case), &ReadOptions::default()).remove(0)
}

#[divan::bench(args = CASES)]
fn parsing(bencher: Bencher<'_, '_>, case: &str) {
    let source = Source::new("Dockerfile", text(case));
    bencher.bench(|| parse(&source));
}

#[divan::bench(args = CASES)]
fn facts(bencher: Bencher<'_, '_>, case: &str) {
    let input = input(case);
    bencher.bench(|| read(&input, &ReadOptions::default()));
}

#[divan::bench(args = CASES)]
fn link(bencher: Bencher<'_, '_>, case: &str) {
    let (engine, document) = (engine(), document(case));
    bencher
        .with_inputs(|| document.clone())
        .bench_refs(|document| engine.link(std::slice::from_mut(document)));
}

/// The whole bundle on the facts of one document, which others came before: no linking, no places.
/// Many samples: the speed of a machine that others share changes from one second to the next.
#[divan::bench(args = CASES, sample_count = 5000, max_time = 3)]
fn evaluate(bencher: Bencher<'_, '_>, case: &str) {
    let (mut document, (rules, wanted)) = (document(case), rules_for("dockerfile"));
    engine().link(std::slice::from_mut(&mut document));
    let mut session = rules.session();
    bencher.bench_local(|| session.check(&document.facts, &wanted));
}

/// Everything but reading. The session is new each time, as for a single file; see `check_many`.
#[divan::bench(args = CASES)]
fn check(bencher: Bencher<'_, '_>, case: &str) {
    let (engine, document) = (engine(), document(case));
    bencher
        .with_inputs(|| vec![document.clone()])
        .bench_values(|documents| engine.check(documents));
}

/// A hundred at once on one thread: what a document costs when there are many.
#[divan::bench(args = CASES, sample_count = 10)]
fn check_many(bencher: Bencher<'_, '_>, case: &str) {
    let (engine, document) = (engine(), document(case));
    let bencher = bencher.counter(divan::counter::ItemsCount::new(100_usize));
    bencher.with_inputs(|| vec![document.clone(); 100]).bench_values(|all| engine.check(all));
}

#[divan::bench(sample_count = 10)]
fn load_default_bundle() -> Engine {
    let engine = Engine::builder().bundle(plimsoll_tests::checklist()).threads(1).build();
    engine.unwrap_or_else(|error| panic!("{error}"))
}
