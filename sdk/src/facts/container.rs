//! What somebody runs.

use serde::{Deserialize, Serialize};

use super::{
    Argument, Device, DeviceRequest, EnvVar, Healthcheck, Label, Mount, Namespaces, Port,
    PublishedPort, Resources, Security, ServiceBuild, User,
};
use crate::known::present;
use crate::{Loc, Nullable};

/// A container as it is run: a compose service, an inspected container, a swarm service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Container {
    /// Its place: the service's key, or the container's object.
    pub loc: Loc,
    /// Its name: the service's, or the container's without the leading slash.
    pub name: String,
    /// What describes it: `compose`, `container`, `swarm_service`.
    pub source_type: String,
    /// The container's or service's id; null for what has none.
    pub id: Nullable<String>,
    /// The compose project it belongs to; null when it belongs to none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub project: Option<Nullable<String>>,
    /// The compose service it is, by its labels or its key; null when it is none.
    pub service: Nullable<String>,
    /// The name that its container is given, compose `container_name`; null when none is; absent when
    /// unknown. What is no service is called by `name`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub container_name: Option<Nullable<String>>,
    /// Compose profiles that switch it on; empty when it is always on.
    pub profiles: Vec<String>,
    /// The image it runs.
    pub image: ContainerImage,
    /// The user that its process starts as: its own, else its image's.
    pub user: User,
    /// Whether it is privileged; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privileged: Option<bool>,
    /// Capabilities added and dropped.
    pub capabilities: Capabilities,
    /// Security options.
    pub security_opt: Security,
    /// Paths that are hidden from it, where the source lists them.
    pub masked_paths: Vec<String>,
    /// Paths that it can only read, where the source lists them.
    pub readonly_paths: Vec<String>,
    /// Whether its root file system is read-only; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// What is mounted into it, tmpfs aside.
    pub mounts: Vec<Mount>,
    /// Its tmpfs mounts.
    pub tmpfs: Vec<Tmpfs>,
    /// Containers or services whose volumes it takes over, as written.
    pub volumes_from: Vec<Argument>,
    /// Devices of the host that it may use.
    pub devices: Vec<Device>,
    /// Rules of its device control group: `c 1:3 mr`.
    pub device_cgroup_rules: Vec<Argument>,
    /// Devices that a driver gives it: GPUs.
    pub device_requests: Vec<DeviceRequest>,
    /// What it may use up.
    pub resources: Resources,
    /// Namespaces, its own or shared.
    pub namespaces: Namespaces,
    /// The control group above its own; null for the engine's default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub cgroup_parent: Option<Nullable<String>>,
    /// Networks it is attached to.
    pub networks: Vec<Endpoint>,
    /// Ports that are published on the host.
    pub ports: Vec<PublishedPort>,
    /// Ports that other containers may reach, not published.
    pub expose: Vec<Port>,
    /// Whether every exposed port is published; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_all: Option<bool>,
    /// Containers or services it is linked to, as written.
    pub links: Vec<Argument>,
    /// Containers outside of its project that it is linked to, as written.
    pub external_links: Vec<Argument>,
    /// Whether it says what is done with it while somebody develops it: compose `develop`.
    pub has_develop: bool,
    /// Names added to its hosts file: `name=address`.
    pub extra_hosts: Vec<Argument>,
    /// Name servers.
    pub dns: Vec<Argument>,
    /// Its environment, with what env files and its image set.
    pub environment: Vec<EnvVar>,
    /// Files that its environment is read from.
    pub env_files: Vec<EnvFile>,
    /// Secrets given to it.
    pub secrets: Vec<Grant>,
    /// Configs given to it.
    pub configs: Vec<Grant>,
    /// Whether it is given the engine's API socket; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_api_socket: Option<bool>,
    /// Where its logs go.
    pub logging: Logging,
    /// When it is started again.
    pub restart: Restart,
    /// Its health check, or its image's; null when there is none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub healthcheck: Option<Nullable<Healthcheck>>,
    /// Its own entrypoint as words; empty when it has none of its own.
    pub entrypoint: Vec<String>,
    /// Its own command as words; empty when it has none of its own.
    pub command: Vec<String>,
    /// Its working directory; null for the image's; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub working_dir: Option<Nullable<String>>,
    /// Whether an init process runs in it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init: Option<bool>,
    /// The runtime that runs it; null for the daemon's default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub runtime: Option<Nullable<String>>,
    /// Kernel parameters it sets.
    pub sysctls: Vec<Label>,
    /// Further groups of its user.
    pub group_add: Vec<Argument>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// Its annotations.
    pub annotations: Vec<Label>,
    /// Commands run in it when it starts or stops.
    pub hooks: Vec<Hook>,
    /// Services that it needs.
    pub depends_on: Vec<String>,
    /// How many run, where that is said; null when it is not.
    pub deploy: Nullable<Deploy>,
    /// Seconds between the signal to stop and the kill; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub stop_grace_period_s: Option<Nullable<f64>>,
    /// What it is doing; null for what is only described.
    pub state: Nullable<State>,
    /// Fields above that nobody wrote: their value is the source's own default.
    pub defaulted: Vec<String>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// The image that a container runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContainerImage {
    /// Its place: the reference, else the build.
    pub loc: Loc,
    /// The reference as written; null when only a build is given.
    pub raw: Nullable<String>,
    /// Registry and repository, `docker.io/library/python`; absent when not resolved or not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name as Docker's tools shorten it, `python`; absent as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub familiar: Option<String>,
    /// The tag; null when none is written; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub tag: Option<Nullable<String>>,
    /// The digest it is pinned to; null when none is written; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub digest: Option<Nullable<String>>,
    /// The image's id, `sha256:…`, where the source says it.
    pub id: Nullable<String>,
    /// How the image was found among the documents of the run: `build`, `digest`, `id`,
    /// `reference`; null when it was not.
    pub r#match: Nullable<String>,
    /// Its key in `linked.images`; null when it was not found.
    pub linked: Nullable<String>,
    /// Names of several images that fit equally well, when none was chosen.
    pub candidates: Vec<String>,
    /// How it is built; null when it is not built here.
    pub build: Nullable<ServiceBuild>,
    /// When it is pulled; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub pull_policy: Option<Nullable<String>>,
}

