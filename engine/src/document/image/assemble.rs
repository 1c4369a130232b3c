//! From blobs to images: indexes, manifests and configurations followed to what they lead to.
//!
//! A blob that is missing, has another digest than its name, or is no JSON where it should be, is an
//! error, and makes no image.

use std::collections::HashSet;
use std::sync::Arc;

use super::built::{Built, BuiltLayer, Name, Statement};
use super::limits;
use super::loose;
use super::manifest::{Annotation, Descriptor, JsonKind, Manifest, is_index, is_manifest};
use super::shape::{self, Json, Shape};
use super::store::{Content, Store};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml::Node;

/// Docker's annotation of manifests of statements, and of what they are about.
/// <https://docs.docker.com/build/metadata/attestations/attestation-storage/>
const REFERENCE_TYPE: &str = "vnd.docker.reference.type";
const REFERENCE_DIGEST: &str = "vnd.docker.reference.digest";
const PREDICATE_TYPE: &str = "in-toto.io/predicate-type";
const REF_NAME: &str = "org.opencontainers.image.ref.name";
const CONTAINERD_NAME: &str = "io.containerd.image.name";

/// Follows what a store holds.
pub(super) struct Assembly<'a> {
    pub(super) store: &'a mut Store,
    pub(super) problems: &'a mut Vec<Diagnostic>,
    pub(super) images: Vec<Built>,
    pub(super) sources: Vec<Arc<Source>>,
    source_type: &'static str,
    statements: Vec<Statement>,
    /// Digests of the indexes that lead to the one at hand, and of everything that was read.
    seen: HashSet<String>,
}

