//! Documents: what can be scanned, and how each kind is read.
//!
//! Owns [`Document`] and [`FORMATS`], the one table of formats: a format is a module of this folder
//! and a row of the table. Reading never fails: a document is what could be read, and the problems.

pub mod compose;
pub mod daemon;
pub mod dockerfile;
pub mod host;
pub mod image;
pub mod inspect;
pub mod partial;
mod place;
mod raw;
mod reference;
mod relocation;
mod script;
pub mod table;

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use plimsoll_sdk::facts::Facts;

pub use place::{PlaceTable, Written};
pub use relocation::{Line, Relocation};

use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::mask::Masks;
use crate::source::Source;

/// The largest document that is read, in bytes.
pub const MAX_BYTES: u64 = 16 << 20;

/// What the caller says about how documents are to be read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// `--build-arg`: values of ARGs.
    pub build_args: Vec<(String, String)>,
    /// ARGs that are given a value which nobody here knows.
    pub unknown_build_args: Vec<String>,
    /// The folder below the root of the files that is built; `None` for the nearest folder of the
    /// Dockerfile, upwards, that has a `.dockerignore`.
    pub build_context: Option<String>,
    /// `--target`: the name or number of the stage that is built; `None` for the last.
    pub target: Option<String>,
    /// `--platform`: what is built for, `linux/arm64`; `None` when nobody said.
    pub platform: Option<String>,
    /// What compose files are read with.
    pub compose: ComposeOptions,
}

/// What the caller says about how compose files are to be read; as `docker compose` has it.
#[derive(Clone, Debug, Default)]
pub struct ComposeOptions {
    /// Further `--file`s, after the first: their paths below the root of the files.
    pub files: Vec<String>,
    /// `--env-file`: files of variables, the last of a name counts. When there is none, `.env`
    /// beside the first file is read, if it is there.
    pub env_files: Vec<Arc<Source>>,
    /// The environment: names and values, the last of a name counts. It wins over files.
    pub variables: Vec<(String, String)>,
    /// `--profile`: a service that has profiles is part of the project when one of them is here.
    /// `*` is every profile.
    pub profiles: Vec<String>,
    /// `--project-name`; otherwise the file's `name`, otherwise the folder's.
    pub project_name: Option<String>,
    /// What a variable is that nobody set and that has no default.
    pub unset: compose::variables::Unset,
}

/// The folder that a document lies in, for what it refers to.
#[derive(Clone)]
pub struct Folder {
    /// The files that may be read.
    pub files: Arc<dyn Files>,
    /// The path of the folder below their root; `""` for the root.
    pub path: String,
    /// The name of the document in the folder.
    pub file_name: String,
}

impl fmt::Debug for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Folder({:?}, {:?})", self.path, self.file_name)
    }
}

/// A text that is to be read as a document.
#[derive(Clone, Debug)]
pub struct Input {
    /// The text and its name.
    pub source: Arc<Source>,
    /// Where it lies; `None` when nothing beside it can be read, as for standard input.
    pub folder: Option<Folder>,
}

/// Every kind of document: what a rule's `kinds` may name.
pub const KINDS: [&str; 10] = [
    "dockerfile",
    "compose",
    "image",
    "container",
    "network",
    "volume",
    "secret",
    "daemon",
    "host",
    "policy",
];

/// A format that documents are written in: one row per format.
#[derive(Debug)]
pub struct FormatRow {
    /// The word for it: `dockerfile`.
    pub name: &'static str,
    /// The kinds of documents that it holds, of [`KINDS`].
    pub kinds: &'static [&'static str],
    /// What it is, for people.
    pub description: &'static str,
    /// What a file of it is usually called.
    pub file_name: &'static str,
    /// Whether a file of this name is one, whatever it contains.
    pub has_name: fn(file_name: &str) -> bool,
    /// Whether a file that was come across under such a name is one, by its name and its text.
    pub is_met: fn(file_name: &str, text: &str) -> bool,
    /// Whether this text is one, whatever its name.
    pub has_content: fn(text: &str) -> bool,
    /// Reads it. One text may hold documents of several kinds.
    pub read: fn(input: &Input, options: &ReadOptions) -> Vec<Document>,
    /// How it is read from an archive, where it may be one.
    pub archive: Option<ArchiveReader>,
    /// How it is read from a folder, where a folder may be one.
    pub folder: Option<FolderReader>,
}

/// How a format is read from an archive.
#[derive(Debug)]
pub struct ArchiveReader {
    /// Whether a file that begins with these bytes (some 512, if it has as many) is one.
    pub is: fn(beginning: &[u8]) -> bool,
    /// Reads it, once from beginning to end; `name` is what the user calls it.
    pub read: fn(name: &str, stream: &mut dyn Read, options: &ReadOptions) -> Vec<Document>,
}

/// How a format is read from a folder.
#[derive(Debug)]
pub struct FolderReader {
    /// Whether a folder is one; `has_file` tells whether it has a file of a name.
    #[allow(clippy::type_complexity)] // A name for it would say less.
    pub is: fn(has_file: &dyn Fn(&str) -> bool) -> bool,
    /// Reads it; `name` is what the user calls it.
    pub read: fn(name: &str, folder: &Folder, options: &ReadOptions) -> Vec<Document>,
}

