//! What is no plugin, and what the description of one has to be.

use super::super::{Anatomy, Kind};
use super::*;
use crate::files::MemoryFiles;

const BEGIN: &str = "the plugin `zoo.wasm` cannot be used: ";

fn says(bytes: &[u8], message: &str) {
    let said = wrong(bytes).join("\n");
    assert!(said.starts_with(&format!("{BEGIN}{message}")), "{said}");
}

#[test]
fn what_is_no_component_is_told() {
    let module = wat::parse_str("(module)").unwrap();
    says(b"", "the file is empty");
    says(b"\x7fELF", "it is no WebAssembly");
    says(b"(module)", "it is WebAssembly as text, not as bytes");
    says(&module, "it is a core module, not a component");
    says(b"\0asm\x0d\0", "the file is cut short");
    says(b"\0asm\x09\0\0\0", "it is WebAssembly of the version [09, 00, 00, 00]");
    says(&vec![0; 100 << 20], "the file has 104857600 bytes; a plugin has at most 16 MiB");
}

#[test]
fn what_is_cut_short_or_damaged_is_told() {
    let whole = zoo(&["good"]).build();
    for length in (8..whole.len()).step_by(97) {
        let said = wrong(&whole[..length]).join("\n");
        assert!(said.starts_with(BEGIN), "{length}: {said}");
    }
    // Some of these still are plugins, and none does harm.
    for at in (8..whole.len()).step_by(61) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        if let Err(problems) = load(&damaged, &PluginOptions::default()) {
            assert!(problems.iter().all(|problem| problem.message.starts_with(BEGIN)));
        }
    }
}

#[test]
fn what_no_plugin_gets_is_told_by_name() {
    let wasi = r#"(component
        (import "wasi:random/random@0.2.0" (instance (export "get-random-u64" (func (result u64)))))
        (import "wasi:cli/exit@0.2.0" (instance))
        (import "now" (func (result u64))))"#;
    says(
        &wat::parse_str(wasi).unwrap(),
        "it imports `wasi:random/random@0.2.0`, `wasi:cli/exit@0.2.0`, `now`, which no plugin gets",
    );
    let threads = "(component (core module (memory 1 1 shared)))";
    says(
        &wat::parse_str(threads).unwrap(),
        "it is damaged, or wants what no plugin gets: threads must be enabled",
    );
    let simd = "(component (core module (func (result v128) (v128.const i32x4 0 0 0 0))))";
    says(
        &wat::parse_str(simd).unwrap(),
        "it is damaged, or wants what no plugin gets: SIMD support is not enabled",
    );
}

