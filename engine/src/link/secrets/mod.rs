//! Which values are credentials, from the policy's table `secrets`.
//!
//! By shape: what a pattern matches anywhere in a document's text, and what looks random beside the
//! name of a credential, unless it is a placeholder. By name: variables whose name is one that holds
//! a credential, unless the value only refers to one. What is found either way is never printed.

mod assigned;
mod names;
mod patterns;
mod shares;

use std::collections::HashSet;
use std::sync::Arc;

use plimsoll_sdk::facts::{EnvVar, Facts, Label, Secret};
use plimsoll_sdk::finding::RawPlace;
use plimsoll_sdk::{Loc, Nullable};

pub use patterns::SecretPatterns;
pub(super) use shares::Shares;

use patterns::{Found, MAX_SECRETS};

use super::{env_files, options};
use crate::document::Document;
use crate::mask::Masks;
use crate::source::{Place, Source, Span};

impl SecretPatterns {
    /// Marks what is a credential, lists those found by shape, and masks them all.
    pub(in crate::link) fn classify(&self, document: &mut Document) {
        let public = public_names(document);
        self.by_name(document, &public);
        options::mask(self, document);
        env_files::classify(self, document);
        self.by_shape(document, &public);
    }

    /// Whether a value is blotted out of messages, too: no placeholder, no ordinary word and no
    /// name that the document shows anyway.
    fn is_worth_hiding(&self, value: &str, public: &HashSet<String>) -> bool {
        !is_plain(value) && !self.is_placeholder(value) && !public.contains(value)
    }

    /// Blots a credential that is told by its name out of messages: wherever it occurs, or, where that
    /// may mean something else, where it is a credential again.
    pub(in crate::link) fn hide(
        &self,
        masks: &mut Masks,
        value: &str,
        place: Option<&Place>,
        public: &HashSet<String>,
    ) {
        if self.is_worth_hiding(value, public) {
            masks.add_value(value);
        } else if !self.is_placeholder(value) {
            masks.add_word(value, place);
        }
    }

    /// Whether a variable holds a credential by its name, and not only where one is. An ARG may be
    /// given another value.
    fn is_credential(&self, variable: &EnvVar) -> bool {
        let value = variable.value.as_ref().and_then(Nullable::value);
        self.is_name(&variable.name)
            && (variable.from == "ARG" || !value.is_some_and(|value| self.is_reference(value)))
    }

