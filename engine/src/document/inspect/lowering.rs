//! What lowering any object of `docker inspect` needs: reading values by their type, registering
//! their places, and saying what is not as it should be.
//!
//! A value of a wrong type is an error, and the fact is unknown. Nothing here knows a key.

use std::ops::Range;
use std::sync::Arc;

use plimsoll_sdk::facts::{Argument, ImageRef, Label};
use plimsoll_sdk::{Loc, Nullable};

use super::tree::At;
use crate::diagnostic::Diagnostic;
use crate::document::PlaceTable;
use crate::source::{Place, Source, Span};
use crate::yaml::{Key, Value};

/// Unknown, known to be none, or known.
pub(in crate::document) type Known<T> = Option<Nullable<T>>;

/// The most problems that are told of one text; how many more there are is told, too.
const MAX_PROBLEMS: usize = 50;

/// An object of the facts while its lists are read.
#[derive(Debug)]
pub(in crate::document) struct Owner {
    pub(in crate::document) loc: Loc,
    /// Names of its lists that are not known, or only in part.
    pub(in crate::document) incomplete: Vec<String>,
}

impl Owner {
    pub(in crate::document) fn new(loc: Loc) -> Self {
        Owner { loc, incomplete: Vec::new() }
    }

    pub(in crate::document) fn incomplete(&mut self, field: &str) {
        if !self.incomplete.iter().any(|known| known == field) {
            self.incomplete.push(field.to_owned());
        }
    }
}

/// The facts of one document while they are made.
#[derive(Debug)]
pub(in crate::document) struct Lowering<'s> {
    pub(in crate::document) source: &'s Arc<Source>,
    pub(in crate::document) places: PlaceTable,
    pub(in crate::document) references: Vec<ImageRef>,
    pub(in crate::document) problems: Problems,
}

/// Problems, up to a number.
#[derive(Debug, Default)]
pub(in crate::document) struct Problems {
    told: Vec<Diagnostic>,
    untold: usize,
}

impl Problems {
    pub(in crate::document) fn push(&mut self, problem: Diagnostic) {
        if self.told.len() < MAX_PROBLEMS {
            self.told.push(problem);
        } else {
            self.untold += 1;
        }
    }

    pub(in crate::document) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    pub(in crate::document) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        if self.untold > 0 {
            let message = format!("{} further problems are not shown", self.untold);
            self.told.push(Diagnostic::error(message));
        }
        self.told
    }
}

impl<'s> Lowering<'s> {
    pub(in crate::document) fn new(source: &'s Arc<Source>) -> Self {
        Lowering {
            source,
            places: PlaceTable::new(source),
            references: Vec::new(),
            problems: Problems::default(),
        }
    }

    pub(in crate::document) fn object(&mut self, parent: Loc, at: At<'_>) -> Loc {
        self.places.object(Some(parent), at.span)
    }

    pub(in crate::document) fn place(&mut self, loc: Loc, field: &'static str, at: At<'_>) {
        self.places.field(loc, field, at.span);
    }

    /// Says that a value is not of the type that the engine's API gives it.
    pub(in crate::document) fn wrong(&mut self, at: At<'_>, wanted: &str) {
        let kind = at.node.map_or("nothing", |node| node.value.kind());
        let place = Place::new(self.source, at.span);
        let problem = Diagnostic::error(format!("{wanted} is expected here, not {kind}"));
        self.problems.push(problem.at(place));
    }

    /// Says that a value cannot be what it should be.
    pub(in crate::document) fn invalid(&mut self, at: At<'_>, message: String) {
        let place = Place::new(self.source, at.span);
        self.problems.push(Diagnostic::error(message).at(place));
    }

    /// A string; null and the empty string are none.
    pub(in crate::document) fn string(&mut self, at: At<'_>) -> Known<String> {
        match &at.node?.value {
            Value::Null => Some(Nullable::Null),
            Value::Str(text) if text.is_empty() => Some(Nullable::Null),
            Value::Str(text) => Some(Nullable::Value(text.clone())),
            _ => {
                self.wrong(at, "a string");
                None
            }
        }
    }

    pub(in crate::document) fn string_field(
        &mut self,
        loc: Loc,
        field: &'static str,
        at: At<'_>,
    ) -> Known<String> {
        self.place(loc, field, at);
        self.string(at)
    }

    /// A boolean; null is unknown.
    pub(in crate::document) fn boolean(&mut self, at: At<'_>) -> Option<bool> {
        match &at.node?.value {
            Value::Bool(value) => Some(*value),
            Value::Null => None,
            _ => {
                self.wrong(at, "a boolean");
                None
            }
        }
    }

    pub(in crate::document) fn boolean_field(
        &mut self,
        loc: Loc,
        field: &'static str,
        at: At<'_>,
    ) -> Option<bool> {
        self.place(loc, field, at);
        self.boolean(at)
    }

    /// An integer; null is none. Digits in a string count, as some tools write large numbers.
    pub(in crate::document) fn integer(&mut self, at: At<'_>) -> Known<i64> {
        let number = match &at.node?.value {
            Value::Null => return Some(Nullable::Null),
            Value::Int(value) => Some(*value),
            Value::Str(text) => text.parse().ok(),
            // Beyond 64 bits with sign: engines write unsigned numbers that mean "no limit".
            Value::Float(value) if *value >= 9.2e18 && *value <= 1.9e19 => Some(i64::MAX),
            _ => None,
        };
        if number.is_none() {
            self.wrong(at, "an integer");
        }
        number.map(Nullable::Value)
    }

