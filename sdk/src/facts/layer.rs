//! What an image is made of: layers, history, files, packages.

use serde::{Deserialize, Serialize};

use super::{Command, EnvVar, PackageOperation};
use crate::known::present;
use crate::{Loc, Nullable};

/// A layer: a change to the files of those below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Layer {
    /// Its place: the descriptor in the manifest, else the `diff_id` in the configuration.
    pub loc: Loc,
    /// Its number, from 0: the lowest.
    pub index: u32,
    /// The digest of the blob as it is distributed, `sha256:…`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The digest of the unpacked archive, `sha256:…`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diff_id: Option<String>,
    /// The media type; absent when nothing says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Bytes of the blob as it is distributed; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// Bytes of the unpacked archive; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpacked_bytes: Option<u64>,
    /// The index in `history` of what made it; null when the history has nothing for it; absent
    /// when there is no history.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub history_index: Option<Nullable<u32>>,
    /// Whether its files were read.
    pub available: bool,
}

/// A line of an image's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct History {
    /// Its place.
    pub loc: Loc,
    /// Its number, from 0: the oldest.
    pub index: u32,
    /// What made it, as recorded: `RUN /bin/sh -c apk add curl # buildkit`; null when nothing is.
    pub created_by: Nullable<String>,
    /// The instruction that made it, in upper case: `RUN`, `COPY` …; absent when it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// What follows the instruction: for RUN the command line, without the shell that runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// The simple commands that a RUN runs, in order.
    pub commands: Vec<Command>,
    /// What a RUN asks of package managers; `run` is the number of this line.
    pub package_operations: Vec<PackageOperation>,
    /// Build arguments that a RUN was given, and that the history gives away.
    pub build_args: Vec<EnvVar>,
    /// Whether it changed no file.
    pub empty_layer: bool,
    /// The index in `layers` of the layer it made; null when it made none; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub layer: Option<Nullable<u32>>,
    /// When, RFC 3339; null when nothing says.
    pub created: Nullable<String>,
    /// Who; null when nothing says.
    pub author: Nullable<String>,
    /// The comment; null without one.
    pub comment: Nullable<String>,
    /// Bytes of its layer, when the history says; absent when it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// Lists above of which only a part is known: `commands` when the shell was not understood.
    pub incomplete: Vec<String>,
}

/// Files of interest in an image, as they are once all layers are applied.
///
/// Which names count as what is one table of the engine's; paths have a leading `/`. An image whose
/// layers were not read has every list empty and in `incomplete`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImageFiles {
    /// Its place: the image's.
    pub loc: Loc,
    /// Whether every layer was read.
    pub available: bool,
    /// Regular files with the set-user-ID bit.
    pub setuid: Vec<FileEntry>,
    /// Regular files with the set-group-ID bit.
    pub setgid: Vec<FileEntry>,
    /// Regular files, and folders without the sticky bit, that everybody may write.
    pub world_writable: Vec<FileEntry>,
    /// Shells.
    pub shells: Vec<FileEntry>,
    /// Package managers.
    pub package_managers: Vec<FileEntry>,
    /// Debugging, download and network tools.
    pub debug_tools: Vec<FileEntry>,
    /// Files that hold credentials, by their name.
    pub credentials: Vec<FileEntry>,
    /// Files that hold credentials, by their name, that a layer brings and a later one takes out:
    /// whoever has the image still has them.
    pub removed_credentials: Vec<FileEntry>,
    /// Device nodes.
    pub devices: Vec<FileEntry>,
    /// Accounts of `/etc/passwd`, with what `/etc/shadow` says.
    pub accounts: Vec<Account>,
    /// Lists above of which only a part is known.
    pub incomplete: Vec<String>,
}

impl ImageFiles {
    /// The names of its lists.
    pub const LISTS: [&str; 10] = [
        "setuid",
        "setgid",
        "world_writable",
        "shells",
        "package_managers",
        "debug_tools",
        "credentials",
        "removed_credentials",
        "devices",
        "accounts",
    ];

