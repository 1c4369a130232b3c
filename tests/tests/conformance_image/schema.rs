//! The cases and the examples of the OCI image specification.

use plimsoll_tests::{ratchet, suites};
use serde_json::Value;

use super::{errors, read_json};

/// The text of a case in a document of its own: a descriptor alone is none.
fn document(kind: &str, text: &str) -> String {
    match kind {
        "descriptor" => format!("{{\"schemaVersion\":2,\"manifests\":[{text}]}}"),
        _ => text.to_owned(),
    }
}

fn check(kind: &str, text: &str, fail: bool) -> Result<(), String> {
    let text = document(kind, text);
    let document = read_json("case.json", &text);
    match (document.problems.is_empty(), fail) {
        (true, true) => Err("there is no problem".into()),
        (false, false) => Err(format!("{:?}", errors(&document))),
        _ => Ok(()),
    }
}

#[test]
fn schema() {
    let Some(rows) = suites::rows("04-oci-images/image_spec_schema.jsonl") else { return };
    let cases = rows.iter().map(|row| {
        let case = row["case"].as_object().unwrap_or_else(|| panic!("no case: {row}"));
        let (kind, text) = case
            .iter()
            .find(|(key, _)| !["fail", "digest"].contains(&key.as_str()))
            .unwrap_or_else(|| panic!("no text: {row}"));
        let fail = case.get("fail").and_then(Value::as_bool).unwrap_or_default();
        let id = row["id"].as_str().unwrap_or_default().to_owned();
        (id, check(kind, text.as_str().unwrap_or_default(), fail))
    });
    ratchet::check("04-schema", cases);
}

#[test]
fn examples() {
    let Some(rows) = suites::rows("04-oci-images/image_spec_examples.jsonl") else { return };
    let cases = rows.iter().map(|row| {
        let media_type = row["media_type"].as_str().unwrap_or_default();
        let kind = if media_type.contains(".descriptor.") { "descriptor" } else { "" };
        let text = document(kind, row["json"].as_str().unwrap_or_default());
        let document = read_json("example.json", &text);
        let errors = errors(&document).join("; ");
        let id = row["id"].as_str().unwrap_or_default().to_owned();
        (id, if errors.is_empty() { Ok(()) } else { Err(errors) })
    });
    ratchet::check("04-examples", cases);
}
