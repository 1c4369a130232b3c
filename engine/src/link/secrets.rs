//! Which values are credentials, from the policy's table `secrets`.
//!
//! By shape: what a pattern matches anywhere in a document's text, unless it is a placeholder. By
//! name: variables whose name is one that holds a credential. What is found either way is never
//! printed.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use plimsoll_sdk::facts::{EnvVar, Facts, Label, Secret};
use plimsoll_sdk::finding::RawPlace;
use plimsoll_sdk::{Loc, Nullable};
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use super::{env_files, options, tables};
use crate::bundle::Table;
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::source::{Place, Source, Span};

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
    text: String,
    /// Compiled when the text first has one: most texts have none.
    compiled: OnceLock<Option<Regex>>,
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

impl ValuePattern {
    fn new(raw: RawValue) -> Self {
        let RawValue { id, title, pattern } = raw;
        ValuePattern { id, title, text: pattern, compiled: OnceLock::new() }
    }

    /// The pattern; always there, since all of them together were compiled before.
    fn compiled(&self) -> Option<&Regex> {
        let compile = || RegexBuilder::new(&self.text).unicode(false).build().ok();
        self.compiled.get_or_init(compile).as_ref()
    }
}

impl SecretPatterns {
    /// Reads the table: `names` with `pattern`, `allow`, `also` and `never`; `placeholders`; and
    /// `values`, each with `id`, `title` and `pattern`, whose group `secret` is the credential.
    pub(super) fn new(table: &Table) -> Result<Self, Diagnostic> {
        let raw: RawTable = tables::read(table)?;
        let set = |patterns: &[&str]| {
            let mut builder = RegexSetBuilder::new(patterns);
            builder.unicode(false).size_limit(16 << 20).build().map_err(|error| {
                // One of them is wrong, or all together are too large.
                let each = patterns.iter().map(|pattern| tables::regex(table, pattern));
                each.filter_map(Result::err).next().unwrap_or_else(|| {
                    Diagnostic::error(format!("table `{}` is unusable: {error}", table.name()))
                })
            })
        };
        let values: Vec<&str> = raw.values.iter().map(|value| value.pattern.as_str()).collect();
        let placeholders: Vec<&str> = raw.placeholders.iter().map(String::as_str).collect();
        Ok(SecretPatterns {
            names: Some(Names {
                pattern: tables::regex(table, &raw.names.pattern)?,
                allow: tables::regex(table, &raw.names.allow)?,
                also: raw.names.also,
                never: raw.names.never,
            }),
            placeholders: Some(set(&placeholders)?),
            any: Some(set(&values)?),
            values: raw.values.into_iter().map(ValuePattern::new).collect(),
        })
    }

    /// Whether a variable of this name holds a credential.
    pub(super) fn is_name(&self, name: &str) -> bool {
        let Some(names) = &self.names else { return false };
        let listed = |list: &[String]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
        !listed(&names.never)
            && (listed(&names.also)
                || (names.pattern.is_match(name.as_bytes())
                    && !names.allow.is_match(name.as_bytes())))
    }

    fn is_placeholder(&self, value: &str) -> bool {
        self.placeholders.as_ref().is_some_and(|set| set.is_match(value.as_bytes()))
    }

    /// Marks what is a credential, lists those found by shape, and masks them all.
    pub(super) fn classify(&self, document: &mut Document) {
        self.by_name(document);
        options::mask(self, document);
        env_files::classify(self, document);
        self.by_shape(document);
    }

    /// Whether a value is blotted out of messages, too: no placeholder, no ordinary word and no
    /// name that the document shows anyway.
    pub(super) fn is_worth_hiding(&self, value: &str, public: &HashSet<String>) -> bool {
        !is_plain(value) && !self.is_placeholder(value) && !public.contains(value)
    }

    /// What is found in a text by its shape, in words.
    pub(super) fn titles(&self, source: &Source) -> Vec<(Span, String)> {
        let found = self.find(source).into_iter();
        found.map(|(span, index)| (span, self.values[index].title.clone())).collect()
    }