    /// Those of an image whose layers were not read.
    #[must_use]
    pub fn unknown(loc: Loc) -> Self {
        ImageFiles {
            loc,
            available: false,
            setuid: Vec::new(),
            setgid: Vec::new(),
            world_writable: Vec::new(),
            shells: Vec::new(),
            package_managers: Vec::new(),
            debug_tools: Vec::new(),
            credentials: Vec::new(),
            removed_credentials: Vec::new(),
            devices: Vec::new(),
            accounts: Vec::new(),
            incomplete: Self::LISTS.map(str::to_owned).to_vec(),
        }
    }
}

/// A file in an image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileEntry {
    /// Its place: the line of the history that brought it, else its layer.
    pub loc: Loc,
    /// Its path, with a leading `/`.
    pub path: String,
    /// `file`, `folder`, `symlink`, `character_device`, `block_device`, `fifo`.
    pub kind: String,
    /// Permissions in octal with the special bits, four digits: `4755`.
    pub mode: String,
    /// The owner's number; absent when it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u64>,
    /// The group's number; absent when it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gid: Option<u64>,
    /// Bytes.
    pub size_bytes: u64,
    /// The index in `layers` of the layer that brought it.
    pub layer: u32,
    /// The index in `history` of the line that brought it; null when it cannot be told.
    pub history_index: Nullable<u32>,
    /// The index in `layers` of the layer that takes it out again; null when it is still there.
    pub removed_by: Nullable<u32>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Account {
    /// Its place: the line of the history that wrote the file, else the layer.
    pub loc: Loc,
    /// The name.
    pub name: String,
    /// The number; absent when what stands there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// The number of its group; absent when what stands there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gid: Option<u32>,
    /// The login shell; null when none is written.
    pub shell: Nullable<String>,
    /// `empty` (anybody may log in), `locked`, `set`; absent when `/etc/shadow` does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// A package that the image's package database lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InstalledPackage {
    /// Its place: the line of the history that brought it, else the layer.
    pub loc: Loc,
    /// The name.
    pub name: String,
    /// The version as the manager writes it, with epoch and release.
    pub version: String,
    /// `dpkg`, `apk`, `rpm`.
    pub manager: String,
    /// The architecture; null when none is written.
    pub architecture: Nullable<String>,
    /// The source package; null when none is written.
    pub source: Nullable<String>,
    /// The licence as the manager records it; null when it records none.
    pub licence: Nullable<String>,
    /// The index in `layers` of the first layer whose database lists this version.
    pub layer: u32,
    /// The index in `history` of what made that layer; null when it cannot be told.
    pub history_index: Nullable<u32>,
}

/// The system that an image says it is: `os-release`.
///
/// <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OsRelease {
    /// Its place: the line of the history that brought it, else the layer.
    pub loc: Loc,
    /// `ID`: `debian`, `alpine`; null when it is not set.
    pub id: Nullable<String>,
    /// `ID_LIKE`: what it is derived from, nearest first.
    pub id_like: Vec<String>,
    /// `VERSION_ID`: `12`; null when it is not set.
    pub version_id: Nullable<String>,
    /// `VERSION_CODENAME`; null when it is not set.
    pub version_codename: Nullable<String>,
    /// `PRETTY_NAME`; null when it is not set.
    pub pretty_name: Nullable<String>,
    /// The index in `layers` of the layer that brought it.
    pub layer: u32,
}

/// A statement about an image that comes with it: in-toto, attached by the builder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attestation {
    /// Its place: the descriptor of the statement, else of the manifest that lists statements.
    pub loc: Loc,
    /// What it states: `https://slsa.dev/provenance/v1`, `https://spdx.dev/Document`; absent when
    /// unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate_type: Option<String>,
    /// Who built it, by a provenance statement; null when the statement does not say; absent when
    /// it was not read.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub builder_id: Option<Nullable<String>>,
    /// The digest of the statement, `sha256:…`.
    pub digest: String,
}
