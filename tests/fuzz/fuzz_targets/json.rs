//! JSON of any bytes: read or refused as `serde_json` does, every span in the text, and the stream of
//! one value is that value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::json::{LIMITS, parse, parse_stream};
use plimsoll_engine::source::Source;
use plimsoll_engine::yaml::{Node, Value};

fuzz_target!(|bytes: &[u8]| {
    let source = Source::from_bytes("fuzz.json", bytes.to_vec());
    let text = source.text();
    let ours = parse(&source, LIMITS);
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    let stream = parse_stream(&source, LIMITS);
    for label in stream.problems.iter().flat_map(|problem| &problem.labels) {
        assert!(text.get(label.place.span.range()).is_some());
    }
    stream.nodes.iter().for_each(|node| check(node, text));
    match (ours, theirs) {
        (Ok(parsed), Ok(_)) => assert_eq!(stream.nodes.len(), 1, "{:?}", parsed.warnings),
        (Err(problems), Err(_)) => assert!(!problems.is_empty()),
        // It allows one level less.
        (Ok(_), Err(error)) => assert!(error.to_string().starts_with("recursion limit")),
        (Err(problems), Ok(_)) => panic!("{problems:?}"),
    }
});

fn check(node: &Node, text: &str) {
    assert!(!node.span.is_empty() && text.get(node.span.range()).is_some());
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| check(item, text)),
        Value::Map(entries) => {
            let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.text.as_str()).collect();
            keys.sort_unstable();
            assert!(keys.windows(2).all(|pair| pair[0] != pair[1]));
            entries.iter().for_each(|(_, value)| check(value, text));
        }
        _ => {}
    }
}
