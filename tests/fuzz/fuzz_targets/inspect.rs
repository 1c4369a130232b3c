//! What `docker inspect` might print, of any bytes: reading never panics, every fact has a place in
//! the text, every problem points into it, and what is read says what it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::document::{Input, ReadOptions, inspect};
use plimsoll_engine::source::Source;
use plimsoll_sdk::Loc;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let source = Source::from_bytes("inspect.json", bytes.to_vec());
    let _ = inspect::has_content(source.text());
    let documents = inspect::read(&Input { source, folder: None }, &ReadOptions::default());
    assert!(!documents.is_empty());
    for document in &documents {
        assert!(inspect::KINDS.contains(&document.kind));
        let text = document.sources[0].text();
        for label in document.problems.iter().flat_map(|problem| &problem.labels) {
            assert!(text.get(label.place.span.range()).is_some());
        }
        let facts = serde_json::to_value(&document.facts).expect("facts are JSON");
        let mut locs = Vec::new();
        collect(&facts, &mut locs);
        for &loc in &locs {
            let place = document.places.place(Loc(loc)).expect("a place");
            assert!(text.get(place.span.range()).is_some_and(|text| !text.is_empty()));
        }
        let count = locs.len();
        locs.sort_unstable();
        locs.dedup();
        assert_eq!(locs.len(), count, "a handle is given once");
    }
});

fn collect(value: &Value, locs: &mut Vec<u32>) {
    match value {
        Value::Object(map) => {
            let loc = map.get("loc").and_then(Value::as_u64);
            locs.extend(loc.and_then(|loc| u32::try_from(loc).ok()));
            map.values().for_each(|value| collect(value, locs));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, locs)),
        _ => {}
    }
}
