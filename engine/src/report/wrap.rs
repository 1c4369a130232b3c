//! Running text broken into lines.

use super::escape;

/// A text on lines of at most `measure` columns, those after the first with an indent; dangerous
/// characters are written out. A word that is longer has a line of its own. The first line is taken
/// to begin at the indent, too.
#[must_use]
pub fn wrapped(text: &str, indent: usize, measure: usize) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut column = indent;
    for word in text.split_whitespace() {
        let word = escape::line(word);
        let long = word.chars().count();
        if column > indent && column + 1 + long > measure {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if column > indent {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(&word);
        column += long;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_as_long_as_they_may_be() {
        assert_eq!(wrapped("one two  three\nfour", 2, 9), "one two\n  three\n  four");
        assert_eq!(wrapped("a\u{1b}b extraordinary c", 0, 10), "a\\u{1b}b\nextraordinary\nc");
        assert_eq!(wrapped("", 4, 10), "");
    }
}
