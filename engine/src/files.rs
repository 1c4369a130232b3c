//! Every read of a file, through one door that the caller opens.
//!
//! Owns the [`Files`] trait and its two implementations: [`DiskFiles`], rooted in a folder that
//! nothing leads out of, and [`MemoryFiles`]. Nothing else in the engine touches a file system, but the
//! cache for compiled plugins, [`CodeCache`](crate::evaluate::wasm::CodeCache).
//!
//! Paths are relative to the root, with forward slashes; `""` is the root itself.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

/// Folders that a listing names but does not enter: nobody asks for what is in them.
const OPAQUE_FOLDERS: [&str; 2] = [".git", "node_modules"];

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// There is no such file.
    NotFound,
    /// It is a folder, a device, a pipe or a socket.
    NotAFile,
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// Anything else, in the words of the operating system. A path that leads out of the root is
    /// one of these.
    Other(String),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileError::NotFound => f.write_str("there is no such file"),
            FileError::NotAFile => f.write_str("it is no regular file"),
            FileError::TooLarge(limit) => write!(f, "it is larger than {limit} bytes"),
            FileError::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for FileError {}

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => FileError::NotFound,
            _ => FileError::Other(error.to_string()),
        }
    }
}

/// Files below a folder, as far as listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Paths relative to the listed folder, sorted.
    pub files: Vec<String>,
    /// Whether there are more files than are listed.
    pub truncated: bool,
}

/// Where files come from.
pub trait Files: Send + Sync {
    /// Reads a regular file of at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// When there is no such file below the root, or it is no regular file, or it is too large.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, FileError>;

    /// Opens a regular file of any size, to be read once from its start to its end.
    ///
    /// # Errors
    ///
    /// When there is no such file below the root, or it is no regular file.
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError>;

    /// Lists at most `limit` regular files and symbolic links below a folder, without following
    /// links. `.git` and `node_modules` are listed as if they were files.
    ///
    /// # Errors
    ///
    /// When there is no such folder below the root.
    fn list(&self, folder: &str, limit: usize) -> Result<Listing, FileError>;

    /// The permission bits of a file, `0o600`: the last twelve of its mode, as POSIX has them.
    ///
    /// `None` where nobody can say, or there is no such file.
    fn mode(&self, path: &str) -> Option<u32> {
        let _ = path;
        None
    }
}

/// The bits of a mode that say who may do what.
const PERMISSIONS: u32 = 0o7777;

/// A folder on disk. No path, and no symbolic link, leads out of it.
#[derive(Debug)]
pub struct DiskFiles {
    root: Dir,
}

impl DiskFiles {
    /// Opens a folder.
    ///
    /// # Errors
    ///
    /// When it cannot be opened as a folder.
    pub fn open(root: &Path) -> Result<Self, FileError> {
        Ok(DiskFiles { root: Dir::open_ambient_dir(root, ambient_authority())? })
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, FileError> {
        // Before opening: opening a pipe would wait for a writer.
        let metadata = self.root.metadata(path)?;
        if !metadata.is_file() {
            return Err(FileError::NotAFile);
        }
        if metadata.len() > limit {
            return Err(FileError::TooLarge(limit));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
        self.root.open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(FileError::TooLarge(limit));
        }
        Ok(bytes)
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        if !self.root.metadata(path)?.is_file() {
            return Err(FileError::NotAFile);
        }
        Ok(Box::new(self.root.open(path)?))
    }

    fn list(&self, folder: &str, limit: usize) -> Result<Listing, FileError> {
        let root = if folder.is_empty() { "." } else { folder };
        let mut listing = Listing::default();
        // Breadth first, so that a cut list still holds what lies on top.
        let mut folders = VecDeque::from([String::new()]);
        while let Some(prefix) = folders.pop_front() {
            let path = if prefix.is_empty() { root.to_owned() } else { format!("{root}/{prefix}") };
            let Ok(directory) = self.root.open_dir(path) else {
                if prefix.is_empty() {
                    return Err(FileError::NotFound);
                }
                continue;
            };
            let mut entries: Vec<_> = directory.entries()?.filter_map(Result::ok).collect();
            entries.sort_by_key(cap_std::fs::DirEntry::file_name);
            for entry in entries {
                let Ok(kind) = entry.file_type() else { continue };
                let name = entry.file_name().to_string_lossy().into_owned();
                let opaque = OPAQUE_FOLDERS.contains(&name.as_str());
                let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
                if listing.files.len() + folders.len() >= limit {
                    listing.truncated = true;
                    break;
                }
                if kind.is_dir() && !opaque {
                    folders.push_back(path);
                } else if kind.is_dir() || kind.is_file() || kind.is_symlink() {
                    listing.files.push(path);
                }
            }
        }
        listing.files.sort_unstable();
        Ok(listing)
    }

    #[cfg(unix)]
    fn mode(&self, path: &str) -> Option<u32> {
        use cap_std::fs::PermissionsExt;
        Some(self.root.metadata(path).ok()?.permissions().mode() & PERMISSIONS)
    }
}

/// Files that are held in memory: for embedding, and for tests.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    // Shared, so that a file that is being read needs no copy.
    files: BTreeMap<String, Arc<[u8]>>,
    modes: BTreeMap<String, u32>,
}

