//! The syntax of a Dockerfile, with the place of everything.
//!
//! Owns the types that [`parse`](fn@super::parse) makes. Words are raw: quotes and variables are
//! untouched, because what they mean depends on the shell and the stage. All spans lie in the one
//! [`Source`](crate::source::Source) that was parsed.

use std::ops::Range;

use crate::source::Span;

/// A piece of a [`Text`] and the bytes of the source that it came from.
///
/// Of equal length the piece is verbatim; otherwise (an escape in a JSON string) it is one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    value_start: u32,
    value_end: u32,
    source: Span,
}

impl Segment {
    fn is_verbatim(&self) -> bool {
        (self.value_end - self.value_start) as usize == self.source.len()
    }

    /// Where the byte at `offset` of the value starts in the source.
    fn source_start(&self, offset: u32) -> u32 {
        if self.is_verbatim() {
            self.source.start
                + offset.saturating_sub(self.value_start).min(self.value_end - self.value_start)
        } else {
            self.source.start
        }
    }

    /// Where what ends just before `offset` of the value ends in the source.
    fn source_end(&self, offset: u32) -> u32 {
        if self.is_verbatim() { self.source_start(offset) } else { self.source.end }
    }
}

/// Text as the instruction sees it (continuations, line ends and comment lines in between are
/// gone), and where each byte of it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub value: String,
    /// All of the source that it came from; for a JSON string with its quotes.
    pub span: Span,
    /// Ascending and without gaps in the value. Empty: the value is verbatim from `span.start` on.
    segments: Vec<Segment>,
}

impl Text {
    /// Text that stands in the source at `span` as it is.
    #[must_use]
    pub fn verbatim(value: impl Into<String>, span: Span) -> Self {
        Text { value: value.into(), span, segments: Vec::new() }
    }

    /// The text as a string slice.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// The span in the source of a byte range of the value.
    ///
    /// The range is clamped to the value and widened to whole characters. An empty range gives an
    /// empty span at that position.
    #[must_use]
    pub fn span_of(&self, range: Range<usize>) -> Span {
        let (start, end) = self.clamp(&range);
        if self.segments.is_empty() {
            let at =
                |offset: usize| (self.span.start as usize + offset).min(self.span.end as usize);
            return Span::new(at(start), at(end));
        }
        if start == end {
            let at = self.position(start);
            return Span { start: at, end: at };
        }
        let first = self.segment_at(start).and_then(|index| self.segments.get(index));
        let last = self.segment_at(end - 1).and_then(|index| self.segments.get(index));
        let (Some(first), Some(last)) = (first, last) else { return self.span };
        let from = first.source_start(to_u32(start));
        Span { start: from, end: last.source_end(to_u32(end)).max(from) }
    }

    /// Where an offset lies in the source: after the byte before it, at 0 before the first byte.
    fn position(&self, offset: usize) -> u32 {
        let index = self.segment_at(offset.saturating_sub(1)).unwrap_or_default();
        match self.segments.get(index) {
            Some(segment) if offset == 0 => segment.source.start,
            Some(segment) => segment.source_end(to_u32(offset)),
            None => self.span.start,
        }
    }

    /// A part of the text, with its places; the range is treated as in [`Text::span_of`].
    #[must_use]
    pub fn slice_text(&self, range: Range<usize>) -> Text {
        let (start, end) = self.clamp(&range);
        let span = self.span_of(start..end);
        if self.segments.is_empty() || start == end {
            let value = self.value.get(start..end).unwrap_or_default();
            return Text::verbatim(value, span);
        }
        let mut text = Text::default();
        text.push_slice(self, start..end);
        text.compact();
        text
    }

    /// The text without white space at both ends.
    #[must_use]
    pub fn trimmed(&self) -> Text {
        let start = self.value.len() - self.value.trim_start().len();
        let end = self.value.trim_end().len().max(start);
        self.slice_text(start..end)
    }

    /// Appends text that stands in the source at `source_start` as it is.
    pub(crate) fn push_verbatim(&mut self, piece: &str, source_start: usize) {
        let source = Span::new(source_start, source_start + piece.len());
        self.push(piece, source);
    }

