//! What must never be printed.
//!
//! Owns the list of places that hold credentials, and hands out text in which they are blotted out.
//! Whatever shows source text to anybody takes it from here.
//!
//! A place is never shown. Its text is blotted out of messages, too, wherever it occurs, unless it is
//! a word that means other things: a password `airflow` would take the name from every image and
//! service that is called so, and the asterisks would tell it. Such a [word](Masks::add_word) is
//! blotted out where it is a credential again: in what it stands in, and in what reads like one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
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
    words: BTreeMap<String, BTreeSet<String>>,
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

    /// Blots out a value in messages where it is a credential, and not where it is a word like any
    /// other. `place` is where it stands, if that is known.
    pub fn add_word(&mut self, value: &str, place: Option<&Place>) {
        if value.is_empty() {
            return;
        }
        let fronts = self.words.entry(value.to_owned()).or_default();
        if fronts.len() < MOST_FRONTS
            && let Some(place) = place
            && let Some(front) = front(place, value)
        {
            fronts.insert(front.to_owned());
        }
    }

    /// Blots out in a text what is blotted out in another that stands within it.
    pub fn add_relocated(
        &mut self,
        from: &Arc<Source>,
        to: &Arc<Source>,
        map: impl Fn(Span) -> Span,
    ) {
        let places = self.places.iter().filter(|(source, _)| Arc::ptr_eq(source, from));
        let moved: Vec<_> = places.map(|(_, span)| (Arc::clone(to), map(*span))).collect();
        self.places.extend(moved);
    }

    /// Takes over what another list blots out.
    pub fn merge(&mut self, other: Masks) {
        self.places.extend(other.places);
        self.values.extend(other.values);
        for (word, fronts) in other.words {
            self.words.entry(word).or_default().extend(fronts);
        }
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
        for (word, fronts) in &self.words {
            if masked.contains(word.as_str())
                && let Some(without) = without(&masked, word, fronts)
            {
                masked = Cow::Owned(without);
            }
        }
        masked
    }
}

/// How many texts before one word are kept.
const MOST_FRONTS: usize = 100;

/// How much of the text before a word is kept, in bytes.
const FRONT: usize = 12;

/// What stands before a value on its line; `None` for nothing that tells it from other words.
fn front<'p>(place: &'p Place, value: &str) -> Option<&'p str> {
    let text = place.source.text();
    let offset = place.text().rfind(value)?;
    let before = text.get(..place.span.start as usize + offset)?;
    let line = before.rsplit('\n').next().unwrap_or(before);
    let start = line.ceil_char_boundary(line.len().saturating_sub(FRONT));
    let front = line.get(start..)?.trim_start();
    let letters = front.bytes().filter(u8::is_ascii_alphanumeric).count();
    (letters >= 3).then_some(front)
}

/// A message in which a word is blotted out where it is a credential; `None` where it is none.
fn without(message: &str, word: &str, fronts: &BTreeSet<String>) -> Option<String> {
    let mut masked = String::with_capacity(message.len());
    let mut shown = 0;
    for (at, _) in message.match_indices(word) {
        let (before, after) = (message.get(..at)?, message.get(at + word.len()..)?);
        let is_whole = !after.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        let is_again = || fronts.iter().any(|front| before.ends_with(front.as_str()));
        if is_whole && (is_again() || is_given(before, after)) {
            masked.push_str(message.get(shown..at)?);
            masked.push_str("***");
            shown = at + word.len();
        }
    }
    if shown == 0 {
        return None;
    }
    masked.push_str(message.get(shown..)?);
    Some(masked)
}

/// Whether what stands between these texts reads like a credential: the password of a URL, the value
/// of an option or a variable with such a name.
fn is_given(before: &str, after: &str) -> bool {
    if before.ends_with(':') && after.starts_with('@') {
        return true;
    }
    let is_gap = |gap: char| " =:,\"'`\\[(".contains(gap);
    let named = before.trim_end_matches(is_gap);
    let is_of_name = |part: char| part.is_ascii_alphanumeric() || "_-.".contains(part);
    let name = named.rsplit(|part| !is_of_name(part)).next().unwrap_or(named);
    if name == "-p" {
        return true;
    }
    let name = name.to_ascii_lowercase();
    let is_secret = NAMES.iter().any(|word| name.contains(word));
    named.len() < before.len() && is_secret
}

/// What the names of options and variables that hold credentials have in them.
const NAMES: [&str; 7] = ["pass", "pwd", "secret", "token", "key", "auth", "cred"];

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
    fn a_word_is_blotted_out_where_it_is_a_credential() {
        let source = Source::new("a", "CONN: db://airflow:airflow@db\nBY 'airflow';\nx: airflow\n");
        let mut masks = Masks::default();
        let all: Vec<usize> = source.text().match_indices("airflow").map(|(at, _)| at).collect();
        for at in &all[1..] {
            let place = Place::new(&source, Span::new(*at, *at + 7));
            masks.add_place(&place);
            masks.add_word("airflow", Some(&place));
        }
        let shown = "CONN: db://airflow:*******@db\nBY '*******';\nx: *******\n";
        assert_eq!(masks.source_text(&source), shown);
        for (message, masked) in [
            ("`db://airflow:airflow@db`", "`db://airflow:***@db`"),
            ("airflow:airflow@other", "airflow:***@other"),
            ("`mysql -pairflow -u x`", "`mysql -p*** -u x`"),
            ("`mysql -p airflow`", "`mysql -p ***`"),
            ("DB_PASSWORD=airflow", "DB_PASSWORD=***"),
            ("DB_PASSWORD: \"airflow\"", "DB_PASSWORD: \"***\""),
            ("[\"--password\",\"airflow\"]", "[\"--password\",\"***\"]"),
            ("passwd=airflow airflow", "passwd=*** airflow"),
        ] {
            assert_eq!(masks.message(message), masked);
        }
        for message in [
            "`airflow` runs as root",
            "`apache/airflow:2.8.1` has no digest",
            "the services airflow-init and airflow",
            "PASSWORD=airflows",
            "mkdir -p /opt/airflow",
            "--path airflow",
        ] {
            assert_eq!(masks.message(message), message);
        }
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
