//! Text that comes from scanned files, made safe to show.
//!
//! Owns which characters are dangerous to show as they are: those that steer a terminal, reorder
//! what is read, or cannot be seen. Everything that writes text for people passes it through here.

use std::borrow::Cow;

/// Whether a character must not be shown as it is: control characters (among them the ones that
/// start terminal escape sequences), bidirectional and other invisible format characters, and the
/// line separators that some viewers obey.
///
/// The list is that of Unicode's `Default_Ignorable_Code_Point` and `Bidi_Control`, except the
/// variation selectors and joiners that ordinary emoji and scripts need and that move nothing.
#[must_use]
pub fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// One line of text with every dangerous character written out: `\n`, `\t`, `\u{1b}`.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    text.chars().for_each(|character| push(&mut escaped, character));
    Cow::Owned(escaped)
}

/// As [`line()`], of at most about `limit` characters; what is cut off is marked by `…`.
#[must_use]
pub fn bounded(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => line(text),
        Some((end, _)) => Cow::Owned(line(text.get(..end).unwrap_or_default()).into_owned() + "…"),
    }
}

/// Appends a character, written out if it is dangerous.
pub(super) fn push(out: &mut String, character: char) {
    if is_dangerous(character) {
        out.extend(character.escape_default());
    } else {
        out.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_harmless_is_left_alone() {
        for text in ["", "FROM alpine:3.20", "naïve 日本 👩\u{200d}💻 ❤\u{fe0f}", "a\\b"] {
            assert!(matches!(line(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn what_is_dangerous_is_written_out() {
        for (text, want) in [
            ("a\u{1b}[31mred", "a\\u{1b}[31mred"),
            ("one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"),
            ("\u{9b}31m\u{7f}\0", "\\u{9b}31m\\u{7f}\\u{0}"),
            ("user\u{202e}toor\u{2066}", "user\\u{202e}toor\\u{2066}"),
            ("pay\u{200b}pal\u{feff}", "pay\\u{200b}pal\\u{feff}"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
            ("a\u{2028}b", "a\\u{2028}b"),
        ] {
            assert_eq!(line(text), want);
        }
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        assert_eq!(bounded("äöü", 3), "äöü");
        assert_eq!(bounded("äöüß", 3), "äöü…");
        assert_eq!(bounded("\u{1b}\u{1b}", 1), "\\u{1b}…");
    }
}
