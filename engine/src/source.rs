//! Text that was read, and places in it.
//!
//! Owns the text of everything that is parsed, its name as the user knows it, and the translation
//! of byte offsets to lines and columns. It reads nothing: bytes come from [`crate::files`] or from
//! the caller.

use std::fmt;
use std::sync::Arc;

/// A half-open range of byte offsets into one [`Source`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just past the last byte; never below `start`.
    pub end: u32,
}

impl Span {
    /// The range `start..end` in bytes; a reversed range becomes empty at `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Span { start, end: end.max(start) }
    }

    /// The number of bytes covered.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether nothing is covered: a position between two bytes.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same range as a slice index.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A line and a column, both counted from 1; columns count Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One text that was read: a file, standard input, a document inside an archive.
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<u32>,
    lossy: bool,
}

impl Source {
    /// Takes text as it was written. A byte order mark is dropped.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Self::build(name.into(), text.into(), false)
    }

    /// Takes bytes. What is not UTF-8 is replaced by U+FFFD, and [`Source::is_lossy`] says so.
    #[must_use]
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Arc<Self> {
        match String::from_utf8(bytes) {
            Ok(text) => Self::build(name.into(), text, false),
            Err(error) => {
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Self::build(name.into(), text, true)
            }
        }
    }

    fn build(name: String, mut text: String, lossy: bool) -> Arc<Self> {
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let line_starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(at, _)| at + 1))
            .map(|at| u32::try_from(at).unwrap_or(u32::MAX))
            .collect();
        Arc::new(Source { name, text, line_starts, lossy })
    }

    /// The name to show: a path as the user gave it, with forward slashes, or `<stdin>`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, without a byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether bytes that were not UTF-8 had to be replaced.
    #[must_use]
    pub fn is_lossy(&self) -> bool {
        self.lossy
    }

    /// The text of a span; what lies outside the text or cuts a character is left out.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let end = self.floor(span.end as usize);
        let start = self.floor(span.start as usize).min(end);
        &self.text[start..end]
    }

    /// The line and column of a byte offset; past the end it is the end of the text.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let offset = self.floor(offset as usize);
        let index = self.line_starts.partition_point(|&start| start as usize <= offset) - 1;
        let start = self.line_starts[index] as usize;
        let column = self.text[start..offset].chars().count() + 1;
        LineColumn {
            line: u32::try_from(index + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }

    /// The span of a line counted from 1, without its line end; empty at the end for other numbers.
    #[must_use]
    pub fn line_span(&self, line: u32) -> Span {
        let index = line.saturating_sub(1) as usize;
        let Some(&start) = self.line_starts.get(index) else {
            return Span::new(self.text.len(), self.text.len());
        };
        let end =
            self.line_starts.get(index + 1).map_or(self.text.len(), |&next| next as usize - 1);
        let line = self.text[start as usize..end].trim_end_matches('\r');
        Span::new(start as usize, start as usize + line.len())
    }

    /// The number of lines; a text that ends in a line feed has an empty last line.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.line_starts.len()).unwrap_or(u32::MAX)
    }

    fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset.min(self.text.len()))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?}, {} bytes)", self.name, self.text.len())
    }
}

/// A span together with the text it lies in: complete in itself, cheap to copy around.
#[derive(Clone)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// Where in it.
    pub span: Span,
}

impl Place {
    /// A place in a text.
    #[must_use]
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        Place { source: Arc::clone(source), span }
    }

    /// Line and column of the first character.
    #[must_use]
    pub fn start(&self) -> LineColumn {
        self.source.line_column(self.span.start)
    }

    /// Line and column just past the last character.
    #[must_use]
    pub fn end(&self) -> LineColumn {
        self.source.line_column(self.span.end)
    }

    /// The text at this place.
    #[must_use]
    pub fn text(&self) -> &str {
        self.source.slice(self.span)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}..{}", self.source.name(), self.start(), self.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_code_points_from_one() {
        let source = Source::new("a", "\u{feff}é1\r\nzwei\n");
        assert_eq!(source.line_column(0), LineColumn { line: 1, column: 1 });
        assert_eq!(source.line_column(2), LineColumn { line: 1, column: 2 });
        assert_eq!(source.line_column(1), LineColumn { line: 1, column: 1 }, "inside a character");
        assert_eq!(source.line_column(5), LineColumn { line: 2, column: 1 });
        assert_eq!(source.line_column(999), LineColumn { line: 3, column: 1 });
        assert_eq!(source.slice(source.line_span(1)), "é1");
        assert_eq!(source.slice(source.line_span(2)), "zwei");
        assert_eq!(source.slice(source.line_span(3)), "");
        assert_eq!(source.slice(source.line_span(9)), "");
        assert_eq!(source.line_count(), 3);
    }

    #[test]
    fn bytes_that_are_not_text_are_replaced_and_said() {
        let source = Source::from_bytes("a", b"FROM \xff".to_vec());
        assert!(source.is_lossy());
        assert_eq!(source.text(), "FROM \u{fffd}");
        assert_eq!(source.slice(Span::new(6, 100)), "\u{fffd}"[..0].to_string() + "\u{fffd}");
    }
}