    /// Appends a piece that stands for all of `source`.
    pub(crate) fn push(&mut self, piece: &str, source: Span) {
        if piece.is_empty() {
            return;
        }
        let value_start = to_u32(self.value.len());
        self.value.push_str(piece);
        let value_end = to_u32(self.value.len());
        let next = Segment { value_start, value_end, source };
        self.span = if value_start == 0 { source } else { self.span.cover(source) };
        if let Some(last) = self.segments.last_mut()
            && last.is_verbatim()
            && next.is_verbatim()
            && last.source.end == source.start
        {
            last.value_end = value_end;
            last.source.end = source.end;
        } else {
            self.segments.push(next);
        }
    }

    /// Appends a part of another text, with its places.
    pub(crate) fn push_slice(&mut self, other: &Text, range: Range<usize>) {
        let (start, end) = other.clamp(&range);
        if other.segments.is_empty() {
            let piece = other.value.get(start..end).unwrap_or_default();
            self.push(piece, other.span_of(start..end));
            return;
        }
        let (low, high) = (to_u32(start), to_u32(end));
        let first = other.segment_at(start).unwrap_or_default();
        for segment in other.segments.iter().skip(first) {
            let (from, to) = (segment.value_start.max(low), segment.value_end.min(high));
            if from >= to {
                break;
            }
            let source = Span { start: segment.source_start(from), end: segment.source_end(to) };
            let piece = other.value.get(from as usize..to as usize).unwrap_or_default();
            self.push(piece, source);
        }
    }

    /// Drops a mapping that says no more than the span.
    pub(crate) fn compact(&mut self) {
        if let [only] = self.segments[..]
            && only.is_verbatim()
            && only.source.start == self.span.start
        {
            self.segments = Vec::new();
        }
    }

    /// Index of the segment that holds the byte at `offset`; at the end of the value the last one.
    fn segment_at(&self, offset: usize) -> Option<usize> {
        let offset = to_u32(offset);
        let index = self.segments.partition_point(|segment| segment.value_end <= offset);
        (!self.segments.is_empty()).then(|| index.min(self.segments.len() - 1))
    }

    fn clamp(&self, range: &Range<usize>) -> (usize, usize) {
        let length = self.value.len();
        let start = self.value.floor_char_boundary(range.start.min(length));
        let end = self.value.ceil_char_boundary(range.end.min(length));
        (start, end.max(start))
    }
}

fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A whole Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dockerfile {
    /// Parser directives, in source order.
    pub directives: Vec<Directive>,
    /// The escape character: `\`, or what the `escape` directive says.
    pub escape: char,
    /// Instructions, in source order.
    pub instructions: Vec<Instruction>,
    /// Comment lines that are not directives, in source order, also those inside instructions.
    pub comments: Vec<Comment>,
}

/// A parser directive: `# syntax=…`, `# escape=…`, `# check=…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The name; the value of the text is in lower case.
    pub name: Text,
    /// What follows the equals sign, trimmed.
    pub value: Text,
}

/// A comment line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Line, from 1.
    pub line: u32,
    /// From the `#` to the end of the line.
    pub span: Span,
    /// The text after the `#`, trimmed.
    pub text: String,
}

/// The instructions there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
    /// Any other word.
    Unknown,
}

impl Keyword {
    /// Every known keyword, in alphabetical order.
    pub const ALL: [Keyword; 18] = [
        Keyword::Add,
        Keyword::Arg,
        Keyword::Cmd,
        Keyword::Copy,
        Keyword::Entrypoint,
        Keyword::Env,
        Keyword::Expose,
        Keyword::From,
        Keyword::Healthcheck,
        Keyword::Label,
        Keyword::Maintainer,
        Keyword::Onbuild,
        Keyword::Run,
        Keyword::Shell,
        Keyword::Stopsignal,
        Keyword::User,
        Keyword::Volume,
        Keyword::Workdir,
    ];

