//! The files of a machine, as seen from its root folder.
//!
//! Owns the way from a path to what is there: symbolic links are followed as the machine itself
//! would follow them, an absolute one from the root folder on, and nothing leads out of it. Whoever
//! changes links while it looks is not guarded against: whoever can do that on a machine is its root.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// The largest file that is read, in bytes: a machine with thousands of mounts has a table of one.
const MAX_BYTES: u64 = 16 << 20;

/// The most links that a path may lead through, as for Linux.
const MAX_LINKS: usize = 40;

/// The most entries of a folder that are looked at.
const MAX_ENTRIES: usize = 10_000;

/// A machine's root folder.
#[derive(Debug)]
pub(super) struct Root {
    folder: PathBuf,
}

impl Root {
    pub(super) fn new(folder: &Path) -> Self {
        Root { folder: folder.to_owned() }
    }

    /// Whether it is that of the running machine.
    pub(super) fn is_own(&self) -> bool {
        self.folder == Path::new("/")
    }

    /// The path that a path leads to, without links, and what is there.
    ///
    /// # Errors
    ///
    /// When nothing is there, or it may not be looked at.
    pub(super) fn resolve(&self, path: &str) -> io::Result<(String, Metadata)> {
        let mut ahead: Vec<OsString> = parts(Path::new(path));
        let mut done = PathBuf::new();
        let mut metadata = fs::symlink_metadata(&self.folder)?;
        let mut links = 0;
        while let Some(part) = ahead.pop() {
            if part == ".." {
                done.pop();
                metadata = fs::symlink_metadata(self.folder.join(&done))?;
                continue;
            }
            let next = done.join(&part);
            let full = self.folder.join(&next);
            metadata = fs::symlink_metadata(&full)?;
            if !metadata.is_symlink() {
                done = next;
                continue;
            }
            links += 1;
            if links > MAX_LINKS {
                return Err(io::Error::other("too many symbolic links"));
            }
            let target = fs::read_link(&full)?;
            if target.has_root() {
                done = PathBuf::new();
            }
            ahead.extend(parts(&target));
        }
        Ok((format!("/{}", done.to_string_lossy()), metadata))
    }

    /// The text of a regular file.
    ///
    /// # Errors
    ///
    /// When there is none, it may not be read, or is too large.
    pub(super) fn read(&self, path: &str) -> io::Result<String> {
        let (resolved, metadata) = self.resolve(path)?;
        // Opening a pipe would wait for somebody to write into it.
        if !metadata.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        let mut bytes = Vec::new();
        File::open(self.at(&resolved))?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(io::Error::other(format!(
                "more than {} MiB are not read",
                MAX_BYTES >> 20
            )));
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The names in a folder, sorted. Names that are not UTF-8 are left out.
    ///
    /// # Errors
    ///
    /// When there is none, it may not be read, or has too many entries.
    pub(super) fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let (resolved, _) = self.resolve(path)?;
        let mut names = Vec::new();
        for entry in fs::read_dir(self.at(&resolved))? {
            names.extend(entry?.file_name().into_string());
            if names.len() > MAX_ENTRIES {
                return Err(io::Error::other("it has too many entries"));
            }
        }
        names.sort();
        Ok(names)
    }

    fn at(&self, resolved: &str) -> PathBuf {
        self.folder.join(resolved.trim_start_matches('/'))
    }
}

/// The names that a path goes through, the last one first.
fn parts(path: &Path) -> Vec<OsString> {
    let names = path.components().rev().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    });
    names.collect()
}

/// Whether an error says that nothing is there.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
