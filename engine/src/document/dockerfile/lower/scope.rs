//! Variables of a build and their scopes.
//!
//! BuildKit keeps one environment per stage: an ARG with a value and an ENV both set the variable,
//! the later one wins, and a stage begins with what the stage it is built on ended with. Before the
//! first FROM there is a scope of its own, which FROM lines see, and which a stage sees only
//! through an ARG of the same name.
//! <https://docs.docker.com/reference/dockerfile/#scope>

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use super::super::expand::{ExpandError, Expander, Expansion, Lookup};
use super::super::syntax::{Arguments, Dockerfile, Keyword, Text};
use super::undeclared::{Undeclared, references};
use crate::diagnostic::Diagnostic;
use crate::document::partial::Partial;
use crate::notation::platform::Platform;
use crate::source::{Place, Source};

/// What is known of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// Its value.
    Set(String),
    /// It is declared, and nobody here knows its value.
    Unknown,
}

/// The variables that an instruction sees.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    variables: HashMap<String, Binding>,
    /// Whether variables that are not declared may be set all the same: by the base image.
    pub(super) open: bool,
}

impl Scope {
    pub(super) fn set(&mut self, name: &str, binding: Binding) {
        self.variables.insert(name.to_owned(), binding);
    }

    pub(super) fn get(&self, name: &str) -> Option<&Binding> {
        self.variables.get(name)
    }

    fn lookup(&self, name: &str) -> Lookup<'_> {
        match self.variables.get(name) {
            Some(Binding::Set(value)) => Lookup::Set(Cow::Borrowed(value)),
            Some(Binding::Unknown) => Lookup::Unknown,
            None if self.open => Lookup::Unknown,
            None => Lookup::Unset,
        }
    }
}

/// Text after substitution of variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    /// The text; `None` when it depends on a variable whose value is not known.
    pub(super) text: Option<String>,
    /// What is known of a text that does.
    pub(super) partial: Option<Partial>,
    /// Whether it was written without variables.
    pub(super) literal: bool,
    /// Variables it was written with.
    pub(super) variables: Vec<String>,
    /// Those of them whose value is not known.
    pub(super) missing: Vec<String>,
}

impl From<Expansion> for Value {
    fn from(expansion: Expansion) -> Self {
        Value {
            text: expansion.value,
            partial: expansion.partial,
            literal: expansion.literal,
            variables: expansion.used.into_iter().chain(expansion.unset).collect(),
            missing: expansion.unknown,
        }
    }
}

/// How much work the substitutions of one document may take together, in the steps of
/// [`MAX_WORK`](super::super::expand::MAX_WORK). A Dockerfile of a hundred lines takes some
/// thousands.
const DOCUMENT_WORK: usize = 1 << 25;

/// Substitutes variables in texts of one source, and says where that fails.
#[derive(Debug)]
pub(super) struct Substitution<'a> {
    expander: Expander,
    source: &'a Arc<Source>,
    allowance: Cell<usize>,
    undeclared: RefCell<Vec<Undeclared>>,
}

impl<'a> Substitution<'a> {
    pub(super) fn new(escape: char, source: &'a Arc<Source>) -> Self {
        let allowance = Cell::new(DOCUMENT_WORK);
        let undeclared = RefCell::default();
        Substitution { expander: Expander::new(escape), source, allowance, undeclared }
    }

    /// One word.
    pub(super) fn word(&self, text: &Text, scope: &Scope, problems: &mut Vec<Diagnostic>) -> Value {
        let word = |allowance: &mut usize| {
            self.expander.word_within(&text.value, &|name| scope.lookup(name), allowance)
        };
        let value = self.counted(text, problems, word).map(Value::from).unwrap_or_default();
        self.note(text, scope, &value);
        value
    }

    /// One word, of which nothing is said elsewhere.
    pub(super) fn quiet(&self, text: &Text, scope: &Scope) -> Value {
        let word = |allowance: &mut usize| {
            self.expander.word_within(&text.value, &|name| scope.lookup(name), allowance)
        };
        self.counted(text, &mut Vec::new(), word).map(Value::from).unwrap_or_default()
    }

    /// The body of a here-document, in which quotes mean nothing. That it cannot be expanded is no
    /// problem of what is read here.
    pub(super) fn body(&self, text: &Text, scope: &Scope) {
        let expander = Expander { skip_quotes: true, ..self.expander };
        let body = |allowance: &mut usize| {
            expander.word_within(&text.value, &|name| scope.lookup(name), allowance)
        };
        let value = self.counted(text, &mut Vec::new(), body).map(Value::from).unwrap_or_default();
        self.note(text, scope, &value);
    }