    /// The keyword in upper case; `UNKNOWN` for [`Keyword::Unknown`].
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Keyword::Add => "ADD",
            Keyword::Arg => "ARG",
            Keyword::Cmd => "CMD",
            Keyword::Copy => "COPY",
            Keyword::Entrypoint => "ENTRYPOINT",
            Keyword::Env => "ENV",
            Keyword::Expose => "EXPOSE",
            Keyword::From => "FROM",
            Keyword::Healthcheck => "HEALTHCHECK",
            Keyword::Label => "LABEL",
            Keyword::Maintainer => "MAINTAINER",
            Keyword::Onbuild => "ONBUILD",
            Keyword::Run => "RUN",
            Keyword::Shell => "SHELL",
            Keyword::Stopsignal => "STOPSIGNAL",
            Keyword::User => "USER",
            Keyword::Volume => "VOLUME",
            Keyword::Workdir => "WORKDIR",
            Keyword::Unknown => "UNKNOWN",
        }
    }

    /// The keyword of that name in any case, or [`Keyword::Unknown`].
    #[must_use]
    pub fn from_name(name: &str) -> Keyword {
        let known = Keyword::ALL.into_iter().find(|k| k.as_str().eq_ignore_ascii_case(name));
        known.unwrap_or(Keyword::Unknown)
    }
}

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Which instruction.
    pub keyword: Keyword,
    /// The keyword as it is written.
    pub keyword_text: Text,
    /// From the keyword to the end of the last here-document.
    pub span: Span,
    /// From the keyword to the end of the last line before here-documents.
    pub head: Span,
    /// First line, from 1.
    pub line: u32,
    /// Last line, from 1; here-documents included.
    pub end_line: u32,
    /// Flags, in source order.
    pub flags: Vec<Flag>,
    /// What follows the flags.
    pub arguments: Arguments,
    /// Here-documents, in the order of their markers. Those of an `ONBUILD` are here and in its
    /// trigger.
    pub heredocs: Vec<Heredoc>,
    /// The instruction that an `ONBUILD` holds.
    pub trigger: Option<Box<Instruction>>,
    /// The logical line: continuations joined, leading white space trimmed.
    pub original: String,
    /// The first blank line between continued lines, of which BuildKit warns.
    pub empty_continuation: Option<Span>,
    /// The comments above, in order, as [`Comment::text`]: those since the last instruction or the
    /// last empty comment.
    pub previous_comments: Vec<String>,
}

/// A flag: `--name` or `--name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// All of it.
    pub span: Span,
    /// The name, without the hyphens.
    pub name: Text,
    /// What follows the equals sign, quotes removed; `None` without one.
    pub value: Option<Text>,
    /// The comma-separated options of `--mount` (of other flags: none).
    pub options: Vec<FlagOption>,
}

/// An option of a flag: `key` or `key=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagOption {
    /// All of it.
    pub span: Span,
    /// The key, as written.
    pub key: Text,
    /// What follows the equals sign; `None` without one.
    pub value: Option<Text>,
}

/// What follows the flags of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// Raw words: `FROM`, `EXPOSE`, and the shell form of `VOLUME`, `COPY` and `ADD`. The whole rest
    /// is one word for `USER`, `WORKDIR`, `STOPSIGNAL`, `MAINTAINER` and unknown instructions.
    Words(Vec<Text>),
    /// The strings of a JSON array, unescaped.
    Exec(Vec<Text>),
    /// A command line for the shell: `RUN`, `CMD`, `ENTRYPOINT`; a `SHELL` that is not JSON.
    Shell(Text),
    /// Keys and values: `ENV`, `LABEL`, `ARG`.
    Pairs {
        /// The pairs, in source order.
        pairs: Vec<Pair>,
        /// Whether it is the old form `KEY value`.
        legacy: bool,
    },
    /// What `HEALTHCHECK` does.
    Healthcheck {
        /// `CMD`, `NONE` or something else; the value of the text is in upper case.
        kind: Text,
        /// The command: [`Arguments::Exec`] or [`Arguments::Shell`].
        command: Option<Box<Arguments>>,
    },
    /// Nothing: nothing is written after the flags, or it is `ONBUILD` (its trigger is apart).
    None,
}

/// A key and perhaps a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// All of it.
    pub span: Span,
    /// The key, raw.
    pub key: Text,
    /// The value, raw; `None` without an equals sign (`ARG NAME`).
    pub value: Option<Text>,
}

/// A here-document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// The delimiter, quotes removed.
    pub name: String,
    /// Whether variables in the body are expanded: the delimiter has no quotes.
    pub expand: bool,
    /// Whether leading tabs are removed: `<<-`.
    pub chomp: bool,
    /// The file descriptor: 0 unless written (`3<<EOF`).
    pub fd: u32,
    /// The marker (`<<EOF`) in the instruction.
    pub marker: Span,
    /// The lines with their line ends, without leading tabs if `chomp`.
    pub body: Text,
    /// The line that ends it, without its line end; empty at the end of the text if there is none.
    pub end: Span,
    /// Whether there is such a line.
    pub terminated: bool,
}
