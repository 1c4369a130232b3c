//! Image references: `[registry/]repository[:tag][@digest]`.
//!
//! Owns parsing, the familiar and the full form, and validation of digests, exactly as
//! [distribution/reference] does it, which is what `docker`, BuildKit and containerd use. It never
//! invents a tag: that `python` means `python:latest` is for [`Reference::tagged`] to say, so that
//! an implied `latest` can be told from a written one. Text with unresolved variables is not a
//! reference and is refused.
//!
//! [distribution/reference]: https://github.com/distribution/reference

mod digest;
mod error;
mod grammar;

use std::fmt;

pub use digest::{ALGORITHMS, Digest};
pub use error::{Fault, ReferenceError};

use super::pattern::glob;

/// The registry that a name without one means.
pub const DEFAULT_REGISTRY: &str = "docker.io";
/// The tag that a reference without tag and digest means.
pub const DEFAULT_TAG: &str = "latest";

const LEGACY_DEFAULT_REGISTRY: &str = "index.docker.io";
const OFFICIAL_PREFIX: &str = "library/";
/// The longest path of a name, in bytes.
const PATH_LIMIT: usize = 255;
/// Hosts that serve Docker Hub under another name; distribution/reference knows only
/// `index.docker.io`, which parsing already replaced.
const HUB_ALIASES: [&str; 4] =
    [DEFAULT_REGISTRY, LEGACY_DEFAULT_REGISTRY, "registry-1.docker.io", "registry.hub.docker.com"];

/// A parsed image reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    registry: Option<String>,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// What an argument that may be an image or its id is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyReference {
    /// The digest of an image, written as such or as 64 hexadecimal digits.
    Digest(Digest),
    /// A normalised name.
    Named(Reference),
}

impl Reference {
    /// Parses a reference as users write it: `python` is `docker.io/library/python`.
    ///
    /// This is `ParseNormalizedNamed`. The registry is absent in one odd case that it also accepts:
    /// a first component such as `a_b.c` that looks like a host but cannot be one.
    ///
    /// # Errors
    ///
    /// Ranges are byte offsets into `text`.
    pub fn parse_normalized(text: &str) -> Result<Self, ReferenceError> {
        if grammar::is_identifier(text) {
            return Err(ReferenceError::new(Fault::Identifier, 0..text.len()));
        }
        if text.is_empty() {
            return Err(ReferenceError::new(Fault::Empty, 0..0));
        }
        let (domain, prefix, remainder) = split_docker_domain(text);
        let remote = remainder.split(':').next().unwrap_or_default();
        if remote.to_lowercase() != remote {
            let start = text.len() - remainder.len();
            let range = start..start + remote.len();
            return Err(ReferenceError::new(Fault::Uppercase, range));
        }
        let full = format!("{domain}/{prefix}{remainder}");
        Self::parse(&full).map_err(|error| error.about(text.len(), full.len()))
    }