#[test]
fn what_does_not_keep_to_the_contract_is_told() {
    let exports = |text: &str| wat::parse_str(format!("(component {text})")).unwrap();
    says(&exports(""), "it does not export `describe`");
    let func = r#"(core module $m (func (export "f") (result i32) i32.const 0))
        (core instance $i (instantiate $m))
        (func $f (result u32) (canon lift (core func $i "f")))
        (export "describe" (func $f)) (export "check" (func $f))"#;
    says(&exports(func), "it does not say which version of the contract it is for");
    let types = |version: &str| {
        let import = format!(r#"(import "plimsoll:plugin/types@{version}" (instance))"#);
        exports(&format!("{import} {func}"))
    };
    says(&types("2.0.0"), "it is for version 2.0.0 of the contract; this program knows 1");
    says(&types("1.0.0"), "it does not keep to version 1 of the contract: ");
    let log = r#"(import "log" (func (param "x" u32)))"#;
    says(
        &exports(&format!(r#"(import "plimsoll:plugin/types@1.0.0" (instance)) {log} {func}"#)),
        "it does not keep to version 1 of the contract: ",
    );
}

#[test]
fn the_digest_is_checked_before_anything_else() {
    let bytes = zoo(&["good"]).build();
    let plugin = load(&bytes, &PluginOptions::default()).unwrap();
    let pinned = |digest: &str| PluginOptions { digest: Some(digest.to_owned()), ..limits(|_| {}) };
    assert!(load(&bytes, &pinned(plugin.digest())).is_ok());
    let other = format!("sha256:{}", "0".repeat(64));
    let problems = load(&bytes, &pinned(&other)).map(|_| ()).unwrap_err();
    let message = format!("{BEGIN}its digest is {}, not {other}", plugin.digest());
    assert_eq!(problems[0].message, message);
}

#[test]
fn a_plugin_says_what_it_is() {
    let bytes = zoo(&["other", "good"]).build();
    let plugin = load(&bytes, &PluginOptions::default()).unwrap();
    let ids: Vec<&str> = plugin.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["zoo/a/good", "zoo/a/other"]);
    assert_eq!((plugin.name(), plugin.version(), plugin.contract_version()), ("zoo", "1.2.3", 1));
    assert_eq!(plugin.imports(), ["plimsoll:plugin/types@1.0.0", "log"]);
    assert_eq!(plugin.exports(), ["describe", "check"]);
    assert_eq!(plugin.size(), bytes.len());
}

#[test]
fn files_are_looked_at_without_being_run() {
    let names = |bytes: &[u8]| {
        let anatomy = Anatomy::of(bytes).map_err(|problem| problem.message);
        anatomy.map(|Anatomy { imports, exports }| (imports.join(" "), exports.join(" ")))
    };
    let said = |imports: &str, exports: &str| Ok((imports.to_owned(), exports.to_owned()));
    let module = wat::parse_str("(module (import \"a\" \"b\" (func)) (memory (export \"m\") 1))");
    let wasi = wat::parse_str("(component (import \"wasi:x/y@0.2.0\" (instance)))").unwrap();
    let good = zoo(&["good"]).build();
    for (bytes, kind, want) in [
        (&good, Kind::Component, said("plimsoll:plugin/types@1.0.0 log", "describe check")),
        (&wasi, Kind::Component, said("wasi:x/y@0.2.0", "")),
        (&module.unwrap(), Kind::Module, said("a.b", "m")),
    ] {
        assert_eq!((Kind::of(bytes), names(bytes)), (kind, want));
    }
    for (bytes, kind) in [
        (&b" (module)"[..], Kind::Text),
        (b"(component", Kind::Text),
        (b"\0asm\x01\0\0\0\xff", Kind::Module),
        (b"\0asm\x0d\0\x01\0\xff", Kind::Component),
        (b"\0asm", Kind::Other),
        (b"", Kind::Other),
    ] {
        assert_eq!(Kind::of(bytes), kind);
        assert!(names(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn pages_lie_beside_it() {
    let files = MemoryFiles::default()
        .with("p/zoo.wasm", zoo(&["other", "good"]).build())
        .with("p/rules/a/good.md", page().text().to_owned());
    let open = |path: &str| {
        Plugin::open(&files, path, &format!("x/{path}"), &PluginOptions::default(), &vocabulary())
    };
    let plugin = open("p/zoo.wasm").unwrap();
    assert_eq!(plugin.page(0).unwrap().text(), page().text());
    assert_eq!(plugin.page(0).unwrap().name(), "x/p/rules/a/good.md");
    assert!(plugin.page(1).unwrap().text().starts_with("# Something is wrong\n\nLooks for"));
    assert_eq!([0, 1, 2].map(|rule| plugin.has_page(rule)), [true, false, false]);
    let missing = open("zoo.wasm").map(|_| ()).unwrap_err();
    assert_eq!(missing[0].message, "there is no plugin `x/zoo.wasm`");
}

/// What is wrong with a description, without what every message begins with.
fn lies(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut value = description(&[rule("zoo/a/good")]);
    change(&mut value);
    let problems = load(&Guest::new(&value.to_string()).build(), &PluginOptions::default());
    let problems = problems.map(|_| ()).unwrap_err();
    problems.iter().map(|problem| problem.message.replace(BEGIN, "")).collect()
}

#[test]
fn a_description_is_read_as_strictly_as_metadata() {
    let of_rule = |key: &str, value: Value| lies(|map| map["rules"][0][key] = value);
    let cases = [
        (
            lies(|map| map["name"] = json!("checklist")),
            "`checklist` cannot be a plugin's name: it is the default bundle's",
        ),
        (lies(|map| map["name"] = json!("Zoo")), "`Zoo` cannot be a plugin's name"),
        (lies(|map| map["name"] = json!(7)), "`name` is no string"),
        (lies(|map| map["version"] = json!("")), "`version` is empty or longer than 100 bytes"),
        (
            lies(|map| map["facts"] = json!("7")),
            "it is for version `7` of the facts; this program has `0`",
        ),
        (lies(|map| map["rules"] = json!([])), "it has no rules"),
        (lies(|map| map["rules"] = json!({})), "`rules` is no list"),
        (lies(|map| map["rules"] = json!([7])), "rule 0 is no JSON object"),
        (
            lies(|map| map["rules"] = json!([rule("zoo/a/b"), rule("zoo/a/b")])),
            "it has two rules `zoo/a/b`",
        ),
        (
            of_rule("id", json!("image/root-user")),
            "`image/root-user` is an id of the default bundle",
        ),
        (
            of_rule("id", json!("acme/image/root")),
            "`acme/image/root` cannot be the id of one of its rules",
        ),
        (of_rule("id", json!("zoo/a/B")), "`zoo/a/B` cannot be the id of one of its rules"),
        (of_rule("id", json!(1)), "rule 0 has no `id`"),
        (of_rule("title", Value::Null), "in `zoo/a/good`, the rule lacks `title`"),
        (of_rule("severity", json!("dire")), "in `zoo/a/good`, `dire` is no severity"),
        (of_rule("kinds", json!(["dokerfile"])), "in `zoo/a/good`, `kinds` knows no `dokerfile`"),
        (of_rule("subjects", json!([])), "in `zoo/a/good`, `subjects` is empty"),
        (
            of_rule("profiles", json!("cis")),
            "in `zoo/a/good`, `profiles` has to be a list of strings",
        ),
        (
            of_rule("raw", json!(true)),
            "in `zoo/a/good`, `raw` asks for what no plugin is given yet",
        ),
        (of_rule("levels", json!({"a": "b"})), "in `zoo/a/good`, `b` is no severity"),
        (
            of_rule("checklist", json!([1])),
            "in `zoo/a/good`, `checklist` has an item that is no string",
        ),
        (
            of_rule(
                "params",
                json!({"Limit": {"type": "integer", "default": 1, "description": "d"}}),
            ),
            "in `zoo/a/good`, `Limit` is no name for a parameter",
        ),
        (
            of_rule("params", json!({"limit": {"type": "int", "default": 1, "description": "d"}})),
            "in `zoo/a/good`, `int` is no type of a parameter",
        ),
        (
            of_rule(
                "params",
                json!({"limit": {"type": "integer", "default": "x", "description": "d"}}),
            ),
            "in `zoo/a/good`, the default does not fit: expected an integer, found the string `x`",
        ),
        (
            of_rule("params", json!({"limit": {"type": "integer", "description": "d"}})),
            "in `zoo/a/good`, the rule lacks `default`",
        ),
    ];
    for (said, message) in cases {
        assert_eq!(said, [message]);
    }
}

#[test]
fn what_a_description_says_beyond_what_is_known_is_no_fault() {
    let mut more = rule("zoo/a/good");
    more["colour"] = json!("green");
    more["since"] = Value::Null;
    more["params"] = json!({
        "limit": {"type": "integer", "default": 1, "description": "d", "allowed": null, "unit": "m"}
    });
    let mut value = description(&[more]);
    value["licence"] = json!("MIT");
    let plugin = plugin(&Guest::new(&value.to_string()));
    assert_eq!(plugin.rules()[0].params["limit"].default, json!(1));
}

#[test]
fn what_is_no_description_is_told() {
    let says = |text: &[u8], message: &str| says(&Guest::describing(text).build(), message);
    says(b"", "what `describe` returns is no JSON");
    says(b"[]", "what `describe` returns is no JSON object");
    says(b"\xff", "it does not say what it is: it returned text that is not UTF-8");
    says("[".repeat(100_000).as_bytes(), "what `describe` returns is no JSON: recursion limit");
}

#[test]
fn the_schema_of_descriptions_is_up_to_date() {
    let published = include_str!("../../../../../sdk/wit/v1/description.schema.json");
    let schema = schemars::schema_for!(plimsoll_sdk::plugin::Description);
    let schema = serde_json::to_string_pretty(&schema.to_value()).unwrap();
    assert!(
        published.trim_end() == schema,
        "sdk/wit/v1/description.schema.json should be:\n{schema}"
    );
}

/// A component as it was when version 1 of the contract was new. It is not made anew when the contract's
/// text or the tools change: what was built then is loaded for ever.
#[test]
fn version_1_is_loaded_for_ever() {
    let bytes = wat::parse_str(include_str!("v1.wat")).unwrap();
    let plugin = load(&bytes, &PluginOptions::default()).unwrap();
    assert_eq!((plugin.name(), plugin.contract_version()), ("zoo", 1));
    let answers = judge(&plugin);
    let found = &answers[0].1.as_ref().unwrap().findings;
    assert_eq!((found[0].place.loc.0, found[0].message.as_str()), (1, "wrong"));
}
