//! Containers joined with the images that they run.
//!
//! A service has the image that it builds; any container the image that its reference names. What a
//! container does not say itself it takes over from its image, at the place where that says it. Of
//! images that are not here a table may know something.

use std::collections::{HashMap, HashSet};

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Container, EnvVar, Image, User};

use super::adopt;
use super::base_images::BaseImages;
use super::images::{Images, Match, Site};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, PlaceTable};

/// Joins every container with its image, or else with what is `known` of images that are not here.
pub(super) fn join(documents: &mut [Document], known: &BaseImages) {
    if documents.iter().all(|document| document.facts.containers.is_empty()) {
        return;
    }
    let images = Images::of(documents);
    for at in 0..documents.len() {
        let mut taken = Taken::default();
        for container in 0..documents[at].facts.containers.len() {
            let built = documents[at].builds.iter().position(|build| build.container == container);
            let found = match built {
                Some(build) => Match::One(Site::Built { document: at, build }, "build"),
                None => images.find(&documents[at].facts.containers[container].image),
            };
            match found {
                Match::One(site, how) => take(documents, at, container, (site, how), &mut taken),
                Match::Several { names, more } => {
                    ambiguous(&mut documents[at], container, names, more);
                }
                Match::None => {}
            }
            let Document { facts, places, .. } = &mut documents[at];
            known.fill_in_container(&mut facts.containers[container], places);
        }
    }
}

/// Says that several images fit.
fn ambiguous(document: &mut Document, container: usize, names: Vec<String>, more: usize) {
    let container = &mut document.facts.containers[container];
    let message = format!(
        "the image of `{}` may be any of {}{}: none of them was taken",
        container.name,
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        if more > 0 { format!(" and {more} more") } else { String::new() },
    );
    let mut problem = Diagnostic::warning(message)
        .help("give only the image that it runs, or name it by its digest");
    if let Some(place) = document.places.place(container.image.loc) {
        problem = problem.at(place);
    }
    document.problems.push(problem);
    container.image.candidates = names;
}

/// What a document has taken over from others.
#[derive(Default)]
struct Taken {
    /// The keys of images that it has, by where they come from: a name alone may be that of several.
    keys: HashMap<Site, String>,
    /// How many images go by a name.
    names: HashMap<String, usize>,
    /// The documents whose masks it has.
    masks: HashSet<usize>,
}

/// Joins a container with an image: the image becomes context of the container's document.
fn take(
    documents: &mut [Document],
    at: usize,
    index: usize,
    (site, how): (Site, &'static str),
    taken: &mut Taken,
) {
    let key = match taken.keys.get(&site) {
        Some(key) => key.clone(),
        None => {
            let Some(key) = add(documents, at, site, taken) else { return };
            taken.keys.insert(site, key.clone());
            key
        }
    };
    let Document { facts, places, .. } = &mut documents[at];
    let Some(image) = facts.linked.images.get(&key) else { return };
    let container = &mut facts.containers[index];
    container.image.r#match = Nullable::Value(how.into());
    container.image.linked = Nullable::Value(key);
    inherit(container, image, places);
}

/// Adds an image to those that a document is joined with; its key among them.
fn add(documents: &mut [Document], at: usize, site: Site, taken: &mut Taken) -> Option<String> {
    let (name, origin) = key(documents, site)?;
    let image = adopted(documents, at, site)?;
    if origin != at && taken.masks.insert(origin) {
        let masks = documents[origin].masks.clone();
        documents[at].masks.merge(masks);
    }
    // One Dockerfile makes several images, and engines have several of a name.
    let count = taken.names.entry(name.clone()).or_default();
    *count += 1;
    let key = if *count == 1 { name } else { format!("{name}#{count}") };
    documents[at].facts.linked.images.insert(key.clone(), image);
    Some(key)
}

/// The key of an image among linked images, and the document that it comes from.
fn key(documents: &[Document], site: Site) -> Option<(String, usize)> {
    let (origin, document, image) = match site {
        Site::Given { document, image } => (document, documents.get(document)?, image),
        Site::Built { document, build } => {
            let build = documents.get(document)?.builds.get(build)?;
            (document, &build.document, 0)
        }
    };
    let image = document.facts.images.get(image)?;
    Some((format!("{}#{}", document.name, image.name), origin))
}

/// A copy of an image for the facts of the document `at`.
fn adopted(documents: &mut [Document], at: usize, site: Site) -> Option<Image> {
    match site {
        Site::Built { document, build } if document == at => {
            let Document { places, builds, .. } = documents.get_mut(at)?;
            let built = &builds.get(build)?.document;
            adopt::copy(built.facts.images.first()?, &built.places, places)
        }
        Site::Given { document, image } if document == at => {
            documents.get(at)?.facts.images.get(image).cloned()
        }
        Site::Built { document, build } => {
            let [to, from] = documents.get_disjoint_mut([at, document]).ok()?;
            let built = &from.builds.get(build)?.document;
            adopt::copy(built.facts.images.first()?, &built.places, &mut to.places)
        }
        Site::Given { document, image } => {
            let [to, from] = documents.get_disjoint_mut([at, document]).ok()?;
            adopt::copy(from.facts.images.get(image)?, &from.places, &mut to.places)
        }
    }
}

/// Fills in what the engine takes from the image when the container says nothing.
fn inherit(container: &mut Container, image: &Image, places: &mut PlaceTable) {
    inherit_user(container, image, places);
    if container.healthcheck.is_none()
        && let Some(healthcheck) = &image.config.healthcheck
    {
        container.healthcheck = Some(match healthcheck {
            Nullable::Null => Nullable::Null,
            Nullable::Value(healthcheck) => {
                let loc = adopt::at(container.loc, healthcheck.loc, places);
                let mut healthcheck = healthcheck.clone();
                healthcheck.loc = loc;
                Nullable::Value(healthcheck)
            }
        });
    }
    if container.working_dir == Some(Nullable::Null) {
        container.working_dir.clone_from(&image.config.working_dir);
    }
    inherit_environment(container, image, places);
}

fn inherit_user(container: &mut Container, image: &Image, places: &mut PlaceTable) {
    let user = &image.config.user;
    // The engine writes the image's user into a container that has none of its own.
    let same = container.source_type == "container"
        && container.user.text.is_some()
        && container.user.text == user.text;
    let silent = container.user.raw == Nullable::Null && container.user.is_root.is_none();
    if silent || same {
        let loc = adopt::at(container.loc, user.loc, places);
        container.user = User { loc, ..user.clone() };
    }
}

fn inherit_environment(container: &mut Container, image: &Image, places: &mut PlaceTable) {
    for variable in &image.config.env {
        let known = container.environment.iter_mut().find(|known| known.name == variable.name);
        match known {
            // As with the user: what an inspected container has of its image is not told apart.
            Some(known) if container.source_type == "container" => {
                if known.value == variable.value {
                    known.from = "image".into();
                }
            }
            Some(_) => {}
            None => {
                let loc = adopt::at(container.loc, variable.loc, places);
                let from = "image".into();
                container.environment.push(EnvVar { loc, from, ..variable.clone() });
            }
        }
    }
}
