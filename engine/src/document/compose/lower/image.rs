//! The image of a service: what it runs, and how that is built.

use std::sync::Arc;

use plimsoll_sdk::facts::{ContainerImage, ImageRef, ServiceBuild};
use plimsoll_sdk::{Loc, Nullable};

use super::super::tree::Node;
use super::read::{as_written, at, flag, provenance, scalar, text, texts};
use super::{Lowering, Service};
use crate::document::Written;
use crate::document::reference;
use crate::source::{Place, Span};

/// What a build context begins with that is an image.
const IMAGE_CONTEXT: &str = "docker-image://";

impl<'a> Lowering<'a, '_> {
    pub(super) fn image(&mut self, service: &Service<'a>) -> ContainerImage {
        let node = at(service.node, &["image"]);
        let build = at(service.node, &["build"]);
        let loc = self.object_or(service.loc, node.or(build), &service.key);
        self.field(service.loc, "image", node.or(build));
        let pull_policy = at(service.node, &["pull_policy"]);
        for (field, node) in [("raw", node), ("build", build), ("pull_policy", pull_policy)] {
            self.field(loc, field, node);
        }
        let mut image = ContainerImage {
            loc,
            raw: Nullable::Null,
            name: None,
            familiar: None,
            tag: None,
            digest: None,
            id: Nullable::Null,
            r#match: Nullable::Null,
            linked: Nullable::Null,
            candidates: Vec::new(),
            build: Nullable::Null,
            pull_policy: text(pull_policy),
        };
        if let Some(node) = node {
            let mut reference = self.reference(service, node, ("compose", 0));
            // What is built under this name is not pulled by it.
            reference.needed = build.is_none();
            self.part_places(loc, node, &reference, 0);
            image.raw = Nullable::Value(reference.raw.clone());
            image.name.clone_from(&reference.name);
            image.familiar.clone_from(&reference.familiar);
            image.tag.clone_from(&reference.tag);
            image.digest.clone_from(&reference.digest);
            if reference.kind.as_deref() == Some("image_id") {
                image.id = reference.text.clone().into();
            }
            self.references.push(reference);
        }
        image.build = build.map(|node| self.service_build(service, node)).into();
        image
    }

    /// A reference at a node, from that byte of its text on.
    fn reference(
        &mut self,
        service: &Service<'_>,
        node: &Node,
        (role, from): (&str, usize),
    ) -> ImageRef {
        let loc = self.object(service.loc, node);
        let raw = node.substitution.as_ref().map(|written| written.raw.clone());
        let raw = raw.or_else(|| as_written(node)).unwrap_or_default();
        let (literal, variables, missing) = provenance(node);
        let mut reference = ImageRef {
            container: Nullable::Value(service.name.to_owned()),
            literal,
            variables,
            missing,
            ..reference::unresolved(loc, role, raw.get(from..).unwrap_or_default())
        };
        let Some(text) = scalar(node) else {
            if let Some(written) = &node.substitution {
                reference::resolve_partly(&mut reference, &written.known.without_first(from));
            }
            return reference;
        };
        let text = text.get(from..).unwrap_or_default();
        reference.text = Some(text.to_owned());
        if is_id(text) {
            reference.kind = Some("image_id".into());
            return reference;
        }
        reference::resolve(&mut reference, text);
        reference.stage_index = Some(Nullable::Null);
        self.part_places(loc, node, &reference, from);
        reference
    }

    /// Tag and digest have places of their own in a reference written without variables.
    fn part_places(&mut self, loc: Loc, node: &Node, reference: &ImageRef, from: usize) {
        let Some(whole) = as_written(node).filter(|_| reference.literal) else { return };
        let (tag, digest) = reference::parts(reference, &reference.raw);
        for (name, part) in [("tag", tag), ("digest", digest)] {
            let Some(part) = part else { continue };
            let part = part.start + from..part.end + from;
            if let Some(span) = within(&node.place, &whole, part) {
                let place = Place { source: Arc::clone(&node.place.source), span };
                let written = Written { place, used_at: node.used_at.clone() };
                self.places.field_written(loc, name, &written);
            }
        }
    }

    /// An image that is mounted.
    pub(super) fn mounted_image(&mut self, service: &Service<'_>, source: Option<&Node>) {
        if let Some(node) = source {
            let reference = self.reference(service, node, ("mount_from", 0));
            self.references.push(reference);
        }
    }

    /// The image that a build context is, if it is one.
    fn context_reference(&mut self, service: &Service<'_>, node: Option<&Node>) {
        let Some(node) = node else { return };
        if as_written(node).is_some_and(|text| text.starts_with(IMAGE_CONTEXT)) {
            let reference = self.reference(service, node, ("context", IMAGE_CONTEXT.len()));
            self.references.push(reference);
        }
    }

    fn service_build(&mut self, service: &Service<'a>, node: &'a Node) -> ServiceBuild {
        let loc = self.object(service.loc, node);
        let wrote = |key: &str| at(node, &[key]).filter(|node| !node.defaulted);
        for (field, key) in [
            ("context", "context"),
            ("dockerfile", "dockerfile"),
            ("inline", "dockerfile_inline"),
            ("target", "target"),
            ("args", "args"),
            ("secrets", "secrets"),
            ("ssh", "ssh"),
            ("additional_contexts", "additional_contexts"),
            ("tags", "tags"),
            ("platforms", "platforms"),
            ("privileged", "privileged"),
            ("entitlements", "entitlements"),
            ("network", "network"),
            ("provenance", "provenance"),
            ("sbom", "sbom"),
        ] {
            self.field(loc, field, wrote(key));
        }
        let mut incomplete = Vec::new();
        let mut list = |lowering: &mut Self, key: &'static str| {
            let (words, complete) = texts(wrote(key));
            let items = super::read::elements(wrote(key)).into_iter();
            lowering.items(loc, key, items.filter(|item| scalar(item).is_some()));
            if !complete {
                incomplete.push(key.to_owned());
            }
            words
        };
        let platforms = list(self, "platforms");
        let entitlements = list(self, "entitlements");
        let (args, complete) = self.variables(loc, wrote("args"), "build.args");
        if !complete {
            incomplete.push("args".into());
        }
        let (tags, complete) = self.words(loc, wrote("tags"));
        if !complete {
            incomplete.push("tags".into());
        }
        self.context_reference(service, wrote("context"));
        let contexts = wrote("additional_contexts");
        for entry in contexts.and_then(Node::map).into_iter().flat_map(|map| map.values()) {
            self.context_reference(service, Some(&entry.node));
        }
        let secrets = self.grant_list(loc, wrote("secrets"));
        for secret in &secrets {
            let key = ("build secrets", secret.source.clone());
            self.consumers.entry(key).or_default().push(service.name.to_owned());
        }
        ServiceBuild {
            loc,
            context: text(wrote("context")),
            dockerfile: text(wrote("dockerfile")),
            inline: wrote("dockerfile_inline").is_some(),
            target: text(wrote("target")),
            args,
            secrets,
            ssh: self.ssh(loc, wrote("ssh")),
            additional_contexts: self.pairs(loc, contexts),
            tags,
            platforms,
            privileged: flag(wrote("privileged")),
            entitlements,
            network: text(wrote("network")),
            provenance: text(wrote("provenance")),
            sbom: text(wrote("sbom")),
            incomplete,
        }
    }

    /// SSH agents, `default` or `name=path`.
    fn ssh(&mut self, parent: Loc, node: Option<&Node>) -> Vec<plimsoll_sdk::facts::Argument> {
        let Some(map) = node.and_then(Node::map) else { return self.words(parent, node).0 };
        let agents = map.iter().map(|(name, entry)| {
            let loc = self.entry(parent, &entry.key, &entry.node);
            let text = match as_written(&entry.node).filter(|path| !path.is_empty()) {
                Some(path) => format!("{name}={path}"),
                None => name.clone(),
            };
            plimsoll_sdk::facts::Argument { loc, text }
        });
        agents.collect()
    }
}

/// Whether a text is the id of an image: nothing else has 64 hexadecimal digits.
fn is_id(text: &str) -> bool {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A part of a scalar's text as a span of the file; `None` where escapes or folding come between.
fn within(place: &Place, text: &str, part: std::ops::Range<usize>) -> Option<Span> {
    let written = place.text();
    let quotes = usize::from(written.starts_with(['"', '\'']));
    if written.get(quotes..quotes + text.len())? != text {
        return None;
    }
    let start = place.span.start as usize + quotes;
    Some(Span::new(start + part.start, start + part.end))
}
