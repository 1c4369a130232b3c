//! Reading a bundle's tables into types.

use regex::Regex;
use serde::de::DeserializeOwned;

use crate::bundle::Table;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Span};

/// How large a compiled pattern may be, in bytes.
const PATTERN_SIZE: usize = 1 << 20;

/// A table as a type of ours.
pub(super) fn read<T: DeserializeOwned>(table: &Table) -> Result<T, Diagnostic> {
    serde_json::from_value(table.value().as_ref().clone())
        .map_err(|error| problem(table, "", &error.to_string()))
}

/// A regular expression of a table.
pub(super) fn regex(table: &Table, pattern: &str) -> Result<Regex, Diagnostic> {
    regex::RegexBuilder::new(pattern)
        .size_limit(PATTERN_SIZE)
        .build()
        .map_err(|error| problem(table, pattern, &format!("it is no pattern: {error}")))
}

/// A wildcard in which `*` stands for any text, as a regular expression over the whole of a name.
pub(super) fn wildcard(table: &Table, pattern: &str) -> Result<Regex, Diagnostic> {
    let parts: Vec<String> = pattern.split('*').map(regex::escape).collect();
    regex(table, &format!("^(?s:{})$", parts.join(".*")))
}

fn problem(table: &Table, text: &str, message: &str) -> Diagnostic {
    let source = table.source();
    let at = if text.is_empty() { None } else { source.text().find(text) };
    let span = at.map_or(Span::default(), |at| Span::new(at, at + text.len()));
    Diagnostic::error(format!("table `{}` is unusable: {message}", table.name()))
        .at(Place::new(source, span))
}
