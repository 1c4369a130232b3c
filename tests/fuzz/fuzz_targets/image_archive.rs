//! Archives of images of any bytes: bare, and as a layer of an image that is otherwise right.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::document::{Document, ReadOptions, image};
use plimsoll_sdk::Loc;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    check(&read(bytes));
    let manifest = br#"[{"Config":"c.json","RepoTags":["a:1"],"Layers":["l"]}]"#;
    let config = br#"{"os":"linux","architecture":"x","rootfs":{"type":"layers","diff_ids":[]}}"#;
    let mut archive = Vec::new();
    for (path, data) in [("manifest.json", &manifest[..]), ("c.json", config), ("l", bytes)] {
        archive.extend(header(path, data.len()));
        archive.extend(data);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    check(&read(&archive));
});

fn read(mut bytes: &[u8]) -> Document {
    image::read_archive("image.tar", &mut bytes, &ReadOptions::default()).remove(0)
}

/// A header of a regular file.
fn header(path: &str, size: usize) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, path);
    put(124, &format!("{size:011o}"));
    put(148, "        ");
    put(156, "0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// An image that is there has places, and an archive without one says why.
fn check(document: &Document) {
    assert!(!document.facts.images.is_empty() || !document.problems.is_empty());
    let facts = serde_json::to_value(&document.facts).expect("facts are JSON");
    placed(&facts, &|loc| document.places.place(Loc(loc)).is_some());
    for label in document.problems.iter().flat_map(|problem| &problem.labels) {
        assert!(label.place.source.text().get(label.place.span.range()).is_some());
    }
}

/// Every `loc` in the facts is one of the document's.
fn placed(value: &Value, known: &dyn Fn(u32) -> bool) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| placed(item, known)),
        Value::Object(fields) => {
            if let Some(loc) = fields.get("loc").and_then(Value::as_u64) {
                assert!(known(u32::try_from(loc).expect("a handle")));
            }
            fields.values().for_each(|field| placed(field, known));
        }
        _ => {}
    }
}