    fn by_name(&self, document: &mut Document) {
        let mut masked: Vec<(Loc, String, String)> = Vec::new();
        let mut variable = |variable: &mut EnvVar| {
            if self.is_name(&variable.name) && !is_switch(variable) {
                variable.secret = Nullable::Value("name".into());
                let value = variable.value.as_ref().and_then(Nullable::value);
                if let Some(value) = value.filter(|value| !value.is_empty()) {
                    masked.push((variable.loc, variable.name.clone(), value.clone()));
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
        for container in &mut facts.containers {
            container.environment.iter_mut().for_each(&mut variable);
            if let Nullable::Value(build) = &mut container.image.build {
                build.args.iter_mut().for_each(&mut variable);
            }
        }
        for image in &mut facts.images {
            image.config.env.iter_mut().for_each(&mut variable);
            for line in &mut image.history {
                line.build_args.iter_mut().for_each(&mut variable);
            }
        }
        for label in labels(facts) {
            // Masking `true` would blot out half of every message.
            let value = label.value.as_ref();
            let value = value.filter(|value| !matches!(value.as_str(), "" | "true" | "false"));
            let (Some(key), Some(value)) = (&label.key, value) else { continue };
            if self.is_name(&as_variable(key)) {
                masked.push((label.loc, key.clone(), value.clone()));
            }
        }
        self.by_name_in_history(document);
        let secrets = document.facts.project.iter().flat_map(|project| &project.secrets);
        for secret in secrets.filter(|secret| secret.source.as_deref() == Some("content")) {
            let place = RawPlace { loc: secret.loc, field: Some("source".into()), item: None };
            if let Some(place) = document.places.resolve(&place) {
                document.masks.add(&place);
            }
        }
        if masked.is_empty() {
            return;
        }
        let public = public_names(document);
        for (loc, name, value) in masked {
            let place = RawPlace { loc, field: Some("value".into()), item: None };
            // A value that comes from elsewhere has only the place of the variable's name.
            if let Some(place) = document.places.resolve(&place).filter(|at| at.text() != name) {
                document.masks.add_place(&place);
            }
            if self.is_worth_hiding(&value, &public) {
                document.masks.add_value(&value);
            }
        }
    }

    /// An image's history has the variables, too, that were set to something else later.
    fn by_name_in_history(&self, document: &mut Document) {
        for line in document.facts.images.iter().flat_map(|image| &image.history) {
            let is_env = line.instruction.as_deref() == Some("ENV");
            let set = line.arguments.as_deref().filter(|_| is_env);
            let Some((name, value)) = set.and_then(|set| set.split_once('=')) else { continue };
            let value = value.trim_matches('"');
            if value.is_empty() || !self.is_name(name.trim()) {
                continue;
            }
            document.masks.add_value(value);
            let place = RawPlace { loc: line.loc, field: Some("created_by".into()), item: None };
            let Some(place) = document.places.resolve(&place) else { continue };
            // Where escapes make it read differently, the line is masked.
            let span = place.text().find(value).map_or(place.span, |at| {
                let start = place.span.start as usize + at;
                Span::new(start, start + value.len())
            });
            document.masks.add(&Place::new(&place.source, span));
        }
    }

    fn by_shape(&self, document: &mut Document) {
        for source in document.sources.clone() {
            for (span, index) in self.find(&source) {
                if document.facts.secrets.len() >= MAX_SECRETS {
                    return;
                }
                let secret = self.secret(document, &source, span, index);
                document.facts.secrets.push(secret);
                document.masks.add(&Place::new(&source, span));
            }
        }
    }

    /// The credentials in a text, with the index of the pattern that finds each.
    fn find(&self, source: &Source) -> Vec<(Span, usize)> {
        let text = source.text().as_bytes();
        let mut found: Vec<(Span, usize)> = Vec::new();
        let Some(any) = &self.any else { return found };
        for index in any.matches(text) {
            let Some(pattern) = self.values[index].compiled() else { continue };
            for captures in pattern.captures_iter(text).take(MAX_SECRETS) {
                let Some(secret) = captures.name("secret").or_else(|| captures.get(0)) else {
                    continue;
                };
                let span = Span::new(secret.start(), secret.end());
                if !self.is_placeholder(source.slice(span)) {
                    found.push((span, index));
                }
            }
        }
        found.sort_unstable();
        // One secret, one finding: the first and longest pattern has it.
        let mut end = 0;
        found.retain(|(span, _)| {
            let new = span.start >= end;
            end = if new { span.end } else { end };
            new
        });
        found.truncate(MAX_SECRETS);
        found
    }

    fn secret(
        &self,
        document: &mut Document,
        source: &Arc<Source>,
        span: Span,
        index: usize,
    ) -> Secret {
        let pattern = &self.values[index];
        let build = document.facts.build.as_ref();
        let line = source.line_column(span.start).line;
        let instruction = build.and_then(|build| {
            build.instructions.iter().find(|i| i.line <= line && line <= i.end_line)
        });
        let (parent, context) = match (instruction, build) {
            (Some(instruction), _) => (Some(instruction.loc), instruction.keyword.as_str()),
            (None, Some(build)) => (Some(build.loc), "comment"),
            (None, None) => (container_of(document, source, span), document.kind),
        };
        let stage = instruction.map_or(Nullable::Null, |i| i.stage);
        let context = context.to_owned();
        Secret {
            loc: document.places.object_in(parent, source, span),
            pattern: pattern.id.clone(),
            title: pattern.title.clone(),
            context,
            stage,
        }
    }
}

/// Whether a variable is written to be on or off, as `XPACK_AUTH=true`: that is no credential. What
/// a build argument is given by default is only that.
fn is_switch(variable: &EnvVar) -> bool {
    let value = variable.value.as_ref().and_then(Nullable::value).filter(|_| variable.literal);
    let words = ["true", "false", "yes", "no", "on", "off", "none"];
    !matches!(variable.from.as_str(), "ARG" | "build.args")
        && value.is_some_and(|value| words.iter().any(|word| value.eq_ignore_ascii_case(word)))
}

/// Every pair of a name and a value that is no variable.
fn labels(facts: &Facts) -> impl Iterator<Item = &Label> {
    let containers = facts.containers.iter();
    let of_containers = containers.flat_map(|it| it.labels.iter().chain(&it.logging.options));
    let of_images = facts.images.iter().flat_map(|it| &it.config.labels);
    let of_daemon = facts.daemon.iter().flat_map(|it| it.labels.iter().chain(&it.log.options));
    let of_networks = facts.networks.iter().flat_map(|it| it.labels.iter().chain(&it.options));
    let of_volumes = facts.volumes.iter().flat_map(|it| it.labels.iter().chain(&it.options));
    let of_secrets = facts.swarm_secrets.iter().flat_map(|it| &it.labels);
    let of_engine = of_daemon.chain(of_networks).chain(of_volumes).chain(of_secrets);
    of_containers.chain(of_images).chain(of_engine)
}

/// The name that a variable would have for a label or an option, without the domain that labels
/// are under: `splunk-token` is `SPLUNK_TOKEN`.
pub(super) fn as_variable(key: &str) -> String {
    key.rsplit('.').next().unwrap_or(key).replace('-', "_").to_ascii_uppercase()
}

/// Whether a password is a short word or number: `root` and `1234` would blot out what messages
/// say of other things.
fn is_plain(value: &str) -> bool {
    let only = |is: fn(&u8) -> bool| value.bytes().all(|byte| is(&byte));
    value.len() < 8 && (only(u8::is_ascii_alphabetic) || only(u8::is_ascii_digit))
}

/// The names that a document shows anyway, and their words. Of a password that is one of them no
/// more can be hidden: blotted out, names would say nothing, and the asterisks tell the password.
pub(super) fn public_names(document: &Document) -> HashSet<String> {
    let facts = &document.facts;
    let containers = facts.containers.iter().flat_map(|container| {
        [Some(container.name.as_str()), container.image.raw.value().map(String::as_str)]
    });
    let networks = facts.networks.iter().map(|network| Some(network.name.as_str()));
    let volumes = facts.volumes.iter().map(|volume| Some(volume.name.as_str()));
    let images = facts.images.iter().map(|image| Some(image.name.as_str()));
    let references = facts.references.iter().map(|reference| Some(reference.raw.as_str()));
    let secrets = facts.swarm_secrets.iter().map(|secret| Some(secret.name.as_str()));
    let names = containers.chain(networks).chain(volumes).chain(secrets).chain(images);
    let names = names.chain(references).flatten();
    let mut public = HashSet::new();
    for name in names {
        public.insert(name.to_owned());
        let words = name.split(|character: char| !character.is_alphanumeric());
        public.extend(words.map(str::to_owned));
    }
    public
}

/// What is judged that a credential stands in, or something in it: by the nearest fact before the
/// credential, and if there is none, the first of the document.
fn container_of(document: &Document, source: &Arc<Source>, span: Span) -> Option<Loc> {
    let facts = &document.facts;
    let judged: Vec<Loc> = (facts.containers.iter().map(|it| it.loc))
        .chain(facts.images.iter().map(|it| it.loc))
        .chain(facts.networks.iter().map(|it| it.loc))
        .chain(facts.volumes.iter().map(|it| it.loc))
        .chain(facts.swarm_secrets.iter().map(|it| it.loc))
        .chain(facts.daemon.iter().map(|it| it.loc))
        .chain(facts.host.iter().map(|it| it.loc))
        .chain(facts.project.iter().map(|it| it.loc))
        .collect();
    let nearest = document.places.before(source, span.start);
    let mut around = std::iter::successors(nearest, |loc| document.places.parent(*loc));
    let is_within = around.any(|loc| judged.contains(&loc));
    nearest.filter(|_| is_within).or_else(|| judged.first().copied())
}

/// Which document a part of a text belongs to that several documents were read from, as the output
/// of `docker inspect`: that of the nearest fact before it.
pub(super) struct Shares {
    texts: Vec<Shared>,
}

struct Shared {
    source: Arc<Source>,
    /// Where facts begin, and the index of their document.
    starts: Vec<(u32, usize)>,
}

impl Shared {
    fn add(&mut self, at: usize, document: &Document) {
        let starts = document.places.starts(&self.source);
        self.starts.extend(starts.into_iter().map(|start| (start, at)));
    }
}

impl Shares {
    pub(super) fn of(documents: &[Document]) -> Self {
        let mut texts: Vec<Shared> = Vec::new();
        for (at, pair) in documents.windows(2).enumerate() {
            // Documents of one text come one after the other.
            let [before, document] = pair else { continue };
            for source in &document.sources {
                if !before.sources.iter().any(|other| Arc::ptr_eq(other, source)) {
                    continue;
                }
                let known = texts.iter_mut().rev().find(|text| Arc::ptr_eq(&text.source, source));
                if let Some(text) = known {
                    text.add(at + 1, document);
                    continue;
                }
                let mut text = Shared { source: Arc::clone(source), starts: Vec::new() };
                text.add(at, before);
                text.add(at + 1, document);
                texts.push(text);
            }
        }
        texts.iter_mut().for_each(|text| text.starts.sort_unstable());
        Shares { texts }
    }

    /// Leaves every credential to the document that it belongs to.
    pub(super) fn divide(&self, documents: &mut [Document]) {
        if self.texts.is_empty() {
            return;
        }
        for (at, document) in documents.iter_mut().enumerate() {
            let places = &document.places;
            document.facts.secrets.retain(|secret| {
                let Some(place) = places.place(secret.loc) else { return true };
                let is_it = |text: &&Shared| Arc::ptr_eq(&text.source, &place.source);
                let Some(text) = self.texts.iter().find(is_it) else { return true };
                let end = text.starts.partition_point(|(start, _)| *start <= place.span.start);
                let owner = text.starts.get(end.saturating_sub(1)).map(|(_, owner)| *owner);
                owner.is_none_or(|owner| owner == at)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Input, ReadOptions, compose};

    impl SecretPatterns {
        /// Patterns that know credentials by their names alone.
        pub(in crate::link) fn of_names(pattern: &str) -> Self {
            let regex = |text: &str| RegexBuilder::new(text).build().expect("a pattern");
            let names = Names {
                pattern: regex(pattern),
                allow: regex("^$"),
                also: Vec::new(),
                never: Vec::new(),
            };
            SecretPatterns { names: Some(names), ..SecretPatterns::default() }
        }
    }

    #[test]
    fn names_and_short_words_are_not_blotted_out() {
        let patterns = SecretPatterns::of_names("PASSWORD$");
        let text = "services:\n  wordpress:\n    image: registry.shopfront.example/app\n    \
                    environment: {A_PASSWORD: wordpress, B_PASSWORD: root, C_PASSWORD: 12345, \
                    D_PASSWORD: shopfront, E_PASSWORD: s3cr3t, F_PASSWORD: correcthorse}\n";
        let source = Source::new("compose.yaml", text);
        let input = Input { source: Arc::clone(&source), folder: None };
        let mut document = compose::read(&input, &ReadOptions::default()).remove(0);
        patterns.classify(&mut document);
        for plain in ["`wordpress` runs as root", "12345:80", "`registry.shopfront.example/app`"] {
            assert_eq!(document.masks.message(plain), plain);
        }
        assert_eq!(document.masks.message("s3cr3t or correcthorse"), "*** or ***");
        let shown = document.masks.source_text(&source);
        for hidden in ["D: wordpress", "D: root", "12345", "D: shopfront", "s3cr3t"] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
    }
}