    /// Takes out what was referred to and is not declared.
    pub(super) fn undeclared(&self) -> Vec<Undeclared> {
        self.undeclared.take()
    }

    fn note(&self, text: &Text, scope: &Scope, value: &Value) {
        if value.variables.iter().all(|name| scope.get(name).is_some()) {
            return;
        }
        let references = references(&text.value, self.expander.escape);
        for name in value.variables.iter().filter(|name| scope.get(name).is_none()) {
            if let Some(range) = references.get(name.as_str()) {
                let span = text.span_of(range.clone());
                let found = Undeclared { name: name.clone(), span, open: scope.open };
                self.undeclared.borrow_mut().push(found);
            }
        }
    }

    /// A word that may become several.
    pub(super) fn words(
        &self,
        text: &Text,
        scope: &Scope,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<Value> {
        let words = |allowance: &mut usize| {
            self.expander.words_within(&text.value, &|name| scope.lookup(name), allowance)
        };
        match self.counted(text, problems, words) {
            Some(expansions) => {
                let values: Vec<Value> = expansions.into_iter().map(Value::from).collect();
                values.iter().for_each(|value| self.note(text, scope, value));
                values
            }
            None => vec![Value::default()],
        }
    }

    /// Takes what an expansion costs off the document's allowance. Once that is used up nothing
    /// more is substituted, which is said once.
    fn counted<T>(
        &self,
        text: &Text,
        problems: &mut Vec<Diagnostic>,
        expand: impl FnOnce(&mut usize) -> Result<T, ExpandError>,
    ) -> Option<T> {
        let mut allowance = self.allowance.get();
        if allowance == 0 {
            return None;
        }
        let result = expand(&mut allowance);
        self.allowance.set(allowance);
        let error = result.map_err(|error| {
            let place = Place::new(self.source, text.span_of(error.range.clone()));
            problems.push(Diagnostic::error(error.to_string()).at(place));
        });
        if allowance == 0 {
            let place = Place::new(self.source, text.span);
            let message = "substituting variables takes too long: from here on none is substituted";
            problems.push(Diagnostic::error(message).at(place));
        }
        error.ok()
    }
}

/// What FROM lines see when nobody gives a build argument: an ARG without a default is not set.
pub(super) fn default_arguments(
    syntax: &Dockerfile,
    target: Option<&Platform>,
    substitution: &Substitution<'_>,
) -> Scope {
    let linux = Platform::new("linux", "amd64");
    let mut scope = platform_arguments(Some(target.unwrap_or(&linux)));
    // Where the build runs is not known; any platform serves to see whether a name is well formed.
    for (build, target) in [
        ("BUILDPLATFORM", "TARGETPLATFORM"),
        ("BUILDOS", "TARGETOS"),
        ("BUILDOSVERSION", "TARGETOSVERSION"),
        ("BUILDARCH", "TARGETARCH"),
        ("BUILDVARIANT", "TARGETVARIANT"),
    ] {
        if let Some(binding) = scope.get(target).cloned() {
            scope.set(build, binding);
        }
    }
    for instruction in syntax.instructions.iter().take_while(|i| i.keyword != Keyword::From) {
        let Arguments::Pairs { pairs, .. } = &instruction.arguments else { continue };
        for pair in pairs.iter().filter(|_| instruction.keyword == Keyword::Arg) {
            let Some(text) = &pair.value else { continue };
            // What is wrong with it is said elsewhere.
            let value = substitution.quiet(text, &scope);
            scope.set(&pair.key.value, value.text.map_or(Binding::Unknown, Binding::Set));
        }
    }
    scope
}

/// The platform ARGs that are there without being declared: what is built for, if the caller said,
/// and what is built on, which nobody here knows.
/// <https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope>
pub(super) fn platform_arguments(target: Option<&Platform>) -> Scope {
    let mut scope = Scope::default();
    for name in ["BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT"] {
        scope.set(name, Binding::Unknown);
    }
    let part = |part: fn(&Platform) -> String| {
        target.map_or(Binding::Unknown, |platform| Binding::Set(part(platform)))
    };
    scope.set("TARGETPLATFORM", part(|platform| platform.to_string()));
    scope.set("TARGETOS", part(|platform| platform.os.clone()));
    scope.set("TARGETARCH", part(|platform| platform.architecture.clone()));
    scope.set("TARGETVARIANT", part(|platform| platform.variant.clone().unwrap_or_default()));
    scope.set("TARGETOSVERSION", part(|platform| platform.os_version.clone().unwrap_or_default()));
    scope.set("TARGETSTAGE", Binding::Unknown);
    scope
}
