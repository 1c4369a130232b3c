//! Here-documents: markers in a line, and the lines that belong to them.
//!
//! <https://docs.docker.com/reference/dockerfile/#here-documents>

use std::ops::Range;

use super::super::syntax::{Heredoc, Text};
use super::lexer::{self, Raw, Word};
use super::lines::{Line, Lines};
use crate::source::Span;

/// Here-documents of one instruction that are read; the rest are left out.
pub const MAX_HEREDOCS: usize = 100;

/// What starts a here-document: `<<EOF`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The delimiter, quotes removed.
    pub name: String,
    /// Whether no part of the delimiter is quoted.
    pub expand: bool,
    /// Whether it is `<<-`.
    pub chomp: bool,
    /// The file descriptor before it, or 0.
    pub fd: u32,
}

/// Reads a word as a marker; `None` if it is none.
///
/// # Errors
///
/// When the word starts like a marker and its delimiter has a quote without its counterpart.
pub fn marker(word: &str) -> Result<Option<Marker>, &'static str> {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (fd, rest) = word.split_at(digits);
    let Some(rest) = rest.strip_prefix("<<") else { return Ok(None) };
    let (chomp, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    let rest = rest.trim_start_matches([' ', '\t', '\n', '\u{c}', '\r']);
    if rest.is_empty() || rest.contains('<') {
        return Ok(None);
    }
    let Some(name) = single(lexer::words(rest, Raw { quotes: false, escapes: false })?) else {
        return Ok(None);
    };
    let Some(raw) = single(lexer::words(rest, Raw { quotes: true, escapes: false })?) else {
        return Err("the delimiter of the here-document is not one word");
    };
    // An escaped quote is in both, one that quotes is in the raw form only.
    let expand = quotes(&name) == quotes(&raw);
    let fd = if fd.is_empty() { 0 } else { fd.parse().unwrap_or(u32::MAX) };
    Ok(Some(Marker { name, expand, chomp, fd }))
}

fn single(words: Vec<Word>) -> Option<String> {
    let mut words = words.into_iter();
    words.next().filter(|_| words.next().is_none()).map(|word| word.value)
}

fn quotes(word: &str) -> usize {
    word.bytes().filter(|b| matches!(b, b'\'' | b'"')).count()
}

/// A marker, and its range in the logical line.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) marker: Marker,
    pub(super) range: Range<usize>,
}

/// A word that only starts like a marker.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) range: Range<usize>,
    pub(super) why: &'static str,
}

/// The markers of a logical line with their ranges; a line that does not lex has none.
///
/// # Errors
///
/// When the delimiter of a marker is malformed.
pub(super) fn markers(line: &str) -> Result<Vec<Placed>, Malformed> {
    let mut found = Vec::new();
    if !line.contains("<<") {
        return Ok(found);
    }
    for word in lexer::words(line, Raw { quotes: true, escapes: true }).unwrap_or_default() {
        match marker(&word.value) {
            Ok(Some(marker)) => found.push(Placed { marker, range: word.range }),
            Ok(None) => {}
            Err(why) => return Err(Malformed { range: word.range, why }),
        }
    }
    Ok(found)
}

/// Reads the lines of a here-document up to its delimiter, or to the end of the text.
pub(super) fn body(marker: Marker, span: Span, lines: &mut Lines<'_>) -> Heredoc {
    let start = lines.offset();
    let mut text = Text::verbatim("", Span::new(start, start));
    let mut end = None;
    for line in lines.by_ref() {
        let tabs = leading_tabs(line, marker.chomp);
        if line.content().get(tabs..) == Some(marker.name.as_str()) {
            end = Some(line.span());
            break;
        }
        text.push_verbatim(line.raw.get(tabs..).unwrap_or_default(), line.start + tabs);
    }
    text.compact();
    let terminated = end.is_some();
    let end = end.unwrap_or_else(|| Span::new(lines.offset(), lines.offset()));
    let Marker { name, expand, chomp, fd } = marker;
    Heredoc { name, expand, chomp, fd, marker: span, body: text, end, terminated }
}

fn leading_tabs(line: Line<'_>, chomp: bool) -> usize {
    let rest = line.content().trim_start_matches('\t');
    if chomp { line.content().len() - rest.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<String> {
        markers(line).unwrap().into_iter().map(|placed| placed.marker.name).collect()
    }

    #[test]
    fn markers_are_words_outside_of_quotes() {
        for (line, expected) in [
            ("RUN <<EOF", vec!["EOF"]),
            ("RUN << EOF > x", vec!["EOF"]),
            ("RUN << -EOF", vec!["-EOF"]),
            ("RUN <<- EOF", vec![]),
            ("RUN cat <<A 3<<-'B C' | x", vec!["A", "B C"]),
            ("RUN x<<EOF", vec![]),
            ("RUN <<<EOF", vec![]),
            ("RUN \"<<EOF\" '<<EOF'", vec![]),
            ("RUN echo \"<<EOF", vec![]),
            ("RUN echo ${ <<EOF", vec![]),
            ("RUN echo ${x@} <<EOF", vec![]),
            ("RUN ${x:- <<EOF}", vec!["EOF}"]),
            ("RUN ${x/a b/<<c} <<$EOF", vec!["$EOF"]),
            ("RUN \\<<EOF", vec![]),
            ("RUN <<eo\\'f <<\"a\\b\"", vec!["eo'f", "a\\b"]),
        ] {
            assert_eq!(names(line), expected, "{line}");
        }
    }

    #[test]
    fn a_marker_has_the_range_of_its_word() {
        let line = "RUN cat 3<<-\"E F\" x";
        let Placed { marker, range } = markers(line).unwrap().remove(0);
        assert_eq!(&line[range], "3<<-\"E F\"");
        let expected = Marker { name: "E F".into(), expand: false, chomp: true, fd: 3 };
        assert_eq!(marker, expected);
    }

    #[test]
    fn deep_nesting_is_no_here_document() {
        let deep = format!("RUN <<A {}", "${a:-".repeat(100_000));
        assert_eq!(names(&deep), Vec::<String>::new());
    }
}