/// Capabilities, in upper case and without `CAP_`: `NET_ADMIN`, `ALL`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Capabilities {
    /// Its place.
    pub loc: Loc,
    /// Added to the engine's default set.
    pub add: Vec<String>,
    /// Taken from the engine's default set.
    pub drop: Vec<String>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A tmpfs mount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tmpfs {
    /// Its place.
    pub loc: Loc,
    /// Path in the container, cleaned; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Its options: `size=64m`, `noexec`.
    pub options: Vec<String>,
    /// Its size in bytes; null without a limit; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub size_bytes: Option<Nullable<u64>>,
}

/// A network that a container is attached to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Endpoint {
    /// Its place: the entry, else the service.
    pub loc: Loc,
    /// The network's name: in compose its key, else as the engine knows it.
    pub name: String,
    /// Whether nobody wrote it: the project's default network.
    pub implicit: bool,
    /// Further names of the container on it.
    pub aliases: Vec<String>,
}

/// A file that an environment is read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnvFile {
    /// Its place.
    pub loc: Loc,
    /// The path as written; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether it must be there; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Whether it is there; absent when that could not be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
}

/// A secret or a config that is given to a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grant {
    /// Its place.
    pub loc: Loc,
    /// The name of the secret or config.
    pub source: String,
    /// The path or name in the container; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub target: Option<Nullable<String>>,
    /// Owner of the file; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub uid: Option<Nullable<String>>,
    /// Group of the file; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub gid: Option<Nullable<String>>,
    /// Permission bits of the file; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub mode: Option<Nullable<u32>>,
}

/// Where the logs of a container go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Logging {
    /// Its place: the driver, else the container.
    pub loc: Loc,
    /// The logging driver, its own or the daemon's; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// Options of the driver, with the daemon's where those apply.
    pub options: Vec<Label>,
    /// What says so: `container`, `daemon`, `unknown`.
    pub from: String,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// When a container is started again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Restart {
    /// Its place.
    pub loc: Loc,
    /// `no`, `always`, `unless-stopped`, `on-failure`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Starts until it gives up; null without a limit; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub max_retries: Option<Nullable<u32>>,
    /// A service's own `restart` where its `deploy` says so, too, and wins: what programs do that
    /// know no `deploy`. Null otherwise.
    pub ignored: Nullable<IgnoredRestart>,
}

/// What a service says of its restarts, but not where it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IgnoredRestart {
    /// Its place.
    pub loc: Loc,
    /// `no`, `always`, `unless-stopped`, `on-failure`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Starts until it gives up; null without a limit; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub max_retries: Option<Nullable<u32>>,
}

/// A command that is run in a container when it starts or stops.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hook {
    /// Its place.
    pub loc: Loc,
    /// `pre_start`, `post_start`, `pre_stop`.
    pub phase: String,
    /// Its words.
    pub command: Vec<String>,
    /// The user it runs as; null for the container's; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub user: Option<Nullable<String>>,
    /// Whether that user is root; absent when unknown, or the container's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_root: Option<bool>,
    /// Whether it is privileged; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privileged: Option<bool>,
}

/// How many of a service run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deploy {
    /// Its place.
    pub loc: Loc,
    /// `replicated`, `global`, `replicated-job`, `global-job`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// How many; null when not said; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub replicas: Option<Nullable<u64>>,
}

/// What a container is doing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct State {
    /// Its place.
    pub loc: Loc,
    /// `created`, `running`, `paused`, `restarting`, `exited`, `dead`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `healthy`, `unhealthy`, `starting`; null without a health check; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub health: Option<Nullable<String>>,
    /// RFC 3339; null when it never started; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub started_at: Option<Nullable<String>>,
    /// How often it was started again; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_count: Option<u64>,
    /// Commands running in it beside its own.
    pub exec_ids: Vec<String>,
    /// Bytes written to its own layer; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_rw_bytes: Option<u64>,
}
