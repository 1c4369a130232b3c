//! The machine that an engine runs on.

use serde::{Deserialize, Serialize};

use super::Label;
use crate::known::present;
use crate::{Loc, Nullable};

/// A host, as it describes itself: its system, and the files that an engine depends on.
///
/// `kernel_version`, `os`, `os_version` and `data_root` mean the same as in the facts of a daemon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Host {
    /// Its place: the document.
    pub loc: Loc,
    /// What to call it in messages: its host name, else `host`.
    pub name: String,
    /// The operating system: `Ubuntu 24.04 LTS`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// The version of the operating system: `24.04`; absent when unknown, or when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// What the system says it is.
    pub os_release: HostOsRelease,
    /// The version of the kernel: `6.8.0-49-generic`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_version: Option<String>,
    /// Security modules of the kernel that are on: `apparmor`, `selinux`.
    pub lsm: Vec<String>,
    /// Whether the engine runs without root: absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rootless: Option<bool>,
    /// The folder that the engine stores everything in, by its `daemon.json`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_root: Option<String>,
    /// The group that may use the engine's socket, by its `daemon.json`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docker_group: Option<String>,
    /// Files that were looked for, whether they are there or not.
    pub files: Vec<HostFile>,
    /// Groups whose members can become root, or use the engine.
    pub groups: Vec<HostGroup>,
    /// Rules of the kernel's audit system, in the order in which they are written.
    pub audit_rules: Vec<AuditRule>,
    /// File systems that are mounted, without those that the kernel makes up and those of containers.
    pub mounts: Vec<HostMount>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// The system that a host says it is: `os-release`.
///
/// <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HostOsRelease {
    /// Its place.
    pub loc: Loc,
    /// `ID`: `ubuntu`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `ID_LIKE`: what it is derived from, nearest first.
    pub id_like: Vec<String>,
    /// `VARIANT_ID`: `coreos`; null when it is not set; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub variant_id: Option<Nullable<String>>,
    /// `VERSION_ID`: `24.04`; null when it is not set; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub version_id: Option<Nullable<String>>,
    /// `VERSION_CODENAME`: `noble`; null when it is not set; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub version_codename: Option<Nullable<String>>,
    /// `PRETTY_NAME`: `Ubuntu 24.04 LTS`; null when it is not set; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub pretty_name: Option<Nullable<String>>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A file of the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HostFile {
    /// Its place.
    pub loc: Loc,
    /// Its path, with `/var/run` as `/run`.
    pub path: String,
    /// What it is to an engine: `docker_service`, `docker_api_socket`, `tls_key` …; null when it is
    /// nothing special.
    pub role: Nullable<String>,
    /// Whether it is there; absent when unknown. What follows is said of what is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    /// The path that its symbolic links lead to, its own when there are none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// `file`, `folder`, `socket`, `fifo`, `character_device`, `block_device`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Permissions in octal with the special bits, four digits: `0644`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The owner's number; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// The group's number; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gid: Option<u32>,
    /// The owner's name; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The group's name; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A group of users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HostGroup {
    /// Its place.
    pub loc: Loc,
    /// Its name.
    pub name: String,
    /// Its number; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gid: Option<u32>,
    /// The names of its members, with users whose own group it is.
    pub members: Vec<String>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A rule of the kernel's audit system, as `auditctl` takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditRule {
    /// Its place.
    pub loc: Loc,
    /// As written: `-w /etc/docker -p wa -k docker`.
    pub raw: String,
    /// The path that it watches, with `/var/run` as `/run`; null when it is no watch.
    pub path: Nullable<String>,
    /// The path that the links of that path lead to; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// Whether it watches everything below the path, too.
    pub recursive: bool,
    /// The kinds of access that it records, of `r`, `w`, `x`, `a`; empty when it is no watch.
    pub permissions: String,
    /// Whether it records only some of that access: of single system calls, users or outcomes.
    pub partial: bool,
    /// What its records are marked with; null when with nothing.
    pub key: Nullable<String>,
    /// The file it stands in; null when it was not read from one.
    pub file: Nullable<String>,
}

/// A file system that is mounted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HostMount {
    /// Its place.
    pub loc: Loc,
    /// Where: `/var/lib/docker`.
    pub target: String,
    /// What is mounted: `/dev/mapper/data`; null when it has no name.
    pub source: Nullable<String>,
    /// The device that holds it, `259:2`; the same for mounts of one file system. Absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The type of the file system: `ext4`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fstype: Option<String>,
    /// Options of the mount: `rw`, `nosuid`, `nodev`.
    pub options: Vec<String>,
    /// Whether the kernel encrypts all of it (dm-crypt); absent when unknown. What a disk or a cloud
    /// encrypts by itself cannot be seen from the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

/// A secret that a swarm keeps. What it holds is not told by any engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SwarmSecret {
    /// Its place.
    pub loc: Loc,
    /// Its name.
    pub name: String,
    /// When it was made, RFC 3339; null when not said; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub created_at: Option<Nullable<String>>,
    /// When it was changed last, RFC 3339; null when not said; absent when unknown. Only labels
    /// change: a swarm never replaces what a secret holds.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub updated_at: Option<Nullable<String>>,
    /// What keeps it; null for the swarm itself; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub driver: Option<Nullable<String>>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}
