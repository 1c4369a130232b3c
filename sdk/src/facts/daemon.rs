//! The engine that runs containers.

use serde::{Deserialize, Serialize};

use super::{Argument, Label, Ulimit};
use crate::known::present;
use crate::{Loc, Nullable};

/// A Docker daemon, as its configuration, its command line, `docker info` and `docker version` tell.
///
/// A fact is absent when none of the sources at hand can say it; `evidence` names the source of each
/// fact that is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Daemon {
    /// Its place: the document.
    pub loc: Loc,
    /// What it was read from: `flags`, `config` (daemon.json), `info`, `version`.
    pub sources: Vec<String>,
    /// What to call it in messages: the name of its host, else `daemon`.
    pub name: String,
    /// Its identifier; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where the API is served. `incomplete` names it unless flags or daemon.json say all of them.
    pub hosts: Vec<DaemonHost>,
    /// Whether the API is served over TCP without TLS; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_tcp: Option<bool>,
    /// Whether the API is served over TCP with TLS but without verifying clients; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unverified_tls: Option<bool>,
    /// How TLS of the API is set up.
    pub tls: DaemonTls,
    /// Other addresses that the daemon listens on.
    pub listeners: Vec<Listener>,
    /// Whether it runs in rootless mode; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rootless: Option<bool>,
    /// Whether containers get user namespaces of their own; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userns: Option<bool>,
    /// The user that root of containers is mapped to (`default`, `name`, `uid:gid`); null without
    /// mapping; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub userns_remap: Option<Nullable<String>>,
    /// Whether containers cannot gain privileges by default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_new_privileges: Option<bool>,
    /// Whether containers on the default bridge may talk to each other; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icc: Option<bool>,
    /// Whether containers live on when the daemon stops; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_restore: Option<bool>,
    /// Whether a proxy process serves published ports; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userland_proxy: Option<bool>,
    /// Seccomp.
    pub seccomp: DaemonSeccomp,
    /// Whether AppArmor confines containers; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apparmor: Option<bool>,
    /// Whether SELinux confines containers; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selinux: Option<bool>,
    /// Whether SELinux support is switched on in the configuration; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selinux_enabled: Option<bool>,
    /// The cgroup namespace of containers that name none: `private`, `host`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cgroup_ns_default: Option<String>,
    /// The IPC namespace of containers that name none: `private`, `shareable`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipc_default: Option<String>,
    /// Logging.
    pub log: DaemonLog,
    /// Whether it runs in debug mode; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debug: Option<bool>,
    /// Whether it manages IPv4 packet filtering; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iptables: Option<bool>,
    /// Whether it manages IPv6 packet filtering; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip6tables: Option<bool>,
    /// Whether the default bridge has IPv6; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv6: Option<bool>,
    /// Whether other hosts may route to containers directly; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_direct_routing: Option<bool>,
    /// Whether forwarding stays open when the daemon switches it on; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_forward_no_drop: Option<bool>,
    /// `iptables`, `nftables`, with `+firewalld` where that manages it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firewall_backend: Option<String>,
    /// Registries.
    pub registries: DaemonRegistries,
    /// Plugins that every API call has to pass.
    pub authorization_plugins: Vec<Argument>,
    /// The storage driver: `overlay2`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_driver: Option<String>,
    /// Options of the storage driver.
    pub storage_opts: Vec<Argument>,
    /// Ulimits of containers that set none.
    pub default_ulimits: Vec<Ulimit>,
    /// Options of networks that are created without them.
    pub default_network_options: Vec<DaemonNetworkOption>,
    /// The cgroup that containers are put under; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub cgroup_parent: Option<Nullable<String>>,
    /// `1` or `2`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cgroup_version: Option<String>,
    /// `systemd`, `cgroupfs`, `none`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cgroup_driver: Option<String>,
    /// Which limits the kernel can enforce.
    pub limits_supported: LimitsSupported,
    /// Runtimes that containers may ask for.
    pub runtimes: Vec<DaemonRuntime>,
    /// The runtime of containers that ask for none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_runtime: Option<String>,
    /// Whether experimental features are on; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experimental: Option<bool>,
    /// Feature switches.
    pub features: Vec<DaemonFeature>,
    /// The version of the engine: `29.1.3`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_version: Option<String>,
    /// The newest API version it serves: `1.52`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// The oldest API version it serves; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_api_version: Option<String>,
    /// Its components and their versions: `Engine`, `containerd`, `runc`.
    pub components: Vec<DaemonComponent>,
    /// The version of the kernel; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_version: Option<String>,
    /// The operating system: `Ubuntu 24.04 LTS`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// The version of the operating system: `24.04`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// `linux`, `windows`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os_type: Option<String>,
    /// The architecture of the host, as the daemon calls it: `x86_64`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// The folder that everything is stored in; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_root: Option<String>,
    /// The group that may use the API socket; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Labels of the daemon.
    pub labels: Vec<Label>,
    /// How much there is.
    pub counts: DaemonCounts,
    /// Warnings of the daemon about itself, in its own words.
    pub warnings: Vec<Argument>,
    /// Swarm mode.
    pub swarm: Swarm,
    /// What says so, for each of the fields above that is known.
    pub evidence: Vec<Evidence>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// An address that the API is served at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonHost {
    /// Its place.
    pub loc: Loc,
    /// As written: `tcp://0.0.0.0:2375`.
    pub raw: String,
    /// `unix`, `tcp`, `fd`, `npipe`.
    pub proto: String,
    /// The address: of `tcp` the host without its port, null for all; else a path or name, null for the
    /// default.
    pub address: Nullable<String>,
    /// The port; null where there is none, absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub port: Option<Nullable<u16>>,
    /// Whether TLS is used; absent when unknown. False for what is not `tcp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<bool>,
    /// Whether clients are verified; absent when unknown. False for what is not `tcp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_verify: Option<bool>,
    /// Whether only this host can reach it.
    pub local: bool,
    /// What says so: `flag`, `config`, `info`, `default`.
    pub from: String,
}

