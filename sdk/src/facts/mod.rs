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
mod image;
mod layer;
mod reference;
mod value;

use serde::{Deserialize, Serialize};

pub use build::{
    Build, Context, ContextFile, Copy, CopySource, Dockerignore, Expose, IgnorePattern,
    Instruction, Run, RunMount, Stage, VariableUse, Workdir,
};
pub use command::{Assignment, Command, Package, PackageOperation, Redirect};
pub use image::{Base, Healthcheck, Image, ImageConfig, Platform, User};
pub use layer::{
    Account, Attestation, FileEntry, History, ImageFiles, InstalledPackage, Layer, OsRelease,
};
pub use reference::ImageRef;
pub use value::{Argument, EnvVar, Label, Port, Secret};

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
    /// What somebody ships: the target stage of a Dockerfile, or images that were built.
    pub images: Vec<Image>,
    /// Every image reference, wherever it occurs, in source order.
    pub references: Vec<ImageRef>,
    /// Literal values that look like credentials, by their shape.
    pub secrets: Vec<Secret>,
    /// How the image is built; absent in documents that say nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<Build>,
}

/// The document that facts were read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentInfo {
    /// `dockerfile`, `image`.
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