/// What an index hands down to what it lists.
#[derive(Clone, Debug, Default)]
struct Inherited {
    index_digest: Option<String>,
    names: Vec<Name>,
    depth: usize,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(store: &'a mut Store, problems: &'a mut Vec<Diagnostic>) -> Self {
        Assembly {
            store,
            problems,
            images: Vec::new(),
            sources: Vec::new(),
            source_type: "oci_layout",
            statements: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Finds the images of a layout or an archive.
    pub(super) fn run(&mut self) {
        let has_save = self.store.at("manifest.json").is_some();
        let has_index = self.store.at("index.json").is_some();
        if has_save {
            self.source_type = "docker_save";
        }
        if has_index {
            self.layout();
        }
        if has_save {
            self.docker_save();
        }
        if !has_save && !has_index {
            let help = "an image has an `index.json` (OCI) or a `manifest.json` (docker save)";
            self.problems.push(Diagnostic::error("there is no image in it").help(help));
            return;
        }
        for statement in std::mem::take(&mut self.statements) {
            let about = |image: &&mut Built| image.digest.as_ref() == Some(&statement.subject);
            if let Some(image) = self.images.iter_mut().find(about) {
                image.statements.push(statement);
            }
        }
        if self.images.is_empty() && self.problems.iter().all(is_harmless) {
            self.problems.push(Diagnostic::error("there is no image in it"));
        }
    }

    fn layout(&mut self) {
        if let Some(json) = self.json("oci-layout", None) {
            self.shape(&json).layout(&json);
        }
        if let Some(json) = self.json("index.json", None) {
            self.index(&json, &Inherited::default());
        }
    }

    fn shape<'j>(&'j mut self, json: &'j Json) -> Shape<'j> {
        Shape { source: &json.source, problems: self.problems }
    }

    /// The JSON at a path. What is wrong with it is said at `place`, or at itself.
    fn json(&mut self, path: &str, place: Option<&Place>) -> Option<Json> {
        let blob = self.store.at(path)?;
        let (why, source) = match &blob.content {
            Content::Json(source) if !blob.tampered => (String::new(), Some(Arc::clone(source))),
            _ if blob.tampered => (format!("its digest is {}", blob.digest), None),
            Content::Unread(why) => (why.clone(), None),
            _ => ("it is no JSON".to_owned(), None),
        };
        let Some(source) = source else {
            let mut problem = Diagnostic::error(format!("`{path}` cannot be used: {why}"));
            problem = match place {
                Some(place) => problem.at(place.clone()),
                None => problem,
            };
            self.problems.push(problem);
            return None;
        };
        if !self.sources.iter().any(|known| Arc::ptr_eq(known, &source)) {
            self.sources.push(Arc::clone(&source));
        }
        shape::parse(&source, self.problems)
    }

    /// The path of the blob that a descriptor leads to. Its size is compared.
    fn resolve(&mut self, descriptor: &Descriptor) -> Option<String> {
        let digest = descriptor.digest.as_deref()?;
        let path = self.store.path_of(digest)?;
        let size = self.store.at(&path).map(|blob| blob.size)?;
        if let Some(said) = descriptor.size.filter(|said| *said != size) {
            let message = format!("the blob has {size} bytes, not {said}");
            self.problems.push(Diagnostic::error(message).at(descriptor.place.clone()));
        }
        Some(path)
    }

    fn missing(&mut self, descriptor: &Descriptor, what: &str) {
        if let Some(digest) = &descriptor.digest {
            let place = Place::new(&descriptor.place.source, descriptor.digest_span);
            let message = format!("{what} {digest} is not there");
            self.problems.push(Diagnostic::error(message).at(place));
        }
    }

    fn index(&mut self, json: &Json, inherited: &Inherited) {
        let index = self.shape(json).index(json);
        let mut missing = Vec::new();
        let before = self.images.len();
        for descriptor in &index.manifests {
            if self.images.len() >= limits::IMAGES {
                let message = format!("it has more than {} images", limits::IMAGES);
                self.problems.push(Diagnostic::error(message).at(descriptor.place.clone()));
                return;
            }
            let media_type = descriptor.media_type.as_deref().unwrap_or_default();
            match self.resolve(descriptor) {
                Some(path) => self.listed(descriptor, &path, inherited),
                None if is_index(media_type) || is_manifest(media_type) => {
                    missing.push(descriptor);
                }
                None => {
                    let message = format!("nothing is known of media type `{media_type}`");
                    let warning = Diagnostic::warning(message).at(descriptor.place.clone());
                    self.problems.push(warning);
                }
            }
        }
        // `docker save` of one platform keeps an index that lists all of them.
        let partial =
            inherited.depth > 0 && self.source_type == "docker_save" && self.images.len() > before;
        for descriptor in missing.into_iter().filter(|_| !partial) {
            self.missing(descriptor, "the manifest");
        }
    }

    /// Reads what an index lists.
    fn listed(&mut self, descriptor: &Descriptor, path: &str, inherited: &Inherited) {
        let mut inherited = inherited.clone();
        inherited.names.extend(names(descriptor));
        let digest = descriptor.digest.clone().unwrap_or_default();
        if inherited.depth >= limits::INDEX_DEPTH {
            let message = "indexes are nested too deeply";
            self.problems.push(Diagnostic::error(message).at(descriptor.place.clone()));
            return;
        }
        // Several names for one image are several entries of an index.
        if !self.seen.insert(digest.clone()) {
            self.name_again(&digest, &inherited.names);
            return;
        }
        let Some(json) = self.json(path, Some(&descriptor.place)) else { return };
        let media_type = descriptor.media_type.as_deref().unwrap_or_default();
        let kind = JsonKind::of(&json.node);
        if is_index(media_type) || kind == Some(JsonKind::Index) {
            inherited.index_digest = Some(digest);
            inherited.depth += 1;
            self.index(&json, &inherited);
        } else if is_manifest(media_type) || kind == Some(JsonKind::Manifest) {
            self.manifest(&json, descriptor, &inherited);
        } else {
            let message = format!("nothing is known of media type `{media_type}`");
            self.problems.push(Diagnostic::warning(message).at(descriptor.place.clone()));
        }
    }

    fn name_again(&mut self, digest: &str, names: &[Name]) {
        let known = |image: &&mut Built| {
            image.digest.as_deref() == Some(digest)
                || image.index_digest.as_ref().and_then(Option::as_deref) == Some(digest)
        };
        for image in self.images.iter_mut().filter_map(|image| Some(image).filter(known)) {
            names.iter().for_each(|name| image.add_name(name.clone()));
        }
    }

    fn manifest(&mut self, json: &Json, descriptor: &Descriptor, inherited: &Inherited) {
        let manifest = self.shape(json).manifest(json);
        let digest = descriptor.digest.clone().unwrap_or_default();
        if descriptor.annotation(REFERENCE_TYPE) == Some("attestation-manifest") {
            if let Some(subject) = descriptor.annotation(REFERENCE_DIGEST) {
                self.statements(&manifest, subject);
            }
            return;
        }
        if !manifest.is_image() {
            // Signatures, software bills of materials, charts: what registries keep beside images.
            if let Some(subject) = manifest.subject.clone() {
                let predicate_type = manifest.artifact_type.clone();
                let place = manifest.place.clone();
                let builder_id = None;
                self.statements.push(Statement {
                    subject,
                    place,
                    predicate_type,
                    builder_id,
                    digest,
                });
            }
            return;
        }
        let mut image = Built::new(self.source_type, manifest.place.clone());
        image.digest = Some(digest);
        image.index_digest = Some(inherited.index_digest.clone());
        inherited.names.iter().for_each(|name| image.add_name(name.clone()));
        image.names_known = true;
        image.platform = descriptor.platform.clone();
        image.annotations = annotations(&manifest, descriptor);
        image.statements_known = true;
        image.listed = inherited.index_digest.is_some();
        image.describe(&manifest);
        // `docker save` writes Docker's own configuration under OCI's media type.
        image.has_healthcheck |= self.source_type == "docker_save";
        let Some(config) = &manifest.config else { return };
        let Some(path) = self.resolve(config) else {
            self.missing(config, "the configuration");
            return;
        };
        let Some(json) = self.json(&path, Some(&config.place)) else { return };
        image.config = Some(json);
        for (layer, descriptor) in image.layers.iter_mut().zip(&manifest.layers) {
            layer.blob = self.layer_blob(descriptor);
        }
        image.has_blobs = true;
        self.images.push(image);
    }

    fn layer_blob(&mut self, descriptor: &Descriptor) -> Option<String> {
        let path = self.resolve(descriptor);
        if path.is_none() {
            let media_type = descriptor.media_type.as_deref().unwrap_or_default();
            // Layers that may not be distributed are fetched from elsewhere.
            if descriptor.urls || media_type.contains("foreign") || media_type.contains("nondist") {
                let message = "this layer is kept elsewhere: nothing is known of its files";
                let warning = Diagnostic::warning(message).at(descriptor.place.clone());
                self.problems.push(warning);
            } else {
                self.missing(descriptor, "the layer");
            }
        }
        path
    }

    /// Statements of Docker's builder: a manifest whose layers are in-toto statements.
    fn statements(&mut self, manifest: &Manifest, subject: &str) {
        for layer in &manifest.layers {
            let Some(digest) = layer.digest.clone() else { continue };
            let path = self.resolve(layer);
            if path.is_none() {
                self.missing(layer, "the statement");
            }
            let mut predicate_type = layer.annotation(PREDICATE_TYPE).map(str::to_owned);
            let mut builder_id = None;
            let provenance =
                predicate_type.as_deref().is_none_or(|text| text.contains("provenance"));
            let readable = path.filter(|_| provenance).filter(|path| {
                let blob = self.store.at(path);
                blob.is_some_and(|blob| matches!(blob.content, Content::Json(_)))
            });
            if let Some(json) = readable.and_then(|path| self.json(&path, Some(&layer.place))) {
                let said = string_at(&json.node, &["predicateType"]);
                predicate_type = predicate_type.or(said);
                let paths: [&[&str]; 2] = [
                    &["predicate", "runDetails", "builder", "id"],
                    &["predicate", "builder", "id"],
                ];
                let id = paths.iter().find_map(|path| string_at(&json.node, path));
                builder_id = Some(id.filter(|id| !id.is_empty()));
            }
            let subject = subject.to_owned();
            let place = layer.place.clone();
            self.statements.push(Statement { subject, place, predicate_type, builder_id, digest });
        }
    }

    /// `manifest.json`: a list of `{Config, RepoTags, Layers}`, paths of the archive.
    /// <https://github.com/moby/docker-image-spec/blob/main/spec.md>
    fn docker_save(&mut self) {
        let Some(json) = self.json("manifest.json", None) else { return };
        let crate::yaml::Value::Seq(items) = &json.node.value else {
            let place = Place::new(&json.source, json.node.span);
            self.problems.push(Diagnostic::error("`manifest.json` is no list").at(place));
            return;
        };
        for item in items.iter().take(limits::IMAGES) {
            self.saved(&json, item);
        }
    }

    fn saved(&mut self, json: &Json, item: &Node) {
        let mut shape = Shape { source: &json.source, problems: self.problems };
        shape.required(item, "Config");
        shape.required_list(item, "Layers");
        let config = shape.text(item, "Config").map(|(text, node)| (text, shape.place(node.span)));
        let names = loose::names(&mut shape, item);
        let layers: Vec<(String, Place)> = shape
            .texts(item, "Layers")
            .into_iter()
            .take(limits::LAYERS)
            .map(|(text, node)| (text.to_owned(), shape.place(node.span)))
            .collect();
        let place = shape.place(item.span);
        let Some((config_path, config_place)) = config else { return };
        let Some(blob) = self.store.at(config_path) else {
            let message = format!("the configuration `{config_path}` is not there");
            self.problems.push(Diagnostic::error(message).at(config_place));
            return;
        };
        let config_digest = blob.digest.clone();
        let known = |image: &&mut Built| image.config_digest.as_ref() == Some(&config_digest);
        if let Some(image) = self.images.iter_mut().find(known) {
            names.into_iter().for_each(|name| image.add_name(name));
            return;
        }
        let Some(config) = self.json(config_path, Some(&config_place)) else { return };
        let mut image = Built::new(self.source_type, place);
        image.names = names;
        image.names_known = true;
        image.index_digest = Some(None);
        image.config_digest = Some(config_digest);
        image.config = Some(config);
        image.layers_known = true;
        image.has_blobs = true;
        image.layers = layers
            .into_iter()
            .map(|(path, place)| {
                let there = self.store.at(&path).is_some();
                if !there {
                    let message = format!("the layer `{path}` is not there");
                    self.problems.push(Diagnostic::error(message).at(place.clone()));
                }
                let blob = there.then_some(path);
                BuiltLayer { place, digest: None, media_type: None, size: None, blob }
            })
            .collect();
        self.images.push(image);
    }
}

fn is_harmless(problem: &Diagnostic) -> bool {
    problem.level != crate::diagnostic::Level::Error
}

/// The names that an entry of an index gives. A tag alone names nothing that could be pulled.
fn names(descriptor: &Descriptor) -> Vec<Name> {
    let of = |key: &str| descriptor.annotations.iter().find(|annotation| annotation.key == key);
    let full = of(CONTAINERD_NAME);
    let name = full.or_else(|| of(REF_NAME).filter(|name| name.value.contains(['/', ':'])));
    let name = name.map(|name| Name { text: name.value.clone(), place: name.place.clone() });
    name.into_iter().collect()
}

/// Annotations of a manifest, and those of the entry that leads to it.
fn annotations(manifest: &Manifest, descriptor: &Descriptor) -> Vec<Annotation> {
    let mut all = manifest.annotations.clone();
    for annotation in &descriptor.annotations {
        if all.iter().all(|known| known.key != annotation.key) {
            all.push(annotation.clone());
        }
    }
    all
}

fn string_at(node: &Node, path: &[&str]) -> Option<String> {
    let found = path.iter().try_fold(node, |node, name| shape::get(node, name))?;
    match &found.value {
        crate::yaml::Value::Str(text) => Some(text.clone()),
        _ => None,
    }
}
