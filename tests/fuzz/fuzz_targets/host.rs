//! Texts of any bytes as what a host says of itself, and as a rule of its audit system: reading never
//! panics, and every fact has a place in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::document::{Document, Input, ReadOptions, host};
use plimsoll_engine::source::Source;
use plimsoll_sdk::Loc;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let source = Source::from_bytes("host.json", bytes.to_vec());
    if let Some(watch) = host::watch(source.text()) {
        assert!(watch.path.starts_with('/'));
        assert!(watch.permissions.len() <= 4);
    }
    let input = Input { source, folder: None };
    let _ = host::has_content(input.source.text());
    host::read(&input, &ReadOptions::default()).iter().for_each(check);
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
