//! Documents: what can be scanned, and how each kind is read.
//!
//! Owns [`Document`] and [`FORMATS`], the one table of kinds: a kind is a module of this folder and
//! a row of the table. Reading never fails: a document is what could be read, and the problems.

pub mod compose;
pub mod dockerfile;
mod place;

use std::fmt;
use std::sync::Arc;

use plimsoll_sdk::facts::Facts;

pub use place::PlaceTable;

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
    /// `--env-file`: paths below the root of the files. When there is none, `.env` beside the first
    /// file is read, if it is there.
    pub env_files: Vec<String>,
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

/// A kind of document: one row per kind.
#[derive(Debug)]
pub struct FormatRow {
    /// The word for it: `dockerfile`.
    pub kind: &'static str,
    /// What it is, for people.
    pub description: &'static str,
    /// Whether a file of this name is one, whatever it contains.
    pub has_name: fn(file_name: &str) -> bool,
    /// Whether this text is one, whatever its name.
    pub has_content: fn(text: &str) -> bool,
    /// Reads it.
    pub read: fn(input: &Input, options: &ReadOptions) -> Document,
}

/// Every kind of document there is.
pub const FORMATS: &[FormatRow] = &[FormatRow {
    kind: dockerfile::KIND,
    description: "Dockerfile or Containerfile",
    has_name: dockerfile::has_name,
    has_content: dockerfile::has_content,
    read: dockerfile::read,
}];

/// The JSON Schema (draft 2020-12) of the facts of every kind.
#[must_use]
pub fn facts_schema() -> serde_json::Value {
    schemars::schema_for!(Facts).to_value()
}

/// The kind that a file's name alone tells; `file_name` is the last part of the path.
#[must_use]
pub fn detect_name(file_name: &str) -> Option<&'static FormatRow> {
    FORMATS.iter().find(|format| (format.has_name)(file_name))
}

/// The kind that a text's content tells.
#[must_use]
pub fn detect_content(text: &str) -> Option<&'static FormatRow> {
    FORMATS.iter().find(|format| (format.has_content)(text))
}

/// A document as read: its facts, where they stand, and what could not be read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The word for its kind: `dockerfile`.
    pub kind: &'static str,
    /// The name the user knows it by.
    pub name: Arc<str>,
    /// The text it was read from.
    pub source: Arc<Source>,
    /// What it says.
    pub facts: Facts,
    /// Where it says so.
    pub places: PlaceTable,
    /// What could not be read, or is odd.
    pub problems: Vec<Diagnostic>,
    /// What must not be printed of it.
    pub masks: Masks,
}
