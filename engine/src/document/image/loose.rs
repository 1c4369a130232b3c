//! JSON texts of the image world, each for itself: nothing that they lead to is at hand.

use std::sync::Arc;

use super::bounded;
use super::built::{Built, BuiltLayer, Name, Statement};
use super::limits;
use super::lower::{HistoryLine, Lowering};
use super::manifest::{Descriptor, JsonKind, is_digest, is_index};
use super::shape::{self, Json, Shape};
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::json;
use crate::notation::size;
use crate::source::{Place, Source};
use crate::yaml::{Node, Value};

const SOURCE_TYPE: &str = "registry_manifest";

/// Reads a text.
pub(super) fn read(source: &Arc<Source>) -> Document {
    let limits = json::Limits { depth: 64, nodes: limits::JSON_NODES };
    let stream = json::parse_stream(source, limits);
    let mut problems = stream.problems;
    if stream.nodes.is_empty() && problems.is_empty() {
        problems.push(Diagnostic::error(format!("`{}` is empty", source.name())));
    }
    let mut lowering = Lowering::new(source, &mut problems);
    let json = |node: Node| Json { source: Arc::clone(source), node: Arc::new(node) };
    let first = stream.nodes.first().and_then(JsonKind::of);
    if first == Some(JsonKind::HistoryLine) {
        // Docker prints the newest first.
        let lines: Vec<Json> = stream.nodes.into_iter().rev().map(json).collect();
        history(&mut lowering, &lines);
    } else {
        for node in stream.nodes {
            let kind = JsonKind::of(&node);
            one(&mut lowering, &json(node), kind);
        }
    }
    let mut document = lowering.finish(source.name(), vec![Arc::clone(source)]);
    document.problems = bounded(problems);
    document
}

fn one(lowering: &mut Lowering<'_>, json: &Json, kind: Option<JsonKind>) {
    match kind {
        Some(JsonKind::Index) => index(lowering, json),
        Some(JsonKind::Manifest) => manifest(lowering, json),
        Some(JsonKind::Config) => config(lowering, json),
        Some(JsonKind::Schema1) => schema1(lowering, json),
        Some(JsonKind::DockerSave) => docker_save(lowering, json),
        Some(JsonKind::Layout) => lowering.shape(json).layout(json),
        Some(JsonKind::HistoryLine) | None => {
            let message = "this is no manifest, index, configuration or history of an image";
            lowering.shape(json).error(json.node.span, message);
        }
    }
}

fn index(lowering: &mut Lowering<'_>, json: &Json) {
    let index = lowering.shape(json).index(json);
    let is_statement = |descriptor: &Descriptor| {
        descriptor.annotation("vnd.docker.reference.type") == Some("attestation-manifest")
    };
    let (statements, listed): (Vec<_>, Vec<_>) =
        index.manifests.into_iter().partition(is_statement);
    for descriptor in listed.into_iter().take(limits::IMAGES) {
        if descriptor.media_type.as_deref().is_some_and(is_index) {
            let message = "this index lists another one, whose images are not known";
            lowering.problem(Diagnostic::warning(message).at(descriptor.place.clone()));
            continue;
        }
        let mut built = Built::new(SOURCE_TYPE, descriptor.place.clone());
        built.digest.clone_from(&descriptor.digest);
        built.media_type = Some(descriptor.media_type.clone());
        built.platform.clone_from(&descriptor.platform);
        built.annotations.clone_from(&descriptor.annotations);
        built.listed = true;
        built.statements_known = true;
        let about = |statement: &&Descriptor| {
            statement.annotation("vnd.docker.reference.digest") == built.digest.as_deref()
        };
        built.statements = statements
            .iter()
            .filter(about)
            .map(|statement| Statement {
                subject: built.digest.clone().unwrap_or_default(),
                place: statement.place.clone(),
                predicate_type: None,
                builder_id: None,
                digest: statement.digest.clone().unwrap_or_default(),
            })
            .collect();
        lowering.described(built);
    }
}

fn manifest(lowering: &mut Lowering<'_>, json: &Json) {
    let manifest = lowering.shape(json).manifest(json);
    if !manifest.is_image() {
        let message = "this is the manifest of something else than an image";
        lowering.shape(json).warning(json.node.span, message);
        return;
    }
    let mut built = Built::new(SOURCE_TYPE, manifest.place.clone());
    built.describe(&manifest);
    built.annotations.clone_from(&manifest.annotations);
    lowering.described(built);
}

fn config(lowering: &mut Lowering<'_>, json: &Json) {
    let mut built = Built::new("image_config", Place::new(&json.source, json.node.span));
    // Which of the two it is cannot be told; a health check that is there can.
    built.has_healthcheck = false;
    built.config = Some(json.clone());
    lowering.described(built);
}

