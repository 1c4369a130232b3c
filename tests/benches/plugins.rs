//! What plugins cost: loading them, calling them, ten of them over many documents, and memory.
//!
//! `cargo bench -p plimsoll-tests --bench plugins`, and a word to choose, of which `memory` is one.
#![allow(clippy::print_stdout)]

#[path = "../../engine/src/evaluate/wasm/tests/guest.rs"]
#[allow(dead_code, clippy::unwrap_used)]
mod guest;

use std::path::PathBuf;

use divan::Bencher;
use divan::counter::ItemsCount;
use guest::Guest;
use plimsoll_engine::document::dockerfile::read;
use plimsoll_engine::document::{Document, Input, ReadOptions};
use plimsoll_engine::engine::vocabulary;
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::evaluate::wasm::{CodeCache, WasmEvaluator, digest};
use plimsoll_engine::source::Source;
use plimsoll_engine::{Engine, EngineBuilder, Plugin, PluginOptions};
use plimsoll_tests::{plugins, repository};
use serde_json::json;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let is_memory = |word: &String| word == "memory";
    // First: a peak is that of the whole process.
    if words.is_empty() || words.iter().any(is_memory) {
        memory();
    }
    if !words.iter().any(is_memory) {
        divan::main();
    }
}

/// Name and text: the smallest that is useful, one as most are, and one as large as they come.
const CASES: [&str; 3] = ["small", "median", "large"];

fn document(case: &str) -> Document {
    let text = match case {
        "small" => "FROM alpine:3.22.2\nCOPY app /app\nUSER 10001\nENTRYPOINT [\"/app\"]\n".into(),
        "median" => include_str!("../../examples/shop/api/Dockerfile").to_owned(),
        _ => plimsoll_tests::generated_dockerfiles::large(60),
    };
    let input = Input { source: Source::new("Dockerfile", text), folder: None };
    read(&input, &ReadOptions::default()).remove(0)
}

/// The least that a plugin can be: a rule that never finds anything. `name` has three letters.
fn least(name: &str) -> Vec<u8> {
    let rule = json!({
        "id": format!("{name}/a/good"), "title": "t", "description": "d", "severity": "low",
        "remedy": "r", "kinds": ["dockerfile"], "subjects": ["image"], "profiles": ["baseline"],
    });
    let description = json!({"name": name, "version": "1", "facts": "0", "rules": [rule]});
    Guest::new(&description.to_string()).finds('g', &[]).build()
}

/// The example with the most code; the least plugin where nothing compiles for WebAssembly.
fn example() -> Vec<u8> {
    let mut built = plugins::built().unwrap_or_default().iter();
    let typosquat = built.find(|plugin| plugin.name == "typosquat");
    typosquat.map_or_else(|| least("zoo"), |plugin| plugin.component.clone())
}

fn from_bytes(bytes: &[u8], options: &PluginOptions) -> Plugin {
    Plugin::from_bytes("bench.wasm", bytes, options, &vocabulary())
        .unwrap_or_else(|problems| panic!("{}", plimsoll_engine::BuildError(problems)))
}

/// The examples, and as many of the least as make ten.
fn ten() -> Vec<Plugin> {
    let options = PluginOptions::default();
    let examples = plugins::built().unwrap_or_default().iter().chain(plugins::in_c());
    let mut ten: Vec<Plugin> = examples.map(|example| example.open(&options)).collect();
    for number in ten.len()..10 {
        ten.push(from_bytes(&least(&format!("za{number}")), &options));
    }
    ten
}

fn engine(plugins: Vec<Plugin>, threads: usize) -> Engine {
    let builder = Engine::builder().threads(threads);
    let builder = plugins.into_iter().fold(builder, EngineBuilder::plugin);
    builder.build().unwrap_or_else(|error| panic!("{error}"))
}

/// Without compiled code from before.
#[divan::bench(sample_count = 5)]
fn load_cold(bencher: Bencher<'_, '_>) {
    let bytes = example();
    bencher.bench(|| from_bytes(&bytes, &PluginOptions::default()));
}

/// With it, as the program keeps and checks it.
#[divan::bench]
fn load_warm(bencher: Bencher<'_, '_>) {
    let (bytes, folder) = (example(), Folder::new());
    folder.load(&bytes);
    bencher.bench(|| folder.load(&bytes));
}

/// The same for the least plugin: what does not depend on how much code there is.
#[divan::bench]
fn load_warm_least(bencher: Bencher<'_, '_>) {
    let (bytes, folder) = (least("zoo"), Folder::new());
    folder.load(&bytes);
    bencher.bench(|| folder.load(&bytes));
}

/// Hashing the file of a plugin once: a part of loading.
#[divan::bench]
fn load_part_digest(bencher: Bencher<'_, '_>) {
    let bytes = example();
    bencher.bench(|| digest(&bytes));
}

/// A cache of this process' own.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let base = repository().join(format!("target/bench-plugins-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&base);
        // The cache makes it.
        Folder(base)
    }

    fn load(&self, bytes: &[u8]) -> Plugin {
        let cache = Some(CodeCache::at(self.0.clone()));
        from_bytes(bytes, &PluginOptions { cache, ..PluginOptions::default() })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// One call of the least plugin: the facts as JSON, an instance, the call, what it returned.
#[divan::bench(args = CASES)]
fn call(bencher: Bencher<'_, '_>, case: &str) {
    let evaluator =
        WasmEvaluator::load(&[from_bytes(&least("zoo"), &PluginOptions::default())], &json!({}));
    let (evaluator, document) = (evaluator.expect("a plugin"), document(case));
    let mut session = evaluator.session();
    bencher.bench_local(|| session.check(&document.facts, &[0]));
}

/// The facts as JSON alone: a part of the call.
#[divan::bench(args = CASES)]
fn call_part_json(bencher: Bencher<'_, '_>, case: &str) {
    let document = document(case);
    bencher.bench(|| serde_json::to_string(&document.facts));
}

/// One call of an example, which reads the facts.
#[divan::bench(args = CASES)]
fn call_example(bencher: Bencher<'_, '_>, case: &str) {
    let evaluator =
        WasmEvaluator::load(&[from_bytes(&example(), &PluginOptions::default())], &json!({}));
    let (evaluator, document) = (evaluator.expect("a plugin"), document(case));
    let wanted: Vec<usize> = (0..evaluator.rules().len()).collect();
    let mut session = evaluator.session();
    bencher.bench_local(|| session.check(&document.facts, &wanted));
}

/// Ten plugins over a thousand documents, by the number of threads.
#[divan::bench(args = [1, 2, 4], sample_count = 5)]
fn ten_plugins(bencher: Bencher<'_, '_>, threads: usize) {
    let (engine, document) = (engine(ten(), threads), document("median"));
    let bencher = bencher.counter(ItemsCount::new(1000_usize));
    bencher.with_inputs(|| vec![document.clone(); 1000]).bench_values(|all| engine.check(all));
}

/// Prints the peak of the resident size after a thousand documents and after four thousand, a hundred at
/// a time. Linux only.
fn memory() {
    let engine = engine(ten(), 2);
    let document = document("median");
    println!("memory, ten plugins on two threads");
    for batch in 0..=40 {
        if [0, 1, 10, 40].contains(&batch) {
            let (peak, now) = (status("VmHWM"), status("VmRSS"));
            println!("  after {:4} documents: peak {peak}, now {now}", batch * 100);
        }
        drop(engine.check(vec![document.clone(); 100]));
    }
}

/// A line of what the system says of this process.
fn status(key: &str) -> String {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    line.unwrap_or("unknown").trim().to_owned()
}