/// How TLS of the API is set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonTls {
    /// Its place.
    pub loc: Loc,
    /// Whether it is used for TCP; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether clients are verified; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<bool>,
    /// The file of the authority that clients are verified by; null when none is named; absent when
    /// unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub ca_cert: Option<Nullable<String>>,
    /// The file of the certificate; null when none is named; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub cert: Option<Nullable<String>>,
    /// The file of the key; null when none is named; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub key: Option<Nullable<String>>,
}

/// An address other than that of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Listener {
    /// Its place.
    pub loc: Loc,
    /// The option that opens it: `metrics-addr`, `network-diagnostic-port`.
    pub option: String,
    /// As written.
    pub raw: String,
    /// The host without its port; null for all.
    pub address: Nullable<String>,
    /// The port; null when none is given.
    pub port: Nullable<u16>,
}

/// Seccomp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonSeccomp {
    /// Its place.
    pub loc: Loc,
    /// Whether a profile confines containers; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The profile of containers that name none: `builtin` (`default` on older engines), `unconfined`, a
    /// path; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// Logging.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonLog {
    /// Its place.
    pub loc: Loc,
    /// The logging driver of containers that name none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// Its options.
    pub options: Vec<Label>,
    /// The level of the daemon's own log; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// Registries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonRegistries {
    /// Its place.
    pub loc: Loc,
    /// Registries that may be used without TLS, or with a certificate that is not verified.
    pub insecure: Vec<InsecureRegistry>,
    /// Mirrors of Docker Hub.
    pub mirrors: Vec<Argument>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A registry that may be used without verified TLS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InsecureRegistry {
    /// Its place.
    pub loc: Loc,
    /// Its address, or a network: `registry.example.com:5000`, `10.0.0.0/8`.
    pub address: String,
    /// Whether it is one that every daemon allows: `127.0.0.0/8`, `::1/128`.
    pub builtin: bool,
}

/// Which limits the kernel can enforce.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LimitsSupported {
    /// Its place.
    pub loc: Loc,
    /// Memory; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<bool>,
    /// Swap; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<bool>,
    /// Number of processes; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pids: Option<bool>,
    /// CPU quota; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_cfs: Option<bool>,
}

/// A runtime.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonRuntime {
    /// Its place.
    pub loc: Loc,
    /// Its name: `runc`.
    pub name: String,
    /// Its program; null when it is named by its type; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub path: Option<Nullable<String>>,
    /// Its type: `io.containerd.runsc.v1`; null when it is named by its program; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub runtime_type: Option<Nullable<String>>,
}

/// An option that new networks of a driver get.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonNetworkOption {
    /// Its place.
    pub loc: Loc,
    /// The driver: `bridge`.
    pub driver: String,
    /// Its name: `com.docker.network.driver.mtu`.
    pub key: String,
    /// Its value; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A feature switch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonFeature {
    /// Its place.
    pub loc: Loc,
    /// Its name.
    pub name: String,
    /// Whether it is on; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// A component and its version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonComponent {
    /// Its place.
    pub loc: Loc,
    /// Its name, as the engine writes it: `runc`.
    pub name: String,
    /// Its version; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// How much there is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaemonCounts {
    /// Its place.
    pub loc: Loc,
    /// Containers; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub containers: Option<u64>,
    /// Running containers; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<u64>,
    /// Paused containers; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<u64>,
    /// Stopped containers; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<u64>,
    /// Images; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<u64>,
}

/// Swarm mode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Swarm {
    /// Its place.
    pub loc: Loc,
    /// `inactive`, `active`, `pending`, `locked`, `error`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Whether this node is a manager; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<bool>,
    /// The number of managers; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managers: Option<u64>,
    /// The number of nodes; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<u64>,
    /// Whether managers are locked when they restart; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autolock: Option<bool>,
    /// Seconds that certificates of nodes are valid; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cert_expiry_s: Option<u64>,
    /// Since when the root certificate is valid, RFC 3339; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust_root_not_before: Option<String>,
}

/// What says a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// Its place.
    pub loc: Loc,
    /// The field: `icc`, `seccomp.profile`.
    pub field: String,
    /// What says it: `flag`, `config` (daemon.json), `info`, `version`, `default`. A default is what dockerd
    /// does when nothing sets the option.
    pub from: String,
}
