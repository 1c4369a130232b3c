//! Which image a container runs, among the images of a run.
//!
//! By digest, by id, then by canonical reference: the surest first. What fits several different
//! images fits none.

use std::collections::HashMap;

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{ContainerImage, Image, ImageRef};

use crate::document::Document;

/// How many of the images that fit a container are named.
const MAX_CANDIDATES: usize = 10;

/// Where an image is among the documents of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Site {
    /// The image of that index of the document of that index.
    Given { document: usize, image: usize },
    /// What the build of that index makes, in the document of that index.
    Built { document: usize, build: usize },
}

/// What an image was found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// One image, and what told: `digest`, `id`, `reference`.
    One(Site, &'static str),
    /// Several that differ, by name, and how many more than are named.
    Several { names: Vec<String>, more: usize },
    /// None.
    None,
}

/// The images of a run.
#[derive(Debug, Default)]
pub(super) struct Images {
    rows: Vec<Row>,
    by_digest: HashMap<String, Vec<usize>>,
    by_id: HashMap<String, Vec<usize>>,
    by_reference: HashMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Row {
    site: Site,
    name: String,
    /// What tells it from other images: its id or digest; `None` for one that is not built yet.
    identity: Option<String>,
    /// Whether its files are known, too.
    complete: bool,
}

impl Images {
    /// Takes stock of the images that documents hold or build.
    pub(super) fn of(documents: &[Document]) -> Self {
        let mut images = Images::default();
        for (at, document) in documents.iter().enumerate() {
            if document.kind == "image" {
                for (index, image) in document.facts.images.iter().enumerate() {
                    images.given(Site::Given { document: at, image: index }, image);
                }
            }
            for (index, build) in document.builds.iter().enumerate() {
                let container = document.facts.containers.get(build.container);
                if let Some(container) = container {
                    images.built(Site::Built { document: at, build: index }, &container.image);
                }
            }
        }
        images
    }

    fn given(&mut self, site: Site, image: &Image) {
        let row = self.rows.len();
        let identity = image.image_id.clone().or_else(|| image.digest.clone());
        let complete = image.files.available;
        self.rows.push(Row { site, name: image.name.clone(), identity, complete });
        let add = |map: &mut HashMap<String, Vec<usize>>, key: &str| {
            let rows = map.entry(key.to_owned()).or_default();
            if rows.last() != Some(&row) {
                rows.push(row);
            }
        };
        let index = image.index_digest.as_ref().and_then(Nullable::value);
        for digest in image.digest.iter().chain(index) {
            add(&mut self.by_digest, digest);
            add(&mut self.by_id, digest);
        }
        if let Some(id) = &image.image_id {
            add(&mut self.by_id, id);
        }
        for reference in &image.refs {
            if let Some(Nullable::Value(digest)) = &reference.digest {
                add(&mut self.by_digest, digest);
            }
            if let Some(key) = of_reference(reference) {
                add(&mut self.by_reference, &key);
            }
        }
    }

    fn built(&mut self, site: Site, image: &ContainerImage) {
        let Some(key) = of_container(image) else { return };
        let row = self.rows.len();
        self.rows.push(Row { site, name: key.clone(), identity: None, complete: false });
        self.by_reference.entry(key).or_default().push(row);
    }

    /// The image that a container names.
    pub(super) fn find(&self, image: &ContainerImage) -> Match {
        let digest = image.digest.as_ref().and_then(Nullable::value);
        let by_digest = digest.and_then(|digest| self.by_digest.get(digest));
        let by_id = image.id.value().and_then(|id| self.by_id.get(id));
        // A digest says exactly which image: no other of the same name will do.
        let reference = of_container(image).filter(|_| digest.is_none());
        let by_reference = reference.and_then(|key| self.by_reference.get(&key));
        let found = [(by_digest, "digest"), (by_id, "id"), (by_reference, "reference")];
        let first = found.into_iter().find_map(|(rows, how)| Some((rows?, how)));
        first.map_or(Match::None, |(rows, how)| self.one(rows, how))
    }

    /// The one image that rows stand for, best the one whose files are known.
    fn one(&self, rows: &[usize], how: &'static str) -> Match {
        let rows: Vec<&Row> = rows.iter().filter_map(|&row| self.rows.get(row)).collect();
        let Some(first) = rows.first() else { return Match::None };
        let same = |row: &&Row| row.identity.is_some() && row.identity == first.identity;
        if rows.len() > 1 && !rows.iter().all(same) {
            let named = rows.len().min(MAX_CANDIDATES);
            let names = rows.iter().take(named).map(|row| row.name.clone()).collect();
            return Match::Several { names, more: rows.len() - named };
        }
        let best = rows.iter().find(|row| row.complete).unwrap_or(first);
        Match::One(best.site, how)
    }
}

/// The canonical name and tag that an image goes by.
fn of_reference(reference: &ImageRef) -> Option<String> {
    let is_untagged = reference.tag.as_ref()?.value().is_none();
    // A digest alone, as an engine keeps of what was pulled by it, is no name with `latest`.
    if is_untagged && reference.digest.as_ref().is_none_or(|digest| digest.value().is_some()) {
        return None;
    }
    canonical(reference.name.as_deref()?, reference.tag.as_ref()?)
}

/// The canonical name and tag of the image that a container names.
fn of_container(image: &ContainerImage) -> Option<String> {
    canonical(image.name.as_deref()?, image.tag.as_ref()?)
}

/// Without a tag, an engine takes `latest`.
fn canonical(name: &str, tag: &Nullable<String>) -> Option<String> {
    Some(format!("{name}:{}", tag.value().map_or("latest", String::as_str)))
}
