//! Where the repository of a file lies.

use super::index::SHA1_LEN;
use super::inside;
use crate::files::{FileError, Files};
use crate::notation::path::clean;

/// The most bytes of `HEAD`, of a `.git` file and of `commondir`.
const MAX_POINTER: u64 = 4 << 10;

/// As [`SHA1_LEN`], where objects have other names.
const SHA256_LEN: usize = 32;

/// The most bytes of a configuration.
const MAX_CONFIG: u64 = 256 << 10;

/// The repository of a work tree.
pub(super) struct Repository {
    /// The root of the work tree, below the root of the files.
    pub(super) root: String,
    /// The folder that holds the index.
    pub(super) folder: String,
    /// The folder that holds what linked work trees share.
    pub(super) common: String,
}

impl Repository {
    /// The repository of the nearest work tree that a path lies in; `None` when there is none below
    /// the root of the files, or when it cannot be read.
    pub(super) fn of(files: &dyn Files, path: &str) -> Option<Self> {
        let mut folder = path;
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
            let inner = inside(folder, ".git");
            match files.read(&format!("{inner}/HEAD"), MAX_POINTER) {
                Ok(_) => {
                    let root = folder.to_owned();
                    return Some(Repository { root, common: inner.clone(), folder: inner });
                }
                Err(FileError::NotFound) => {}
                Err(_) => return None,
            }
            match files.read(&inner, MAX_POINTER) {
                Ok(pointer) => return Self::linked(files, folder, &pointer),
                // A `.git` folder without a HEAD is no repository, and Git looks further up.
                Err(FileError::NotFound | FileError::NotAFile) => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// The repository that a `.git` file names: that of a submodule or of a linked work tree.
    /// <https://git-scm.com/docs/gitrepository-layout>
    fn linked(files: &dyn Files, root: &str, pointer: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(pointer).ok()?;
        let folder = resolve(root, text.strip_prefix("gitdir:")?.trim())?;
        files.read(&format!("{folder}/HEAD"), MAX_POINTER).ok()?;
        let common = match files.read(&format!("{folder}/commondir"), MAX_POINTER) {
            Ok(text) => resolve(&folder, std::str::from_utf8(&text).ok()?.trim())?,
            Err(FileError::NotFound) => folder.clone(),
            Err(_) => return None,
        };
        Some(Repository { root: root.to_owned(), folder, common })
    }

    /// How long the names of objects are in the index, in bytes: `extensions.objectFormat`.
    pub(super) fn hash_len(&self, files: &dyn Files) -> Option<usize> {
        let config = match files.read(&format!("{}/config", self.common), MAX_CONFIG) {
            Ok(config) => String::from_utf8_lossy(&config).to_ascii_lowercase(),
            Err(FileError::NotFound) => return Some(SHA1_LEN),
            Err(_) => return None,
        };
        let mut formats = config.lines().filter_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == "objectformat").then(|| value.trim())
        });
        Some(if formats.next_back() == Some("sha256") { SHA256_LEN } else { SHA1_LEN })
    }
}

/// A path from a folder, below the root of the files; `None` when it is absolute or leads out.
fn resolve(folder: &str, path: &str) -> Option<String> {
    let absolute = path.starts_with(['/', '\\']) || path.get(1..2) == Some(":");
    if absolute || path.is_empty() {
        return None;
    }
    let path = clean(&inside(folder, path));
    let leads_out = path == ".." || path.starts_with("../");
    (!leads_out && path != ".").then_some(path)
}
