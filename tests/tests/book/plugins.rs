//! What the pages about plugins show: the schema of `describe`, the limits, and what the host says of
//! plugins that do not keep to them, each from a real run.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use plimsoll_engine::config;
use plimsoll_engine::document::{FORMATS, Input, ReadOptions};
use plimsoll_engine::engine::vocabulary;
use plimsoll_engine::evaluate::wasm::{Limits, MAX_BYTES};
use plimsoll_engine::source::Source;
use plimsoll_engine::{BuildError, Engine, Plugin, PluginOptions};
use plimsoll_tests::{generated, repository};
use serde_json::{Value, json};

use crate::guest::{Finding, Guest, component};
use crate::schema;

const LIMITS: &str = "book/src/plugins/limits.md";
const SANDBOX: &str = "book/src/plugins/sandbox.md";
const INTERFACE: &str = "book/src/plugins/interface.md";

/// What every component begins with.
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

#[test]
fn what_describe_returns() {
    let path = repository().join("sdk/wit/v1/description.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let page = schema::page(&schema).replace("\n## ", "\n### ");
    let (_, fields) = page.split_once("\n| field |").expect("a table");
    generated::part(INTERFACE, "description", &format!("| field |{fields}"));
}

/// A plugin with one rule, `zoo/a/WORD`, of which the guest sees the first letter of the word.
fn zoo(word: &str) -> Guest {
    Guest::new(&described(&[word.to_owned()]))
}

fn described(rules: &[String]) -> String {
    let rule = |name: &String| {
        json!({
            "id": format!("zoo/a/{name}"), "title": "t", "description": "d", "severity": "low",
            "remedy": "r", "kinds": ["dockerfile"], "subjects": ["image"],
            "profiles": ["baseline"],
        })
    };
    let rules: Vec<Value> = rules.iter().map(rule).collect();
    json!({"name": "zoo", "version": "1.0.0", "facts": "0", "rules": rules}).to_string()
}

fn options(change: impl FnOnce(&mut Limits)) -> PluginOptions {
    let mut options = PluginOptions::default();
    change(&mut options.limits);
    options
}

fn load(bytes: &[u8], options: &PluginOptions) -> Result<Plugin, String> {
    let loaded = Plugin::from_bytes("zoo.wasm", bytes, options, &vocabulary());
    loaded.map_err(|problems| problems[0].message.clone())
}

/// Why a plugin is not loaded.
fn refused(bytes: &[u8]) -> String {
    load(bytes, &PluginOptions::default()).map(|_| ()).expect_err("no plugin")
}

/// What a run says of the only rule of a plugin, which fails.
fn failed(guest: &Guest, options: &PluginOptions) -> String {
    let plugin = load(&guest.build(), options).unwrap_or_else(|error| panic!("{error}"));
    let engine = Engine::builder().plugin(plugin).threads(1).build();
    let engine = engine.unwrap_or_else(|error: BuildError| panic!("{error}"));
    let format = FORMATS.iter().find(|format| format.name == "dockerfile").expect("a format");
    let source = Source::new("Dockerfile", "FROM debian:12\nRUN true\n");
    let documents = (format.read)(&Input { source, folder: None }, &ReadOptions::default());
    let report = engine.check(documents);
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    report.problems[0].message.clone()
}

fn misbehaves(word: &str) -> String {
    failed(&zoo(word), &PluginOptions::default())
}

/// A finding at the first fact with this message.
fn found(message: &[u8]) -> Finding<'_> {
    Finding { loc: 1, message, ..Finding::default() }
}

/// The values that a limit may have in `plimsoll.yaml`: what the error says of one that it may not.
fn range(key: &str) -> String {
    let text = format!("plugins: [{{path: zoo.wasm, limits: {{{key}: -1}}}}]\n");
    let problems = config::parse(&Source::new("plimsoll.yaml", text)).expect_err("out of range");
    let said = problems[0].message.split_once(": expected ").expect("what is expected").1;
    let said = said.split_once(", found").map_or(said, |(said, _)| said);
    said.replace("a size such as `64m`, ", "").replace("a whole number ", "")
}

/// One after the other, for they are on one page.
#[test]
fn limits() {
    configured();
    fixed();
}

