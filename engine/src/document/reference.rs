//! Image references as facts, whatever document they stand in.

use std::collections::HashSet;
use std::ops::Range;

use plimsoll_sdk::facts::ImageRef;
use plimsoll_sdk::{Loc, Nullable};

use crate::notation::reference::Reference;

/// A reference outside of build stages that is known as written and not yet resolved.
pub(in crate::document) fn unresolved(loc: Loc, role: &str, raw: &str) -> ImageRef {
    ImageRef {
        loc,
        role: role.into(),
        stage: Nullable::Null,
        container: Nullable::Null,
        needed: true,
        shipped: false,
        raw: raw.into(),
        text: None,
        kind: None,
        problem: Nullable::Null,
        stage_index: None,
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
    }
}

/// Fills in what the text of a reference to an image says, or why it is none.
pub(in crate::document) fn resolve(reference: &mut ImageRef, text: &str) {
    let parsed = match Reference::parse_normalized(text) {
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
    reference.tag = Some(parsed.tag().map(str::to_owned).into());
    reference.digest = Some(parsed.digest().map(|digest| digest.as_str().to_owned()).into());
}

/// Of the names that an image goes by those that say where it comes from: the first of each
/// repository.
pub(in crate::document) fn origins(names: &[ImageRef]) -> Vec<ImageRef> {
    let mut seen = HashSet::new();
    let mut origins = Vec::new();
    for name in names {
        if seen.insert(name.name.as_ref().unwrap_or(&name.raw)) {
            origins.push(name.clone());
        }
    }
    origins
}

/// Where the tag and the digest of a resolved reference stand in its text.
pub(in crate::document) fn parts(
    reference: &ImageRef,
    text: &str,
) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let value = |part: &Option<Nullable<String>>| part.as_ref()?.value().cloned();
    let digest = value(&reference.digest)
        .and_then(|digest| text.rfind(&digest).map(|at| at..at + digest.len()));
    let named = text.split('@').next().unwrap_or(text);
    let tag = value(&reference.tag)
        .and_then(|tag| named.strip_suffix(tag.as_str()).map(|front| front.len()..named.len()));
    (tag, digest)
}
