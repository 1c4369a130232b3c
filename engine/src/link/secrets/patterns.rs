//! The table `secrets`, ready for use, and what it finds in a text.
//!
//! Nearly every text has no credential, so nearly nothing is compiled: first, all literals that the
//! patterns demand are looked for at once, and only a pattern whose literal is there is compiled.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use super::assigned::{self, Assigned};
use super::names::Names;
use crate::bundle::Table;
use crate::diagnostic::Diagnostic;
use crate::link::tables;
use crate::source::{Source, Span};

/// How many credentials are listed for one document.
pub(super) const MAX_SECRETS: usize = 1_000;

/// What tells a credential.
#[derive(Debug, Default)]
pub struct SecretPatterns {
    names: Names,
    placeholders: Lazy,
    references: Lazy,
    values: Vec<ValuePattern>,
    literals: Option<Literals>,
}

/// How a credential was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    /// By the pattern of this index.
    Shape(usize),
    /// It looks random, beside the name of a credential.
    Random,
    /// A command is given it as a password.
    Password,
}

/// Patterns that are compiled together when they are first needed.
#[derive(Debug, Default)]
struct Lazy {
    texts: Vec<String>,
    compiled: OnceLock<Option<RegexSet>>,
}

#[derive(Debug)]
struct ValuePattern {
    id: String,
    title: String,
    text: String,
    /// Compiled when a text first has what it demands.
    compiled: OnceLock<Option<Regex>>,
}

/// The literals that patterns demand.
#[derive(Debug)]
struct Literals {
    all: AhoCorasick,
    /// Of each literal, the index of its pattern.
    patterns: Vec<usize>,
    /// Patterns that demand none.
    always: Vec<usize>,
}

#[derive(Deserialize)]
struct RawTable {
    names: Names,
    #[serde(default)]
    placeholders: Vec<String>,
    #[serde(default)]
    references: Vec<String>,
    values: Vec<RawValue>,
}

#[derive(Deserialize)]
struct RawValue {
    id: String,
    title: String,
    pattern: String,
    #[serde(default)]
    contains: Vec<String>,
}

impl Lazy {
    fn new(texts: Vec<String>) -> Self {
        Lazy { texts, compiled: OnceLock::new() }
    }

    fn is_match(&self, value: &str) -> bool {
        let compile = || RegexSetBuilder::new(&self.texts).unicode(false).build().ok();
        let set = self.compiled.get_or_init(compile);
        set.as_ref().is_some_and(|set| set.is_match(value.as_bytes()))
    }
}

impl ValuePattern {
    fn compiled(&self) -> Option<&Regex> {
        let compile = || RegexBuilder::new(&self.text).unicode(false).build().ok();
        self.compiled.get_or_init(compile).as_ref()
    }
}

impl Literals {
    fn new(values: &[RawValue]) -> Result<Self, aho_corasick::BuildError> {
        let each = values.iter().enumerate();
        let pairs = each.flat_map(|(at, value)| value.contains.iter().map(move |it| (it, at)));
        let (literals, patterns): (Vec<&String>, Vec<usize>) = pairs.unzip();
        let all = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(literals)?;
        let each = values.iter().enumerate();
        let always = each.filter(|(_, value)| value.contains.is_empty()).map(|(at, _)| at);
        Ok(Literals { all, patterns, always: always.collect() })
    }

    /// The patterns that may match, in their order.
    fn candidates(&self, text: &str) -> Vec<usize> {
        let mut candidates = self.always.clone();
        for found in self.all.find_overlapping_iter(text) {
            let pattern = self.patterns.get(found.pattern().as_usize()).copied();
            candidates.extend(pattern.filter(|at| !candidates.contains(at)));
        }
        candidates.sort_unstable();
        candidates
    }
}

impl SecretPatterns {
    /// Reads the table: `names`; `placeholders` and `references`, patterns of whole values; and
    /// `values`, each with `id`, `title`, `pattern`, whose group `secret` is the credential, and
    /// `contains`, literals of which a match has at least one, however they are capitalised.
    pub(in crate::link) fn new(table: &Table) -> Result<Self, Diagnostic> {
        let raw: RawTable = tables::read(table)?;
        // Those that come with the program are known to be right, and are compiled when needed.
        if !table.is_embedded() {
            let values = raw.values.iter().map(|value| &value.pattern);
            for pattern in values.chain(&raw.placeholders).chain(&raw.references) {
                tables::regex(table, pattern)?;
            }
        }
        let literals = Literals::new(&raw.values).map_err(|error| {
            Diagnostic::error(format!("table `{}` is unusable: {error}", table.name()))
        })?;
        let value = |raw: RawValue| {
            let RawValue { id, title, pattern: text, .. } = raw;
            ValuePattern { id, title, text, compiled: OnceLock::new() }
        };
        Ok(SecretPatterns {
            names: raw.names,
            placeholders: Lazy::new(raw.placeholders),
            references: Lazy::new(raw.references),
            values: raw.values.into_iter().map(value).collect(),
            literals: Some(literals),
        })
    }