    /// An integer of which 0 means that nothing is set.
    pub(in crate::document) fn nonzero(&mut self, at: At<'_>) -> Known<i64> {
        self.integer(at).map(|known| match known {
            Nullable::Value(0) => Nullable::Null,
            other => other,
        })
    }

    pub(in crate::document) fn nonzero_field(
        &mut self,
        loc: Loc,
        field: &'static str,
        at: At<'_>,
    ) -> Known<i64> {
        self.place(loc, field, at);
        self.nonzero(at)
    }

    /// An integer that limits something only when it is positive.
    pub(in crate::document) fn positive_field(
        &mut self,
        loc: Loc,
        field: &'static str,
        at: At<'_>,
    ) -> Known<u64> {
        self.place(loc, field, at);
        self.integer(at).map(|known| known.value().and_then(|&value| positive(value)).into())
    }

    /// The items of a list; null is an empty one. `None` when it is unknown.
    pub(in crate::document) fn list<'a>(&mut self, at: At<'a>) -> Option<Vec<At<'a>>> {
        match &at.node?.value {
            Value::Null => Some(Vec::new()),
            Value::Seq(_) => Some(at.items().collect()),
            _ => {
                self.wrong(at, "a list");
                None
            }
        }
    }

    /// The items of a list field of an object.
    pub(in crate::document) fn list_field<'a>(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        at: At<'a>,
    ) -> Vec<At<'a>> {
        self.place(owner.loc, field, at);
        self.list(at).unwrap_or_else(|| {
            owner.incomplete(field);
            Vec::new()
        })
    }

    /// The entries of an object; null is an empty one. `None` when it is unknown.
    pub(in crate::document) fn map<'a>(&mut self, at: At<'a>) -> Option<Vec<(&'a Key, At<'a>)>> {
        match &at.node?.value {
            Value::Null => Some(Vec::new()),
            Value::Map(_) => Some(at.entries().collect()),
            _ => {
                self.wrong(at, "an object");
                None
            }
        }
    }

    /// The entries of an object that is a list field in the facts.
    pub(in crate::document) fn map_field<'a>(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        at: At<'a>,
    ) -> Vec<(&'a Key, At<'a>)> {
        self.place(owner.loc, field, at);
        self.map(at).unwrap_or_else(|| {
            owner.incomplete(field);
            Vec::new()
        })
    }

    /// An object that must be one if it is there; null and nothing are no problem.
    pub(in crate::document) fn child<'a>(&mut self, at: At<'a>) -> At<'a> {
        if at.is_something() && !at.is_map() {
            self.wrong(at, "an object");
        }
        at
    }

    /// A list of strings, with the place of each.
    pub(in crate::document) fn words(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        at: At<'_>,
    ) -> Vec<String> {
        let mut words = Vec::new();
        let mut spans = Vec::new();
        for item in self.list_field(owner, field, at) {
            match item.text() {
                Some(text) => {
                    words.push(text.to_owned());
                    spans.push(item.span);
                }
                None => {
                    self.wrong(item, "a string");
                    owner.incomplete(field);
                }
            }
        }
        if !spans.is_empty() {
            self.places.items(owner.loc, field, spans);
        }
        words
    }

    /// A list of strings as objects with places of their own.
    pub(in crate::document) fn arguments(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        at: At<'_>,
    ) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for item in self.list_field(owner, field, at) {
            if let Some(text) = item.text() {
                let loc = self.object(owner.loc, item);
                arguments.push(Argument { loc, text: text.to_owned() });
            } else {
                self.wrong(item, "a string");
                owner.incomplete(field);
            }
        }
        arguments
    }

    /// An object of strings as pairs.
    pub(in crate::document) fn labels(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        at: At<'_>,
    ) -> Vec<Label> {
        let entries = self.map_field(owner, field, at);
        let labels = entries.into_iter().map(|(key, value)| {
            let loc = self.places.object(Some(owner.loc), key.span.cover(value.span));
            self.places.field(loc, "key", key.span);
            self.place(loc, "value", value);
            let text = match value.node.map(|node| &node.value) {
                Some(Value::Str(text)) => Some(text.clone()),
                Some(Value::Null) => Some(String::new()),
                Some(Value::Bool(value)) => Some(value.to_string()),
                Some(Value::Int(value)) => Some(value.to_string()),
                _ => {
                    self.wrong(value, "a string");
                    None
                }
            };
            Label { loc, key: Some(key.text.clone()), value: text, variables: Vec::new() }
        });
        labels.collect()
    }

    /// The span of a part of a string; all of it when escapes make the two differ.
    pub(in crate::document) fn part(&self, at: At<'_>, range: Range<usize>) -> Span {
        let plain = at.text().is_some_and(|text| {
            // Every escape is longer than what it stands for.
            at.span.len() == text.len() + 2 && range.end <= text.len()
        });
        if !plain || range.is_empty() {
            return at.span;
        }
        let start = at.span.start as usize + 1;
        Span::new(start + range.start, start + range.end)
    }
}

/// A positive number as one without a sign.
pub(in crate::document) fn positive(value: i64) -> Option<u64> {
    u64::try_from(value).ok().filter(|&value| value > 0)
}