/// What `plimsoll.yaml` sets, and what a run says when it is exceeded.
fn configured() {
    let short = options(|limits| {
        limits.fuel = u64::MAX;
        limits.time = Duration::from_millis(50);
    });
    let huge = zoo("huge").answers('h', &[0, 1 << 21, 1_000_000, 0, 0]);
    let many = zoo("many").answers('m', &[0, 1 << 20, 10_001, 0, 0]);
    let errors = [
        ("fuel", misbehaves("loop")),
        ("time", failed(&zoo("loop"), &short)),
        ("memory", misbehaves("memory")),
        ("table-elements", misbehaves("table")),
        ("stack", misbehaves("recursion")),
        ("output", failed(&huge, &PluginOptions::default())),
        ("findings", failed(&many, &PluginOptions::default())),
    ];
    let schema = config::schema();
    let definitions = schema["definitions"].as_object().expect("definitions");
    let fields = definitions["LimitOptions"]["properties"].as_object().expect("limits");
    let keys: Vec<&str> = fields.keys().map(String::as_str).collect();
    assert_eq!(keys, errors.each_ref().map(|(key, _)| *key));
    let mut text = String::from("| key | what | default | values |\n|---|---|---|---|\n");
    for (key, field) in fields {
        let what = schema::cell(field["description"].as_str().unwrap_or_default());
        let default = field["default"].to_string().replace('"', "");
        let _ = writeln!(text, "| `{key}` | {what} | `{}` | {} |", default, range(key));
    }
    text += "\nWhat a run says when one is exceeded:\n\n| key | error |\n|---|---|\n";
    for (key, error) in errors {
        let _ = writeln!(text, "| `{key}` | {} |", schema::cell(&error));
    }
    generated::part(LIMITS, "configured", &text);
}

/// What cannot be set: how much there may be, and the error.
fn fixed() {
    let rules: Vec<String> = (0..1001).map(|number| format!("r{number}")).collect();
    let name = "x".repeat(300);
    let place = Finding { field: Some(name.as_bytes()), ..found(b"x") };
    let tables = zoo("good")
        .core()
        .replace("(table $table", &format!("{} (table $table", "(table 1 funcref)".repeat(8)));
    let rows = [
        ("the file", format!("{} MiB", MAX_BYTES >> 20), refused(&vec![0; MAX_BYTES + 1])),
        ("rules of a plugin", "1000".to_owned(), refused(&Guest::new(&described(&rules)).build())),
        ("tables, however small", "8".to_owned(), refused(&component(&tables))),
        (
            "the name of a field in a finding",
            "200 bytes".to_owned(),
            failed(&zoo("name").finds('n', &[place]), &PluginOptions::default()),
        ),
    ];
    let mut text = String::from("| what | at most | error |\n|---|---|---|\n");
    for (what, most, error) in rows {
        let _ = writeln!(text, "| {what} | {most} | {} |", schema::cell(&error));
    }
    generated::part(LIMITS, "fixed", &text);
}

/// What is not an error but cut: said in words on the page.
#[test]
fn what_is_cut() {
    let page = std::fs::read_to_string(repository().join(LIMITS)).expect("the page");
    let lines = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&lines);
    let options = PluginOptions {
        log: Some(Arc::new(move |_| *counted.lock().expect("a count") += 1)),
        ..PluginOptions::default()
    };
    let mut guest = zoo("good").finds('g', &[]);
    guest.describing = "(loop $on
        (call $log (i32.const 1) (i32.const 16) (i32.const 14))
        (global.set $less (i32.add (global.get $less) (i32.const 1)))
        (br_if $on (i32.lt_u (global.get $less) (i32.const 5000))))";
    load(&guest.build(), &options).expect("a plugin");
    let lines = *lines.lock().expect("a count");
    assert!(page.contains(&format!("the first {lines} lines")), "{lines} lines");
}

/// What the host says of each attempt to do harm, at load or in a run.
#[test]
fn attempts() {
    let core = wat::parse_str("(module)").expect("a module");
    let wasi = r#"(component (import "wasi:random/random@0.2.0" (instance)))"#;
    let threads = "(component (core module (memory 1 1 shared)))";
    let claims =
        Guest::new(&described(&["good".to_owned()]).replace("zoo/a/good", "image/root-user"));
    let foreign = Finding { loc: 4_000_000, ..found(b"wrong") };
    let mut endless = zoo("good");
    endless.describing = "(loop $on (br $on))";
    let parse = |text: &str| wat::parse_str(text).expect("a component");
    let run = |guest: &Guest| failed(guest, &PluginOptions::default());
    let rows = [
        ("be no component", refused(&core)),
        ("be cut short", refused(&[COMPONENT, &[1]].concat())),
        ("import WASI", refused(&parse(wasi))),
        ("share memory between threads", refused(&parse(threads))),
        ("claim a rule of the default bundle", refused(&claims.build())),
        ("never say what it is", refused(&endless.build())),
        ("loop for ever", misbehaves("loop")),
        ("take all memory", misbehaves("memory")),
        ("recurse without end", misbehaves("recursion")),
        ("give up", misbehaves("panic")),
        ("read outside its memory", misbehaves("outside")),
        ("give fewer answers than were asked for", run(&zoo("few").finds('f', &[]))),
        ("return text that is none", run(&zoo("bytes").finds('b', &[found(b"\xff")]))),
        ("point at a place outside the document", run(&zoo("alien").finds('a', &[foreign]))),
    ];
    let mut text = String::from("| attempt | what Plimsoll says |\n|---|---|\n");
    for (what, error) in rows {
        let _ = writeln!(text, "| {what} | {} |", schema::cell(&error));
    }
    generated::part(SANDBOX, "attempts", &text);
}
