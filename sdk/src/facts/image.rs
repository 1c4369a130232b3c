//! What somebody ships.

use serde::{Deserialize, Serialize};

use super::{
    Argument, Attestation, EnvVar, History, ImageFiles, ImageRef, InstalledPackage, Label, Layer,
    OsRelease, PackageOperation, Port,
};
use crate::known::present;
use crate::{Loc, Nullable};

/// An image: the target stage of a Dockerfile, or an OCI or Docker image that was built.
///
/// <https://github.com/opencontainers/image-spec/blob/main/manifest.md>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Image {
    /// Its place: the FROM of the target stage, else its manifest, else its configuration.
    pub loc: Loc,
    /// A name to call it by in messages: the stage's name, else `stage N`; the first reference of
    /// an image that was built, else its digest, with the platform when several have that name.
    pub name: String,
    /// What describes it: `dockerfile`, `oci_layout`, `docker_save`, `registry_manifest`,
    /// `image_config`, `docker_history`, `docker_inspect`.
    pub source_type: String,
    /// The names it goes by, with their tags.
    pub refs: Vec<ImageRef>,
    /// The digest of its manifest, `sha256:…`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The digest of the index that lists it; null when none does; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub index_digest: Option<Nullable<String>>,
    /// What an engine calls it by, `sha256:…`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<String>,
    /// What `image_id` is the digest of: `config`, `manifest`, `index`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_kind: Option<String>,
    /// The media type of its manifest; null when it has none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub media_type: Option<Nullable<String>>,
    /// When it was made, RFC 3339; null when it does not say; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub created: Option<Nullable<String>>,
    /// Whether `created` is a fixed date rather than the time of the build: before 1981, as
    /// reproducible builds write it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_reproducible: Option<bool>,
    /// Who made it; null when it does not say; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub author: Option<Nullable<String>>,
    /// What it is built on.
    pub base: Base,
    /// What it runs, and how.
    pub config: ImageConfig,
    /// Platform it is built for; absent when nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Annotations of its manifest, and of the entry of the index that lists it.
    pub annotations: Vec<Label>,
    /// Its layers, the lowest first.
    pub layers: Vec<Layer>,
    /// Bytes of its layers; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// What `size_bytes` counts: `compressed` (as distributed), `unpacked`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_kind: Option<String>,
    /// What made it, the oldest first.
    pub history: Vec<History>,
    /// Package-manager operations whose results ship: those of the target's lineage, or those of
    /// the history.
    pub installs: Vec<PackageOperation>,
    /// Files of interest.
    pub files: ImageFiles,
    /// What its package databases list.
    pub packages: Vec<InstalledPackage>,
    /// The system it says it is; null when it says nothing; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub os_release: Option<Nullable<OsRelease>>,
    /// Statements that come with it.
    pub attestations: Vec<Attestation>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// What an image is built on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Base {
    /// Its place: the FROM at the root of the target's lineage; for an image that was built, the
    /// annotation or label that names its base, else the image.
    pub loc: Loc,
    /// The reference as written; `unknown` when an image that was built does not say.
    pub raw: String,
    /// `image`, `scratch`; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Registry and repository, `docker.io/library/python`; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name as Docker's tools shorten it, `python`; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub familiar: Option<String>,
    /// The tag; null when none is written; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub tag: Option<Nullable<String>>,
    /// The digest; null when none is written; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub digest: Option<Nullable<String>>,
    /// Names, or numbers, of the stages between the base and the target, nearest to the base first.
    pub chain: Vec<String>,
    /// Who says what the base sets: `scratch` (nothing), `table` (the policy's table of well-known
    /// images), `assumed` (taken to set nothing), `unknown`. For an image that was built, whose own
    /// configuration says it all: who names the base, `annotation`, `label` or `unknown`.
    pub evidence: String,
}

