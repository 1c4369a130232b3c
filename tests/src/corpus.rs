//! Projects as people have them: folders that are checked as the command line would.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_engine::document::{
    self, Document, Folder, FormatRow, Input, ReadOptions, detect_content,
};
use plimsoll_engine::files::{DiskFiles, Files};
use plimsoll_engine::sdk::Nullable;
use plimsoll_engine::source::Source;

use crate::repository;

const FOLDER: &str = "tests/corpus";

/// What compose merges over a file of a default name.
const OVERRIDE: &str = "compose.override.yaml";

/// The folders in `folder`, by name, in order.
#[must_use]
pub fn folders(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let entries = entries.map(|entry| entry.expect("an entry"));
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.collect::<BTreeSet<String>>().into_iter().collect()
}

/// A project: a folder of the corpus that is checked by itself, as the command line would.
pub struct Project {
    /// How it is called: its folder below the corpus.
    pub name: String,
    folder: PathBuf,
    files: Arc<DiskFiles>,
    listing: Vec<String>,
}

impl Project {
    /// Every project of the corpus.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let root = repository().join(FOLDER);
        let below = |group: String| {
            let names = folders(&root.join(&group));
            names.into_iter().map(move |name| format!("{group}/{name}"))
        };
        let all = folders(&root).into_iter().flat_map(below);
        all.map(|name| Self::open(root.join(&name), name)).collect()
    }

    /// The project in a folder.
    #[must_use]
    pub fn open(folder: PathBuf, name: String) -> Self {
        let files = DiskFiles::open(&folder).expect("a project");
        let mut listing = files.list("", 1000).expect("its files").files;
        listing.sort();
        Project { name, folder, files: Arc::new(files), listing }
    }

    /// A file of it.
    #[must_use]
    pub fn source(&self, path: &str) -> Arc<Source> {
        let on_disk = self.folder.join(path);
        let text = std::fs::read_to_string(&on_disk);
        Source::new(path, text.unwrap_or_else(|e| panic!("{}: {e}", on_disk.display())))
    }

    fn input(&self, path: &str) -> Input {
        let (folder, file_name) = path.rsplit_once('/').unwrap_or(("", path));
        let files = Arc::clone(&self.files) as Arc<dyn Files>;
        let folder = Folder { files, path: folder.into(), file_name: file_name.into() };
        Input { source: self.source(path), folder: Some(folder) }
    }

    /// Its documents, in the order of their paths.
    #[must_use]
    pub fn documents(&self) -> Vec<Document> {
        self.listing.iter().flat_map(|path| self.documents_of(path)).collect()
    }

    fn documents_of(&self, path: &str) -> Vec<Document> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(format) = format(name, self.source(path).text()) else { return Vec::new() };
        if format.name != "compose" {
            return (format.read)(&self.input(path), &ReadOptions::default());
        }
        let beside = |other: &str| {
            let other = if folder.is_empty() { other.into() } else { format!("{folder}/{other}") };
            self.listing.contains(&other).then_some(other)
        };
        if name == OVERRIDE && beside("compose.yaml").is_some() {
            return Vec::new();
        }
        let over = if name == "compose.yaml" { beside(OVERRIDE) } else { None };
        let documents = self.compose(path, over.into_iter().collect());
        let default = ["compose.yaml", "docker-compose.yml"].into_iter().find_map(beside);
        match default.filter(|default| default != path) {
            Some(default) if documents.iter().any(is_fragment) => {
                let mut whole = self.compose(&default, vec![path.to_owned()]);
                whole.iter_mut().for_each(|document| document.name = Arc::from(path));
                whole
            }
            _ => documents,
        }
    }

    fn compose(&self, path: &str, over: Vec<String>) -> Vec<Document> {
        let mut options = ReadOptions::default();
        options.compose.files = over;
        let row = document::detect_name("compose.yaml").expect("the format of compose files");
        (row.read)(&self.input(path), &options)
    }
}

fn format(name: &str, text: &str) -> Option<&'static FormatRow> {
    let told = || name.contains("docker") || name.contains("container") || name.contains("stack");
    document::detect_name(name).or_else(|| told().then(|| detect_content(text)).flatten())
}

/// Whether a compose file is only a part of a project: a service has neither image nor build.
fn is_fragment(document: &Document) -> bool {
    let mut images = document.facts.containers.iter().map(|container| &container.image);
    images.any(|image| image.raw == Nullable::Null && image.build == Nullable::Null)
}
