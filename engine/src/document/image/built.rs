//! An image as its manifest and configuration describe it, before it becomes facts.

use super::manifest::{Annotation, Descriptor, Manifest};
use super::shape::Json;
use crate::notation::platform::Platform;
use crate::source::Place;

/// A name of an image, where it is written.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) place: Place,
}

/// A layer, as far as descriptors say.
#[derive(Clone, Debug)]
pub(super) struct BuiltLayer {
    pub(super) place: Place,
    pub(super) digest: Option<String>,
    pub(super) media_type: Option<String>,
    pub(super) size: Option<u64>,
    /// The path of its blob in the store.
    pub(super) blob: Option<String>,
}

/// A statement that comes with an image.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// The digest of the manifest that it is about.
    pub(super) subject: String,
    pub(super) place: Place,
    pub(super) predicate_type: Option<String>,
    /// `Some(None)`: it was read, and does not say.
    pub(super) builder_id: Option<Option<String>>,
    pub(super) digest: String,
}

/// An image.
#[derive(Clone, Debug)]
pub(super) struct Built {
    pub(super) source_type: &'static str,
    pub(super) place: Place,
    pub(super) names: Vec<Name>,
    /// Whether the names it goes by are all known.
    pub(super) names_known: bool,
    pub(super) digest: Option<String>,
    /// `Some(None)`: no index lists it.
    pub(super) index_digest: Option<Option<String>>,
    /// `Some(None)`: its manifest has none.
    pub(super) media_type: Option<Option<String>>,
    pub(super) config_digest: Option<String>,
    pub(super) config: Option<Json>,
    /// Whether it is described in Docker's first form: the configuration is that of the newest
    /// layer, without a list of layers.
    pub(super) first_form: bool,
    /// The configurations of all layers in that form, the oldest first.
    pub(super) older: Vec<Json>,
    /// Whether an index lists it.
    pub(super) listed: bool,
    /// Whether the configuration may hold a health check: Docker's may.
    pub(super) has_healthcheck: bool,
    pub(super) platform: Option<Platform>,
    pub(super) annotations: Vec<Annotation>,
    /// Whether there is a manifest, which would have annotations.
    pub(super) annotations_known: bool,
    pub(super) layers: Vec<BuiltLayer>,
    pub(super) layers_known: bool,
    /// Whether the layers' blobs ought to be in the store.
    pub(super) has_blobs: bool,
    /// Whether statements would be known if there were any.
    pub(super) statements_known: bool,
    pub(super) statements: Vec<Statement>,
}

impl Built {
    /// One of which nothing is known yet.
    pub(super) fn new(source_type: &'static str, place: Place) -> Self {
        Built {
            source_type,
            place,
            names: Vec::new(),
            names_known: false,
            digest: None,
            index_digest: None,
            media_type: None,
            config_digest: None,
            config: None,
            first_form: false,
            older: Vec::new(),
            listed: false,
            has_healthcheck: true,
            platform: None,
            annotations: Vec::new(),
            annotations_known: false,
            layers: Vec::new(),
            layers_known: false,
            has_blobs: false,
            statements_known: false,
            statements: Vec::new(),
        }
    }

    /// Adds what a manifest says.
    pub(super) fn describe(&mut self, manifest: &Manifest) {
        let config = manifest.config.as_ref();
        let config_type = config.and_then(|config| config.media_type.as_deref());
        self.has_healthcheck = config_type != Some("application/vnd.oci.image.config.v1+json");
        self.media_type = Some(manifest.media_type.clone());
        self.config_digest = config.and_then(|config| config.digest.clone());
        self.annotations_known = true;
        self.layers_known = true;
        let layer = |descriptor: &Descriptor| BuiltLayer {
            place: descriptor.place.clone(),
            digest: descriptor.digest.clone(),
            media_type: descriptor.media_type.clone(),
            size: descriptor.size,
            blob: None,
        };
        self.layers = manifest.layers.iter().map(layer).collect();
    }

    /// Adds a name, unless it is there in another spelling.
    pub(super) fn add_name(&mut self, name: Name) {
        let canonical = |text: &str| {
            crate::notation::reference::Reference::parse_normalized(text)
                .map_or_else(|_| text.to_owned(), |reference| reference.to_string())
        };
        let new = canonical(&name.text);
        if self.names.iter().all(|known| canonical(&known.text) != new) {
            self.names.push(name);
        }
    }
}