/// Every format there is.
pub const FORMATS: &[FormatRow] = &[
    FormatRow {
        name: dockerfile::KIND,
        kinds: &[dockerfile::KIND],
        description: "Dockerfile or Containerfile",
        file_name: "Dockerfile",
        has_name: dockerfile::has_name,
        is_met: dockerfile::is_met,
        has_content: dockerfile::has_content,
        read: dockerfile::read,
        archive: None,
        folder: None,
    },
    FormatRow {
        name: compose::KIND,
        kinds: &[compose::KIND],
        description: "compose file",
        file_name: "compose.yaml",
        has_name: compose::has_name,
        is_met: |_, _| true,
        has_content: compose::has_content,
        read: compose::read,
        archive: None,
        folder: None,
    },
    FormatRow {
        name: inspect::FORMAT,
        kinds: &inspect::KINDS,
        description: "output of docker inspect",
        file_name: "inspect.json",
        has_name: inspect::has_name,
        is_met: |_, _| true,
        has_content: inspect::has_content,
        read: inspect::read,
        archive: None,
        folder: None,
    },
    FormatRow {
        name: daemon::KIND,
        kinds: &[daemon::KIND],
        description: "daemon.json, dockerd's command line, output of docker info or docker version",
        file_name: "daemon.json",
        has_name: daemon::has_name,
        is_met: |_, _| true,
        has_content: daemon::has_content,
        read: daemon::read,
        archive: None,
        folder: None,
    },
    FormatRow {
        name: image::KIND,
        kinds: &[image::KIND],
        description: "OCI or Docker image: archive, layout, manifest, configuration or history",
        file_name: "image.json",
        has_name: image::has_name,
        is_met: |_, _| true,
        has_content: image::has_content,
        read: image::read_json,
        archive: Some(ArchiveReader { is: image::is_archive, read: image::read_archive }),
        folder: Some(FolderReader { is: image::is_layout, read: image::read_layout }),
    },
    FormatRow {
        name: host::KIND,
        kinds: &[host::KIND],
        description: "output of plimsoll host",
        file_name: "host.json",
        has_name: host::has_name,
        is_met: |_, _| true,
        has_content: host::has_content,
        read: host::read,
        archive: None,
        folder: None,
    },
    FormatRow {
        name: table::FORMAT,
        kinds: &[table::KIND],
        description: "table of a bundle",
        file_name: "table.yaml",
        has_name: table::has_name,
        is_met: |_, _| true,
        has_content: table::has_content,
        read: table::read,
        archive: None,
        folder: None,
    },
];

/// The JSON Schema (draft 2020-12) of the facts of every kind.
#[must_use]
pub fn facts_schema() -> serde_json::Value {
    schemars::schema_for!(Facts).to_value()
}

/// The format that a file's name alone tells; `file_name` is the last part of the path.
#[must_use]
pub fn detect_name(file_name: &str) -> Option<&'static FormatRow> {
    FORMATS.iter().find(|format| (format.has_name)(file_name))
}

/// The format that a part of a file's name speaks of: of `Dockerfile.md`, which its ending says is
/// something else, but whoever names it may know better.
#[must_use]
pub fn detect_name_part(file_name: &str) -> Option<&'static FormatRow> {
    let mut ends = file_name.rmatch_indices('.').map(|(at, _)| at);
    ends.find_map(|end| detect_name(file_name.get(..end)?))
}

/// The format that a text's content tells.
#[must_use]
pub fn detect_content(text: &str) -> Option<&'static FormatRow> {
    FORMATS.iter().find(|format| (format.has_content)(text))
}

/// The format of an archive, by its first bytes.
#[must_use]
pub fn detect_archive(beginning: &[u8]) -> Option<&'static FormatRow> {
    let is = |format: &&FormatRow| format.archive.as_ref().is_some_and(|row| (row.is)(beginning));
    FORMATS.iter().find(is)
}

/// The format of a folder that is one document, by the files in it.
#[must_use]
pub fn detect_folder(has_file: impl Fn(&str) -> bool) -> Option<&'static FormatRow> {
    let is = |format: &&FormatRow| format.folder.as_ref().is_some_and(|row| (row.is)(&has_file));
    FORMATS.iter().find(is)
}

/// A document as read: its facts, where they stand, and what could not be read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The word for its kind: `dockerfile`.
    pub kind: &'static str,
    /// The name the user knows it by.
    pub name: Arc<str>,
    /// The texts it was read from, the main one first; never empty.
    pub sources: Vec<Arc<Source>>,
    /// What it says.
    pub facts: Facts,
    /// Where it says so.
    pub places: PlaceTable,
    /// What could not be read, or is odd.
    pub problems: Vec<Diagnostic>,
    /// What must not be printed of it.
    pub masks: Masks,
    /// The texts that it was asked to be read from, merged in this order; empty where there is but
    /// one. What these name in turn is only in `sources`.
    pub merged: Vec<Arc<Source>>,
    /// Those of its sources that are documents of their own and, all of each, parts of this one:
    /// what a compose file includes, in the order of reading.
    pub included: Vec<Arc<Source>>,
    /// Documents that were read because this one names them: Dockerfiles that its services build.
    /// They are not judged by themselves.
    pub builds: Vec<ServiceBuild>,
}

/// The Dockerfile of a service, read with the arguments and the target that the service gives.
#[derive(Clone, Debug)]
pub struct ServiceBuild {
    /// The index of the container in the facts.
    pub container: usize,
    /// The Dockerfile.
    pub document: Document,
    /// Where its text stands in a compose file, if it is written there: its places are there already.
    pub relocation: Option<Relocation>,
}

impl Document {
    /// A document of these facts, without problems.
    #[must_use]
    pub fn new(
        kind: &'static str,
        sources: Vec<Arc<Source>>,
        facts: Facts,
        places: PlaceTable,
    ) -> Self {
        Document {
            kind,
            name: Arc::from(facts.document.name.as_str()),
            sources,
            facts,
            places,
            problems: Vec::new(),
            masks: Masks::default(),
            merged: Vec::new(),
            included: Vec::new(),
            builds: Vec::new(),
        }
    }
}
