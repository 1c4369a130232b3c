//! What Git says of files: whether they are tracked, and whether they are ignored.
//!
//! Owns the reading of a work tree's own files: `.git`, its index, and the patterns of `.gitignore`
//! and `info/exclude`. Git is not run, and nothing outside the root of the files is read: of a work
//! tree whose repository lies elsewhere, and of files without a work tree, nothing is known. The
//! patterns that users have for themselves (`core.excludesFile`) do not count: they protect nobody
//! else's clone.

mod exclude;
pub mod index;
mod repository;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::exclude::Excludes;
use self::repository::Repository;
use crate::files::{FileError, Files};

/// The largest index that is read, in bytes: that of some 300,000 files.
const MAX_INDEX: u64 = 32 << 20;

/// What Git says of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileStatus {
    /// Whether it is in the index, and so in the next commit; `None` when that cannot be seen.
    pub tracked: Option<bool>,
    /// Whether a pattern ignores it; `None` when that cannot be seen. Of a tracked file that says
    /// nothing.
    pub ignored: Option<bool>,
}

/// What Git says of these files, by their paths below the root. They need not exist.
#[must_use]
pub fn statuses(files: &dyn Files, paths: &BTreeSet<String>) -> BTreeMap<String, FileStatus> {
    let mut found = BTreeMap::new();
    let mut trees: BTreeMap<String, (Repository, BTreeSet<&str>)> = BTreeMap::new();
    for path in paths {
        found.insert(path.clone(), FileStatus::default());
        let Some(repository) = Repository::of(files, path) else { continue };
        let root = repository.root.clone();
        trees.entry(root).or_insert_with(|| (repository, BTreeSet::new())).1.insert(path);
    }
    for (root, (repository, paths)) in trees {
        let inner = |path: &str| below(&root, path).to_owned();
        let wanted = paths.iter().map(|path| inner(path)).collect();
        let tracked = tracked(files, &repository, &wanted);
        let mut excludes = Excludes::new(files, &repository);
        for path in paths {
            let status = FileStatus {
                tracked: tracked.as_ref().and_then(|known| known.has(&inner(path))),
                ignored: excludes.ignores(&inner(path)),
            };
            found.insert(path.to_owned(), status);
        }
    }
    found
}

/// Which of these files are in the index of a repository; `None` when it cannot be read.
fn tracked(
    files: &dyn Files,
    repository: &Repository,
    wanted: &BTreeSet<String>,
) -> Option<index::Tracked> {
    let path = format!("{}/index", repository.folder);
    match files.read(&path, MAX_INDEX) {
        Ok(bytes) => index::find(&bytes, repository.hash_len(files)?, wanted),
        // Nothing was ever added.
        Err(FileError::NotFound) => Some(index::Tracked::default()),
        Err(_) => None,
    }
}

/// A path from a folder that it lies in.
fn below<'p>(folder: &str, path: &'p str) -> &'p str {
    path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/')
}

/// A path in a folder; `""` is the root.
fn inside(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
