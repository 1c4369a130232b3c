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
    reference.kind = Some("image".into());
    named(reference, &parsed);
    reference.tag = Some(parsed.tag().map(str::to_owned).into());
    reference.digest = Some(parsed.digest().map(|digest| digest.as_str().to_owned()).into());
}

/// Fills in the name of an image.
fn named(reference: &mut ImageRef, parsed: &Reference) {
    let registry = parsed.canonical_registry().unwrap_or_default().to_owned();
    reference.name = Some(format!("{registry}/{}", parsed.repository()));
    reference.registry = Some(registry);
    reference.repository = Some(parsed.repository().to_owned());
    reference.familiar = Some(parsed.familiar_name());
    reference.official = Some(parsed.is_official());
}

/// Fills in what is certain of a reference to an image of which only the text `before` an unknown
/// variable is known, and parts of the text `after` it. Its kind stays unknown: it may be no
/// reference at all.
///
/// A value may hold anything, `1@sha256:…` or `x/y:1`. What counts is what may be said of every
/// value that gives a valid reference:
/// - `@` ends name and tag: after it only the digest depends on the value.
/// - A colon after a slash ends the name, for only the first component of a name may have one, that
///   of its port: `ghcr.io/a/b:${V}` has an unknown tag and perhaps a digest.
/// - A colon before any slash ends a name, too, unless what precedes it is a host (`localhost:${V}`)
///   or a slash follows (`mirror:${PORT}/app`). `nginx:${V}` with the value `5000/app` would name the
///   host `nginx`; who writes a tag's variable does not mean that.
/// - A slash ends the registry: `ghcr.io/a${V}` comes from `ghcr.io`, and `a/${V}` from Docker Hub.
pub(in crate::document) fn resolve_partly(reference: &mut ImageRef, before: &str, after: &str) {
    if let Some((whole, _)) = before.split_once('@') {
        if let Ok(parsed) = Reference::parse_normalized(whole) {
            named(reference, &parsed);
            reference.tag = Some(parsed.tag().map(str::to_owned).into());
        }
        return;
    }
    let component = before.rfind('/').map(|slash| slash + 1);
    let last = component.and_then(|start| before.get(start..)).unwrap_or(before);
    if let Some((word, _)) = last.split_once(':') {
        let is_host = component.is_none() && (word.contains('.') || word == "localhost");
        let name = before.get(..component.unwrap_or_default() + word.len()).unwrap_or_default();
        if !is_host
            && !after.contains('/')
            && let Ok(parsed) = Reference::parse_normalized(name)
        {
            named(reference, &parsed);
        }
        return;
    }
    if component.is_none() {
        return;
    }
    // What a name of one more component and one of two have in common does not depend on how many.
    let with = |end: &str| Reference::parse_normalized(&format!("{before}{end}"));
    let (Ok(one), Ok(two)) = (with("x"), with("x/x")) else { return };
    if one.canonical_registry() == two.canonical_registry() {
        reference.registry = one.canonical_registry().map(str::to_owned);
    }
    if one.is_official() == two.is_official() {
        reference.official = Some(one.is_official());
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Registry, familiar name, tag and whether it is official, as far as they are known.
    fn known(before: &str, after: &str) -> [String; 4] {
        let mut reference = unresolved(Loc::default(), "from", "");
        resolve_partly(&mut reference, before, after);
        assert_eq!((reference.kind, reference.digest), (None, None), "{before}|{after}");
        assert_eq!(reference.name.is_some(), reference.repository.is_some(), "{before}|{after}");
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "?".into());
        let tag = reference.tag.map(|tag| tag.value().cloned().unwrap_or_else(|| "none".into()));
        let official = reference.official.map(|official| official.to_string());
        [reference.registry, reference.familiar, tag, official].map(or_none)
    }

    #[test]
    fn what_precedes_a_variable_is_known() {
        for (before, after, want) in [
            ("ghcr.io/a/b:", "", ["ghcr.io", "ghcr.io/a/b", "?", "false"]),
            ("ghcr.io/a/b:1.", "-slim", ["ghcr.io", "ghcr.io/a/b", "?", "false"]),
            ("ghcr.io/a/b:", "@sha256:0", ["ghcr.io", "ghcr.io/a/b", "?", "false"]),
            ("nginx:", "", ["docker.io", "nginx", "?", "true"]),
            ("nginx:1.29@sha256:", "", ["docker.io", "nginx", "1.29", "true"]),
            ("host:5000/app@", "", ["host:5000", "host:5000/app", "none", "false"]),
            // The name, or the host, is not over yet.
            ("ghcr.io/a/b", "", ["ghcr.io", "?", "?", "false"]),
            ("ghcr.io/", "/b:1", ["ghcr.io", "?", "?", "false"]),
            ("bitnami/", "", ["docker.io", "?", "?", "false"]),
            ("library/", "", ["docker.io", "?", "?", "?"]),
            ("host:5000/", "", ["host:5000", "?", "?", "false"]),
            ("nginx", "", ["?"; 4]),
            ("", "/nginx:1", ["?"; 4]),
            // That colon is the port's, or may be.
            ("localhost:", "", ["?"; 4]),
            ("registry.example.com:", "", ["?"; 4]),
            ("mirror:", "/app:1", ["?"; 4]),
            // No value makes these valid.
            ("ghcr.io/a:", "/b", ["?"; 4]),
            ("a/B:", "", ["?"; 4]),
            ("a//", "", ["?"; 4]),
        ] {
            assert_eq!(known(before, after), want, "{before}|{after}");
        }
    }
}
