//! What is wrong with a YAML text, in words for the person who wrote it.

use std::sync::Arc;

use serde_saphyr::Error;
use serde_saphyr::budget::BudgetBreach;

use super::Limits;
use super::lower::span_of;
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::source::{Place, Source, Span};

/// The longest name of an alias that is pointed at, in characters.
const ALIAS: usize = 80;

/// What made the crate stop. Its own messages give advice to programmers, or name Rust types.
pub(super) fn diagnostic(source: &Arc<Source>, error: &Error, limits: Limits) -> Diagnostic {
    let error = innermost(error);
    let diagnostic = Diagnostic::error(message(error, limits));
    let diagnostic = match error.location() {
        Some(location) => {
            let span = visible(source, span_of(source, &location));
            let place = Place::new(source, alias(source, span));
            diagnostic.label(place, label(error))
        }
        None => diagnostic,
    };
    match help(error) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// The parser takes U+0000 for the end of the text, and what follows it would be hidden.
pub(super) fn nul(source: &Arc<Source>, at: usize) -> Diagnostic {
    Diagnostic::error("not a YAML document: it contains the character U+0000")
        .at(Place::new(source, Span::new(at, at + 1)))
}

pub(super) fn duplicate(source: &Arc<Source>, key: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error(format!("the key `{}` is written twice", excerpt(key)))
        .label(Place::new(source, visible(source, again)), "written again here")
        .label(Place::new(source, visible(source, first)), "first written here")
        .help("keep one of the two")
}

pub(super) fn collection_key(source: &Arc<Source>, place: Span) -> Diagnostic {
    Diagnostic::error("a key must be a single value, not a list or a mapping")
        .at(Place::new(source, visible(source, place)))
        .help("put it in quotes if it is meant as text")
}

pub(super) fn merge(source: &Arc<Source>, place: Span, found: &str) -> Diagnostic {
    Diagnostic::error(format!("`<<` takes a mapping or a list of mappings, found {found}"))
        .at(Place::new(source, visible(source, place)))
}

fn innermost(mut error: &Error) -> &Error {
    loop {
        error = match error {
            Error::AliasError { error, .. } => error,
            Error::WithSnippet { error, .. } => error,
            _ => return error,
        };
    }
}

fn message(error: &Error, limits: Limits) -> String {
    match error {
        // The parser has a limit of its own, which is higher.
        Error::ExternalMessage { msg, .. } if msg.contains("recursion limit") => {
            format!("lists and mappings are nested more than {} deep", limits.depth)
        }
        Error::ExternalMessage { msg, .. } => {
            // The parser quotes like 'this' or `this'.
            let msg = excerpt(msg).replace('\'', "`").replace("n`t", "n't");
            format!("not valid YAML: {msg}")
        }
        Error::MultipleDocuments { .. } => "the file holds more than one YAML document".into(),
        Error::UnknownAnchor { .. } => "the alias names no anchor that stands before it".into(),
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            "the alias lies within the value that it names".into()
        }
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => {
            format!("lists and mappings are nested more than {} deep", limits.depth)
        }
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            format!("the document is too large: it holds more than {} values", limits.nodes)
        }
        Error::InvalidScalar { .. }
        | Error::InvalidBooleanStrict { .. }
        | Error::TaggedScalarCannotDeserializeIntoString { .. } => {
            "the value is not what its tag says".into()
        }
        _ => "not valid YAML".into(),
    }
}

fn label(error: &Error) -> &'static str {
    match error {
        Error::MultipleDocuments { .. } => "another document starts here",
        Error::Budget { .. } => "the limit is reached here",
        _ => "",
    }
}

fn help(error: &Error) -> Option<&'static str> {
    match error {
        Error::MultipleDocuments { .. } => Some("put each document into a file of its own"),
        Error::Budget { breach: BudgetBreach::Nodes { .. }, .. }
        | Error::AliasReplayLimitExceeded { .. } => {
            Some("what aliases repeat is counted each time")
        }
        _ => None,
    }
}

/// The whole of an alias whose `*` is given.
fn alias(source: &Source, span: Span) -> Span {
    if source.slice(span) != "*" {
        return span;
    }
    let rest = source.text().get(span.end as usize..).unwrap_or_default();
    let name = rest.chars().take(ALIAS).take_while(|&c| !c.is_whitespace() && !",[]{}".contains(c));
    Span::new(span.start as usize, span.end as usize + name.map(char::len_utf8).sum::<usize>())
}

/// An empty place, widened to the character there, so that there is something to underline.
fn visible(source: &Source, span: Span) -> Span {
    if !span.is_empty() {
        return span;
    }
    let rest = source.text().get(span.start as usize..).unwrap_or_default();
    let width = rest.chars().next().filter(|&c| c != '\n' && c != '\r').map_or(0, char::len_utf8);
    Span::new(span.start as usize, span.start as usize + width)
}
