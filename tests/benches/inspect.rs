//! What reading the output of `docker inspect` costs: detection, and facts of a host's containers.
//!
//! `cargo bench -p plimsoll-tests --bench inspect`.

use divan::Bencher;
use divan::counter::BytesCount;
use plimsoll_engine::document::inspect::{has_content, read};
use plimsoll_engine::document::{Document, Input, ReadOptions};
use plimsoll_engine::source::Source;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// So many containers, each like one that a recent engine prints.
fn text(count: usize) -> String {
    let one = include_str!("../../engine/src/document/inspect/tests/container.json");
    let names = (0..count).map(|at| one.replace("/shop-api-1", &format!("/shop-api-{at}")));
    format!("[{}]", names.collect::<Vec<_>>().join(",\n"))
}

#[divan::bench(args = [1, 100, 1000])]
fn containers(bencher: Bencher<'_, '_>, count: usize) {
    let source = Source::new("inspect.json", text(count));
    let input = Input { source, folder: None };
    bencher
        .counter(BytesCount::of_str(input.source.text()))
        .bench(|| -> Vec<Document> { read(&input, &ReadOptions::default()) });
}

#[divan::bench]
fn detection(bencher: Bencher<'_, '_>) {
    let text = text(100);
    bencher.bench(|| has_content(&text));
}
