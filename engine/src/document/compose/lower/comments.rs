//! Comments of compose files.
//!
//! The YAML reader drops them, so they are found in the text: what follows a `#` at the start of a line
//! or after a blank, outside of quotes and of block scalars.
//! <https://yaml.org/spec/1.2.2/#66-comments>

use std::ops::Range;

/// A comment: its bytes, its line from 1, and whether nothing else stands on the line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) range: Range<usize>,
    pub(super) line: u32,
    pub(super) alone: bool,
}

/// The comments of a text, in order.
pub(super) fn comments(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut quote = None;
    // The indentation of the line that a block scalar belongs to.
    let mut block: Option<usize> = None;
    let mut offset = 0;
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        let start = offset;
        offset += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let trimmed = content.trim_start_matches(' ');
        let indentation = content.len() - trimmed.len();
        if let Some(parent) = block {
            if trimmed.is_empty() || indentation > parent {
                continue;
            }
            block = None;
        }
        let (end, after) = code(content, quote);
        quote = after;
        if end < content.len() {
            let alone = content.get(..end).is_some_and(|before| before.trim().is_empty());
            found.push(Found { range: start + end..start + content.len(), line: number, alone });
        }
        if quote.is_none() && opens_block(content.get(..end).unwrap_or_default()) {
            block = Some(indentation);
        }
    }
    found
}

/// Where the comment of a line starts, or its length, and the quote that is open at its end.
fn code(line: &str, mut quote: Option<char>) -> (usize, Option<char>) {
    let mut before = ' ';
    let mut characters = line.char_indices().peekable();
    while let Some((at, char)) = characters.next() {
        match (quote, char) {
            (None, '#') if before.is_whitespace() => return (at, None),
            // Elsewhere a quote is a character of a plain scalar: `it's`.
            (None, '"' | '\'') if before.is_whitespace() || "[{,:(".contains(before) => {
                quote = Some(char);
            }
            (Some('"'), '\\') => {
                characters.next();
            }
            (Some('\''), '\'') if characters.next_if(|(_, next)| *next == '\'').is_some() => {}
            (Some(open), char) if open == char => quote = None,
            _ => {}
        }
        before = char;
    }
    (line.len(), quote)
}

/// Whether a line ends in the header of a block scalar: `|`, `>-`, `|2+`.
fn opens_block(code: &str) -> bool {
    let header = code.trim_end();
    let indicators =
        header.trim_end_matches(|char: char| char.is_ascii_digit() || "+-".contains(char));
    if header.len() - indicators.len() > 2 || !indicators.ends_with(['|', '>']) {
        return false;
    }
    let before = indicators.get(..indicators.len() - 1).unwrap_or_default();
    before.is_empty() || before.ends_with(' ')
}

#[cfg(test)]
mod tests {
    use super::comments;

    #[test]
    fn only_comments_are_found() {
        for (text, want) in [
            ("# a\nx: 1 # b\n", vec![("# a", 1, true), ("# b", 2, false)]),
            ("x: a#b\ny: \"c # d\"\nz: 'it''s # e'\n", vec![]),
            ("x: it's # f\n", vec![("# f", 1, false)]),
            ("x: \"a\\\" # b\" # c\n", vec![("# c", 1, false)]),
            ("x: |\n  # d\n\n  e\n# f\n", vec![("# f", 5, true)]),
            ("x: >- # a\n  # d\ny: 1\n  # e", vec![("# a", 1, false), ("# e", 4, true)]),
            ("- |2+\n  # d\n- ['a#', \"b\"] # g\r\n", vec![("# g", 3, false)]),
            ("x: \"a\n  # b\n  c\" # d\n", vec![("# d", 3, false)]),
            ("x: a | b>\n  # c\n", vec![("# c", 2, true)]),
            ("", vec![]),
        ] {
            let found = comments(text);
            let found: Vec<_> =
                found.iter().map(|c| (&text[c.range.clone()], c.line, c.alone)).collect();
            assert_eq!(found, want, "{text}");
        }
    }
}
