//! How a container is kept apart from its host, or is not.

use serde::{Deserialize, Serialize};

use super::{Argument, Label};
use crate::known::present;
use crate::{Loc, Nullable};

/// Security options of a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Security {
    /// Its place: the list, else the container.
    pub loc: Loc,
    /// Whether its processes may not gain privileges; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_new_privileges: Option<bool>,
    /// What says so: `container`, `daemon`, `default`, `unknown`.
    pub no_new_privileges_from: String,
    /// System calls it may use.
    pub seccomp: SecurityProfile,
    /// Its AppArmor profile.
    pub apparmor: SecurityProfile,
    /// Its SELinux label.
    pub selinux: Selinux,
    /// Whether nothing of /proc and /sys is hidden from it (`systempaths=unconfined`); absent when
    /// unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systempaths_unconfined: Option<bool>,
    /// Every option as written.
    pub options: Vec<Argument>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A seccomp or AppArmor profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecurityProfile {
    /// Its place: the option, else the container.
    pub loc: Loc,
    /// `default` (the engine's), `unconfined`, `custom`, `none` (where the host has no such thing);
    /// absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The name or path of a profile that is not the engine's, or `sha256:…` of one whose text is
    /// given; null otherwise; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub profile: Option<Nullable<String>>,
    /// What a custom seccomp profile does with a call it does not name, `SCMP_ACT_ERRNO`; null when
    /// there is none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub default_action: Option<Nullable<String>>,
}

/// A SELinux label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Selinux {
    /// Its place: the option, else the container.
    pub loc: Loc,
    /// `default`, `disabled`, `custom`, `none` (it has no label: its host or engine does not use
    /// SELinux); absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The type, `container_t`; null when the engine chooses; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub r#type: Option<Nullable<String>>,
    /// The level, `s0:c1,c2`; null when the engine chooses; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub level: Option<Nullable<String>>,
}

/// The namespaces of a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Namespaces {
    /// Its place.
    pub loc: Loc,
    /// Network: `default` and `bridge` (docker0), `host`, `none`, `container`, `service`, `network`
    /// (one or more of the engine's networks).
    pub network: Namespace,
    /// Processes: `private`, `host`, `container`, `service`.
    pub pid: Namespace,
    /// Shared memory: `private`, `shareable`, `host`, `container`, `service`, `none`.
    pub ipc: Namespace,
    /// Host name: `private`, `host`.
    pub uts: Namespace,
    /// Users: `default` (the daemon's), `private`, `host`.
    pub user: Namespace,
    /// Control groups: `private`, `host`.
    pub cgroup: Namespace,
}

/// A namespace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Namespace {
    /// Its place: the value, else the container.
    pub loc: Loc,
    /// How it is shared; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The container, service or network it is shared with, as written; null without one.
    pub target: Nullable<String>,
    /// As `mode`, after following `container` and `service` to the one that is shared with; absent
    /// when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
}

/// Something mounted into a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mount {
    /// Its place.
    pub loc: Loc,
    /// `bind`, `volume`, `npipe`, `cluster`, `image`, `tmpfs`; absent when unknown. A volume whose
    /// options bind a path of the host is a `bind`, with `volume` its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// As written, or `SOURCE:TARGET` put together.
    pub raw: String,
    /// The path on the host, cleaned, or the name of the volume; null for an anonymous volume;
    /// absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub source: Option<Nullable<String>>,
    /// The path on the host that is mounted in the end, absolute and cleaned, with `/var/run` as
    /// `/run`. `~/.ssh` is below the home folder of who runs the project, written with `~` or with
    /// `$HOME`. Null when it is no path of the host, or one relative to the project's folder, whose
    /// own path is not known: `source` has it, with `./` or `../`. Absent when unknown: for a
    /// variable without a value, and for a relative path that leads out of all that was read.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub host_path: Option<Nullable<String>>,
    /// The volume's name; null when it is none.
    pub volume: Nullable<String>,
    /// The path in the container, cleaned; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Whether it cannot be written to; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// What becomes of mounts below it: `disabled` (they are not shown), `writable` (they can be
    /// written to although it cannot), `readonly` (if they cannot be made read-only, nothing
    /// starts); null for the default, where they are as it is if the kernel can do that; absent
    /// when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub recursive: Option<Nullable<String>>,
    /// `rprivate`, `rshared` …; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub propagation: Option<Nullable<String>>,
    /// `z` or `Z`; null without relabelling; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub selinux: Option<Nullable<String>>,
    /// The volume's driver; null when it is none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub driver: Option<Nullable<String>>,
    /// Where it comes from: `volumes`, `secrets`, `configs`, `volumes_from`, `use_api_socket`,
    /// `image`, `volume_options` (a volume that binds a path), `container` (whatever an inspected
    /// container has).
    pub origin: String,
    /// Whether it was written without variables.
    pub literal: bool,
    /// Variables it was written with.
    pub variables: Vec<String>,
    /// Those of them whose value is not known.
    pub missing: Vec<String>,
}

