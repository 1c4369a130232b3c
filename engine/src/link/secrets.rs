//! Which values are credentials, from the policy's table `secrets`.
//!
//! By shape: what a pattern matches anywhere in a document's text, unless it is a placeholder. By
//! name: variables whose name is one that holds a credential. What is found either way is never
//! printed.

use plimsoll_sdk::facts::{EnvVar, Secret};
use plimsoll_sdk::finding::RawPlace;
use plimsoll_sdk::{Loc, Nullable};
use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use super::tables;
use crate::bundle::Table;
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::source::{Place, Span};

/// How many credentials are listed for one document.
const MAX_SECRETS: usize = 1_000;

/// What tells a credential.
#[derive(Debug, Default)]
pub struct SecretPatterns {
    names: Option<Names>,
    placeholders: Option<RegexSet>,
    /// All of `values` at once, to see quickly that none matches.
    any: Option<RegexSet>,
    values: Vec<ValuePattern>,
}

#[derive(Debug)]
struct Names {
    pattern: Regex,
    allow: Regex,
    also: Vec<String>,
    never: Vec<String>,
}

#[derive(Debug)]
struct ValuePattern {
    id: String,
    title: String,
    pattern: Regex,
}

#[derive(Deserialize)]
struct RawTable {
    names: RawNames,
    #[serde(default)]
    placeholders: Vec<String>,
    values: Vec<RawValue>,
}

#[derive(Deserialize)]
struct RawNames {
    pattern: String,
    allow: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
}

#[derive(Deserialize)]
struct RawValue {
    id: String,
    title: String,
    pattern: String,
}

impl SecretPatterns {
    /// Reads the table: `names` with `pattern`, `allow`, `also` and `never`; `placeholders`; and
    /// `values`, each with `id`, `title` and `pattern`, whose group `secret` is the credential.
    pub(super) fn new(table: &Table) -> Result<Self, Diagnostic> {
        let raw: RawTable = tables::read(table)?;
        let value = |value: &RawValue| {
            Ok(ValuePattern {
                id: value.id.clone(),
                title: value.title.clone(),
                pattern: tables::regex(table, &value.pattern)?,
            })
        };
        let values = raw.values.iter().map(value).collect::<Result<Vec<_>, Diagnostic>>()?;
        for placeholder in &raw.placeholders {
            tables::regex(table, placeholder)?;
        }
        let set = |patterns: Vec<&str>| RegexSetBuilder::new(patterns).size_limit(16 << 20).build();
        let all = raw.values.iter().map(|value| value.pattern.as_str()).collect();
        let placeholders = raw.placeholders.iter().map(String::as_str).collect();
        Ok(SecretPatterns {
            names: Some(Names {
                pattern: tables::regex(table, &raw.names.pattern)?,
                allow: tables::regex(table, &raw.names.allow)?,
                also: raw.names.also,
                never: raw.names.never,
            }),
            // Each pattern compiled by itself, so the sets compile, too, or are done without.
            placeholders: set(placeholders).ok(),
            any: set(all).ok(),
            values,
        })
    }

    /// Whether a variable of this name holds a credential.
    fn is_name(&self, name: &str) -> bool {
        let Some(names) = &self.names else { return false };
        let listed = |list: &[String]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
        !listed(&names.never)
            && (listed(&names.also)
                || (names.pattern.is_match(name) && !names.allow.is_match(name)))
    }

    fn is_placeholder(&self, value: &str) -> bool {
        self.placeholders.as_ref().is_some_and(|set| set.is_match(value))
    }

    /// Marks what is a credential, lists those found by shape, and masks them all.
    pub(super) fn classify(&self, document: &mut Document) {
        self.by_name(document);
        self.by_shape(document);
    }

    fn by_name(&self, document: &mut Document) {
        let mut masked: Vec<(Loc, Option<String>)> = Vec::new();
        let mut variable = |variable: &mut EnvVar| {
            if self.is_name(&variable.name) {
                variable.secret = Nullable::Value("name".into());
                let value = variable.value.as_ref().and_then(Nullable::value);
                if value.is_some_and(|value| !value.is_empty()) {
                    masked.push((variable.loc, value.cloned()));
                }
            }
        };
        let facts = &mut document.facts;
        if let Some(build) = &mut facts.build {
            build.variables.iter_mut().for_each(&mut variable);
            for used in build.runs.iter_mut().flat_map(|run| &mut run.variables) {
                if self.is_name(&used.name) {
                    used.secret = Nullable::Value("name".into());
                }
            }
        }
        for image in &mut facts.images {
            image.config.env.iter_mut().for_each(&mut variable);
        }
        for (loc, value) in masked {
            let place = RawPlace { loc, field: Some("value".into()), item: None };
            if let Some(place) = document.places.resolve(&place) {
                document.masks.add(&place);
            }
            // After substitution, and without its quotes, it reads differently.
            if let Some(value) = value.filter(|value| !self.is_placeholder(value)) {
                document.masks.add_value(&value);
            }
        }
    }

    fn by_shape(&self, document: &mut Document) {
        let source = document.source.clone();
        let text = source.text();
        let candidates: Vec<usize> = match &self.any {
            Some(set) => set.matches(text).into_iter().collect(),
            None => (0..self.values.len()).collect(),
        };
        let mut found: Vec<(Span, usize)> = Vec::new();
        for index in candidates {
            for captures in self.values[index].pattern.captures_iter(text).take(MAX_SECRETS) {
                let Some(secret) = captures.name("secret").or_else(|| captures.get(0)) else {
                    continue;
                };
                if !self.is_placeholder(secret.as_str()) {
                    found.push((Span::new(secret.start(), secret.end()), index));
                }
            }
        }
        found.sort_unstable();
        let mut end = 0;
        for (span, index) in found.into_iter().take(MAX_SECRETS) {
            // One secret, one finding: the first and longest pattern has it.
            if span.start < end {
                continue;
            }
            end = span.end;
            let secret = self.secret(document, span, index);
            document.facts.secrets.push(secret);
            document.masks.add(&Place::new(&source, span));
        }
    }

    fn secret(&self, document: &mut Document, span: Span, index: usize) -> Secret {
        let pattern = &self.values[index];
        let build = document.facts.build.as_ref();
        let line = document.source.line_column(span.start).line;
        let instruction = build.and_then(|build| {
            build.instructions.iter().find(|i| i.line <= line && line <= i.end_line)
        });
        let parent = instruction.map(|i| i.loc).or(build.map(|build| build.loc));
        let context = instruction.map_or("comment", |i| i.keyword.as_str()).to_owned();
        let stage = instruction.map_or(Nullable::Null, |i| i.stage);
        Secret {
            loc: document.places.object(parent, span),
            pattern: pattern.id.clone(),
            title: pattern.title.clone(),
            context,
            stage,
        }
    }
}
