//! Bytes as what a plugin returns: they are findings in order, or an error of the rule, and the same
//! once more.
#![no_main]

#[path = "../../../engine/src/evaluate/wasm/tests/guest.rs"]
#[allow(dead_code, clippy::unwrap_used)]
mod guest;

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::engine::vocabulary;
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::evaluate::wasm::WasmEvaluator;
use plimsoll_engine::{Plugin, PluginOptions};
use plimsoll_sdk::facts::Facts;
use serde_json::json;

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let rule = json!({
        "id": "zoo/a/good", "title": "t", "description": "d", "severity": "low", "remedy": "r",
        "kinds": ["dockerfile"], "subjects": ["image"], "profiles": ["baseline"],
    });
    let description = json!({"name": "zoo", "version": "1", "facts": "0", "rules": [rule]});
    let bytes = &bytes[..bytes.len().min(64 << 10)];
    // Of the description as well, for it is as little to be trusted.
    let guest = match choice & 1 == 0 {
        true => guest::Guest::new(&description.to_string()).raw('g', bytes),
        false => guest::Guest::describing(bytes),
    };
    let loaded =
        Plugin::from_bytes("fuzz.wasm", &guest.build(), &PluginOptions::default(), &vocabulary());
    let Ok(plugin) = loaded else { return };
    let evaluator = WasmEvaluator::load(&[plugin], &json!({})).expect("defaults fit");
    let facts = Facts::new("dockerfile", "f");
    let answer = || evaluator.session().check(&facts, &[0]).remove(0).1;
    match (answer(), answer()) {
        (Ok(one), Ok(two)) => {
            assert_eq!(one, two);
            assert!(one.findings.is_sorted() && one.unknowns.is_sorted());
            assert!(one.findings.iter().all(|raw| !raw.message.trim().is_empty()));
        }
        (Err(one), Err(two)) => assert_eq!(one.message, two.message),
        _ => panic!("two runs do not agree"),
    }
});
