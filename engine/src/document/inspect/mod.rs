//! What `docker inspect` prints, and podman.
//!
//! [`read`] takes arrays, objects and JSON lines, of containers, images, networks, volumes,
//! and services and secrets of a swarm, mixed as they come, from version 1.22 of the engine's API to today's:
//! <https://docs.docker.com/reference/api/engine/>. It makes a document for each kind that is there.
//! A key that an engine does not write is unknown; only one that engines leave out when it is empty
//! is empty. What else can be inspected (nodes, configs, plugins …) is told, and not judged; lists
//! such as those of `docker ps`, which say too little, are refused.

mod config;
mod container;
mod detect;
mod image;
pub(super) mod lowering;
mod network;
mod objects;
mod paths;
mod reference;
mod secret;
mod service;
#[cfg(test)]
mod tests;
pub(super) mod tree;
mod volume;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_sdk::facts::Facts;

use super::{Document, Input, ReadOptions};
use crate::diagnostic::Diagnostic;
use crate::json;
use crate::source::{Place, Source, Span};
use crate::yaml::Value;
use lowering::{Lowering, Problems};
use objects::Kind;
use tree::At;

/// The word for this format.
pub const FORMAT: &str = "inspect";

/// The kinds of its documents, in the order in which they are made.
pub const KINDS: [&str; 5] = ["container", "image", "network", "volume", "secret"];

/// The most objects that are read of one text: some times what the largest hosts run. The facts of
/// an object are much larger than the least text that makes one.
const MAX_OBJECTS: usize = 10_000;

/// Whether a file of this name is one: no name says so.
#[must_use]
pub fn has_name(_file_name: &str) -> bool {
    false
}

/// Whether a text is one: one of its first objects has the keys of something that is inspected, or
/// that a list of Docker's shows. A text that is broken further on counts, too.
#[must_use]
pub fn has_content(text: &str) -> bool {
    detect::has_content(text)
}

/// Reads everything that was inspected: one document for each kind that is there, in the order of
/// [`KINDS`]. Services of a swarm are containers.
///
/// What could not be read is a problem of the first document; a text that holds nothing to judge is
/// a document of containers without any.
#[must_use]
pub fn read(input: &Input, _options: &ReadOptions) -> Vec<Document> {
    let source = &input.source;
    let stream = json::parse_stream(source, json::LIMITS);
    let mut problems = Problems::default();
    if source.is_lossy() {
        let message = format!("{} is not UTF-8: what is not was replaced", source.name());
        problems.push(Diagnostic::warning(message));
    }
    stream.problems.into_iter().for_each(|problem| problems.push(problem));
    let mut sorted = Sorted::default();
    for node in &stream.nodes {
        let at = At::value(node);
        match node.value {
            Value::Seq(_) => at.items().for_each(|item| sorted.add(source, item, &mut problems)),
            _ => sorted.add(source, at, &mut problems),
        }
    }
    sorted.documents(source, problems)
}

