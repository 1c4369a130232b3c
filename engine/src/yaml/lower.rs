//! From the crate's values to nodes: spans made useful, merge keys applied, keys checked.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_saphyr::{Location, Spanned, Tagged};

use super::raw::{Raw, RawKey, RawValue};
use super::{Key, MAX_PROBLEMS, Node, Value, error};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};

/// How far from a known place a bracket or an indicator is looked for, in bytes: an alias repeats
/// the search, so it has to be bounded.
const SEARCH: usize = 256;

const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

pub(super) fn lower(source: &Arc<Source>, raw: Raw) -> Result<Node, Vec<Diagnostic>> {
    let mut lower = Lower { source, problems: Vec::new() };
    let node = lower.node(raw);
    if lower.problems.is_empty() {
        return Ok(node);
    }
    lower.problems.sort_by_key(|problem| problem.place().map(|place| place.span));
    Err(lower.problems)
}

struct Lower<'a> {
    source: &'a Arc<Source>,
    problems: Vec<Diagnostic>,
}

/// An entry while its mapping is being read: where the key stands in this mapping.
struct RawEntry {
    key: Key,
    here: Span,
    value: Node,
}

impl Lower<'_> {
    /// Recursion is as deep as the document, which [`super::Limits::depth`] bounds.
    fn node(&mut self, raw: Raw) -> Node {
        let Tagged(Spanned { value, referenced, defined }, tag) = raw;
        let written = span_of(self.source, &defined);
        let used_at = self.alias(span_of(self.source, &referenced), written);
        let (value, span) = match value {
            RawValue::Null => (Value::Null, written),
            RawValue::Bool(value) => (Value::Bool(value), written),
            RawValue::Int(value) => (Value::Int(value), written),
            RawValue::Float(value) => (Value::Float(value), written),
            RawValue::Str(text) => (Value::Str(text), self.content(written)),
            RawValue::Seq(items) => self.sequence(items, written, used_at),
            RawValue::Map(entries) => self.mapping(entries, written, used_at),
        };
        Node { value, span, used_at, tag }
    }

    /// The alias token, if it is one: the crate also gives the place of an inline merge's mapping.
    fn alias(&self, used: Span, written: Span) -> Option<Span> {
        (used != written && self.source.slice(used).starts_with('*')).then_some(used)
    }

    /// A block scalar's span runs on to the next token: without the blank end, and for one without
    /// content back to its indicator.
    fn content(&self, span: Span) -> Span {
        let text = self.source.slice(span).trim_end_matches(BLANK);
        if !text.is_empty() {
            return Span::new(span.start as usize, span.start as usize + text.len());
        }
        let before = self.before(span.start).trim_end_matches(BLANK);
        let header = before.trim_end_matches(|c: char| c.is_ascii_digit() || "+-".contains(c));
        let line = header.rsplit(['\n', '\r']).next().unwrap_or(header);
        let in_comment = line.starts_with('#') || line.contains(" #") || line.contains("\t#");
        if header.ends_with(['|', '>']) && !in_comment {
            let end = self.before_offset(span.start) + before.len();
            return Span::new(end - (before.len() - header.len()) - 1, end);
        }
        span
    }

    fn sequence(&mut self, items: Vec<Raw>, start: Span, used_at: Option<Span>) -> (Value, Span) {
        let items: Vec<Node> = items.into_iter().map(|item| self.node(item)).collect();
        let span = match self.opening(start) {
            Some('[') => {
                let end = items.last().map_or(start.end, |item| end_of(item, used_at));
                self.close(start, end.max(start.end), ']')
            }
            _ => self.dash(start),
        };
        (Value::Seq(items), span)
    }

    fn mapping(
        &mut self,
        entries: Vec<(Spanned<RawKey>, Raw)>,
        start: Span,
        used_at: Option<Span>,
    ) -> (Value, Span) {
        let repeated = used_at.is_some();
        let entries: Vec<RawEntry> =
            entries.into_iter().filter_map(|(key, value)| self.entry(key, value)).collect();
        // The place of an anchor has told its problems already.
        if !repeated {
            self.duplicates(&entries);
        }
        let span = match self.opening(start) {
            Some('{') => {
                let end = entries
                    .last()
                    .map_or(start.end, |entry| end_of(&entry.value, used_at).max(entry.here.end));
                self.close(start, end.max(start.end), '}')
            }
            _ => match entries.first() {
                Some(first) if first.here.start == start.start => first.here,
                _ => self.word(start),
            },
        };
        (Value::Map(self.merge(entries, repeated)), span)
    }

    fn entry(&mut self, key: Spanned<RawKey>, value: Raw) -> Option<RawEntry> {
        let span = self.content(span_of(self.source, &key.defined));
        let used = span_of(self.source, &key.referenced);
        let here = self.alias(used, span).unwrap_or(span);
        let value = self.node(value);
        let (text, is_string) = match key.value {
            RawKey::Str(text) => (text, true),
            RawKey::Scalar => (self.source.slice(span).to_owned(), false),
            RawKey::Collection => {
                self.problem(|source| error::collection_key(source, here));
                return None;
            }
        };
        Some(RawEntry { key: Key { text, span, is_string }, here, value })
    }

    fn duplicates(&mut self, entries: &[RawEntry]) {
        let mut first = HashMap::with_capacity(entries.len());
        for entry in entries {
            match first.entry(entry.key.text.as_str()) {
                Entry::Vacant(vacant) => {
                    vacant.insert(entry.here);
                }
                Entry::Occupied(before) => {
                    let (text, before) = (&entry.key.text, *before.get());
                    self.problem(|source| error::duplicate(source, text, entry.here, before));
                }
            }
        }
    }

    /// Applies merge keys: <https://yaml.org/type/merge.html>. What the mapping says itself wins,
    /// and of several mappings the earlier one.
    fn merge(&mut self, entries: Vec<RawEntry>, repeated: bool) -> Vec<(Key, Node)> {
        let (merges, own): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| self.is_merge(&entry.key));
        let mut merged: Vec<_> = own.into_iter().map(|entry| (entry.key, entry.value)).collect();
        if merges.is_empty() {
            return merged;
        }
        let mut known: HashSet<String> = merged.iter().map(|(key, _)| key.text.clone()).collect();
        for entry in merges {
            let mappings = match entry.value.value {
                Value::Seq(items) => items,
                _ => vec![entry.value],
            };
            for mapping in mappings {
                if let Value::Map(entries) = mapping.value {
                    merged.extend(
                        entries.into_iter().filter(|(key, _)| known.insert(key.text.clone())),
                    );
                } else if !repeated {
                    let place = mapping.used_at.unwrap_or(mapping.span);
                    let place = if place.is_empty() { entry.here } else { place };
                    let kind = mapping.value.kind();
                    self.problem(|source| error::merge(source, place, kind));
                }
            }
        }
        merged
    }

    /// A quoted `"<<"` is an ordinary key, as it is to Compose.
    fn is_merge(&self, key: &Key) -> bool {
        key.text == "<<" && self.source.slice(key.span) == "<<"
    }

    fn problem(&mut self, diagnostic: impl FnOnce(&Arc<Source>) -> Diagnostic) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(diagnostic(self.source));
        }
    }

    fn rest(&self, from: u32) -> &str {
        self.source.text().get(from as usize..).unwrap_or_default()
    }

    /// The opening bracket, if there is one: a block collection's span is empty.
    fn opening(&self, start: Span) -> Option<char> {
        self.source.slice(start).chars().next()
    }

    /// From the opening bracket to the closing one, if only blanks, commas and comments lie between
    /// it and the last element.
    fn close(&self, start: Span, from: u32, bracket: char) -> Span {
        let mut comment = false;
        for (at, c) in self.rest(from).char_indices().take_while(|&(at, _)| at < SEARCH) {
            match c {
                '\n' | '\r' => comment = false,
                _ if comment => {}
                '#' => comment = true,
                ' ' | '\t' | ',' | ':' => {}
                _ if c == bracket => {
                    return Span::new(start.start as usize, from as usize + at + 1);
                }
                _ => break,
            }
        }
        start
    }

    /// The text before a place, as far as it is searched.
    fn before(&self, at: u32) -> &str {
        self.source.text().get(self.before_offset(at)..at as usize).unwrap_or_default()
    }

    fn before_offset(&self, at: u32) -> usize {
        self.source.text().ceil_char_boundary((at as usize).saturating_sub(SEARCH))
    }

    /// The `-` of a block sequence. One that is not indented more than its key starts, for the
    /// crate, behind it.
    fn dash(&self, start: Span) -> Span {
        let mut rest = self.rest(start.start).chars();
        if rest.next() == Some('-') && rest.next().is_none_or(|c| BLANK.contains(&c)) {
            return Span::new(start.start as usize, start.start as usize + 1);
        }
        let before = self.before(start.start).trim_end_matches(BLANK);
        if before.ends_with('-') {
            let end = self.before_offset(start.start) + before.len();
            return Span::new(end - 1, end);
        }
        self.word(start)
    }

    /// The first word at an empty span: `?`, `<<`, or what can be seen of a key.
    fn word(&self, start: Span) -> Span {
        if !start.is_empty() {
            return start;
        }
        let rest = self.rest(start.start);
        let end = rest
            .char_indices()
            .take_while(|&(at, c)| at < SEARCH && !c.is_whitespace() && c != ':')
            .last()
            .map_or(0, |(at, c)| at + c.len_utf8());
        Span::new(start.start as usize, start.start as usize + end)
    }
}

