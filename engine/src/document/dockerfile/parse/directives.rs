//! Parser directives: `# syntax=…`, `# escape=…`, `# check=…`.
//!
//! BuildKit looks for them twice. The Dockerfile parser reads them line by line and obeys `escape`.
//! The frontend looks for `syntax` and `check` beforehand, in the unindented lines after an
//! optional `#!` line; for `syntax` it also takes `// syntax=…` and the key of a JSON object.
//! <https://docs.docker.com/reference/dockerfile/#parser-directives>

use super::super::syntax::{Directive, Text};
use super::lines::{Line, Lines};
use crate::source::Span;

const NAMES: [&str; 3] = ["syntax", "escape", "check"];

/// White space as Go's regular expressions have it.
const BLANKS: [char; 5] = [' ', '\t', '\n', '\u{c}', '\r'];

/// What a line at the top of the file is.
pub(super) enum Found {
    /// A directive for the first time.
    Directive(Directive),
    /// A directive once more.
    Duplicate(Directive),
    /// Not a directive: from here on nothing is.
    Nothing,
}

/// Reads directives until the first line that is none.
pub(super) struct Reader {
    prefix: &'static str,
    seen: Vec<String>,
    done: bool,
}

impl Reader {
    pub(super) fn new(prefix: &'static str) -> Self {
        Reader { prefix, seen: Vec::new(), done: false }
    }

    /// Takes the next line, which starts in the source at `start`.
    pub(super) fn read(&mut self, line: &str, start: usize) -> Found {
        let found = if self.done { None } else { directive(line, start, self.prefix) };
        let Some(directive) = found else {
            self.done = true;
            return Found::Nothing;
        };
        if self.seen.contains(&directive.name.value) {
            return Found::Duplicate(directive);
        }
        self.seen.push(directive.name.value.clone());
        Found::Directive(directive)
    }
}

fn directive(line: &str, start: usize, prefix: &str) -> Option<Directive> {
    let body = line.strip_prefix(prefix)?.trim_start();
    let (name, value) = body.split_once('=')?;
    let name = name.trim_end_matches(BLANKS);
    let mut chars = name.chars();
    let is_name = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric());
    let lower = name.to_ascii_lowercase();
    if !is_name || !NAMES.contains(&lower.as_str()) {
        return None;
    }
    let leading = value.len() - value.trim_start_matches(BLANKS).len();
    let trimmed = match value.trim_matches(BLANKS) {
        // The expression wants one character at least, were it a blank.
        "" => value.char_indices().next_back().and_then(|(at, _)| value.get(at..))?,
        trimmed => trimmed,
    };
    let end = start + line.len();
    let name_start = end - body.len();
    let value_start = (end - value.len() + leading).min(end - trimmed.len());
    Some(Directive {
        name: Text::verbatim(lower, Span::new(name_start, name_start + name.len())),
        value: Text::verbatim(trimmed, Span::new(value_start, value_start + trimmed.len())),
    })
}

/// The directives that the frontend obeys: `syntax` and `check`, in source order.
pub(super) fn of_frontend(text: &str) -> Vec<Directive> {
    let hash = top(text, "#");
    let check = hash.iter().find(|d| d.name.value == "check").cloned();
    let is_syntax = |d: &Directive| d.name.value == "syntax";
    let syntax = hash.into_iter().find(is_syntax);
    let syntax = syntax.or_else(|| top(text, "//").into_iter().find(is_syntax));
    let syntax = syntax.or_else(|| json_syntax(text));
    let mut found: Vec<Directive> = syntax.into_iter().chain(check).collect();
    found.sort_by_key(|directive| directive.name.span);
    found
}

/// The directives at the top of the text, after a `#!` line; a duplicate ends them.
fn top(text: &str, prefix: &'static str) -> Vec<Directive> {
    let mut reader = Reader::new(prefix);
    let mut found = Vec::new();
    for line in after_shebang(text) {
        match reader.read(line.content(), line.start) {
            Found::Directive(directive) => found.push(directive),
            Found::Duplicate(_) | Found::Nothing => break,
        }
    }
    found
}

fn after_shebang(text: &str) -> impl Iterator<Item = Line<'_>> {
    Lines::new(text)
        .enumerate()
        .filter(|(i, line)| *i > 0 || !line.raw.starts_with("#!"))
        .map(|(_, l)| l)
}

/// The key `syntax` of a text that is one JSON object; the whole object is its place.
fn json_syntax(text: &str) -> Option<Directive> {
    let start = after_shebang(text).next()?.start;
    let body = text.get(start..)?;
    let object = body.trim();
    if !object.starts_with('{') {
        return None;
    }
    let parsed: serde_json::Map<String, serde_json::Value> = serde_json::from_str(object).ok()?;
    let value = parsed.get("syntax")?.as_str()?;
    let start = start + body.len() - body.trim_start().len();
    let whole = Span::new(start, start + object.len());
    let text = |piece: &str| {
        let mut text = Text::default();
        text.push(piece, whole);
        text.span = whole;
        text
    };
    Some(Directive { name: text("syntax"), value: text(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn syntax(text: &str) -> Option<String> {
        let found = of_frontend(text);
        found.into_iter().find(|d| d.name.value == "syntax").map(|d| d.value.value)
    }

    #[test]
    fn syntax_is_found_in_every_form() {
        for (text, expected) in [
            ("# syntax = a b \r\nFROM x", Some("a b")),
            ("#SYNTAX=a", Some("a")),
            ("#\u{a0}syntax=a", Some("a")),
            (" # syntax=a", None),
            ("#!/bin/sh\n# syntax=a", Some("a")),
            ("\n# syntax=a", None),
            ("# hello\n# syntax=a", None),
            ("# escape=`\n# syntax=a", Some("a")),
            ("# escape=`\n# escape=`\n# syntax=a", None),
            ("// syntax=a", Some("a")),
            ("// check=skip\n//syntax=a", Some("a")),
            ("{\"syntax\": \"a\\u0062\"}\n", Some("ab")),
            ("{\"syntax\": 1}", None),
            ("# syntax=", None),
        ] {
            assert_eq!(syntax(text).as_deref(), expected, "{text:?}");
        }
    }
}