/// Objects by kind, each with its number among all, from 1.
#[derive(Debug, Default)]
struct Sorted<'a> {
    count: usize,
    /// Containers and services, in the order in which they are written.
    containers: Vec<(usize, Kind, At<'a>)>,
    images: Vec<(usize, At<'a>)>,
    networks: Vec<(usize, At<'a>)>,
    volumes: Vec<(usize, At<'a>)>,
    secrets: Vec<(usize, At<'a>)>,
    /// Lists that were refused: one problem each is enough.
    listings: BTreeSet<&'static str>,
}

impl<'a> Sorted<'a> {
    fn add(&mut self, source: &Arc<Source>, at: At<'a>, problems: &mut Problems) {
        self.count += 1;
        if self.count > MAX_OBJECTS {
            if self.count == MAX_OBJECTS + 1 {
                let message =
                    format!("there are more than {MAX_OBJECTS} objects; the rest is not read");
                let help = "inspect fewer at a time";
                problems
                    .push(Diagnostic::error(message).at(Place::new(source, at.span)).help(help));
            }
            return;
        }
        let number = self.count;
        let keys: BTreeSet<&str> = at.entries().map(|(key, _)| key.text.as_str()).collect();
        let spec = at.get("Spec").entries().map(|(key, _)| key.text.as_str()).collect();
        let place = Place::new(source, at.span);
        match objects::kind(&keys, &spec) {
            kind @ (Kind::Container | Kind::Service) => self.containers.push((number, kind, at)),
            Kind::Image => self.images.push((number, at)),
            Kind::Network => self.networks.push((number, at)),
            Kind::Volume => self.volumes.push((number, at)),
            Kind::Secret => self.secrets.push((number, at)),
            Kind::Volumes => {
                // Each is an object of its own.
                self.count -= 1;
                at.get("Volumes").items().for_each(|item| self.add(source, item, problems));
            }
            Kind::Other(what) => problems.push(other(at, what, place)),
            Kind::Listed(listing) => {
                if self.listings.insert(listing.command) {
                    let message = format!(
                        "this is what `{}` prints, which leaves out most of what is checked",
                        listing.command
                    );
                    let help = format!("give what `{}` prints", listing.instead);
                    problems.push(Diagnostic::error(message).at(place).help(help));
                }
            }
            Kind::Unknown => {
                let message = "this is nothing that `docker inspect` prints";
                problems.push(Diagnostic::error(message).at(place));
            }
        }
    }

    fn documents(self, source: &Arc<Source>, mut problems: Problems) -> Vec<Document> {
        let nothing = self.containers.is_empty()
            && self.images.is_empty()
            && self.networks.is_empty()
            && self.volumes.is_empty()
            && self.secrets.is_empty();
        if nothing && self.count == 0 && problems.is_empty() {
            let place = Place::new(source, Span::new(0, source.text().trim_end().len().min(80)));
            problems.push(Diagnostic::warning("nothing was inspected").at(place));
        }
        let mut documents = Vec::new();
        if nothing || !self.containers.is_empty() {
            let networks = network::names(self.networks.iter().map(|&(_, at)| at));
            let containers = &self.containers;
            documents.push(document(source, "container", &mut problems, |lowering, facts| {
                lowering.containers(containers, &networks, facts);
            }));
        }
        if !self.images.is_empty() {
            documents.push(document(source, "image", &mut problems, |lowering, facts| {
                let images = self.images.iter().map(|&(number, at)| lowering.image(at, number));
                facts.images = images.collect();
            }));
        }
        if !self.networks.is_empty() {
            documents.push(document(source, "network", &mut problems, |lowering, facts| {
                let all = self.networks.iter().map(|&(number, at)| lowering.network(at, number));
                facts.networks = all.collect();
            }));
        }
        if !self.volumes.is_empty() {
            documents.push(document(source, "volume", &mut problems, |lowering, facts| {
                let all = self.volumes.iter().map(|&(number, at)| lowering.volume(at, number));
                facts.volumes = all.collect();
            }));
        }
        if !self.secrets.is_empty() {
            documents.push(document(source, "secret", &mut problems, |lowering, facts| {
                let all = self.secrets.iter().map(|&(number, at)| lowering.secret(at, number));
                facts.swarm_secrets = all.collect();
            }));
        }
        if let Some(first) = documents.first_mut() {
            first.problems = problems.into_diagnostics();
        }
        documents
    }
}

impl Lowering<'_> {
    fn containers(
        &mut self,
        objects: &[(usize, Kind, At<'_>)],
        networks: &BTreeMap<String, String>,
        facts: &mut Facts,
    ) {
        for &(number, kind, at) in objects {
            facts.containers.push(match kind {
                Kind::Service => self.service(at, number, networks),
                _ => self.container(at, number),
            });
        }
        container::namespaces::follow(&mut facts.containers);
    }
}

/// One document; its problems are added to those of the text.
fn document(
    source: &Arc<Source>,
    kind: &'static str,
    problems: &mut Problems,
    lower: impl FnOnce(&mut Lowering<'_>, &mut Facts),
) -> Document {
    let mut lowering = Lowering::new(source);
    lowering.problems = std::mem::take(problems);
    let mut facts = Facts::new(kind, source.name());
    lower(&mut lowering, &mut facts);
    facts.references = lowering.references;
    *problems = lowering.problems;
    Document::new(kind, vec![Arc::clone(source)], facts, lowering.places)
}

/// Something that is inspected and not judged.
fn other(at: At<'_>, what: &str, place: Place) -> Diagnostic {
    let names = [at.get("Name"), at.get("Spec").get("Name"), at.get("ID"), at.get("Id")];
    let host = at.get("Description").get("Hostname");
    let name = names.into_iter().chain([host]).find_map(At::filled).unwrap_or("without a name");
    Diagnostic::warning(format!("the {what} `{name}` is not checked: there are no rules for it"))
        .at(place)
}
