//! Bytes as a plugin, whole or in place of some of a good one's: whatever they are, there is a plugin
//! that gives answers, or a reason that names the file.
#![no_main]

#[path = "../../../engine/src/evaluate/wasm/tests/guest.rs"]
#[allow(dead_code, clippy::unwrap_used)]
mod guest;

use std::sync::LazyLock;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::engine::vocabulary;
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::evaluate::wasm::{Limits, WasmEvaluator};
use plimsoll_engine::{Plugin, PluginOptions};
use plimsoll_sdk::facts::Facts;
use serde_json::json;

static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let rule = json!({
        "id": "zoo/a/good", "title": "t", "description": "d", "severity": "low", "remedy": "r",
        "kinds": ["dockerfile"], "subjects": ["image"], "profiles": ["baseline"],
    });
    let description = json!({"name": "zoo", "version": "1", "facts": "0", "rules": [rule]});
    let found = [guest::Finding { loc: 1, message: b"wrong", ..guest::Finding::default() }];
    guest::Guest::new(&description.to_string()).finds('g', &found).build()
});

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let bytes = if choice & 1 == 0 { bytes.to_vec() } else { damaged(bytes) };
    let limits = Limits { fuel: 1_000_000, time: Duration::from_secs(1), ..Limits::default() };
    let options = PluginOptions { limits, ..PluginOptions::default() };
    match Plugin::from_bytes("fuzz.wasm", &bytes, &options, &vocabulary()) {
        Ok(plugin) => {
            let evaluator = WasmEvaluator::load(&[plugin], &json!({})).expect("defaults fit");
            let wanted: Vec<usize> = (0..evaluator.rules().len()).collect();
            let answers = evaluator.session().check(&Facts::new("dockerfile", "f"), &wanted);
            assert_eq!(answers.len(), wanted.len());
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            assert!(problems.iter().all(|problem| problem.message.contains("`fuzz.wasm`")));
        }
    }
});

/// A good plugin with other bytes in some places: three say where, the fourth what.
fn damaged(bytes: &[u8]) -> Vec<u8> {
    let mut good = GOOD.clone();
    for change in bytes.chunks_exact(4) {
        let at = u32::from_le_bytes([change[0], change[1], change[2], 0]) as usize % good.len();
        good[at] = change[3];
    }
    good
}
