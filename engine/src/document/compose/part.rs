//! Places of parts of a scalar.
//!
//! Owns the step from a byte range of a value to a place in the text: where the scalar is written
//! as it reads, the part has its exact place; where quoting or folding changed it, the whole scalar
//! stands for its parts.

use std::ops::Range;

use crate::source::{Place, Span};

/// A scalar of which parts are to be placed.
pub(super) struct Whole<'a> {
    place: &'a Place,
    written: &'a str,
    /// Where in the source its text starts; `None` where it is not written as it reads.
    start: Option<usize>,
}

impl<'a> Whole<'a> {
    /// The scalar that is written at `place` and reads `written`.
    pub(super) fn new(place: &'a Place, written: &'a str) -> Self {
        let text = place.text();
        let quotes = match text.as_bytes().first() {
            _ if text == written => Some(0),
            Some(b'"' | b'\'') if text.get(1..text.len() - 1) == Some(written) => Some(1),
            _ => None,
        };
        let start = quotes.map(|quotes| place.span.start as usize + quotes);
        Whole { place, written, start }
    }

    /// The place of a part of it.
    pub(super) fn place(&self, range: Range<usize>) -> Place {
        match self.start.filter(|_| self.written.get(range.clone()).is_some()) {
            Some(start) => {
                Place::new(&self.place.source, Span::new(start + range.start, start + range.end))
            }
            None => self.place.clone(),
        }
    }
}

/// The place of `range` of `written`, a scalar's text as it reads, which is written at `place`.
pub(super) fn place(place: &Place, written: &str, range: Range<usize>) -> Place {
    Whole::new(place, written).place(range)
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
