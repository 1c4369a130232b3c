//! One fact: which source says it, where, and whether another says otherwise.

use plimsoll_sdk::facts::Evidence;
use plimsoll_sdk::{Loc, Nullable};

use super::Parts;
use crate::diagnostic::Diagnostic;
use crate::document::PlaceTable;
use crate::document::daemon::layer::{Entry, Layer, is_empty, text};
use crate::source::Place;
use crate::yaml::{Node, Value};

/// Whether a default counts when only `daemon.json`, or only a command line, is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alone {
    Yes,
    No,
}

/// A fact: the field of an object, and its path from the daemon.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    pub(super) loc: Loc,
    pub(super) field: &'static str,
    pub(super) path: &'static str,
}

/// What a command line and `daemon.json` say of an option.
pub(super) enum Found<'a> {
    /// This, here, by this form.
    Set(&'a Entry, &'a Node, &'a Layer, &'static str),
    /// It is set to nothing: the default holds, whatever else is known.
    Empty(&'a Entry, &'a Layer),
    /// It is set, to what is not known.
    Hidden,
    Absent,
}

/// What is being settled.
pub(super) struct Settle<'a> {
    pub(super) parts: &'a Parts,
    pub(super) places: PlaceTable,
    root: Loc,
    place: Place,
    problems: &'a mut Vec<Diagnostic>,
    pub(super) evidence: Vec<Evidence>,
}

impl<'a> Settle<'a> {
    pub(super) fn new(
        parts: &'a Parts,
        places: PlaceTable,
        root: Loc,
        place: Place,
        problems: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Settle { parts, places, root, place, problems, evidence: Vec::new() }
    }

    /// An object inside the daemon that stands nowhere in particular.
    pub(super) fn part(&mut self) -> Loc {
        self.places.object(Some(self.root), self.place.span)
    }

    /// An object that stands at a place.
    pub(super) fn object(&mut self, parent: Option<Loc>, place: &Place) -> Loc {
        self.places.object_in(Some(parent.unwrap_or(self.root)), &place.source, place.span)
    }

    /// The handle of the daemon.
    pub(super) fn root(&self) -> Loc {
        self.root
    }

    /// The place of the daemon.
    pub(super) fn daemon_place(&self) -> Place {
        self.place.clone()
    }

