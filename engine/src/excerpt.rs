//! What a message repeats of its input: short, on one line, and nothing a terminal would obey.

/// The longest excerpt, in characters.
const LONGEST: usize = 80;

/// The beginning of a text, with control and direction characters escaped (`\u{1b}`); an ellipsis
/// says that it was cut.
pub(crate) fn excerpt(text: &str) -> String {
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == LONGEST {
            out.push('…');
            break;
        }
        if c.is_control() || directs(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// Line separators, and the characters that make text look other than it is (UAX #9).
fn directs(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_short_and_harmless() {
        assert_eq!(excerpt("image/é ü"), "image/é ü");
        assert_eq!(excerpt("a\u{1b}[31m\nb\u{202e}"), "a\\u{1b}[31m\\nb\\u{202e}");
        assert_eq!(excerpt(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(excerpt(&"é".repeat(81)), "é".repeat(80) + "…");
    }
}
