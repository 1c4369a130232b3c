//! Image references: a container's `Config.Image`, an image's `RepoTags`.

use plimsoll_sdk::facts::ImageRef;
use plimsoll_sdk::{Loc, Nullable};

use super::lowering::Lowering;
use super::tree::At;
use crate::document::reference;

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
        let loc = self.object(parent, at);
        let mut reference = reference::unresolved(loc, used.role, raw);
        reference.container = used.container.map(str::to_owned).into();
        reference.text = Some(raw.to_owned());
        reference.stage_index = Some(Nullable::Null);
        if is_id(raw, used.id) {
            reference.kind = Some("image_id".into());
            return reference;
        }
        reference::resolve(&mut reference, raw);
        let (tag, digest) = reference::parts(&reference, raw);
        for (field, range) in [("tag", tag), ("digest", digest)] {
            if let Some(range) = range {
                let span = self.part(at, range);
                self.places.field(loc, field, span);
            }
        }
        reference
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
