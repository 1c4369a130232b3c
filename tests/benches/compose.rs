//! What one compose file costs: reading and facts, then linking and evaluation.
//!
//! `cargo bench -p plimsoll-tests --bench compose`.

use divan::Bencher;
use divan::counter::BytesCount;
use plimsoll_engine::document::compose::load::load;
use plimsoll_engine::document::compose::read;
use plimsoll_engine::document::{Document, Input, ReadOptions};
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::source::Source;
use plimsoll_tests::whole::{engine, rules_for};
use std::fmt::Write as _;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// The smallest that is useful, one as most are, and one with two hundred services.
const CASES: [&str; 3] = ["small", "median", "large"];

fn text(case: &str) -> String {
    match case {
        "small" => "services:\n  web:\n    image: nginx:1.29\n    ports: ['80:80']\n".into(),
        "median" => include_str!("../../examples/shop/compose.yaml").into(),
        _ => {
            let mut text = String::from("x-base: &base\n  restart: always\n  read_only: true\n");
            text.push_str("services:\n");
            for at in 0..200 {
                let _ = write!(
                    text,
                    "  s{at}:\n    <<: *base\n    image: registry.example.com/s{at}:${{V:-1.{at}}}\n    \
                     environment: [A=1, B=${{B}}, C=3]\n    ports: ['{port}:80']\n    \
                     volumes: ['data{at}:/data', './conf:/etc/app:ro']\n",
                    port = 10_000 + at,
                );
            }
            text.push_str("volumes:\n");
            for at in 0..200 {
                let _ = writeln!(text, "  data{at}:");
            }
            text
        }
    }
}

fn input(case: &str) -> Input {
    Input { source: Source::new("compose.yaml", text(case)), folder: None }
}

fn documents(case: &str) -> Vec<Document> {
    read(&input(case), &ReadOptions::default())
}

#[divan::bench(args = CASES)]
fn loading(bencher: Bencher<'_, '_>, case: &str) {
    let input = input(case);
    let bencher = bencher.counter(BytesCount::of_str(input.source.text()));
    bencher.bench(|| load(&input, &ReadOptions::default()));
}

#[divan::bench(args = CASES)]
fn facts(bencher: Bencher<'_, '_>, case: &str) {
    let input = input(case);
    bencher.bench(|| read(&input, &ReadOptions::default()));
}

/// The whole bundle on the facts of one document, which others came before: no linking, no places.
/// Many samples: the speed of a machine that others share changes from one second to the next.
#[divan::bench(args = ["small", "median"], sample_count = 5000, max_time = 3)]
fn evaluate(bencher: Bencher<'_, '_>, case: &str) {
    let (mut documents, (rules, wanted)) = (documents(case), rules_for("compose"));
    engine().link(&mut documents);
    let mut session = rules.session();
    bencher.bench_local(|| session.check(&documents[0].facts, &wanted));
}

/// Everything but reading: a hundred at once on one thread.
#[divan::bench(args = ["small", "median"], sample_count = 10)]
fn check_many(bencher: Bencher<'_, '_>, case: &str) {
    let engine = engine();
    let documents: Vec<Document> = (0..100).flat_map(|_| documents(case)).collect();
    let bencher = bencher.counter(divan::counter::ItemsCount::new(100_usize));
    bencher.with_inputs(|| documents.clone()).bench_values(|all| engine.check(all));
}
