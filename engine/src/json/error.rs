//! What is wrong with a JSON text, in words for the person who wrote it.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::source::{Place, Source, Span};
use crate::yaml::Key;

/// Why reading stopped.
pub(super) struct Problem(Box<Parts>);

struct Parts {
    message: String,
    span: Span,
    label: &'static str,
    /// What was opened and is not closed.
    opened: Option<Span>,
    help: Option<&'static str>,
}

impl Problem {
    fn new(message: impl Into<String>, range: Range<usize>) -> Self {
        let span = Span::new(range.start, range.end);
        let parts = Parts { message: message.into(), span, label: "", opened: None, help: None };
        Problem(Box::new(parts))
    }

    fn label(mut self, label: &'static str) -> Self {
        self.0.label = label;
        self
    }

    fn help(mut self, help: &'static str) -> Self {
        self.0.help = Some(help);
        self
    }

    fn opened(mut self, at: usize) -> Self {
        self.0.opened = Some(Span::new(at, at + 1));
        self
    }

    pub(super) fn diagnostic(self, source: &Arc<Source>) -> Diagnostic {
        let parts = *self.0;
        let shown = visible(source, parts.span);
        let place = Place::new(source, shown);
        let mut diagnostic = Diagnostic::error(parts.message).label(place, parts.label);
        if let Some(opened) = parts.opened.filter(|&opened| opened != shown) {
            diagnostic = diagnostic.label(Place::new(source, opened), "opened here");
        }
        match parts.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    pub(super) fn empty(at: usize) -> Self {
        Problem::new("not a JSON document: it is empty", 0..at)
    }

    pub(super) fn depth(at: usize, limit: usize) -> Self {
        Problem::new(format!("lists and objects are nested more than {limit} deep"), at..at + 1)
            .label("the limit is reached here")
    }

    pub(super) fn nodes(at: usize, limit: usize) -> Self {
        let message = format!("the document is too large: it holds more than {limit} values");
        Problem::new(message, at..at + 1).label("the limit is reached here")
    }

    pub(super) fn unclosed(opened: usize, at: usize) -> Self {
        Problem::new("not valid JSON: the text ends within a list or an object", at..at)
            .label("the text ends here")
            .opened(opened)
    }

    pub(super) fn unclosed_string(opened: usize, at: usize) -> Self {
        Problem::new("not valid JSON: a string is not closed", opened..at)
            .help("a string ends with `\"` on its own line; a line feed in it is written `\\n`")
    }

    pub(super) fn trailing_comma(comma: usize) -> Self {
        Problem::new(
            "not valid JSON: no comma may stand before a closing bracket",
            comma..comma + 1,
        )
        .help("remove the comma")
    }

    pub(super) fn extra_comma(word: Range<usize>) -> Self {
        Problem::new("not valid JSON: a comma stands where a value should be", word)
    }

    pub(super) fn separator(word: Range<usize>, close: u8) -> Self {
        let close = char::from(close);
        Problem::new(format!("not valid JSON: expected `,` or `{close}`"), word)
            .label("expected before this")
    }

    pub(super) fn colon(word: Range<usize>) -> Self {
        Problem::new("not valid JSON: expected `:` after the key", word)
            .label("expected before this")
    }

    pub(super) fn key(word: Range<usize>) -> Self {
        Problem::new("not valid JSON: a key must be a string in double quotes", word)
    }

    pub(super) fn comment(word: Range<usize>) -> Self {
        Problem::new("not valid JSON: comments are not allowed", word).help("remove the comment")
    }

    pub(super) fn quote(word: Range<usize>) -> Self {
        Problem::new("not valid JSON: strings must stand in double quotes", word)
    }

    pub(super) fn value(word: Range<usize>, text: &str) -> Self {
        let problem =
            Problem::new(format!("not valid JSON: `{}` is no value", excerpt(text)), word);
        match text.to_ascii_lowercase().as_str() {
            "true" => problem.help("write `true`"),
            "false" => problem.help("write `false`"),
            "null" | "none" | "nil" => problem.help("write `null`"),
            "nan" | "infinity" | "inf" => problem.help("JSON has no such number"),
            _ if text.starts_with(|c: char| c.is_alphanumeric()) => {
                problem.help("a string must stand in double quotes")
            }
            _ => problem,
        }
    }

    pub(super) fn number(word: Range<usize>, leading_zero: bool) -> Self {
        let problem = Problem::new("not valid JSON: this is no number", word);
        if leading_zero { problem.help("a number must not begin with a zero") } else { problem }
    }

    pub(super) fn too_large(range: Range<usize>) -> Self {
        Problem::new("the number is too large", range)
    }

    pub(super) fn control(at: usize) -> Self {
        Problem::new("not valid JSON: a control character stands in a string", at..at + 1)
            .help("write it as `\\u` and four hexadecimal digits, a tab as `\\t`")
    }

    pub(super) fn escape(range: Range<usize>) -> Self {
        Problem::new("not valid JSON: this is no escape sequence", range)
            .help("a backslash in a string is written `\\\\`")
    }

    pub(super) fn surrogate(range: Range<usize>) -> Self {
        Problem::new("not valid JSON: half of a surrogate pair stands alone", range)
    }

    pub(super) fn after(word: Range<usize>) -> Self {
        Problem::new("not valid JSON: something follows after the end of the document", word)
    }
}

pub(super) fn duplicate(source: &Arc<Source>, first: &Key, again: &Key) -> Diagnostic {
    Diagnostic::warning(format!("the key `{}` is written twice", excerpt(&again.text)))
        .label(Place::new(source, again.span), "written again here")
        .label(Place::new(source, first.span), "first written here")
        .help("the last one counts: keep one of them")
}

/// The end of the text, moved back to the last character, so that there is something to underline.
fn visible(source: &Source, span: Span) -> Span {
    if !span.is_empty() {
        return span;
    }
    let before = source.text().get(..span.start as usize).unwrap_or_default().trim_end();
    let width = before.chars().next_back().map_or(0, char::len_utf8);
    Span::new(before.len() - width, before.len())
}