/// The configuration an image runs with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImageConfig {
    /// Its place.
    pub loc: Loc,
    /// The user that its process starts as.
    pub user: User,
    /// Its environment: every ENV of the lineage that is in force.
    pub env: Vec<EnvVar>,
    /// Ports it exposes.
    pub exposed_ports: Vec<Port>,
    /// Paths it declares as volumes.
    pub volumes: Vec<Argument>,
    /// Its entrypoint as words; empty when there is none.
    pub entrypoint: Vec<String>,
    /// `exec` or `shell`; null when there is no entrypoint; absent when unknown. In an image that
    /// was built, `shell` is told by its first words: `/bin/sh -c`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub entrypoint_form: Option<Nullable<String>>,
    /// Its command as words; empty when there is none.
    pub cmd: Vec<String>,
    /// `exec` or `shell`, as above; null when there is no command; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub cmd_form: Option<Nullable<String>>,
    /// Its working directory; null when none is set; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub working_dir: Option<Nullable<String>>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// Its stop signal; null when none is set; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub stop_signal: Option<Nullable<String>>,
    /// Its health check; null when none is set; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub healthcheck: Option<Nullable<Healthcheck>>,
    /// Whether its configuration has a field for a health check: Docker's has, OCI's has none. A
    /// Dockerfile can say one.
    pub healthcheck_supported: bool,
    /// The shell of its shell forms; empty for the default.
    pub shell: Vec<String>,
    /// Instructions it leaves for images built on it, as written.
    pub onbuild: Vec<Argument>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A user, and whether it is root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct User {
    /// Its place: the value of USER, else the FROM of the target stage.
    pub loc: Loc,
    /// As written; null when nothing sets a user.
    pub raw: Nullable<String>,
    /// After substitution; null when nothing sets a user; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub text: Option<Nullable<String>>,
    /// The name, when it is no number; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub name: Option<Nullable<String>>,
    /// The number: as written, or that of the account by that name; null when there is no account
    /// of that name; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub uid: Option<Nullable<u32>>,
    /// The group as written after the colon; null without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub group: Option<Nullable<String>>,
    /// Whether it is root: the name `root`, a number that is 0 however written, Windows'
    /// ContainerAdministrator, or nobody set one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_root: Option<bool>,
    /// What says so: `image` (a USER of the lineage), `container` (its own `user`; for an inspected
    /// container its own or its image's, which the engine does not tell apart), `table` (the
    /// policy's table of well-known images), `default` (nobody sets one, neither container nor
    /// image nor a base: root), `assumed` (the base is not known, and is taken to set no user),
    /// `unknown`.
    pub from: String,
    /// Whether a command of the lineage creates this user; null for a number or when none is set.
    pub created_in_build: Nullable<bool>,
    /// Whether that command makes it a system account and leaves the number to the program
    /// (`useradd -r`, `adduser -S`), which then takes one below 1000; null when no command that is
    /// known creates it.
    pub system: Nullable<bool>,
    /// Variables it was written with.
    pub variables: Vec<String>,
    /// Those of them whose value is not known.
    pub missing: Vec<String>,
}

/// A health check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Healthcheck {
    /// Its place.
    pub loc: Loc,
    /// Whether it is `NONE`: one that the base sets is switched off.
    pub disabled: bool,
    /// `exec`, `shell`, `none`.
    pub form: String,
    /// The words of its command.
    pub test: Vec<String>,
    /// Seconds between checks; null for the engine's default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub interval_s: Option<Nullable<f64>>,
    /// Seconds a check may take; null for the engine's default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub timeout_s: Option<Nullable<f64>>,
    /// Seconds in which failures do not count; null for the engine's default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub start_period_s: Option<Nullable<f64>>,
    /// Failures until it is unhealthy; null for the engine's default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub retries: Option<Nullable<u32>>,
    /// What says so: `image`, `container` (for an inspected container its own or its image's),
    /// `table`.
    pub from: String,
}

/// A platform, normalised as containerd does: `linux`, `arm64`, `v8`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Platform {
    /// Operating system.
    pub os: String,
    /// Architecture.
    pub architecture: String,
    /// Variant of the architecture; null without one.
    pub variant: Nullable<String>,
}
