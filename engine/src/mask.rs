//! What must never be printed.
//!
//! Owns the list of places that hold credentials, and hands out text in which they are blotted out.
//! Whatever shows source text to anybody takes it from here.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::source::{Place, Source, Span};

/// The shortest secret that is also blotted out where it occurs outside its known places: shorter
/// ones (`x`, `1`) would blot out half of every message.
const SHORTEST_VALUE: usize = 4;

/// Places, and values, that must not be printed.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    places: Vec<(Arc<Source>, Span)>,
    values: BTreeSet<String>,
}

impl Masks {
    /// Blots out a place, and its text wherever it occurs in messages.
    pub fn add(&mut self, place: &Place) {
        self.add_value(place.text());
        self.add_place(place);
    }

    /// Blots out a place, but not its text elsewhere.
    pub fn add_place(&mut self, place: &Place) {
        if !place.span.is_empty() {
            self.places.push((Arc::clone(&place.source), place.span));
        }
    }

    /// Blots out a value wherever it occurs in messages.
    pub fn add_value(&mut self, value: &str) {
        if value.len() >= SHORTEST_VALUE {
            self.values.insert(value.to_owned());
        }
    }

    /// Takes over what another list blots out.
    pub fn merge(&mut self, other: Masks) {
        self.places.extend(other.places);
        self.values.extend(other.values);
    }

    /// The whole text of a source, of the same length in bytes, with secrets as asterisks.
    #[must_use]
    pub fn source_text<'a>(&self, source: &'a Arc<Source>) -> Cow<'a, str> {
        let text = source.text();
        let mut spans: Vec<Span> =
            self.places.iter().filter(|(s, _)| Arc::ptr_eq(s, source)).map(|&(_, s)| s).collect();
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        spans.sort_unstable();
        // What overlaps is one: then a position has to be compared with one span only.
        let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match merged.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        let mut masked = String::with_capacity(text.len());
        for (at, character) in text.char_indices() {
            let after = merged.partition_point(|span| span.start as usize <= at);
            let hidden = after.checked_sub(1).is_some_and(|last| (merged[last].end as usize) > at);
            if hidden && !matches!(character, '\n' | '\r') {
                (0..character.len_utf8()).for_each(|_| masked.push('*'));
            } else {
                masked.push(character);
            }
        }
        Cow::Owned(masked)
    }

    /// A message with every known secret in it as `***`.
    #[must_use]
    pub fn message<'a>(&self, message: &'a str) -> Cow<'a, str> {
        let mut masked = Cow::Borrowed(message);
        // Longest first: a secret may contain another.
        let mut values: Vec<&String> = self.values.iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        for value in values {
            if masked.contains(value.as_str()) {
                masked = Cow::Owned(masked.replace(value.as_str(), "***"));
            }
        }
        masked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_blotted_out_and_lengths_kept() {
        let source = Source::new("a", "ENV P=sécret\nX");
        let mut masks = Masks::default();
        masks.add(&Place::new(&source, Span::new(6, 13)));
        let text = masks.source_text(&source);
        assert_eq!(text, "ENV P=*******\nX");
        assert_eq!(text.len(), source.text().len());
        assert_eq!(masks.message("value sécret is weak"), "value *** is weak");
    }

    #[test]
    fn a_long_secret_stays_hidden_behind_many_short_ones_in_it() {
        let source = Source::new("a", "x".repeat(300));
        let mut masks = Masks::default();
        masks.add(&Place::new(&source, Span::new(0, 290)));
        (0..100).for_each(|at| masks.add(&Place::new(&source, Span::new(2 * at, 2 * at + 1))));
        let hidden = format!("{}{}", "*".repeat(290), "x".repeat(10));
        assert_eq!(masks.source_text(&source), hidden);
    }
}
