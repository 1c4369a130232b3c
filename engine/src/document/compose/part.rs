//! Places of parts of a scalar.
//!
//! Owns the step from a byte range of a value to a place in the text: where the scalar is written
//! as it reads, the part has its exact place; where quoting or folding changed it, the whole scalar
//! stands for its parts.

use std::ops::Range;

use crate::source::{Place, Span};

/// The place of `range` of `written`, a scalar's text as it reads, which is written at `place`.
pub(super) fn place(place: &Place, written: &str, range: Range<usize>) -> Place {
    let text = place.text();
    let start = match text.as_bytes().first() {
        _ if text == written => 0,
        Some(b'"' | b'\'') if text.get(1..text.len() - 1) == Some(written) => 1,
        _ => return place.clone(),
    };
    if written.get(range.clone()).is_none() {
        return place.clone();
    }
    let start = place.span.start as usize + start;
    Place::new(&place.source, Span::new(start + range.start, start + range.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn a_part_has_its_place_where_the_text_is_as_it_reads() {
        for (text, written, expected) in [
            ("80:81", "80:81", "81"),
            ("'80:81'", "80:81", "81"),
            ("\"80:81\"", "80:81", "81"),
            ("\"80\\x3a81\"", "80:81", "\"80\\x3a81\""),
            ("'", "80:81", "'"),
            ("", "80:81", ""),
        ] {
            let source = Source::new("a", format!("  {text}"));
            let whole = Place::new(&source, Span::new(2, 2 + text.len()));
            assert_eq!(place(&whole, written, 3..5).text(), expected, "{text}");
        }
        let source = Source::new("a", "80:81");
        let whole = Place::new(&source, Span::new(0, 5));
        assert_eq!(place(&whole, "80:81", 3..9).text(), "80:81", "outside");
    }
}