/// Where an element ends in the collection that holds it, itself used through `outer`.
fn end_of(element: &Node, outer: Option<Span>) -> u32 {
    let place = |node: &Node| match node.used_at {
        alias if alias == outer => node.span.end,
        Some(alias) => alias.end,
        None => node.span.end,
    };
    match &element.value {
        // In `[a: b]` the element is a mapping without brackets, and its span is its key.
        Value::Map(entries) if element.used_at == outer => entries
            .last()
            .map_or(element.span.end, |(key, value)| place(value).max(key.span.end))
            .max(element.span.end),
        _ => place(element),
    }
}

/// The byte range of a place; the text's own bytes are always counted, since it is all in memory.
pub(super) fn span_of(source: &Source, location: &Location) -> Span {
    let span = location.span();
    let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    match (span.byte_offset(), span.byte_len()) {
        (Some(start), Some(len)) => {
            let text = source.text();
            let start = text.floor_char_boundary(at(start));
            Span::new(start, text.ceil_char_boundary(start.saturating_add(at(len))))
        }
        _ => line_column(source, location),
    }
}

/// For a place that only says line and column.
fn line_column(source: &Source, location: &Location) -> Span {
    let line = source.line_span(u32::try_from(location.line()).unwrap_or(u32::MAX));
    let column = usize::try_from(location.column()).unwrap_or(usize::MAX).saturating_sub(1);
    let text = source.slice(line);
    let at = text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
    Span::new(line.start as usize + at, line.start as usize + at)
}