    /// Parses a reference without normalising it: `python` stays `python`, without a registry.
    ///
    /// # Errors
    ///
    /// Ranges are byte offsets into `text`.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        Self::parse_with(text, &ALGORITHMS)
    }

    /// Like [`Reference::parse`], where digests may only use the given ones of [`ALGORITHMS`]: a Go
    /// program supports those that are linked into it.
    ///
    /// # Errors
    ///
    /// Ranges are byte offsets into `text`.
    pub fn parse_with(text: &str, algorithms: &[&str]) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::new(Fault::Empty, 0..0));
        }
        let parts = grammar::split(text).map_err(|misfit| {
            let lower = text.to_lowercase();
            let fault = if lower != text && grammar::split(&lower).is_ok() {
                Fault::Uppercase
            } else {
                Fault::Format(misfit.reason)
            };
            ReferenceError::new(fault, misfit.range)
        })?;
        let cut = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        if parts.path.len() > PATH_LIMIT {
            return Err(ReferenceError::new(Fault::NameTooLong, parts.path));
        }
        let digest = match parts.digest {
            Some(range) => Some(
                Digest::parse_with(cut(range.clone()), algorithms)
                    .map_err(|error| error.after(range.start))?,
            ),
            None => None,
        };
        Ok(Reference {
            registry: parts.domain.map(|range| cut(range).to_owned()),
            repository: cut(parts.path).to_owned(),
            tag: parts.tag.map(|range| cut(range).to_owned()),
            digest,
        })
    }

    /// Parses a reference that must already be in its full form (`ParseNamed`).
    ///
    /// # Errors
    ///
    /// As [`Reference::parse_normalized`], and [`Fault::NotCanonical`].
    pub fn parse_canonical(text: &str) -> Result<Self, ReferenceError> {
        let reference = Self::parse_normalized(text)?;
        if reference.to_string() == text {
            Ok(reference)
        } else {
            Err(ReferenceError::new(Fault::NotCanonical, 0..text.len()))
        }
    }

    /// Parses what a runtime pulls (`ParseDockerRef`): a digest makes the tag meaningless, and
    /// without either the tag is `latest`.
    ///
    /// # Errors
    ///
    /// As [`Reference::parse_normalized`].
    pub fn parse_docker(text: &str) -> Result<Self, ReferenceError> {
        let mut reference = Self::parse_normalized(text)?;
        if reference.digest.is_some() {
            reference.tag = None;
        }
        Ok(reference.tagged())
    }

    /// A reference from a name alone, not normalised (`WithName`).
    ///
    /// # Errors
    ///
    /// When there is anything but a name.
    pub fn from_name(name: &str) -> Result<Self, ReferenceError> {
        let (domain, path) = grammar::split_name(name)
            .map_err(|misfit| ReferenceError::new(Fault::Format(misfit.reason), misfit.range))?;
        if path.len() > PATH_LIMIT {
            return Err(ReferenceError::new(Fault::NameTooLong, path));
        }
        Ok(Reference {
            registry: domain.and_then(|end| name.get(..end)).map(str::to_owned),
            repository: name.get(path).unwrap_or_default().to_owned(),
            tag: None,
            digest: None,
        })
    }

    /// The same reference with this tag.
    ///
    /// # Errors
    ///
    /// [`Fault::TagFormat`]; ranges are offsets into `tag`.
    pub fn with_tag(self, tag: &str) -> Result<Self, ReferenceError> {
        if !grammar::is_tag(tag) {
            return Err(ReferenceError::new(Fault::TagFormat, 0..tag.len()));
        }
        Ok(Reference { tag: Some(tag.to_owned()), ..self })
    }

    /// The same reference with this digest, of which only the shape is checked, as `WithDigest`
    /// does.
    ///
    /// # Errors
    ///
    /// [`Fault::DigestFormat`]; ranges are offsets into `digest`.
    pub fn with_digest(self, digest: &str) -> Result<Self, ReferenceError> {
        if !grammar::is_digest(digest) {
            return Err(ReferenceError::new(Fault::DigestFormat, 0..digest.len()));
        }
        Ok(Reference { digest: Some(Digest::unchecked(digest)), ..self })
    }

    /// The same reference, with tag `latest` if it has neither tag nor digest (`TagNameOnly`).
    #[must_use]
    pub fn tagged(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some(DEFAULT_TAG.to_owned());
        }
        self
    }

    /// Host and port of the registry as written, `docker.io` for Docker Hub. Absent in references
    /// that were not normalised and name none.
    #[must_use]
    pub fn registry(&self) -> Option<&str> {
        self.registry.as_deref()
    }

    /// The path within the registry, such as `library/python`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, if one was written.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, if one was written.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// Registry and repository, without tag and digest.
    #[must_use]
    pub fn name(&self) -> String {
        join_name(self.registry(), &self.repository)
    }

    /// The host of the registry, without port; an IPv6 address keeps its brackets.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.registry().map(|registry| split_port(registry).0)
    }

    /// The port of the registry, if one is written that can be one.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.registry().and_then(|registry| split_port(registry).1)?.parse().ok()
    }

    /// The registry, with every name of Docker Hub as `docker.io`.
    ///
    /// Wider than what parsing does: `registry-1.docker.io` and `registry.hub.docker.com` serve the
    /// same images, and host names do not depend on case.
    #[must_use]
    pub fn canonical_registry(&self) -> Option<&str> {
        self.registry().map(|registry| {
            let host = registry.strip_suffix(":443").unwrap_or(registry);
            let hub = HUB_ALIASES.iter().any(|alias| alias.eq_ignore_ascii_case(host));
            if hub { DEFAULT_REGISTRY } else { registry }
        })
    }

    /// The full form with [`Reference::canonical_registry`]: equal for all spellings of one image.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.with_suffix(join_name(self.canonical_registry(), &self.repository))
    }

    /// Whether it is a Docker Official Image: `library/NAME` on Docker Hub.
    #[must_use]
    pub fn is_official(&self) -> bool {
        self.canonical_registry() == Some(DEFAULT_REGISTRY) && self.official_name().is_some()
    }

    /// The short form that users read: `docker.io/library/python:3` is `python:3`.
    #[must_use]
    pub fn familiar(&self) -> String {
        self.with_suffix(self.familiar_name())
    }

    /// The short form without tag and digest.
    #[must_use]
    pub fn familiar_name(&self) -> String {
        if self.registry() == Some(DEFAULT_REGISTRY) {
            return self.official_name().unwrap_or(&self.repository).to_owned();
        }
        self.name()
    }

    /// Whether the short form, with or without tag and digest, matches a pattern of Go's
    /// `path.Match` (`FamiliarMatch`).
    ///
    /// # Errors
    ///
    /// When the pattern is malformed.
    pub fn familiar_matches(&self, pattern: &str) -> Result<bool, glob::BadPattern> {
        let glob = glob::Glob::parse(pattern)?;
        Ok(glob.matches(&self.familiar()) || glob.matches(&self.familiar_name()))
    }

    fn official_name(&self) -> Option<&str> {
        self.repository.strip_prefix(OFFICIAL_PREFIX).filter(|name| !name.contains('/'))
    }

    fn with_suffix(&self, mut name: String) -> String {
        if let Some(tag) = &self.tag {
            name.push(':');
            name.push_str(tag);
        }
        if let Some(digest) = &self.digest {
            name.push('@');
            name.push_str(digest.as_str());
        }
        name
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_suffix(self.name()))
    }
}

