//! Image references as facts, whatever document they stand in.

use std::collections::HashSet;
use std::ops::Range;

use plimsoll_sdk::facts::ImageRef;
use plimsoll_sdk::{Loc, Nullable};

use super::partial::Partial;
use crate::notation::reference::Reference;

/// A part of a reference: unknown, known to be none, or its text.
type Part = Option<Nullable<String>>;

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
    reference.tag = Some(tag_of(&parsed));
    reference.digest = Some(digest_of(&parsed));
}

fn tag_of(parsed: &Reference) -> Nullable<String> {
    parsed.tag().map(str::to_owned).into()
}

fn digest_of(parsed: &Reference) -> Nullable<String> {
    parsed.digest().map(|digest| digest.as_str().to_owned()).into()
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

/// Fills in what is certain of a reference to an image with unknown variables. Its kind stays unknown:
/// it may be no reference at all.
///
/// A value may hold anything, `1@sha256:…` or `x/y:1`. What counts is what may be said of every
/// value that gives a valid reference, with one exception that [`begin`] makes.
pub(in crate::document) fn resolve_partly(reference: &mut ImageRef, known: &Partial) {
    if let Some((whole, _)) = known.before.split_once('@') {
        // It ends name and tag: after it only the digest depends on the value.
        if let Ok(parsed) = Reference::parse_normalized(whole) {
            named(reference, &parsed);
            reference.tag = Some(tag_of(&parsed));
        }
        return;
    }
    (reference.tag, reference.digest) = end(known);
    begin(reference, known);
}

/// What is certain of the name, of which there is nothing that ends it before the first variable but
/// perhaps a colon.
///
/// - A colon after a slash ends the name, for only the first component of a name may have one, that
///   of its port: `ghcr.io/a/b:${V}` has an unknown tag and perhaps a digest.
/// - A colon before any slash ends a name, too, unless what precedes it is a host (`localhost:${V}`), or a
///   slash or the tag's colon follows (`mirror:${PORT}/app`, `mirror:${REST}:1`). `nginx:${V}` with the value
///   `5000/app` would name the host `nginx`; who writes a tag's variable does not mean that. `sha256:${V}`
///   may be an id.
/// - A slash ends the registry: `ghcr.io/a${V}` comes from `ghcr.io`, and `a/${V}` from Docker Hub.
fn begin(reference: &mut ImageRef, known: &Partial) {
    let Partial { before, between, after } = known;
    let component = before.rfind('/').map(|slash| slash + 1);
    let last = component.and_then(|start| before.get(start..)).unwrap_or(before);
    if let Some((word, _)) = last.split_once(':') {
        let has_tag = matches!(reference.tag, Some(Nullable::Value(_)));
        let is_host = component.is_none()
            && (word.contains('.') || matches!(word, "localhost" | "sha256") || has_tag);
        let name = before.get(..component.unwrap_or_default() + word.len()).unwrap_or_default();
        if !is_host
            && !between.contains('/')
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
    // What names of one more component and of two have in common does not depend on how many; Docker's own
    // images have their folder in other names of Docker Hub, too.
    let ends = ["x", "x/x", "library/x"];
    let parsed = ends.map(|end| Reference::parse_normalized(&format!("{before}{end}")));
    let [Ok(one), Ok(two), Ok(own)] = &parsed else { return };
    if [two, own].iter().all(|other| one.canonical_registry() == other.canonical_registry()) {
        reference.registry = one.canonical_registry().map(str::to_owned);
    }
    if [two, own].iter().all(|other| one.is_official() == other.is_official()) {
        reference.official = Some(one.is_official());
    }
}

/// What is certain of tag and digest, by what follows the last variable.
///
/// - A slash stands in the name only: after `${V}/app:1` the tag is `1`, after `${V}/app` there is
///   neither tag nor digest.
/// - A colon without a slash after it is not a port's, and before `@` not a digest's: after `${V}:1` the
///   tag is `1`. Hexadecimal digits may be those of a digest whose `@` is in the value.
/// - After `@` there is the digest.
/// - What ends in `-slim` has no digest, if it is an image's at all: `${V}-slim` may be a build stage,
///   whose names have neither slash nor colon.
fn end(known: &Partial) -> (Part, Part) {
    let after = known.after.as_str();
    if let Some(slash) = after.rfind('/') {
        return parts_after_name(&after[slash..]);
    }
    let (front, is_digest_known) = match after.split_once('@') {
        Some((front, _)) => (front, true),
        None => (after, false),
    };
    if let Some((_, tag)) = front.split_once(':') {
        let may_be_digest = !is_digest_known && tag.len() >= 32 && tag.bytes().all(is_hexadecimal);
        return if may_be_digest {
            (None, None)
        } else {
            parts_after_name(&after[front.len() - tag.len() - 1..])
        };
    }
    if is_digest_known {
        return (None, parts_after_name(&after[front.len()..]).1);
    }
    let is_image = known.contains('/') || known.contains(':');
    let ends_digest = after.bytes().last().is_none_or(is_hexadecimal);
    (None, (is_image && !ends_digest).then_some(Nullable::Null))
}

fn is_hexadecimal(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

/// Tag and digest in the end of a reference that begins within its name, or after it.
fn parts_after_name(end: &str) -> (Part, Part) {
    match Reference::parse_normalized(&format!("name{end}")) {
        Ok(parsed) => (Some(tag_of(&parsed)), Some(digest_of(&parsed))),
        Err(_) => (None, None),
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

    /// Registry, familiar name, tag, digest and whether it is official, as far as they are known.
    fn known(known: &Partial) -> [String; 5] {
        let mut reference = unresolved(Loc::default(), "from", "");
        resolve_partly(&mut reference, known);
        assert_eq!(reference.kind, None, "{known:?}");
        assert_eq!(reference.name.is_some(), reference.repository.is_some(), "{known:?}");
        let or_unknown = |text: Option<String>| text.unwrap_or_else(|| "?".into());
        let or_none = |part: Nullable<String>| part.value().cloned().unwrap_or("none".into());
        let official = reference.official.map(|official| official.to_string());
        let (tag, digest) = (reference.tag.map(or_none), reference.digest.map(or_none));
        [reference.registry, reference.familiar, tag, digest, official].map(or_unknown)
    }

    /// What stands around `$`, a variable.
    fn partial(text: &str) -> Partial {
        let (before, rest) = text.split_once('$').unwrap();
        let (between, after) = rest.rsplit_once('$').unwrap_or(("", rest));
        let [before, between, after] = [before, between, after].map(|part| part.replace('$', ""));
        Partial { before, between, after }
    }

    #[test]
    fn what_is_certain_around_a_variable_is_known() {
        for (text, want) in [
            ("ghcr.io/a/b:$", ["ghcr.io", "ghcr.io/a/b", "?", "?", "false"]),
            ("ghcr.io/a/b:1.$-slim", ["ghcr.io", "ghcr.io/a/b", "?", "none", "false"]),
            ("ghcr.io/a/b:1.$-bad", ["ghcr.io", "ghcr.io/a/b", "?", "?", "false"]),
            ("nginx:$", ["docker.io", "nginx", "?", "?", "true"]),
            ("nginx:$.$-x", ["docker.io", "nginx", "?", "none", "true"]),
            ("nginx:1.29@sha256:$", ["docker.io", "nginx", "1.29", "?", "true"]),
            ("host:5000/app@$", ["host:5000", "host:5000/app", "none", "?", "false"]),
            // The name, or the host, is not over yet.
            ("ghcr.io/a/b$", ["ghcr.io", "?", "?", "?", "false"]),
            ("ghcr.io/$/b:1", ["ghcr.io", "?", "1", "none", "false"]),
            ("bitnami/$", ["docker.io", "?", "?", "?", "false"]),
            ("library/$", ["docker.io", "?", "?", "?", "?"]),
            ("host:5000/$", ["host:5000", "?", "?", "?", "false"]),
            ("nginx$", ["?"; 5]),
            ("$/nginx:1", ["?", "?", "1", "none", "?"]),
            ("$/a/nginx", ["?", "?", "none", "none", "?"]),
            ("$/$", ["?"; 5]),
            ("$/b$:1", ["?", "?", "1", "none", "?"]),
            ("$app:1.2-x", ["?", "?", "1.2-x", "none", "?"]),
            ("$:1.2", ["?", "?", "1.2", "none", "?"]),
            // That colon is the port's, or may be.
            ("localhost:$", ["?"; 5]),
            ("registry.example.com:$", ["?"; 5]),
            ("mirror:$/app:1", ["?", "?", "1", "none", "?"]),
            ("mirror:$/$", ["?"; 5]),
            ("mirror:$:1", ["?", "?", "1", "none", "?"]),
            ("sha256:$", ["?"; 5]),
            ("docker.io/$", ["docker.io", "?", "?", "?", "?"]),
            ("registry-1.docker.io/$", ["docker.io", "?", "?", "?", "?"]),
            // It may be a digest's: the value may end in `@sha256`.
            ("$:0123456789abcdef0123456789abcdef", ["?"; 5]),
            (
                "$:0123456789abcdef0123456789abcde",
                ["?", "?", "0123456789abcdef0123456789abcde", "none", "?"],
            ),
            // It may be a stage.
            ("$-slim", ["?"; 5]),
            ("$", ["?"; 5]),
            // No value makes these valid.
            ("ghcr.io/a:$/b", ["?", "?", "none", "none", "?"]),
            ("a/B:$", ["?"; 5]),
            ("a//$", ["?"; 5]),
            ("$/B", ["?"; 5]),
            ("$:-", ["?"; 5]),
            ("$@sha256:0", ["?"; 5]),
        ] {
            assert_eq!(known(&partial(text)), want, "{text}");
        }
    }

    #[test]
    fn a_digest_after_a_variable_is_known() {
        let digest = format!("sha256:{}", "0".repeat(64));
        for (text, tag) in [("nginx:$", "?"), ("$", "?"), ("$/app", "none"), ("$:1.2", "1.2")] {
            let [.., found_tag, found, _] = known(&partial(&format!("{text}@{digest}")));
            assert_eq!((found_tag.as_str(), &found), (tag, &digest), "{text}");
        }
    }

    proptest::proptest! {
        /// Whatever a variable is, if it gives a valid reference at all.
        #[test]
        fn what_is_known_is_so_for_every_value(
            before in "(a|b/|[a-z.]{0,4}/a|[a-z]{1,3}:|h:50/a:?|(registry-1.)?docker.io/|)",
            values in proptest::collection::vec(
                "(a|:1|b/|/b|(library/)?nginx|5000/app|[a-z0-9:/@.-]{0,6}|a@sha256|sha256:[0-9a-f]{64}|@sha256:[0-9a-f]{60})",
                1..3,
            ),
            between in "[a-z/:.-]{0,2}",
            after in "([a-z/:.0-9-]{0,5}|/?a?:1|-slim|[a-f0-9]{4}|:[a-f0-9]{64}|@sha256:[a-f0-9]{64})",
        ) {
            let between = if values.len() == 1 { String::new() } else { between };
            let text = format!("{before}{}{after}", values.join(&between));
            if let Ok(parsed) = Reference::parse_normalized(&text) {
                let mut reference = unresolved(Loc::default(), "from", "");
                let is_stage = !text.contains(['/', ':']);
                resolve_partly(&mut reference, &Partial { before: before.clone(), between, after });
                // The exception that `begin` makes.
                let may_be_host = before.contains(':') && !before.contains('/');
                for (known, real) in [
                    (&reference.tag, tag_of(&parsed)),
                    (&reference.digest, digest_of(&parsed)),
                    (
                        &reference.registry.filter(|_| !may_be_host).map(Nullable::Value),
                        parsed.canonical_registry().map(str::to_owned).into(),
                    ),
                    (
                        &reference.familiar.filter(|_| !may_be_host).map(Nullable::Value),
                        Nullable::Value(parsed.familiar_name()),
                    ),
                ] {
                    let is_right = known.as_ref().is_none_or(|known| *known == real);
                    proptest::prop_assert!(is_right && !(is_stage && known.is_some()), "{}", text);
                }
                let official = reference.official.filter(|_| !may_be_host);
                proptest::prop_assert!(
                    official.is_none_or(|official| official == parsed.is_official()),
                    "{}",
                    text
                );
            }
        }
    }
}
