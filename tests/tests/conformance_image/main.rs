//! Images, layouts and manifests of public suites.

mod fixtures;
mod schema;

use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::document::{Document, Input, ReadOptions, image};
use plimsoll_engine::source::Source;

/// Reads a JSON text.
fn read_json(name: &str, text: &str) -> Document {
    let input = Input { source: Source::new(name, text), folder: None };
    let mut documents = image::read_json(&input, &ReadOptions::default());
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

/// What is wrong with a document, as far as it is an error.
fn errors(document: &Document) -> Vec<&str> {
    let errors = document.problems.iter().filter(|problem| problem.level == Level::Error);
    errors.map(|problem| problem.message.as_str()).collect()
}
