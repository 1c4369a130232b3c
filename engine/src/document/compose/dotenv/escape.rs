//! Quoted values of a file of variables: where they end, and what their escapes mean.

use std::borrow::Cow;

/// The value in the quotes that `text` starts with, and the length of it all. A backslash before
/// the quote goes, every other stays. `None` when the closing quote is missing.
pub(super) fn quoted(text: &str, quote: u8) -> Option<(Cow<'_, str>, usize)> {
    let quote = char::from(quote);
    let mut value = Cow::Borrowed("");
    let (mut copied, mut escaped) = (1, false);
    for (index, ch) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
            if ch == quote {
                // All up to the backslash, without it.
                value += text.get(copied..index - 1)?;
                copied = index;
            }
        } else if ch == '\\' {
            escaped = true;
        } else if ch == quote {
            value += text.get(copied..index)?;
            return Some((value, index + 1));
        }
    }
    None
}

/// What the escapes in a double-quoted value mean: those of a shell's `echo -e` that Go knows too.
/// `\$` becomes `$$`, which is a dollar sign once variables are substituted.
pub(super) fn expand(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed("");
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, after) =
            (rest.get(..at).unwrap_or_default(), rest.get(at + 1..).unwrap_or_default());
        out += before;
        let simple = match after.as_bytes().first() {
            Some(b'a') => "\u{7}",
            Some(b'b') => "\u{8}",
            Some(b'f') => "\u{c}",
            Some(b'n') => "\n",
            Some(b'r') => "\r",
            Some(b't') => "\t",
            Some(b'v') => "\u{b}",
            Some(b'"') => "\"",
            Some(b'\\') => "\\",
            Some(b'$') => "$$",
            Some(b'0') => {
                let digits = after.bytes().skip(1).take(3).take_while(u8::is_ascii_digit).count();
                let digits = after.get(1..=digits).unwrap_or_default();
                match octal(digits) {
                    Some(ch) => out.to_mut().push(ch),
                    // Compose drops the zero of one that it does not understand.
                    None => out.to_mut().extend(["\\", digits]),
                }
                rest = after.get(1 + digits.len()..).unwrap_or_default();
                continue;
            }
            _ => {
                out += "\\";
                rest = after;
                continue;
            }
        };
        out += simple;
        rest = after.get(1..).unwrap_or_default();
    }
    out += rest;
    out
}

/// The character of three octal digits up to 377.
fn octal(digits: &str) -> Option<char> {
    if digits.len() != 3 {
        return None;
    }
    u8::from_str_radix(digits, 8).ok().map(char::from)
}