impl AnyReference {
    /// Parses an image id, a digest or a name (`ParseAnyReference`).
    ///
    /// # Errors
    ///
    /// As [`Reference::parse_normalized`].
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        if grammar::is_identifier(text) {
            return Digest::parse(&format!("sha256:{text}")).map(AnyReference::Digest);
        }
        match Digest::parse(text) {
            Ok(digest) => Ok(AnyReference::Digest(digest)),
            Err(_) => Reference::parse_normalized(text).map(AnyReference::Named),
        }
    }
}

impl fmt::Display for AnyReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnyReference::Digest(digest) => digest.fmt(f),
            AnyReference::Named(reference) => reference.fmt(f),
        }
    }
}

fn join_name(registry: Option<&str>, repository: &str) -> String {
    match registry {
        Some(registry) => format!("{registry}/{repository}"),
        None => repository.to_owned(),
    }
}

fn split_port(registry: &str) -> (&str, Option<&str>) {
    match registry.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (registry, None),
    }
}

/// The registry of a name as users write it, what to put before the rest, and the rest, which is a
/// tail of `name`.
fn split_docker_domain(name: &str) -> (&str, &'static str, &str) {
    let Some((first, rest)) = name.split_once('/') else {
        return (DEFAULT_REGISTRY, OFFICIAL_PREFIX, name);
    };
    // An upper-case namespace would be invalid, so it is taken for a host.
    let is_host = first == "localhost" || first.contains(['.', ':']);
    let (domain, remainder) = if first == LEGACY_DEFAULT_REGISTRY {
        (DEFAULT_REGISTRY, rest)
    } else if is_host || first.to_lowercase() != first {
        (first, rest)
    } else {
        (DEFAULT_REGISTRY, name)
    };
    let official = domain == DEFAULT_REGISTRY && !remainder.contains('/');
    (domain, if official { OFFICIAL_PREFIX } else { "" }, remainder)
}

#[cfg(test)]
mod tests;