    fn by_name(&self, document: &mut Document, public: &HashSet<String>) {
        let mut masked: Vec<(Loc, String, String)> = Vec::new();
        let mut variable = |variable: &mut EnvVar| {
            if self.is_credential(variable) && !is_switch(variable) {
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
        self.by_name_in_history(document, public);
        let secrets = document.facts.project.iter().flat_map(|project| &project.secrets);
        for secret in secrets.filter(|secret| secret.source.as_deref() == Some("content")) {
            let place = RawPlace { loc: secret.loc, field: Some("source".into()), item: None };
            if let Some(place) = document.places.resolve(&place) {
                document.masks.add(&place);
            }
        }
        for (loc, name, value) in masked {
            let place = RawPlace { loc, field: Some("value".into()), item: None };
            // A value that comes from elsewhere has only the place of the variable's name.
            let place = document.places.resolve(&place).filter(|at| at.text() != name);
            if let Some(place) = &place {
                document.masks.add_place(place);
            }
            self.hide(&mut document.masks, &value, place.as_ref(), public);
        }
    }

    /// An image's history has the variables, too, that were set to something else later.
    fn by_name_in_history(&self, document: &mut Document, public: &HashSet<String>) {
        for line in document.facts.images.iter().flat_map(|image| &image.history) {
            let is_env = line.instruction.as_deref() == Some("ENV");
            let set = line.arguments.as_deref().filter(|_| is_env);
            let Some((name, value)) = set.and_then(|set| set.split_once('=')) else { continue };
            let value = value.trim_matches('"');
            if value.is_empty() || !self.is_name(name.trim()) {
                continue;
            }
            self.hide(&mut document.masks, value, None, public);
            let place = RawPlace { loc: line.loc, field: Some("created_by".into()), item: None };
            let Some(place) = document.places.resolve(&place) else { continue };
            // Where escapes make it read differently, the line is masked.
            let span = place.text().find(value).map_or(place.span, |at| {
                let start = place.span.start as usize + at;
                Span::new(start, start + value.len())
            });
            document.masks.add_place(&Place::new(&place.source, span));
        }
    }

    fn by_shape(&self, document: &mut Document, public: &HashSet<String>) {
        for source in document.sources.clone() {
            let found = self.find(&source);
            // Files of variables are there to hold credentials: of a random one its name is enough.
            let found = if is_env_file(document, &source) {
                found
            } else {
                self.with_assigned(&source, found, &commands(document, &source))
            };
            for (span, found) in found {
                if document.facts.secrets.len() >= MAX_SECRETS {
                    return;
                }
                let secret = self.secret(document, &source, span, found);
                document.facts.secrets.push(secret);
                let place = Place::new(&source, span);
                document.masks.add_place(&place);
                if is_word(place.text(), public) {
                    document.masks.add_word(place.text(), Some(&place));
                } else {
                    document.masks.add_value(place.text());
                }
            }
        }
    }

    fn secret(
        &self,
        document: &mut Document,
        source: &Arc<Source>,
        span: Span,
        found: Found,
    ) -> Secret {
        let (id, title) = self.name_of(found);
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
            pattern: id.to_owned(),
            title: title.to_owned(),
            context,
            stage,
        }
    }
}

/// Whether a text is a file of variables that a compose file names.
fn is_env_file(document: &Document, source: &Source) -> bool {
    let project = document.facts.project.iter();
    let mut names = project.flat_map(|it| &it.env_files).filter_map(|file| file.name.value());
    names.any(|name| name == source.name())
}

/// The lines of a text that are commands of a shell, from 1, first and last.
fn commands(document: &Document, source: &Source) -> Vec<(u32, u32)> {
    let Some(build) = &document.facts.build else { return Vec::new() };
    // The instructions of a Dockerfile are all in its first text.
    if document.sources.first().is_none_or(|first| first.name() != source.name()) {
        return Vec::new();
    }
    let runs = build.instructions.iter().filter(|instruction| {
        ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"].contains(&instruction.keyword.as_str())
    });
    runs.map(|instruction| (instruction.line, instruction.end_line)).collect()
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
pub(in crate::link) fn as_variable(key: &str) -> String {
    key.rsplit('.').next().unwrap_or(key).replace('-', "_").to_ascii_uppercase()
}

/// Whether a password is a short word or number: `root` and `1234` would blot out what messages
/// say of other things.
fn is_plain(value: &str) -> bool {
    let only = |is: fn(&u8) -> bool| value.bytes().all(|byte| is(&byte));
    value.len() < 8 && (only(u8::is_ascii_alphabetic) || only(u8::is_ascii_digit))
}

/// Whether a credential that is told by its shape is a word that means other things, too. One that is
/// more than a word is never shown, whatever is called like it.
fn is_word(value: &str, public: &HashSet<String>) -> bool {
    let is_of_letters = value.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_plain(value) || (is_of_letters && public.contains(value))
}

/// The names that a document shows anyway, and their words. Of a password that is one of them no
/// more can be hidden: blotted out, names would say nothing, and the asterisks tell the password.
pub(in crate::link) fn public_names(document: &Document) -> HashSet<String> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Input, ReadOptions, compose};

    #[test]
    fn names_and_short_words_are_not_blotted_out() {
        let patterns = SecretPatterns::of_names("password");
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
        assert_eq!(document.masks.message("A_PASSWORD=wordpress"), "A_PASSWORD=***");
        assert_eq!(document.masks.message("`B_PASSWORD: root`"), "`B_PASSWORD: ***`");
        let shown = document.masks.source_text(&source);
        for hidden in ["D: wordpress", "D: root", "12345", "D: shopfront", "s3cr3t"] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
    }
}
