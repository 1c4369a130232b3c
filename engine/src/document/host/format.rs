//! The format itself, as types: what `plimsoll host` writes, and the published JSON Schema.
//!
//! They are not what is read: [`super::read`] keeps places and tells all problems at once. A test
//! holds the two together.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

/// The version of the format: the value of `plimsoll_host`.
pub const VERSION: &str = "0";

/// A host, described by itself. What is left out is unknown; an empty list is known to be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "plimsoll host")]
pub struct Description {
    /// The version of this format: `"0"`. By this key the format is recognised.
    pub plimsoll_host: String,
    /// The host's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// What `os-release` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_release: Option<OsRelease>,
    /// The version of the kernel, as `uname -r` prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// The security modules of the kernel that are on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lsm: Option<Vec<String>>,
    /// Whether the engine runs without root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rootless: Option<bool>,
    /// The folder that the engine stores everything in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_root: Option<String>,
    /// The group that may use the engine's socket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docker_group: Option<String>,
    /// Files that were looked for, whether they are there or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<File>>,
    /// Groups whose members can become root, or use the engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<Group>>,
    /// Rules of the kernel's audit system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_rules: Option<Vec<AuditRule>>,
    /// File systems that are mounted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mounts: Option<Vec<Mount>>,
    /// The names of those lists above of which only a part is known.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub incomplete: Vec<String>,
}

/// What `os-release` says; what it does not set is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OsRelease {
    /// `ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `ID_LIKE`, as a list.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub id_like: Vec<String>,
    /// `VARIANT_ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<String>,
    /// `VERSION_ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// `VERSION_CODENAME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_codename: Option<String>,
    /// `PRETTY_NAME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretty_name: Option<String>,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its path.
    pub path: String,
    /// What it is to an engine: `docker_service` and `docker_socket` (units of systemd),
    /// `docker_folder`, `daemon_configuration`, `docker_default`, `docker_sysconfig`,
    /// `docker_api_socket`, `data_root`, `registry_certificate`, `registry_key`,
    /// `tls_ca_certificate`, `tls_certificate`, `tls_key`, `containerd_folder`,
    /// `containerd_configuration`, `containerd_socket`, and the programs `dockerd`, `containerd`,
    /// `containerd_shim` and `runc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Whether it is there.
    pub exists: bool,
    /// The path that its symbolic links lead to; its own when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// `file`, `folder`, `socket`, `fifo`, `character_device`, `block_device`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Permissions in octal, four digits: `0644`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-7]{3,4}$"))]
    pub mode: Option<String>,
    /// The owner's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// The group's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gid: Option<u32>,
    /// The owner's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The group's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A group of users.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gid: Option<u32>,
    /// The names of its members, with users whose own group it is.
    pub members: Vec<String>,
}

/// A rule of the kernel's audit system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditRule {
    /// As `auditctl` takes it: `-w /etc/docker -p wa -k docker`.
    pub rule: String,
    /// The path that the symbolic links of the path it watches lead to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// The file it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// A file system that is mounted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mount {
    /// Where.
    pub target: String,
    /// What is mounted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The numbers of the device that holds it: `259:2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The type of the file system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fstype: Option<String>,
    /// Options of the mount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<String>>,
    /// Whether the kernel encrypts all of it (dm-crypt).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
}

/// The JSON Schema (draft 2020-12) of the format.
#[must_use]
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Description>().to_value()
}