impl MemoryFiles {
    /// Adds or replaces a file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into().into());
        self
    }

    /// Says what the permission bits of a file are; of those of others nothing is known.
    #[must_use]
    pub fn with_mode(mut self, path: impl Into<String>, mode: u32) -> Self {
        self.modes.insert(path.into(), mode & PERMISSIONS);
        self
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, FileError> {
        let bytes = self.files.get(path).ok_or(FileError::NotFound)?;
        if bytes.len() as u64 > limit {
            return Err(FileError::TooLarge(limit));
        }
        Ok(bytes.to_vec())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        let bytes = self.files.get(path).ok_or(FileError::NotFound)?;
        Ok(Box::new(Cursor::new(Arc::clone(bytes))))
    }

    fn list(&self, folder: &str, limit: usize) -> Result<Listing, FileError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let below: BTreeSet<String> = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix))
            .map(String::from)
            .collect();
        if below.is_empty() && !folder.is_empty() {
            return Err(FileError::NotFound);
        }
        let truncated = below.len() > limit;
        Ok(Listing { files: below.into_iter().take(limit).collect(), truncated })
    }

    fn mode(&self, path: &str) -> Option<u32> {
        self.modes.get(path).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nothing_leads_out_of_the_root() {
        let folder = std::env::temp_dir().join(format!("plimsoll-files-{}", std::process::id()));
        let inside = folder.join("inside");
        std::fs::create_dir_all(inside.join("sub")).unwrap();
        std::fs::write(folder.join("secret"), "x").unwrap();
        std::fs::write(inside.join("sub/b"), "bb").unwrap();
        std::os::unix::fs::symlink("../secret", inside.join("link")).unwrap();
        std::os::unix::fs::symlink("sub/b", inside.join("good")).unwrap();
        std::os::unix::fs::symlink("..", inside.join("up")).unwrap();
        std::os::unix::fs::symlink("loop", inside.join("loop")).unwrap();
        let files = DiskFiles::open(&inside).unwrap();

        assert_eq!(files.read("sub/b", 2), Ok(b"bb".to_vec()));
        assert_eq!(files.read("good", 9), Ok(b"bb".to_vec()));
        assert_eq!(files.read("sub/b", 1), Err(FileError::TooLarge(1)));
        assert_eq!(files.read("sub", 9), Err(FileError::NotAFile));
        assert_eq!(files.read("nope", 9), Err(FileError::NotFound));
        let opened = |path: &str| {
            let mut text = String::new();
            files.open(path).map(|mut file| file.read_to_string(&mut text).map(|_| text).unwrap())
        };
        assert_eq!(opened("good"), Ok("bb".to_owned()));
        assert_eq!(opened("sub"), Err(FileError::NotAFile));
        assert_eq!(opened("nope"), Err(FileError::NotFound));
        for path in ["link", "../secret", "loop"] {
            assert!(matches!(opened(path), Err(FileError::Other(_))), "{path}");
        }
        for path in ["link", "../secret", "up/secret", "loop", "/etc/passwd"] {
            assert!(matches!(files.read(path, 9), Err(FileError::Other(_))), "{path}");
        }
        let listing = files.list("", 100).unwrap();
        assert_eq!(listing.files, ["good", "link", "loop", "sub/b", "up"]);
        assert!(!listing.truncated);
        assert!(files.list("", 2).unwrap().truncated);
        assert_eq!(files.list("sub", 9).unwrap().files, ["b"]);
        assert!(files.list("up", 9).is_err());
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(inside.join("sub/b"), private).unwrap();
        assert_eq!(files.mode("good"), Some(0o600));
        assert_eq!(files.mode("link"), None);
        assert_eq!(files.mode("nope"), None);
        std::fs::create_dir(inside.join("sub/.git")).unwrap();
        std::fs::write(inside.join("sub/.git/HEAD"), "").unwrap();
        assert_eq!(files.list("sub", 9).unwrap().files, [".git", "b"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn memory_answers_like_a_disk() {
        let files = MemoryFiles::default().with("a/b", "1").with("c", "22");
        assert_eq!(files.read("a/b", 1), Ok(b"1".to_vec()));
        assert_eq!(files.read("c", 1), Err(FileError::TooLarge(1)));
        assert_eq!(files.read("d", 1), Err(FileError::NotFound));
        let mut text = String::new();
        files.open("c").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "22");
        assert_eq!(files.open("a").err(), Some(FileError::NotFound));
        assert_eq!(files.list("", 9).unwrap().files, ["a/b", "c"]);
        assert_eq!(files.list("a", 9).unwrap().files, ["b"]);
        assert_eq!(files.list("x", 9), Err(FileError::NotFound));
        assert_eq!(files.mode("c"), None);
        assert_eq!(files.with_mode("c", 0o100_640).mode("c"), Some(0o640));
    }
}
