//! The facts: what every rule sees as `input`, and every plugin receives as JSON.
//!
//! Rules for every field, on all types here:
//!
//! - A present value is known: written, or defaulted by the source's own specification.
//! - `null` is known to be none. It occurs only where the type says so.
//! - An absent field is unknown: an unresolved variable, an image that was not available.
//! - Lists and objects are always present. A list of which only a part is known is named in its
//!   object's `incomplete`.
//! - Every object has a `loc`, unique in its document. The engine knows the place of the object, of
//!   each of its fields and of each item of its list fields.
//! - Names and raw references are always known. Enumerations are open: treat a word you do not know
//!   as a word you do not know.

mod build;
mod command;
mod container;
mod daemon;
mod host;
mod image;
mod isolation;
mod layer;
mod policy;
mod project;
mod read;
mod reference;
#[cfg(any(test, target_arch = "wasm32"))]
mod trusted;
mod value;

use serde::{Deserialize, Serialize};

pub use build::{
    Build, Context, ContextFile, Copy, CopySource, Dockerignore, Expose, IgnorePattern,
    Instruction, LabelSetting, Run, RunMount, Stage, UndeclaredVariable, VariableUse, Workdir,
};
pub use command::{Assignment, Command, Package, PackageOperation, Redirect};
pub use container::{
    Capabilities, Container, ContainerImage, Deploy, Endpoint, EnvFile, Grant, Hook,
    IgnoredRestart, Logging, Restart, State, Tmpfs,
};
pub use daemon::{
    Daemon, DaemonComponent, DaemonCounts, DaemonFeature, DaemonHost, DaemonLog,
    DaemonNetworkOption, DaemonRegistries, DaemonRuntime, DaemonSeccomp, DaemonTls, Evidence,
    InsecureRegistry, LimitsSupported, Listener, Swarm,
};
pub use host::{AuditRule, Host, HostFile, HostGroup, HostMount, HostOsRelease, SwarmSecret};
pub use image::{Base, Healthcheck, Image, ImageConfig, Platform, User};
pub use isolation::{
    Conflict, Device, DeviceRequest, Limits, Mount, Namespace, Namespaces, PublishedPort,
    Reservations, Resources, Security, SecurityProfile, Selinux, Ulimit,
};
pub use layer::{
    Account, Attestation, FileEntry, History, ImageFiles, InstalledPackage, Layer, OsRelease,
};
pub use policy::{Policy, Table};
pub use project::{Linked, Network, Project, ProjectEnvFile, ProjectSecret, ServiceBuild, Volume};
pub use reference::ImageRef;
#[cfg(target_arch = "wasm32")]
pub(crate) use trusted::trusted;
pub use value::{Argument, Comment, EnvVar, Label, Port, Secret};

/// The version of this model.
pub const VERSION: &str = "0";

/// The facts of one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facts {
    /// The version of the model: `"0"`.
    pub facts: String,
    /// The document these facts are of.
    pub document: DocumentInfo,
    /// What the caller said about the run.
    pub meta: Meta,
    /// What somebody runs: services of a compose file or a swarm, inspected containers.
    pub containers: Vec<Container>,
    /// What somebody ships: the target stage of a Dockerfile, images.
    pub images: Vec<Image>,
    /// Every image reference, wherever it occurs, in source order.
    pub references: Vec<ImageRef>,
    /// Networks.
    pub networks: Vec<Network>,
    /// Volumes.
    pub volumes: Vec<Volume>,
    /// Literal values that look like credentials, by their shape.
    pub secrets: Vec<Secret>,
    /// Secrets that a swarm keeps.
    pub swarm_secrets: Vec<SwarmSecret>,
    /// How the image is built; absent in documents that say nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<Build>,
    /// What the containers make up together; absent in documents that say nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<Project>,
    /// The engine; absent in documents that say nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daemon: Option<Daemon>,
    /// The machine that an engine runs on; absent in documents that say nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<Host>,
    /// What the policy rests on; absent in documents that are not of the policy itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// What other documents of the run say of things that are named here: context, not judged.
    pub linked: Linked,
}

impl Facts {
    /// Facts of a document that says nothing.
    #[must_use]
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Facts {
            facts: VERSION.into(),
            document: DocumentInfo { kind: kind.into(), name: name.into() },
            meta: Meta { now: None, profile: String::new() },
            containers: Vec::new(),
            images: Vec::new(),
            references: Vec::new(),
            networks: Vec::new(),
            volumes: Vec::new(),
            secrets: Vec::new(),
            swarm_secrets: Vec::new(),
            build: None,
            project: None,
            daemon: None,
            host: None,
            policy: None,
            linked: Linked::default(),
        }
    }

    /// Reads facts, as `plimsoll facts` prints them for a document and as a plugin receives them.
    ///
    /// Fields that are not known here are ignored: they are of a newer host.
    ///
    /// # Errors
    ///
    /// When the text is no JSON, with line and column; when it is not that of facts.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        read::from_json(text)
    }
}

/// The document that facts were read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentInfo {
    /// What it is: `dockerfile`, `compose`, `image`, `container`, `network`, `volume`, `secret`,
    /// `daemon`, `host`, `policy`.
    pub kind: String,
    /// The name the user knows it by: a path with forward slashes, or `<stdin>`.
    pub name: String,
}

/// What the caller said about the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Meta {
    /// The time to judge by, RFC 3339; absent when the caller gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// The name of the profile in force.
    pub profile: String,
}