    /// Whether a variable of this name holds a credential.
    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        self.names.has(name)
    }

    /// Whether a value stands for a credential: `<password>`, `xxxx`.
    #[must_use]
    pub fn is_placeholder(&self, value: &str) -> bool {
        self.placeholders.is_match(value)
    }

    /// Whether a value says where a credential is: `/run/secrets/db`, `vault:kv/db#password`.
    #[must_use]
    pub fn is_reference(&self, value: &str) -> bool {
        self.references.is_match(value)
    }

    /// The ids of the patterns of values.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|value| value.id.as_str())
    }

    /// What is found in a text by its shape, in words.
    pub(in crate::link) fn titles(&self, source: &Source) -> Vec<(Span, String)> {
        let found = self.find(source).into_iter();
        found.map(|(span, found)| (span, self.name_of(found).1.to_owned())).collect()
    }

    /// The id of what finds a credential, and what it finds, in words.
    pub(super) fn name_of(&self, found: Found) -> (&str, &str) {
        match found {
            Found::Shape(index) => match self.values.get(index) {
                Some(value) => (&value.id, &value.title),
                None => ("", ""),
            },
            Found::Random => ("random-value", "random value with the name of a credential"),
            Found::Password => ("command-password", "password given to a command"),
        }
    }

    /// The credentials in a text that have a shape of their own.
    pub(super) fn find(&self, source: &Source) -> Vec<(Span, Found)> {
        let text = source.text();
        let mut found: Vec<(Span, Found)> = Vec::new();
        let Some(literals) = &self.literals else { return found };
        for index in literals.candidates(text) {
            let Some(pattern) = self.values.get(index).and_then(ValuePattern::compiled) else {
                continue;
            };
            for captures in pattern.captures_iter(text.as_bytes()).take(MAX_SECRETS) {
                let Some(secret) = captures.name("secret").or_else(|| captures.get(0)) else {
                    continue;
                };
                let span = Span::new(secret.start(), secret.end());
                let value = source.slice(span);
                if !self.is_placeholder(value) && !self.is_reference(value) {
                    found.push((span, Found::Shape(index)));
                }
            }
        }
        one_each(&mut found);
        found
    }

    /// Adds values that look random beside the name of a credential, and passwords of commands, where
    /// nothing has been found. `commands` are the first and last lines of commands.
    pub(super) fn with_assigned(
        &self,
        source: &Source,
        mut found: Vec<(Span, Found)>,
        commands: &[(u32, u32)],
    ) -> Vec<(Span, Found)> {
        if self.literals.is_none() {
            return found;
        }
        let known: Vec<Span> = found.iter().map(|(span, _)| *span).collect();
        let is_known = |span: Span| {
            let after = known.partition_point(|other| other.start < span.end);
            after.checked_sub(1).and_then(|at| known.get(at)).is_some_and(|it| it.end > span.start)
        };
        for assigned in assigned::assigned(source.text()) {
            let kind = if assigned::is_random(assigned.value) {
                Found::Random
            } else if is_password(source, &assigned, commands) {
                Found::Password
            } else {
                continue;
            };
            let Assigned { name, value, span, .. } = assigned;
            let is_one = !is_known(span)
                && self.is_name(name)
                && !self.is_placeholder(value)
                && !self.is_reference(value);
            if is_one {
                found.push((span, kind));
            }
            if found.len() > MAX_SECRETS {
                break;
            }
        }
        one_each(&mut found);
        found
    }
}

/// One secret, one finding: the first has it.
fn one_each(found: &mut Vec<(Span, Found)>) {
    found.sort_unstable();
    let mut end = 0;
    found.retain(|(span, _)| {
        let new = span.start >= end;
        end = if new { span.end } else { end };
        new
    });
    found.truncate(MAX_SECRETS);
}

/// Whether a command is given this as a password: by an option anywhere but in a comment, or by an
/// assignment in a command. Not every password is random.
fn is_password(source: &Source, assigned: &Assigned<'_>, commands: &[(u32, u32)]) -> bool {
    let name = assigned.name.to_ascii_lowercase();
    let ends = ["pass", "password", "passwd", "passphrase", "pwd"];
    if !ends.iter().any(|end| name.ends_with(end)) || !looks_chosen(assigned) {
        return false;
    }
    let line = source.line_column(assigned.span.start).line;
    let is_in_command = commands.iter().any(|(first, last)| (*first..=*last).contains(&line));
    if !assigned.is_option {
        return is_in_command;
    }
    !is_comment(source.text().as_bytes(), assigned.span.start as usize)
}

/// Whether a line is a comment of a Dockerfile or of YAML, by what stands before a place in it. What
/// is too far away is not looked at: there are documents of one line.
fn is_comment(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(1_000)..at).unwrap_or_default();
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    line.trim_ascii_start().starts_with(b"#")
}

/// Whether somebody chose it as a password: no path, and after a space, where it may be a word of a
/// sentence, not of letters alone.
fn looks_chosen(assigned: &Assigned<'_>) -> bool {
    let is_word = assigned.value.bytes().all(|byte| byte.is_ascii_alphabetic());
    !(assigned.value.starts_with(['/', '-', '%']) || (assigned.is_apart && is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    impl SecretPatterns {
        /// Patterns that know credentials by their names alone: those with this word.
        pub(in crate::link) fn of_names(word: &str) -> Self {
            SecretPatterns { names: Names::of_word(word), ..SecretPatterns::default() }
        }
    }
}
