//! From images to facts.

mod config;
mod files;
mod history;

use std::collections::HashSet;
use std::sync::Arc;

use plimsoll_sdk::facts::{
    self, Attestation, Base, Facts, Image, ImageFiles, ImageRef, Label, Layer,
};
use plimsoll_sdk::{Loc, Nullable};

use super::KIND;
use super::built::Built;
use super::limits;
use super::manifest::Annotation;
use super::overlay::{self, Overlay};
use super::reference;
use super::shape::{Json, Shape};
use super::store::{Content, LayerBlob, Store};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, PlaceTable};
use crate::notation::platform::Platform;
use crate::source::{Place, Source};
pub(super) use history::HistoryLine;

/// Annotations, and labels, that name what an image is built on.
/// <https://github.com/opencontainers/image-spec/blob/main/annotations.md>
const BASE_NAME: &str = "org.opencontainers.image.base.name";
const BASE_DIGEST: &str = "org.opencontainers.image.base.digest";

/// What is being built up.
pub(super) struct Lowering<'a> {
    places: PlaceTable,
    problems: &'a mut Vec<Diagnostic>,
    images: Vec<Image>,
    references: Vec<ImageRef>,
    /// Names among them.
    named: HashSet<String>,
    /// Bytes of configurations that may still be lowered.
    bytes_left: usize,
    /// Files, accounts and packages that may still be listed.
    entries_left: usize,
    /// Entries of layers that may still be laid on one another: images may share them.
    effects_left: usize,
}

impl<'a> Lowering<'a> {
    /// For a document whose main text is this one.
    pub(super) fn new(source: &Arc<Source>, problems: &'a mut Vec<Diagnostic>) -> Self {
        Lowering {
            places: PlaceTable::new(source),
            problems,
            images: Vec::new(),
            references: Vec::new(),
            named: HashSet::new(),
            bytes_left: limits::LOWERED_BYTES,
            entries_left: limits::LISTED_TOTAL,
            effects_left: 4 * limits::ENTRIES,
        }
    }

    /// The document of what was lowered.
    pub(super) fn finish(self, name: &str, sources: Vec<Arc<Source>>) -> Document {
        let images = self.images;
        let facts = Facts { images, references: self.references, ..Facts::new(KIND, name) };
        Document::new(KIND, sources, facts, self.places)
    }

