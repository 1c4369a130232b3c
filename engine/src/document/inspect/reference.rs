//! Image references: a container's `Config.Image`, an image's `RepoTags`.

use plimsoll_sdk::facts::ImageRef;
use plimsoll_sdk::{Loc, Nullable};

use super::lowering::Lowering;
use super::tree::At;
use crate::notation::reference::Reference;

/// What a reference is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use<'t> {
    pub(super) role: &'static str,
    /// The container that uses it.
    pub(super) container: Option<&'t str>,
    /// The id of the image, where that is known: the start of it may stand for it.
    pub(super) id: Option<&'t str>,
}

impl Lowering<'_> {
    /// A reference as it is written.
    pub(super) fn reference(&mut self, parent: Loc, at: At<'_>, used: Use<'_>) -> ImageRef {
        let raw = at.text().unwrap_or_default();
        let mut reference = ImageRef {
            loc: self.object(parent, at),
            role: used.role.into(),
            stage: Nullable::Null,
            container: used.container.map(str::to_owned).into(),
            needed: true,
            shipped: false,
            raw: raw.to_owned(),
            text: Some(raw.to_owned()),
            kind: None,
            problem: Nullable::Null,
            stage_index: Some(Nullable::Null),
            registry: None,
            repository: None,
            name: None,
            familiar: None,
            tag: None,
            digest: None,
            official: None,
            literal: true,
            variables: Vec::new(),
            missing: Vec::new(),
        };
        if is_id(raw, used.id) {
            reference.kind = Some("image_id".into());
        } else {
            self.parse_reference(&mut reference, at);
        }
        reference
    }

    fn parse_reference(&mut self, reference: &mut ImageRef, at: At<'_>) {
        let parsed = match Reference::parse_normalized(&reference.raw) {
            Ok(parsed) => parsed,
            Err(error) => {
                reference.kind = Some("invalid".into());
                reference.problem = Nullable::Value(error.to_string());
                return;
            }
        };
        let registry = parsed.canonical_registry().unwrap_or_default().to_owned();
        reference.kind = Some("image".into());
        reference.name = Some(format!("{registry}/{}", parsed.repository()));
        reference.registry = Some(registry);
        reference.repository = Some(parsed.repository().to_owned());
        reference.familiar = Some(parsed.familiar_name());
        reference.official = Some(parsed.is_official());
        let named = reference.raw.split('@').next().unwrap_or_default().len();
        if let Some(tag) = parsed.tag() {
            let span = self.part(at, named.saturating_sub(tag.len())..named);
            self.places.field(reference.loc, "tag", span);
        }
        if let Some(digest) = parsed.digest() {
            let end = reference.raw.len();
            let span = self.part(at, end.saturating_sub(digest.as_str().len())..end);
            self.places.field(reference.loc, "digest", span);
        }
        reference.tag = Some(parsed.tag().map(str::to_owned).into());
        reference.digest = Some(parsed.digest().map(|digest| digest.as_str().to_owned()).into());
    }
}

/// Whether what names an image is its id, or the start of it, and no name.
fn is_id(raw: &str, id: Option<&str>) -> bool {
    let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if let Some(digits) = raw.strip_prefix("sha256:") {
        return hex(digits) && !digits.is_empty();
    }
    let starts = id.is_some_and(|id| id.trim_start_matches("sha256:").starts_with(raw));
    hex(raw) && (raw.len() == 64 || (starts && raw.len() >= 4))
}

/// An image's id with its algorithm, which podman leaves out.
pub(super) fn id(text: &str) -> String {
    if text.contains(':') { text.to_owned() } else { format!("sha256:{text}") }
}
