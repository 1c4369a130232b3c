//! Manifests and indexes, of OCI and of Docker.
//!
//! Owns their fields, and what the specification says of them. Which blob a descriptor leads to is
//! not known here.
//!
//! <https://github.com/opencontainers/image-spec/blob/main/manifest.md>
//! <https://github.com/opencontainers/image-spec/blob/main/image-index.md>
//! <https://distribution.github.io/distribution/spec/manifest-v2-2/>

use super::limits;
use super::shape::{Json, Shape};
use crate::notation::platform::Platform;
use crate::source::{Place, Span};
use crate::yaml::{Node, Value};

/// What a JSON text of the image world is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonKind {
    Index,
    Manifest,
    /// Docker's first form of manifest.
    Schema1,
    Config,
    /// `manifest.json` of `docker save`.
    DockerSave,
    /// A line of `docker history --format json`.
    HistoryLine,
    /// A layout's `oci-layout`.
    Layout,
}

impl JsonKind {
    /// Told by the fields that only that kind has.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let has = |name: &str| node.get(name).is_some();
        if let Value::Seq(items) = &node.value {
            let first = items.first()?;
            let save = first.get("Config").is_some() && first.get("Layers").is_some();
            return save.then_some(JsonKind::DockerSave);
        }
        let media_type = match node.get("mediaType").map(|node| &node.value) {
            Some(Value::Str(text)) => text.as_str(),
            _ => "",
        };
        if has("fsLayers") {
            Some(JsonKind::Schema1)
        } else if has("schemaVersion") && has("manifests") || is_index(media_type) {
            Some(JsonKind::Index)
        } else if has("schemaVersion") && (has("layers") || has("config"))
            || is_manifest(media_type)
        {
            Some(JsonKind::Manifest)
        } else if has("rootfs") && (has("os") || has("architecture")) && !has("Id") {
            Some(JsonKind::Config)
        } else if has("CreatedBy") && has("CreatedSince") {
            Some(JsonKind::HistoryLine)
        } else if has("imageLayoutVersion") {
            Some(JsonKind::Layout)
        } else {
            None
        }
    }
}

/// Whether it is the media type of an index.
pub(super) fn is_index(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/vnd.oci.image.index.v1+json"
            | "application/vnd.docker.distribution.manifest.list.v2+json"
    )
}

/// Whether it is the media type of a manifest.
pub(super) fn is_manifest(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/vnd.oci.image.manifest.v1+json"
            | "application/vnd.docker.distribution.manifest.v2+json"
    )
}

/// Whether it is the media type of an image's configuration. Others are of artifacts.
pub(super) fn is_config(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/vnd.oci.image.config.v1+json"
            | "application/vnd.docker.container.image.v1+json"
            // As some tools of the time between the two wrote it.
            | "application/octet-stream"
    )
}

/// An annotation, with its place.
#[derive(Clone, Debug)]
pub(super) struct Annotation {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) place: Place,
    pub(super) key_span: Span,
}

/// What leads to a blob.
#[derive(Clone, Debug)]
pub(super) struct Descriptor {
    pub(super) place: Place,
    pub(super) digest_span: Span,
    pub(super) media_type: Option<String>,
    pub(super) digest: Option<String>,
    pub(super) size: Option<u64>,
    pub(super) platform: Option<Platform>,
    pub(super) annotations: Vec<Annotation>,
    /// Places to get it from: what is not in the layout on purpose.
    pub(super) urls: bool,
}

impl Descriptor {
    /// The value of an annotation.
    pub(super) fn annotation(&self, key: &str) -> Option<&str> {
        let found = self.annotations.iter().find(|annotation| annotation.key == key);
        found.map(|annotation| annotation.value.as_str())
    }
}

/// An index, or Docker's manifest list.
#[derive(Clone, Debug)]
pub(super) struct Index {
    pub(super) manifests: Vec<Descriptor>,
}

/// A manifest.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    pub(super) place: Place,
    pub(super) media_type: Option<String>,
    pub(super) artifact_type: Option<String>,
    pub(super) config: Option<Descriptor>,
    pub(super) layers: Vec<Descriptor>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) subject: Option<String>,
}

impl Manifest {
    /// Whether it describes an image, rather than something else that registries keep.
    pub(super) fn is_image(&self) -> bool {
        let config = self.config.as_ref().and_then(|config| config.media_type.as_deref());
        self.artifact_type.is_none() && config.is_none_or(is_config)
    }
}