    /// Says what is wrong.
    pub(super) fn problem(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    pub(super) fn shape<'j>(&'j mut self, json: &'j Json) -> Shape<'j> {
        Shape { source: &json.source, problems: self.problems }
    }

    /// Adds an image whose blobs are not at hand.
    pub(super) fn described(&mut self, built: Built) {
        self.image(built, &mut Store::new("", None));
    }

    /// Adds an image of which only the history is known.
    pub(super) fn only_history(&mut self, built: Built, lines: &[HistoryLine<'_>]) {
        self.described(built);
        if let Some(mut image) = self.images.pop() {
            image.incomplete.retain(|list| list != "history" && list != "installs");
            self.lines(&mut image, lines);
            self.images.push(image);
        }
    }

    /// Adds an image.
    pub(super) fn image(&mut self, mut built: Built, store: &mut Store) {
        let length = built.config.as_ref().map_or(0, |json| json.source.text().len());
        let Some(left) = self.bytes_left.checked_sub(length) else {
            let message = "there are too many images with long configurations in it";
            self.problems.push(Diagnostic::error(message).at(built.place.clone()));
            return;
        };
        self.bytes_left = left;
        let loc = self.places.object_at(None, &built.place);
        let config = built.config.take();
        let refs = self.refs(loc, &built);
        let annotations = built.annotations.iter().map(|a| self.label(loc, a)).collect();
        let mut image = self.empty(loc, &built, config.as_ref());
        self.origins(loc, &refs);
        image.refs = refs;
        image.annotations = annotations;
        image.platform = built.platform.as_ref().map(platform);
        if built.first_form {
            self.first_form(&mut image, &built.older);
        } else if let Some(config) = &config {
            self.history(&mut image, config);
        }
        let blobs: Vec<Option<String>> = built.layers.iter().map(|l| l.blob.clone()).collect();
        self.layers(&mut image, &built, config.as_ref(), store);
        for path in blobs.iter().flatten() {
            store.at(path);
        }
        let layers: Vec<Option<&LayerBlob>> =
            blobs.iter().map(|path| store.layer(path.as_deref()?)).collect();
        self.contents(&mut image, &layers, built.has_blobs);
        if let Some(config) = &config {
            self.configuration(&mut image, &built, config);
        }
        self.base(&mut image, &built);
        let statements = built.statements.iter().map(|statement| Attestation {
            loc: self.places.object_at(Some(loc), &statement.place),
            predicate_type: statement.predicate_type.clone(),
            builder_id: statement.builder_id.clone().map(Nullable::from),
            digest: statement.digest.clone(),
        });
        image.attestations = statements.collect();
        self.images.push(image);
    }

    fn empty(&mut self, loc: Loc, built: &Built, config: Option<&Json>) -> Image {
        let place = config
            .map_or_else(|| built.place.clone(), |json| Place::new(&json.source, json.node.span));
        let base = self.places.object_within(loc, built.place.span);
        let files = self.places.object_within(loc, built.place.span);
        let mut incomplete = Vec::new();
        for (list, known) in [
            ("refs", built.names_known),
            ("annotations", built.annotations_known),
            ("layers", built.layers_known || config.is_some()),
            ("history", config.is_some()),
            ("installs", config.is_some()),
            ("attestations", built.statements_known),
        ] {
            if !known {
                incomplete.push(list.to_owned());
            }
        }
        let sizes: Option<Vec<u64>> = built.layers.iter().map(|layer| layer.size).collect();
        let size = sizes.filter(|_| built.layers_known).map(|sizes| sizes.iter().sum());
        let config_loc = self.places.object_at(Some(loc), &place);
        Image {
            loc,
            name: name(built),
            source_type: built.source_type.into(),
            refs: Vec::new(),
            digest: built.digest.clone(),
            index_digest: built.index_digest.clone().map(Nullable::from),
            image_id: built.config_digest.clone(),
            id_kind: built.config_digest.is_some().then(|| "config".to_owned()),
            media_type: built.media_type.clone().map(Nullable::from),
            created: None,
            created_reproducible: None,
            author: None,
            base: Base {
                loc: base,
                raw: "unknown".into(),
                kind: None,
                name: None,
                familiar: None,
                tag: None,
                digest: None,
                chain: Vec::new(),
                evidence: "unknown".into(),
            },
            config: config::unknown(&mut self.places, config_loc, place.span),
            platform: None,
            annotations: Vec::new(),
            layers: Vec::new(),
            size_bytes: size,
            size_kind: size.map(|_| "compressed".to_owned()),
            history: Vec::new(),
            installs: Vec::new(),
            files: ImageFiles::unknown(files),
            packages: Vec::new(),
            os_release: None,
            attestations: Vec::new(),
            incomplete,
        }
    }

    fn refs(&mut self, image: Loc, built: &Built) -> Vec<ImageRef> {
        let names = built.names.iter().take(limits::LISTED);
        names
            .map(|name| reference::fact(&mut self.places, image, &name.place, "name", &name.text))
            .collect()
    }

    /// Adds names to the references, each once however many platforms go by it.
    fn origins(&mut self, image: Loc, names: &[ImageRef]) {
        for mut name in crate::document::reference::origins(names) {
            let Some(place) = self.places.place(name.loc) else { continue };
            if self.named.insert(name.raw.clone()) {
                name.loc = self.places.object_at(Some(image), &place);
                self.references.push(name);
            }
        }
    }

    fn label(&mut self, parent: Loc, annotation: &Annotation) -> Label {
        let source = &annotation.place.source;
        let span = annotation.key_span.cover(annotation.place.span);
        let loc = self.places.object_in(Some(parent), source, span);
        self.places.field(loc, "key", annotation.key_span);
        self.places.field(loc, "value", annotation.place.span);
        let (key, value) = (Some(annotation.key.clone()), Some(annotation.value.clone()));
        Label { loc, key, value, variables: Vec::new() }
    }

    /// Layers, matched with the configuration's `diff_ids` and with the history.
    fn layers(
        &mut self,
        image: &mut Image,
        built: &Built,
        config: Option<&Json>,
        store: &mut Store,
    ) {
        let diff_ids = config.map(|json| self.diff_ids(json));
        if let Some(ids) = &diff_ids
            && built.layers_known
            && !built.first_form
            && ids.len() != built.layers.len()
        {
            let (ids, layers) = (ids.len(), built.layers.len());
            let message = format!("the configuration lists {ids} layers, and there are {layers}");
            self.problems.push(Diagnostic::error(message).at(built.place.clone()));
        }
        let count = if built.layers_known {
            built.layers.len()
        } else {
            diff_ids.as_ref().map_or(0, Vec::len)
        };
        let mut unpacked_total = Some(0_u64);
        for index in 0..count {
            let described = built.layers.get(index);
            let diff_id = diff_ids.as_ref().and_then(|ids| ids.get(index));
            let place = described.map(|layer| layer.place.clone());
            let place = place.or_else(|| diff_id.map(|(_, place)| place.clone()));
            let place = place.unwrap_or_else(|| built.place.clone());
            let blob = described.and_then(|layer| layer.blob.clone());
            let (found, unpacked, available) =
                blob.map_or((None, None, false), |path| self.checked(&path, &place, store));
            let said = diff_id.map(|(id, _)| id.clone());
            if let (Some(found), Some(said)) = (&found, &said)
                && found != said
            {
                let message = format!("the unpacked layer has the digest {found}, not {said}");
                self.problems.push(Diagnostic::error(message).at(place.clone()));
            }
            unpacked_total = unpacked_total.zip(unpacked).map(|(total, layer)| total + layer);
            let history_index = layer_history(image, index, count);
            image.layers.push(Layer {
                loc: self.places.object_at(Some(image.loc), &place),
                index: narrow(index),
                digest: described.and_then(|layer| layer.digest.clone()),
                diff_id: said.or(found),
                media_type: described.and_then(|layer| layer.media_type.clone()),
                size_bytes: described.and_then(|layer| layer.size),
                unpacked_bytes: unpacked,
                history_index,
                available,
            });
        }
        let made: Vec<usize> = (0..image.history.len())
            .filter(|index| image.history.get(*index).is_some_and(|line| !line.empty_layer))
            .collect();
        if made.len() == count {
            for (layer, line) in made.into_iter().enumerate() {
                if let Some(line) = image.history.get_mut(line) {
                    line.layer = Some(Nullable::Value(narrow(layer)));
                }
            }
        }
        if image.size_bytes.is_none() && built.has_blobs {
            image.size_bytes = unpacked_total;
            image.size_kind = unpacked_total.map(|_| "unpacked".into());
        }
    }

    /// The digest and length of an unpacked layer, and whether all of it was read.
    fn checked(
        &mut self,
        path: &str,
        place: &Place,
        store: &mut Store,
    ) -> (Option<String>, Option<u64>, bool) {
        let unread = |why: &str| {
            Diagnostic::error(format!("the layer `{path}` cannot be used: {why}")).at(place.clone())
        };
        let Some(blob) = store.at(path) else { return (None, None, false) };
        if blob.tampered {
            self.problems.push(unread(&format!("its digest is {}", blob.digest)));
            return (None, None, false);
        }
        let layer = match &blob.content {
            Content::Layer(layer) => layer,
            Content::Unread(why) => {
                self.problems.push(unread(why));
                return (None, None, false);
            }
            Content::Json(_) | Content::Other => {
                self.problems.push(unread("it is no tar archive"));
                return (None, None, false);
            }
        };
        for warning in &layer.files.warnings {
            let message = format!("the layer `{path}` is odd: {warning}");
            self.problems.push(Diagnostic::warning(message).at(place.clone()));
        }
        if let Some(why) = &layer.files.unread {
            self.problems.push(unread(why));
        }
        let (digest, size) = layer.unpacked.clone().unzip();
        // What was read of a damaged layer is still true; it is not all.
        (digest, size, layer.files.unread.is_none())
    }

    fn diff_ids(&mut self, json: &Json) -> Vec<(String, Place)> {
        let mut shape = self.shape(json);
        let Some(rootfs) = shape.object(&json.node, "rootfs") else { return Vec::new() };
        let ids = shape.texts(rootfs, "diff_ids");
        ids.into_iter().map(|(id, node)| (id.to_owned(), shape.place(node.span))).collect()
    }

    /// What the layers hold.
    fn contents(&mut self, image: &mut Image, blobs: &[Option<&LayerBlob>], has_blobs: bool) {
        let effects = blobs.iter().flatten().map(|blob| blob.files.effects.len()).sum();
        let Some(left) = self.effects_left.checked_sub(effects) else {
            let place = self.places.place(image.loc);
            let problem = Diagnostic::error("there are too many images with many files in it");
            self.problems.push(match place {
                Some(place) => problem.at(place),
                None => problem,
            });
            image.incomplete.push("packages".into());
            return;
        };
        self.effects_left = left;
        let available = has_blobs && image.layers.iter().all(|layer| layer.available);
        let files: Vec<_> = blobs.iter().map(|blob| blob.map(|blob| &blob.files)).collect();
        let overlay: Overlay<'_> = overlay::lay(&files);
        self.overlay(image, &overlay, available && blobs.iter().all(Option::is_some));
    }

    /// What the image is built on, if an annotation or a label says so.
    fn base(&mut self, image: &mut Image, built: &Built) {
        let annotated = built.annotations.iter().find(|a| a.key == BASE_NAME);
        let labels = &image.config.labels;
        let label = |key: &str| labels.iter().find(|label| label.key.as_deref() == Some(key));
        let (raw, place, evidence) = match (annotated, label(BASE_NAME)) {
            (Some(annotation), _) => {
                (annotation.value.clone(), Some(annotation.place.clone()), "annotation")
            }
            (None, Some(label)) => {
                let raw = plimsoll_sdk::finding::RawPlace {
                    loc: label.loc,
                    field: Some("value".into()),
                    item: None,
                };
                (label.value.clone().unwrap_or_default(), self.places.resolve(&raw), "label")
            }
            (None, None) => return,
        };
        let Some(place) = place.filter(|_| !raw.is_empty()) else { return };
        let digest = built.annotations.iter().find(|a| a.key == BASE_DIGEST);
        let digest = digest.map(|annotation| annotation.value.clone());
        let digest = digest.or_else(|| label(BASE_DIGEST)?.value.clone());
        let mut reference = reference::fact(&mut self.places, image.loc, &place, "base", &raw);
        if let (Some(Nullable::Null), Some(digest)) = (&reference.digest, digest) {
            reference.digest = Some(Nullable::Value(digest));
        }
        if raw == "scratch" {
            reference =
                ImageRef { kind: Some("scratch".into()), name: None, familiar: None, ..reference };
        }
        image.base = Base {
            loc: self.places.object_at(Some(image.loc), &place),
            raw,
            kind: reference.kind.clone(),
            name: reference.name.clone(),
            familiar: reference.familiar.clone(),
            tag: reference.tag.clone(),
            digest: reference.digest.clone(),
            chain: Vec::new(),
            evidence: evidence.into(),
        };
        if reference.kind.as_deref() == Some("image") {
            self.references.push(reference);
        }
    }
}

/// The line of the history that made a layer: the lines that made one, in order, when there are as
/// many as layers.
fn layer_history(image: &Image, layer: usize, count: usize) -> Option<Nullable<u32>> {
    if image.history.is_empty() {
        return None;
    }
    let mut made = image.history.iter().filter(|line| !line.empty_layer);
    if made.clone().count() != count {
        return Some(Nullable::Null);
    }
    Some(made.nth(layer).map(|line| line.index).into())
}

/// A name to call an image by.
fn name(built: &Built) -> String {
    let name = built.names.first().map(|name| name.text.clone());
    let digest = built.digest.as_ref().or(built.config_digest.as_ref());
    let name = name.or_else(|| digest.cloned());
    let name = name.unwrap_or_else(|| built.place.source.name().to_owned());
    match &built.platform {
        Some(platform) if built.listed => {
            format!("{name} ({})", platform.short())
        }
        _ => name,
    }
}

fn platform(platform: &Platform) -> facts::Platform {
    facts::Platform {
        os: platform.os.clone(),
        architecture: platform.architecture.clone(),
        variant: platform.variant.clone().into(),
    }
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
