//! What an archive of an image costs: hashing and unpacking its layers, and the facts.
//!
//! `cargo bench -p plimsoll-tests --bench image`.

use divan::Bencher;
use divan::counter::BytesCount;
use plimsoll_engine::document::{Document, Input, ReadOptions, image};
use plimsoll_engine::source::Source;
use plimsoll_tests::generated_images::{Layers, archive, history};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn read(bytes: &[u8]) -> Document {
    let mut stream = bytes;
    image::read_archive("image.tar", &mut stream, &ReadOptions::default()).remove(0)
}

/// Layers of many small files, and of few large ones.
const CASES: [Layers; 2] = [
    Layers { layers: 4, files: 5_000, bytes: 200 },
    Layers { layers: 2, files: 8, bytes: 1 << 22 },
];

#[divan::bench(args = CASES, sample_count = 10)]
fn archives(bencher: Bencher<'_, '_>, layers: &Layers) {
    let bytes = archive(*layers);
    let document = read(&bytes);
    assert_eq!(document.facts.images.len(), 1);
    bencher.counter(BytesCount::new(bytes.len())).bench(|| read(&bytes));
}

/// A configuration with a long history.
#[divan::bench(args = [10, 1000])]
fn configurations(bencher: Bencher<'_, '_>, lines: usize) {
    let input = Input { source: Source::new("config.json", history(lines)), folder: None };
    bencher.bench(|| image::read_json(&input, &ReadOptions::default()));
}
