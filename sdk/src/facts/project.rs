//! What containers share: projects, networks, volumes, and what other documents of the run say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Argument, Comment, Daemon, EnvVar, Grant, Image, Label};
use crate::known::present;
use crate::{Loc, Nullable};

/// How the image of a service is built.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceBuild {
    /// Its place.
    pub loc: Loc,
    /// The folder, Git URL or archive that is built, as written; null when not said; absent when
    /// unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub context: Option<Nullable<String>>,
    /// The Dockerfile, relative to the context; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub dockerfile: Option<Nullable<String>>,
    /// Whether the Dockerfile is written in the compose file.
    pub inline: bool,
    /// The stage; null for the last; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub target: Option<Nullable<String>>,
    /// Build arguments.
    pub args: Vec<EnvVar>,
    /// Secrets that the build may mount.
    pub secrets: Vec<Grant>,
    /// SSH agents that the build may use.
    pub ssh: Vec<Argument>,
    /// Further contexts by name.
    pub additional_contexts: Vec<Label>,
    /// Names that the image gets beside the service's `image`, as written.
    pub tags: Vec<Argument>,
    /// Platforms it is built for.
    pub platforms: Vec<String>,
    /// Whether the build is privileged; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privileged: Option<bool>,
    /// Entitlements: `network.host`, `security.insecure`.
    pub entitlements: Vec<String>,
    /// The network of its RUN commands; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub network: Option<Nullable<String>>,
    /// Provenance attestation: `true`, `false` or its mode; null when not said; absent when
    /// unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub provenance: Option<Nullable<String>>,
    /// SBOM attestation: `true`, `false` or its generator; null when not said; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub sbom: Option<Nullable<String>>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A compose project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Project {
    /// Its place: the first file.
    pub loc: Loc,
    /// Its name; null when not said; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub name: Option<Nullable<String>>,
    /// The files it was read from, in order.
    pub files: Vec<String>,
    /// Names of its services.
    pub services: Vec<String>,
    /// Names of its networks.
    pub networks: Vec<String>,
    /// Names of its volumes.
    pub volumes: Vec<String>,
    /// Its secrets.
    pub secrets: Vec<ProjectSecret>,
    /// Its configs.
    pub configs: Vec<ProjectSecret>,
    /// Files of variables: those that its services name, and its own `.env`; each once.
    pub env_files: Vec<ProjectEnvFile>,
    /// Networks, volumes, secrets and configs that no service uses: `volume data`.
    pub unused: Vec<Argument>,
    /// Variables that have neither a value nor a default.
    pub missing_variables: Vec<String>,
    /// The obsolete `version`; null when it is not written.
    pub version: Nullable<String>,
    /// Comments of its compose files.
    pub comments: Vec<Comment>,
}

/// A secret or a config of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProjectSecret {
    /// Its place.
    pub loc: Loc,
    /// Its name.
    pub name: String,
    /// Where its content comes from: `external`, `file`, `environment`, `content`, `driver`; absent
    /// when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The file, as written; null when it is none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub file: Option<Nullable<String>>,
    /// Whether the file is there; absent when that could not be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    /// Services it is given to.
    pub consumers: Vec<String>,
}

/// A file of variables that a project reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProjectEnvFile {
    /// Its place: where the first service names it, else the file itself.
    pub loc: Loc,
    /// The path as written.
    pub path: String,
    /// What its text is called in reports; null when it was not read.
    pub name: Nullable<String>,
    /// Whether Compose reads it without being told, for the variables of the project: `.env`.
    pub is_default: bool,
    /// Services whose environment is read from it.
    pub services: Vec<String>,
    /// Whether one of them must have it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Whether it is there; absent when that could not be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    /// Its permission bits, 384 for `0600`; absent when they could not be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<u32>,
    /// Whether it is in Git's index; absent when that could not be seen, or there is no work tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_tracked: Option<bool>,
    /// Whether Git ignores it, by the patterns of its work tree; absent as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_ignored: Option<bool>,
    /// Variables that it gives a value of its own, and whose names are those of credentials, by the
    /// policy's table.
    pub credentials: Vec<String>,
    /// What the policy's table finds in it by the shape of values: `GitHub token`.
    pub secrets: Vec<String>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Network {
    /// Its place.
    pub loc: Loc,
    /// Its name: in compose its key.
    pub name: String,
    /// Its driver; null for the engine's default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub driver: Option<Nullable<String>>,
    /// `local`, `swarm`, `global`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Whether nothing leads out of it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal: Option<bool>,
    /// Whether containers of the user may join it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachable: Option<bool>,
    /// Whether it is a swarm's ingress network; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingress: Option<bool>,
    /// Whether the project does not create it.
    pub external: bool,
    /// Whether nobody wrote it: the project's default network.
    pub implicit: bool,
    /// Whether it has IPv4; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_ipv4: Option<bool>,
    /// Whether it has IPv6; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_ipv6: Option<bool>,
    /// Whether it is docker0; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_default_bridge: Option<bool>,
    /// Whether an overlay's data is encrypted; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
    /// Whether containers on it may talk to each other; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icc: Option<bool>,
    /// Whether the host hides its addresses; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_masquerade: Option<bool>,
    /// How IPv4 is routed; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub gateway_mode_ipv4: Option<Nullable<String>>,
    /// How IPv6 is routed; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub gateway_mode_ipv6: Option<Nullable<String>>,
    /// Address that its published ports are bound to; null for the daemon's; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub host_binding_ipv4: Option<Nullable<String>>,
    /// Its subnets.
    pub subnets: Vec<String>,
    /// Options of its driver.
    pub options: Vec<Label>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// Containers attached to it, by name.
    pub members: Vec<String>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Volume {
    /// Its place.
    pub loc: Loc,
    /// Its name: in compose its key.
    pub name: String,
    /// Its driver; null for the engine's default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub driver: Option<Nullable<String>>,
    /// Options of its driver.
    pub options: Vec<Label>,
    /// The path of the host that its options bind, cleaned, with `/var/run` as `/run`; null when
    /// they bind none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub bind_device: Option<Nullable<String>>,
    /// The file system its options mount, `nfs`; null when they mount none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub fs_type: Option<Nullable<String>>,
    /// Whether the project does not create it.
    pub external: bool,
    /// Where the host keeps it; null when not said; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub mountpoint: Option<Nullable<String>>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// RFC 3339; null when not said; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub created_at: Option<Nullable<String>>,
    /// Containers that mount it, by name.
    pub used_by: Vec<String>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}
/// What other documents of the run say of things that this one names: context, never judged here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Linked {
    /// Images by key.
    pub images: BTreeMap<String, Image>,
    /// Networks that its containers are attached to.
    pub networks: Vec<Network>,
    /// The daemon that runs its containers, or that this host runs; absent when none was given, or
    /// several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daemon: Option<Daemon>,
}
