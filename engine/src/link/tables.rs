//! Reading a bundle's tables into types.

use regex::bytes::{Regex, RegexBuilder};
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

/// A regular expression of a table. It knows ASCII only, so it compiles quickly.
pub(super) fn regex(table: &Table, pattern: &str) -> Result<Regex, Diagnostic> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .size_limit(PATTERN_SIZE)
        .build()
        .map_err(|error| problem(table, pattern, &format!("it is no pattern: {error}")))
}

/// Whether a name is of the form of a pattern in which `*` stands for any text.
pub(super) fn is_like(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    // The leftmost place of each part leaves the most for those that follow.
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn problem(table: &Table, text: &str, message: &str) -> Diagnostic {
    let source = table.source();
    let at = if text.is_empty() { None } else { source.text().find(text) };
    let span = at.map_or(Span::default(), |at| Span::new(at, at + text.len()));
    Diagnostic::error(format!("table `{}` is unusable: {message}", table.name()))
        .at(Place::new(source, span))
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, name) in [
            ("a", "a"),
            ("*", ""),
            ("*", "a/b"),
            ("a*", "a"),
            ("*a", "ba"),
            ("a*c", "abbc"),
            ("*x*y*", "1x2y3"),
            ("a*b*c", "abbcc"),
            ("*:*slim*", "a:3-slim-b"),
        ] {
            assert!(is_like(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("a", "ab"), ("a*", "b"), ("ab*ba", "aba"), ("a*b*c", "acb"), ("", "a"), ("*a*a", "a")]
        {
            assert!(!is_like(pattern, name), "{pattern} {name}");
        }
    }
}
