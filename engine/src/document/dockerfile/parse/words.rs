//! Words of an instruction.
//!
//! Ranges are byte ranges of the logical line. Quotes and variables stay as they are.

use std::ops::Range;

use super::super::syntax::{Pair, Text};

/// White space between words, as BuildKit's `reWhitespace` has it.
pub(super) const BLANKS: [char; 5] = [' ', '\t', '\u{b}', '\u{c}', '\r'];

/// The words of a range, split at blanks only.
pub(super) fn split(line: &Text, range: Range<usize>) -> Vec<Text> {
    let start = range.start;
    let part = line.value.get(range).unwrap_or_default();
    let mut words = Vec::new();
    let mut at = start;
    for word in part.split(BLANKS) {
        if !word.is_empty() {
            words.push(line.slice_text(at..at + word.len()));
        }
        // Every blank is one byte long.
        at += word.len() + 1;
    }
    words
}

/// The first word of a range and where the next one starts, if there is white space after it.
pub(super) fn first(value: &str, range: &Range<usize>) -> (Range<usize>, Option<usize>) {
    let part = value.get(range.clone()).unwrap_or_default();
    match part.find(BLANKS) {
        None => (range.clone(), None),
        Some(at) => {
            let rest = part.get(at..).unwrap_or_default();
            let next = range.end - rest.trim_start_matches(BLANKS).len();
            (range.start..range.start + at, Some(next))
        }
    }
}

/// The words of a range, split at white space outside of quotes: BuildKit's `parseWords`.
///
/// An escape character at the very end is dropped.
pub(super) fn split_quoted(value: &str, range: Range<usize>, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let end = range.end;
    let part = value.get(range.clone()).unwrap_or_default();
    let mut chars = part.char_indices().map(|(at, c)| (range.start + at, c));
    let mut word: Option<usize> = None;
    let mut quote: Option<char> = None;
    let mut stop = end;
    while let Some((at, c)) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            words.extend(word.take().map(|start| start..at));
            continue;
        }
        word.get_or_insert(at);
        if c == escape && quote != Some('\'') {
            if chars.next().is_none() {
                stop = at;
            }
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && (c == '\'' || c == '"') {
            quote = Some(c);
        }
    }
    words.extend(word.map(|start| start..stop).filter(|word| !word.is_empty()));
    words
}

/// A key and perhaps a value, of a word of the form `key=value` or `key`.
pub(super) fn pair(line: &Text, word: Range<usize>) -> Pair {
    let part = line.value.get(word.clone()).unwrap_or_default();
    let span = line.span_of(word.clone());
    match part.find('=') {
        None => Pair { span, key: line.slice_text(word), value: None },
        Some(at) => {
            let equals = word.start + at;
            let key = line.slice_text(word.start..equals);
            Pair { span, key, value: Some(line.slice_text(equals + 1..word.end)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes_hold_words_together() {
        for (text, words) in [
            ("a b\tc", vec!["a", "b", "c"]),
            ("a=\"b c\" d='e \\' f", vec!["a=\"b c\"", "d='e \\'", "f"]),
            ("a\\ b c\\", vec!["a\\ b", "c"]),
            ("\"a \\\" b\" c", vec!["\"a \\\" b\"", "c"]),
            ("a \"b c", vec!["a", "\"b c"]),
            ("'' \\", vec!["''"]),
            ("a\u{3000}b", vec!["a", "b"]),
            ("  ", vec![]),
        ] {
            let ranges = split_quoted(text, 0..text.len(), '\\');
            let found: Vec<&str> = ranges.into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, words, "{text:?}");
        }
    }
}
