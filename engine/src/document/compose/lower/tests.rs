//! What compose files say, as facts.

use std::sync::Arc;

use plimsoll_sdk::Loc;
use plimsoll_sdk::finding::RawPlace;
use serde_json::Value;

use crate::document::{ComposeOptions, Document, Folder, Input, ReadOptions};
use crate::files::MemoryFiles;
use crate::source::Source;

mod cases;
mod places;

/// Reads a project; the first file is `compose.yaml` in the folder `deploy` below the root.
fn read(files: &[(&str, &str)], compose: ComposeOptions) -> Document {
    let memory = files.iter().fold(MemoryFiles::default(), |memory, (path, text)| {
        memory.with(*path, text.as_bytes().to_vec())
    });
    let (path, text) = files[0];
    let (folder, file_name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = Folder {
        files: Arc::new(memory),
        path: folder.to_owned(),
        file_name: file_name.to_owned(),
    };
    let input = Input { source: Source::new(path, text), folder: Some(folder) };
    let options = ReadOptions { compose, ..ReadOptions::default() };
    super::super::read(&input, &options).remove(0)
}

/// Reads one service of this flow mapping, with top-level keys after it.
fn service(body: &str, top: &str, files: &[(&str, &str)]) -> Document {
    let text = format!("services:\n  s: {body}\n{top}");
    let mut all = vec![("deploy/compose.yaml", text.as_str())];
    all.extend_from_slice(files);
    read(&all, ComposeOptions::default())
}

fn json(document: &Document) -> Value {
    serde_json::to_value(&document.facts).unwrap()
}

/// The part of facts at a JSON pointer; `"absent"` for what is unknown.
fn at(facts: &Value, pointer: &str) -> Value {
    facts.pointer(pointer).cloned().unwrap_or_else(|| "absent".into())
}

/// The text at a place of the facts: of the object at the pointer, its field, its item.
fn text_at(
    document: &Document,
    pointer: &str,
    field: Option<&str>,
    item: Option<u32>,
) -> (String, Option<String>) {
    let facts = json(document);
    let loc = facts.pointer(&format!("{pointer}/loc")).and_then(Value::as_u64);
    let loc = Loc(u32::try_from(loc.unwrap_or_else(|| panic!("no object at {pointer}"))).unwrap());
    let place = RawPlace { loc, field: field.map(str::to_owned), item };
    let text = |place: crate::source::Place| format!("{}: {}", place.source.name(), place.text());
    let resolved = document.places.resolve(&place).map(text).unwrap();
    (resolved, document.places.used_at(&place).map(text))
}

/// Every `loc` of a document's facts is of its table, and occurs once.
fn check_locs(document: &Document) {
    fn walk(value: &Value, seen: &mut std::collections::BTreeSet<u64>, len: usize) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| walk(item, seen, len)),
            Value::Object(fields) => {
                if let Some(loc) = fields.get("loc").and_then(Value::as_u64) {
                    assert!((loc as usize) < len, "{value}");
                    assert!(seen.insert(loc), "loc {loc} twice: {value}");
                }
                fields.values().for_each(|field| walk(field, seen, len));
            }
            _ => {}
        }
    }
    walk(&json(document), &mut std::collections::BTreeSet::new(), document.places.len());
}
