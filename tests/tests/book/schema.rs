//! A JSON Schema as a page: a section for each type, a row for each field.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The root type and then every other, in the order of their names.
pub(crate) fn page(schema: &Value) -> String {
    let mut text = String::new();
    if let Some(description) = schema["description"].as_str() {
        let _ = writeln!(text, "{description}\n");
    }
    text += &fields(schema);
    let empty = Map::new();
    let types = ["$defs", "definitions"].iter().find_map(|key| schema[key].as_object());
    for (name, definition) in types.unwrap_or(&empty) {
        let _ = writeln!(text, "\n## {name}\n");
        if let Some(description) = definition["description"].as_str() {
            let _ = writeln!(text, "{description}\n");
        }
        if definition["properties"].is_object() {
            text += &fields(definition);
        } else {
            let _ = writeln!(text, "{}", alternatives(definition));
        }
    }
    text
}

/// A text in a cell of a table: on one line, with nothing that ends the cell.
pub(crate) fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|").replace('<', "&lt;")
}

fn fields(schema: &Value) -> String {
    let Some(properties) = schema["properties"].as_object() else { return String::new() };
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut text = String::from("| field | type | meaning |\n|---|---|---|\n");
    for (name, field) in properties {
        let optional = if required.contains(&name.as_str()) { "" } else { "?" };
        let meaning = cell(field["description"].as_str().unwrap_or_default());
        let default = match field.get("default") {
            Some(default) if !default.is_null() => format!(" Default: `{default}`."),
            _ => String::new(),
        };
        let kind = kind(field);
        let _ = writeln!(text, "| `{name}`{optional} | {kind} | {meaning}{default} |");
    }
    text
}

/// What a type that is no object may be: a line for each alternative.
fn alternatives(definition: &Value) -> String {
    let Some(options) = definition["oneOf"].as_array().or(definition["anyOf"].as_array()) else {
        return format!("One of: {}", kind(definition));
    };
    let line = |option: &Value| {
        let meaning = option["description"].as_str().unwrap_or_default();
        let separator = if meaning.is_empty() { "" } else { ": " };
        format!("- {}{separator}{meaning}", kind(option))
    };
    options.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The type of a value, in words.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(value) = schema.get("const") {
        return format!("`{value}`");
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(options) = schema[key].as_array() {
            return options.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    match &schema["type"] {
        Value::String(name) => named(name, schema),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str);
            names.map(|name| named(name, schema)).collect::<Vec<_>>().join(" or ")
        }
        _ => "any value".to_owned(),
    }
}

fn named(name: &str, schema: &Value) -> String {
    match name {
        "array" => format!("list of {}", kind(&schema["items"])),
        "object" if schema["additionalProperties"].is_object() => {
            format!("map to {}", kind(&schema["additionalProperties"]))
        }
        other => other.to_owned(),
    }
}