fn docker_save(lowering: &mut Lowering<'_>, json: &Json) {
    let Value::Seq(items) = &json.node.value else { return };
    for item in items.iter().take(limits::IMAGES) {
        let mut shape = lowering.shape(json);
        let mut built = Built::new("docker_save", shape.place(item.span));
        built.names = names(&mut shape, item);
        built.names_known = true;
        let layers = shape.texts(item, "Layers");
        let layer = |(_, node): (&str, &Node)| BuiltLayer {
            place: Place::new(&json.source, node.span),
            digest: None,
            media_type: None,
            size: None,
            blob: None,
        };
        built.layers = layers.into_iter().take(limits::LAYERS).map(layer).collect();
        built.layers_known = true;
        lowering.described(built);
    }
}

/// The names of an entry of `manifest.json`.
pub(super) fn names(shape: &mut Shape<'_>, item: &Node) -> Vec<Name> {
    let tags = shape.texts(item, "RepoTags");
    let name =
        |(text, node): (&str, &Node)| Name { text: text.to_owned(), place: shape.place(node.span) };
    tags.into_iter().map(name).collect()
}

/// Docker's first form of manifest, newest layer first. Each layer has its configuration as a text;
/// that of the newest is the image's.
/// <https://distribution.github.io/distribution/spec/deprecated-schema-v1/>
fn schema1(lowering: &mut Lowering<'_>, json: &Json) {
    let node = &*json.node;
    let mut shape = lowering.shape(json);
    let mut built = Built::new(SOURCE_TYPE, shape.place(node.span));
    let part = |shape: &mut Shape<'_>, name: &str| {
        shape.text(node, name).map(|(text, node)| (text.to_owned(), shape.place(node.span)))
    };
    let (name, tag) = (part(&mut shape, "name"), part(&mut shape, "tag"));
    if let (Some((name, place)), Some((tag, _))) = (name, tag)
        && !name.is_empty()
        && !tag.is_empty()
    {
        built.names.push(Name { text: format!("{name}:{tag}"), place });
        built.names_known = true;
    }
    let mut layers = Vec::new();
    for item in shape.list(node, "fsLayers").iter().take(limits::LAYERS) {
        shape.required(item, "blobSum");
        let digest = shape.digest(item, "blobSum");
        let place = shape.place(item.span);
        layers.push(BuiltLayer { place, digest, media_type: None, size: None, blob: None });
    }
    layers.reverse();
    built.layers = layers;
    built.layers_known = true;
    built.media_type = Some(shape.text(node, "mediaType").map(|(text, _)| text.to_owned()));
    let mut texts = Vec::new();
    for (index, item) in shape.list(node, "history").iter().take(limits::LAYERS).enumerate() {
        if let Some((text, node)) = shape.text(item, "v1Compatibility") {
            let name = format!("{}!history/{index}", json.source.name());
            texts.push((Source::new(name, text), node.span));
        }
    }
    let (mut problems, mut parsed) = (Vec::new(), Vec::new());
    for (source, span) in &texts {
        match shape::parse(source, &mut problems) {
            Some(json) => parsed.push(json),
            None => shape.error(*span, "this is no JSON"),
        }
    }
    built.first_form = true;
    built.config = parsed.first().cloned();
    built.older = parsed.iter().rev().cloned().collect();
    lowering.described(built);
}

/// Lines of `docker history --no-trunc --format json`, the oldest first.
fn history(lowering: &mut Lowering<'_>, lines: &[Json]) {
    let Some(newest) = lines.last() else { return };
    let place = Place::new(&newest.source, newest.node.span);
    let mut built = Built::new("docker_history", place);
    built.config_digest = lowering
        .shape(newest)
        .text(&newest.node, "ID")
        .map(|(text, _)| text.to_owned())
        .filter(|id| is_digest(id));
    let facts = lines.iter().take(limits::LISTED).map(|json| {
        let mut shape = lowering.shape(json);
        let node = &*json.node;
        let size = shape.text(node, "Size").and_then(|(text, _)| size::parse_decimal(text).ok());
        let created = shape.text(node, "CreatedAt").map(|(text, _)| text);
        HistoryLine {
            source: &json.source,
            node,
            created_by: shape.text(node, "CreatedBy"),
            created,
            author: None,
            is_script: false,
            comment: shape.text(node, "Comment").map(|(text, _)| text),
            empty_layer: size == Some(0),
            size_bytes: size,
        }
    });
    let facts: Vec<HistoryLine<'_>> = facts.collect();
    lowering.only_history(built, &facts);
}
