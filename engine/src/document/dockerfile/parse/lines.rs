//! Physical lines, and logical lines made of them.
//!
//! Owns continuation: what joins lines, and which lines in between disappear. Lines end at a line
//! feed only; carriage returns before it belong to the line end, as in BuildKit.

use super::super::syntax::{Comment, Text};
use crate::source::Span;

/// Longest physical line without its line feed, in bytes: BuildKit reads no longer ones.
pub(super) const MAX_LINE_BYTES: usize = 65_535;

/// A physical line.
#[derive(Clone, Copy)]
pub(super) struct Line<'s> {
    /// Counted from 1.
    pub(super) number: u32,
    /// Offset of its first byte.
    pub(super) start: usize,
    /// With its line feed, if it has one.
    pub(super) raw: &'s str,
}

impl<'s> Line<'s> {
    /// Without its line end.
    pub(super) fn content(&self) -> &'s str {
        self.raw.trim_end_matches(['\r', '\n'])
    }

    /// The span of [`Line::content`].
    pub(super) fn span(&self) -> Span {
        Span::new(self.start, self.start + self.content().len())
    }

    /// Whether BuildKit could not read it.
    pub(super) fn is_too_long(&self) -> bool {
        self.raw.strip_suffix('\n').unwrap_or(self.raw).len() > MAX_LINE_BYTES
    }

    /// The comment, if it is one.
    pub(super) fn comment(&self) -> Option<Comment> {
        let content = self.content();
        let comment = content.trim_start();
        let text = comment.strip_prefix('#')?.trim().to_owned();
        let start = self.start + content.len() - comment.len();
        let span = Span::new(start, self.start + content.len());
        Some(Comment { line: self.number, span, text })
    }
}

/// The physical lines of a text, from a position on.
pub(super) struct Lines<'s> {
    text: &'s str,
    offset: usize,
    number: u32,
    too_long: Option<Span>,
}

impl<'s> Lines<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Lines { text, offset: 0, number: 0, too_long: None }
    }

    /// The first line that was too long, of those read.
    pub(super) fn too_long(&self) -> Option<Span> {
        self.too_long
    }

    /// Offset of what was not read yet.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// Number of the last line read.
    pub(super) fn number(&self) -> u32 {
        self.number
    }
}

impl<'s> Iterator for Lines<'s> {
    type Item = Line<'s>;

    fn next(&mut self) -> Option<Line<'s>> {
        let rest = self.text.get(self.offset..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        self.number = self.number.saturating_add(1);
        let raw = rest.get(..length).unwrap_or(rest);
        let line = Line { number: self.number, start: self.offset, raw };
        self.offset += length;
        if self.too_long.is_none() && line.is_too_long() {
            self.too_long = Some(line.span());
        }
        Some(line)
    }
}

/// A logical line.
pub(super) struct Logical {
    /// The joined text.
    pub(super) text: Text,
    /// First line, from 1.
    pub(super) line: u32,
    /// The first blank line in between.
    pub(super) empty_continuation: Option<Span>,
}

/// Reads the logical line that starts with `first`; comment lines in between go to `comments`.
pub(super) fn logical(
    first: Line<'_>,
    lines: &mut Lines<'_>,
    escape: char,
    comments: &mut Vec<Comment>,
) -> Logical {
    let mut text = Text::default();
    let mut empty_continuation = None;
    let content = first.content().trim_start();
    let mut part = (content, first.start + first.content().len() - content.len());
    while let Some(before) = before_continuation(part.0, escape) {
        text.push_verbatim(before, part.1);
        let Some(next) = next_part(lines, comments, &mut empty_continuation) else {
            part.0 = "";
            break;
        };
        part = next;
    }
    text.push_verbatim(part.0, part.1);
    if text.is_empty() {
        text.span = first.span();
    }
    text.compact();
    Logical { text, line: first.number, empty_continuation }
}

/// The next line that continues; blank lines and comments do not.
fn next_part<'s>(
    lines: &mut Lines<'s>,
    comments: &mut Vec<Comment>,
    empty: &mut Option<Span>,
) -> Option<(&'s str, usize)> {
    for line in lines.by_ref() {
        if let Some(comment) = line.comment() {
            comments.push(comment);
        } else if line.content().trim_start().is_empty() {
            empty.get_or_insert(line.span());
        } else {
            return Some((line.content(), line.start));
        }
    }
    None
}

/// What stands before the continuation character, if the line ends in one.
///
/// Blanks may follow it, and it must not follow another escape character: BuildKit's
/// `lineContinuationRegex`, which does not look further back than that.
fn before_continuation(line: &str, escape: char) -> Option<&str> {
    let before = line.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!before.ends_with(escape)).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_at_the_end_continues_unless_escaped() {
        for (line, before) in [
            ("a \\", Some("a ")),
            ("a\\ \t", Some("a")),
            ("\\", Some("")),
            ("\\\\", None),
            ("a\\\\\\", None),
            ("a\\ b", None),
            ("", None),
        ] {
            assert_eq!(before_continuation(line, '\\'), before, "{line:?}");
        }
        assert_eq!(before_continuation("c:\\", '`'), None);
        assert_eq!(before_continuation("c:\\ `", '`'), Some("c:\\ "));
    }
}