    pub(super) fn found(&self, key: &str) -> Found<'a> {
        let layers = [(&self.parts.flags, "flag"), (&self.parts.config, "config")];
        for (layer, from) in layers {
            let Some(layer) = layer else { continue };
            let Some(entry) = layer.get(key) else { continue };
            return match &entry.value {
                None => Found::Hidden,
                Some(node) if is_empty(node) && entry.partial => Found::Hidden,
                Some(node) if is_empty(node) => Found::Empty(entry, layer),
                Some(node) => Found::Set(entry, node, layer, from),
            };
        }
        Found::Absent
    }

    pub(super) fn is_hidden(&self, key: &str) -> bool {
        matches!(self.found(key), Found::Hidden)
    }

    pub(super) fn set_by_flag(&self, key: &str) -> bool {
        matches!(self.found(key), Found::Set(_, _, _, "flag"))
    }

    /// Whether the default of an option that nothing sets counts.
    pub(super) fn defaults(&self, alone: Alone) -> bool {
        let Parts { flags, config, .. } = self.parts;
        if flags.as_ref().is_some_and(|flags| flags.open) {
            return false;
        }
        match alone {
            Alone::Yes => flags.is_some() || config.is_some(),
            Alone::No => flags.is_some() && config.is_some(),
        }
    }

    /// Tells a problem.
    pub(super) fn problem(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Notes what says a fact, and where.
    pub(super) fn note(&mut self, fact: Fact, from: &str, place: Option<&Place>) {
        let place = place.unwrap_or(&self.place).clone();
        self.places.field_in(fact.loc, fact.field, &place.source, place.span);
        let loc = self.object(None, &place);
        self.evidence.push(Evidence { loc, field: fact.path.into(), from: from.into() });
    }

    /// Notes a fact that follows from another one.
    pub(super) fn derived(&mut self, fact: Fact, known: bool, of: &str, otherwise: Option<Place>) {
        if !known {
            return;
        }
        let evidence = self.evidence.iter().find(|evidence| evidence.field == of);
        let said = evidence.map(|evidence| (evidence.from.clone(), evidence.loc));
        match said {
            Some((from, loc)) => {
                let place = self.places.place(loc);
                self.note(fact, &from, place.as_ref());
            }
            None => self.note(fact, "info", otherwise.as_ref()),
        }
    }

    /// A fact that an option of any type decides.
    fn settle<T: PartialEq + Clone>(
        &mut self,
        fact: Fact,
        key: Option<&str>,
        convert: impl Fn(&Node) -> Option<T>,
        printed: Option<(T, Place)>,
        default: Option<(T, Alone)>,
    ) -> Option<T> {
        let found = key.map_or(Found::Absent, |key| self.found(key));
        if let Found::Set(_, node, layer, from) = found
            && let Some(value) = convert(node)
        {
            let place = layer.place(node.span);
            self.compare(key.unwrap_or_default(), &value, &place, printed.as_ref());
            self.note(fact, from, Some(&place));
            return Some(value);
        }
        if let Some((value, place)) = printed {
            self.note(fact, "info", Some(&place));
            return Some(value);
        }
        let place = match found {
            Found::Empty(entry, layer) => Some(layer.place(entry.key)),
            Found::Absent => None,
            _ => return None,
        };
        let (value, alone) = default?;
        if place.is_none() && !self.defaults(alone) {
            return None;
        }
        self.note(fact, "default", place.as_ref());
        Some(value)
    }

    /// Says that the running daemon does not do what its configuration says.
    fn compare<T: PartialEq>(
        &mut self,
        key: &str,
        value: &T,
        place: &Place,
        printed: Option<&(T, Place)>,
    ) {
        if let Some((_, at)) = printed.filter(|(running, _)| running != value) {
            let message = format!("the daemon runs with another value of `{key}` than it is given");
            self.problems.push(
                Diagnostic::warning(message)
                    .label(place.clone(), "this is configured")
                    .label(at.clone(), "this is running")
                    .help("restart the daemon, or scan the configuration that it runs with"),
            );
        }
    }

    pub(super) fn boolean(
        &mut self,
        fact: Fact,
        key: Option<&str>,
        printed: Option<(bool, Place)>,
        default: Option<(bool, Alone)>,
    ) -> Option<bool> {
        let convert = |node: &Node| match node.value {
            Value::Bool(value) => Some(value),
            _ => None,
        };
        self.settle(fact, key, convert, printed, default)
    }

    pub(super) fn text(
        &mut self,
        fact: Fact,
        key: &str,
        printed: Option<(String, Place)>,
        default: Option<(&str, Alone)>,
    ) -> Option<String> {
        let convert = |node: &Node| text(node).map(str::to_owned);
        let default = default.map(|(text, alone)| (text.to_owned(), alone));
        self.settle(fact, Some(key), convert, printed, default)
    }

    /// A text that may be known to be none.
    pub(super) fn text_or_none(
        &mut self,
        fact: Fact,
        key: &str,
        printed: Option<(Option<String>, Place)>,
        default: Option<(Option<&str>, Alone)>,
    ) -> Option<Nullable<String>> {
        let convert = |node: &Node| text(node).map(|text| Some(text.to_owned()));
        let default = default.map(|(text, alone)| (text.map(str::to_owned), alone));
        self.settle(fact, Some(key), convert, printed, default).map(Nullable::from)
    }

    /// A fact that only the engine says.
    pub(super) fn printed<T>(&mut self, fact: Fact, value: Option<(T, Place)>) -> Option<T> {
        let (value, place) = value?;
        self.note(fact, "info", Some(&place));
        Some(value)
    }

    pub(super) fn printed_text(&mut self, fact: Fact, path: &[&str]) -> Option<String> {
        let value = self.info_text(path);
        self.printed(fact, value)
    }

    pub(super) fn version_text(&mut self, fact: Fact, path: &[&str]) -> Option<String> {
        let (value, place) = self.parts.version.as_ref()?.text(path)?;
        self.note(fact, "version", Some(&place));
        Some(value)
    }

    pub(super) fn version_bool(&self, path: &[&str]) -> Option<(bool, Place)> {
        self.parts.version.as_ref()?.bool(path)
    }

    pub(super) fn info_text(&self, path: &[&str]) -> Option<(String, Place)> {
        self.parts.info.as_ref()?.text(path)
    }

    pub(super) fn info_bool(&self, path: &[&str]) -> Option<(bool, Place)> {
        self.parts.info.as_ref()?.bool(path)
    }

    pub(super) fn info_number(&self, path: &[&str]) -> Option<(u64, Place)> {
        self.parts.info.as_ref()?.number(path)
    }

    /// The version of the engine, which two commands print.
    pub(super) fn server_version(&mut self, fact: Fact) -> Option<String> {
        let info = self.info_text(&["ServerVersion"]);
        let version = self.parts.version.as_ref().and_then(|version| version.text(&["Version"]));
        match (info, version) {
            (Some((value, place)), other) => {
                if other.as_ref().is_some_and(|(other, _)| *other != value) {
                    let other = other.map(|(_, place)| place);
                    let problem = Diagnostic::warning(
                        "`docker info` and `docker version` are of different engines",
                    );
                    self.problems
                        .push(other.into_iter().fold(problem.at(place.clone()), Diagnostic::at));
                }
                self.note(fact, "info", Some(&place));
                Some(value)
            }
            (None, Some((value, place))) => {
                self.note(fact, "version", Some(&place));
                Some(value)
            }
            (None, None) => None,
        }
    }

    /// What both a flag and `daemon.json` set: dockerd does not start so.
    pub(super) fn conflicts(parts: &Parts, problems: &mut Vec<Diagnostic>) {
        let (Some(flags), Some(config)) = (&parts.flags, &parts.config) else { return };
        for flag in &flags.entries {
            let key = flag.option.key;
            if let Some(entry) = config.get(key).filter(|_| key != "runtimes") {
                let message = format!("`{key}` is set on the command line and in daemon.json");
                problems.push(
                    Diagnostic::error(message)
                        .label(flags.place(flag.key), "set here")
                        .label(config.place(entry.key), "and here")
                        .help("dockerd does not start with both: keep one"),
                );
            }
        }
    }
}