impl Shape<'_> {
    /// Reads an index.
    pub(super) fn index(&mut self, json: &Json) -> Index {
        let node = &*json.node;
        self.schema_version(node);
        let items = self.required_list(node, "manifests");
        let manifests = items.iter().map(|item| self.descriptor(item)).collect();
        self.media_type(node, "mediaType");
        self.annotations(node);
        Index { manifests }
    }

    /// Reads a manifest.
    pub(super) fn manifest(&mut self, json: &Json) -> Manifest {
        let node = &*json.node;
        self.schema_version(node);
        let config = self.required(node, "config").map(|config| self.descriptor(config));
        let mut items = self.required_list(node, "layers");
        if let Some(field) = node.get("layers")
            && items.is_empty()
        {
            self.warning(field.span, "an image without layers is one that not every tool takes");
        }
        if items.len() > limits::LAYERS {
            self.error(node.span, format!("it has more than {} layers", limits::LAYERS));
            items = items.get(..limits::LAYERS).unwrap_or_default();
        }
        let layers = items.iter().map(|item| self.descriptor(item)).collect();
        let subject = self.object(node, "subject").and_then(|node| self.descriptor(node).digest);
        Manifest {
            place: self.place(node.span),
            media_type: self.media_type(node, "mediaType"),
            artifact_type: self.media_type(node, "artifactType"),
            config,
            layers,
            annotations: self.annotations(node),
            subject,
        }
    }

    /// Reads `oci-layout`.
    pub(super) fn layout(&mut self, json: &Json) {
        self.required(&json.node, "imageLayoutVersion");
        if let Some((version, node)) = self.text(&json.node, "imageLayoutVersion")
            && version != "1.0.0"
        {
            self.error(node.span, format!("`{version}` is no known version of a layout"));
        }
    }

    fn schema_version(&mut self, node: &Node) {
        self.required(node, "schemaVersion");
        if let Some((version, node)) = self.integer(node, "schemaVersion")
            && version != 2
        {
            self.error(node.span, format!("`schemaVersion` is 2, not {version}"));
        }
    }

    fn media_type(&mut self, node: &Node, name: &str) -> Option<String> {
        let (text, node) = self.text(node, name)?;
        if !is_media_type(text) {
            self.error(node.span, "this is no media type");
        }
        Some(text.to_owned())
    }

    pub(super) fn annotations(&mut self, node: &Node) -> Vec<Annotation> {
        let entries = self.strings(node, "annotations");
        let annotation = |(key, value, span): (&crate::yaml::Key, &str, Span)| Annotation {
            key: key.text.clone(),
            value: value.to_owned(),
            place: self.place(span),
            key_span: key.span,
        };
        entries.into_iter().map(annotation).collect()
    }

    /// Reads a descriptor.
    /// <https://github.com/opencontainers/image-spec/blob/main/descriptor.md>
    pub(super) fn descriptor(&mut self, node: &Node) -> Descriptor {
        self.required(node, "mediaType");
        let media_type = self.media_type(node, "mediaType");
        let digest = self.required(node, "digest").and_then(|_| self.digest(node, "digest"));
        self.required(node, "size");
        let size = self.integer(node, "size").and_then(|(size, node)| {
            let unsigned = u64::try_from(size).ok();
            if unsigned.is_none() {
                self.error(node.span, "a size is not negative");
            }
            unsigned
        });
        let urls = self.texts(node, "urls");
        for (url, node) in &urls {
            // An absolute URI begins with its scheme (RFC 3986, section 4.3).
            if !url.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)) {
                self.error(node.span, "this is no URL");
            }
        }
        self.media_type(node, "artifactType");
        let platform = self.object(node, "platform").map(|node| self.platform(node));
        Descriptor {
            place: self.place(node.span),
            digest_span: node.get("digest").map_or(node.span, |node| node.span),
            media_type,
            digest,
            size,
            platform,
            annotations: self.annotations(node),
            urls: !urls.is_empty(),
        }
    }

    /// A digest: of the grammar, and of the right length where the algorithm is known.
    pub(super) fn digest(&mut self, node: &Node, name: &str) -> Option<String> {
        let (text, node) = self.text(node, name)?;
        if is_digest(text) {
            return Some(text.to_owned());
        }
        self.error(node.span, "this is no digest");
        None
    }

    /// A platform, normalised; of an index's entry or of a configuration.
    pub(super) fn platform(&mut self, node: &Node) -> Platform {
        self.required(node, "architecture");
        self.required(node, "os");
        let mut part =
            |name| self.text(node, name).map(|(text, _)| text.to_owned()).unwrap_or_default();
        let platform = Platform {
            os: part("os"),
            architecture: part("architecture"),
            variant: Some(part("variant")).filter(|variant| !variant.is_empty()),
            os_version: Some(part("os.version")).filter(|version| !version.is_empty()),
            os_features: Vec::new(),
        };
        self.texts(node, "os.features");
        platform.normalized()
    }
}

/// The grammar of RFC 6838, section 4.2.
fn is_media_type(text: &str) -> bool {
    let part = |part: &str| {
        let inside = |char: char| char.is_ascii_alphanumeric() || "!#$&^_.+-".contains(char);
        part.len() <= 127
            && part.starts_with(|char: char| char.is_ascii_alphanumeric())
            && part.chars().all(inside)
    };
    text.split_once('/').is_some_and(|(kind, subtype)| part(kind) && part(subtype))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
}

/// The grammar of a descriptor's digest.
/// <https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests>
pub(super) fn is_digest(text: &str) -> bool {
    let Some((algorithm, encoded)) = text.split_once(':') else { return false };
    let component = |part: &str| {
        !part.is_empty() && part.chars().all(|char| matches!(char, 'a'..='z' | '0'..='9'))
    };
    let hex = |length: usize| {
        encoded.len() == length && encoded.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
    };
    algorithm.split(['+', '.', '_', '-']).all(component)
        && match algorithm {
            "sha256" => hex(64),
            "sha512" => hex(128),
            _ => {
                let inside = |char: char| char.is_ascii_alphanumeric() || "=_-".contains(char);
                !encoded.is_empty() && encoded.chars().all(inside)
            }
        }
}
