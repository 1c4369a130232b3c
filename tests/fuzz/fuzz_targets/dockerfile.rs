//! Dockerfiles of any bytes: parsing and lowering never panic, every span lies in the text and on
//! character boundaries, and every fact has a place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::document::{Input, ReadOptions, dockerfile};
use plimsoll_engine::source::Source;
use plimsoll_sdk::Loc;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let source = Source::from_bytes("Dockerfile", bytes.to_vec());
    let text = source.text();
    let (syntax, problems) = dockerfile::parse(&source);
    let mut before = 0;
    for instruction in &syntax.instructions {
        let span = instruction.span;
        assert!(text.get(span.range()).is_some(), "{span:?}");
        assert!(span.start >= before, "instructions in order");
        before = span.start;
        for flag in &instruction.flags {
            assert!(span.start <= flag.span.start && flag.span.end <= span.end);
        }
    }
    for label in problems.iter().flat_map(|problem| &problem.labels) {
        assert!(label.place.source.text().get(label.place.span.range()).is_some());
    }

    let options = ReadOptions {
        build_args: (choice & 1 != 0).then(|| ("A".into(), "b c".into())).into_iter().collect(),
        target: (choice & 2 != 0).then(|| "0".into()),
        platform: (choice & 4 != 0).then(|| "windows/amd64".into()),
        ..ReadOptions::default()
    };
    let document = dockerfile::read(&Input { source, folder: None }, &options).remove(0);
    let facts = serde_json::to_value(&document.facts).expect("facts are JSON");
    check(&facts, &|loc| document.places.place(Loc(loc)).is_some());
});

/// Every `loc` in the facts is one of the document's.
fn check(value: &Value, known: &dyn Fn(u32) -> bool) {
    match value {
        Value::Object(map) => {
            if let Some(loc) = map.get("loc") {
                let loc = loc.as_u64().and_then(|loc| u32::try_from(loc).ok());
                assert!(loc.is_some_and(known), "{loc:?}");
            }
            map.values().for_each(|value| check(value, known));
        }
        Value::Array(items) => items.iter().for_each(|value| check(value, known)),
        _ => {}
    }
}
