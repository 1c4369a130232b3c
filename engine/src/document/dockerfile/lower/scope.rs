//! Variables of a build and their scopes.
//!
//! BuildKit keeps one environment per stage: an ARG with a value and an ENV both set the variable,
//! the later one wins, and a stage begins with what the stage it is built on ended with. Before the
//! first FROM there is a scope of its own, which FROM lines see, and which a stage sees only
//! through an ARG of the same name.
//! <https://docs.docker.com/reference/dockerfile/#scope>

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::super::expand::{Expander, Expansion, Lookup};
use super::super::syntax::Text;
use crate::diagnostic::Diagnostic;
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
            literal: expansion.literal,
            variables: expansion.used.into_iter().chain(expansion.unset).collect(),
            missing: expansion.unknown,
        }
    }
}

/// Substitutes variables in texts of one source, and says where that fails.
#[derive(Debug)]
pub(super) struct Substitution<'a> {
    pub(super) expander: Expander,
    pub(super) source: &'a Arc<Source>,
}

impl Substitution<'_> {
    /// One word.
    pub(super) fn word(&self, text: &Text, scope: &Scope, problems: &mut Vec<Diagnostic>) -> Value {
        match self.expander.word(&text.value, &|name| scope.lookup(name)) {
            Ok(expansion) => expansion.into(),
            Err(error) => {
                let span = text.span_of(error.range.clone());
                let place = Place::new(self.source, span);
                problems.push(Diagnostic::error(error.to_string()).at(place));
                Value::default()
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
        match self.expander.words(&text.value, &|name| scope.lookup(name)) {
            Ok(expansions) => expansions.into_iter().map(Value::from).collect(),
            Err(error) => {
                let span = text.span_of(error.range.clone());
                let place = Place::new(self.source, span);
                problems.push(Diagnostic::error(error.to_string()).at(place));
                vec![Value::default()]
            }
        }
    }
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
