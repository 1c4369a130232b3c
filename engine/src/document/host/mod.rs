//! Hosts: what a machine says of itself, as `plimsoll host` writes it.
//!
//! Owns the format, one JSON object that has the key `plimsoll_host` ([`Description`] are its types),
//! and reading it. What is left out is unknown. Anybody may write it: it is read like everything
//! else that comes from outside. Collecting what is in it is the program's business.

mod audit;
mod format;
mod lower;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use plimsoll_sdk::facts::Facts;

pub use audit::{Watch, watch};
pub use format::{AuditRule, Description, File, Group, Mount, OsRelease, VERSION, schema};

use super::inspect::lowering::Lowering;
use super::inspect::tree::At;
use super::{Document, Input, ReadOptions};
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::json;
use crate::source::{Place, Source};

/// The word for this kind of document.
pub const KIND: &str = "host";

/// The key by which the format is recognised; its value is the version.
const MARK: &str = "plimsoll_host";

/// Whether a file of this name is one: no name says so.
#[must_use]
pub fn has_name(_file_name: &str) -> bool {
    false
}

/// Whether a text is one: an object that has the key, or that begins with it, however it goes on.
#[must_use]
pub fn has_content(text: &str) -> bool {
    let Some(inside) = text.trim_start().strip_prefix('{') else { return false };
    if !inside.contains(&format!("\"{MARK}\"")) {
        return false;
    }
    let first = inside.trim_start().strip_prefix('"').and_then(|key| key.strip_prefix(MARK));
    if first.is_some_and(|rest| rest.starts_with('"')) {
        return true;
    }
    let source = Source::new("", text);
    json::parse(&source, json::LIMITS).is_ok_and(|parsed| parsed.node.get(MARK).is_some())
}

/// Reads the description of a host: one document.
#[must_use]
pub fn read(input: &Input, _: &ReadOptions) -> Vec<Document> {
    let source = &input.source;
    let mut lowering = Lowering::new(source);
    let mut facts = Facts::new(KIND, source.name());
    match json::parse(source, json::LIMITS) {
        Ok(parsed) => {
            parsed.warnings.into_iter().for_each(|warning| lowering.problems.push(warning));
            let at = At::value(&parsed.node);
            match refusal(at) {
                Some(message) => {
                    let place = Place::new(source, at.get(MARK).span);
                    lowering.problems.push(Diagnostic::error(message).at(place));
                }
                None => facts.host = Some(lower::host(&mut lowering, at)),
            }
        }
        Err(errors) => errors.into_iter().for_each(|error| lowering.problems.push(error)),
    }
    let sources = vec![Arc::clone(source)];
    let problems = lowering.problems.into_diagnostics();
    vec![Document { problems, ..Document::new(KIND, sources, facts, lowering.places) }]
}

/// Why a value is not read.
fn refusal(at: At<'_>) -> Option<String> {
    let version = at.get(MARK);
    match (version.node, version.text()) {
        (_, Some(VERSION)) => None,
        (_, Some(other)) => Some(format!(
            "this is version `{}` of the format, and only `{VERSION}` is read",
            excerpt(other)
        )),
        (None, _) => Some(format!("this describes no host: it is no object with the key `{MARK}`")),
        _ => Some(format!("a string is expected here, the version `{VERSION}`")),
    }
}