/// A device of the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Device {
    /// Its place.
    pub loc: Loc,
    /// The path on the host, or the name of a CDI device; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The path in the container; null for a CDI device; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub target: Option<Nullable<String>>,
    /// `rwm`; null for a CDI device; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub permissions: Option<Nullable<String>>,
    /// The CDI device, `vendor.com/gpu=all`; null when it is none.
    pub cdi: Nullable<String>,
}

/// Devices that a driver gives to a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceRequest {
    /// Its place.
    pub loc: Loc,
    /// The driver, `nvidia`; null when not said; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub driver: Option<Nullable<String>>,
    /// How many, -1 for all; null when ids are given; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub count: Option<Nullable<i64>>,
    /// Which.
    pub device_ids: Vec<String>,
    /// What they must be able to do: `gpu`.
    pub capabilities: Vec<String>,
    /// Options of the driver.
    pub options: Vec<Label>,
}

/// What a container may use up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Resources {
    /// Its place.
    pub loc: Loc,
    /// What it cannot exceed.
    pub limits: Limits,
    /// What is kept for it.
    pub reservations: Reservations,
    /// Its weight against other containers; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub cpu_shares: Option<Nullable<u64>>,
    /// Microseconds of CPU in each period; null without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub cpu_quota: Option<Nullable<i64>>,
    /// Microseconds of a period; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub cpu_period: Option<Nullable<u64>>,
    /// The CPUs it may run on, `0-3`; null for all; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub cpuset_cpus: Option<Nullable<String>>,
    /// Limits of its processes.
    pub ulimits: Vec<Ulimit>,
    /// Whether it is never killed for lack of memory; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oom_kill_disable: Option<bool>,
    /// How likely it is killed for lack of memory; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub oom_score_adj: Option<Nullable<i64>>,
    /// Size of /dev/shm in bytes; null for the default; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub shm_size_bytes: Option<Nullable<u64>>,
    /// Values that are written twice and differ.
    pub conflicts: Vec<Conflict>,
}

/// What a container cannot exceed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limits {
    /// Its place.
    pub loc: Loc,
    /// Memory in bytes; null without a limit; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub memory_bytes: Option<Nullable<u64>>,
    /// Memory and swap in bytes, -1 without a limit; null when not set; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub memory_swap_bytes: Option<Nullable<i64>>,
    /// CPUs in billionths, however set; null without a limit; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub nano_cpus: Option<Nullable<u64>>,
    /// Processes and threads; null without a limit; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub pids: Option<Nullable<u64>>,
}

/// What is kept for a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reservations {
    /// Its place.
    pub loc: Loc,
    /// Memory in bytes; null without a reservation; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub memory_bytes: Option<Nullable<u64>>,
    /// CPUs in billionths; null without a reservation; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub nano_cpus: Option<Nullable<u64>>,
}

/// A limit of a container's processes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ulimit {
    /// Its place.
    pub loc: Loc,
    /// `nofile`.
    pub name: String,
    /// The soft limit, -1 without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soft: Option<i64>,
    /// The hard limit, -1 without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hard: Option<i64>,
}

/// One thing written twice, differently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conflict {
    /// Its place: the value that loses.
    pub loc: Loc,
    /// The fact it is about: `limits.memory_bytes`.
    pub field: String,
    /// What differs.
    pub message: String,
}

/// A port that is published on the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedPort {
    /// Its place.
    pub loc: Loc,
    /// As written, or put together.
    pub raw: String,
    /// The first port in the container; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<u32>,
    /// The last port in the container; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_end: Option<u32>,
    /// `tcp`, `udp`, `sctp`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The first port on the host; null when the engine chooses one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub published: Option<Nullable<u32>>,
    /// The last port on the host; null when the engine chooses one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub published_end: Option<Nullable<u32>>,
    /// The address of the host it is bound to; null when none is written; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub host_ip: Option<Nullable<String>>,
    /// The address in the end, with the network's or daemon's default: `0.0.0.0` for every one;
    /// absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_host_ip: Option<String>,
    /// `ingress` or `host`; null when not said; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub mode: Option<Nullable<String>>,
}
