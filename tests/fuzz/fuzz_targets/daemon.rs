//! Texts of any bytes, alone and put together with another: reading never panics, and every fact has
//! a place in its text.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::document::{Document, Input, ReadOptions, daemon};
use plimsoll_engine::source::Source;
use plimsoll_sdk::Loc;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let name = if choice & 1 == 0 { "daemon.json" } else { "<stdin>" };
    // A form feed parts two texts.
    let mut parts = bytes.splitn(2, |&byte| byte == b'\x0c');
    let mut source = |name| Source::from_bytes(name, parts.next().unwrap_or_default().to_vec());
    let sources = [source(name), source("<stdin>")];
    for source in &sources {
        let input = Input { source: Arc::clone(source), folder: None };
        daemon::read(&input, &ReadOptions::default()).iter().for_each(check);
    }
    daemon::join(&sources).iter().for_each(check);
});

fn check(document: &Document) {
    for label in document.problems.iter().flat_map(|problem| &problem.labels) {
        assert!(label.place.source.text().get(label.place.span.range()).is_some());
    }
    let facts = serde_json::to_value(&document.facts).expect("facts are JSON");
    locs(&facts, document);
}

fn locs(value: &Value, document: &Document) {
    match value {
        Value::Object(map) => {
            if let Some(loc) = map.get("loc") {
                let loc = loc.as_u64().and_then(|loc| u32::try_from(loc).ok()).expect("a number");
                let place = document.places.place(Loc(loc)).expect("a place");
                assert!(place.source.text().get(place.span.range()).is_some());
            }
            map.values().for_each(|value| locs(value, document));
        }
        Value::Array(items) => items.iter().for_each(|value| locs(value, document)),
        _ => {}
    }
}
