//! The folders beside documents, for what a document refers to.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::canonicalize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_engine::document::Folder;
use plimsoll_engine::files::{DiskFiles, Files};

/// Opened folders, each once.
///
/// What lies below the current folder may refer to files of all of it: the `.dockerignore` of a
/// repository counts whether a folder or a file in it was named. What lies elsewhere may refer to
/// files of the folder that was named, or of the file's own.
pub(super) struct Folders {
    current: Option<PathBuf>,
    open: HashMap<PathBuf, Option<Arc<DiskFiles>>>,
}

/// A folder without symbolic links in its path, and what it is opened below.
#[derive(Clone)]
pub(super) struct Real {
    path: PathBuf,
    root: PathBuf,
}

impl Real {
    /// The folder itself.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Folders {
    pub(super) fn new() -> Self {
        let current = std::env::current_dir().and_then(canonicalize).ok();
        Folders { current, open: HashMap::new() }
    }

    /// A folder that the user named.
    pub(super) fn real(&self, folder: &Path) -> Option<Real> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let path = canonicalize(folder).ok()?;
        let below = self.current.as_ref().filter(|current| path.starts_with(current));
        let root = below.unwrap_or(&path).clone();
        Some(Real { path, root })
    }

    /// What lies beside a file that the user named.
    pub(super) fn of_file(&mut self, file: &Path) -> Option<Folder> {
        let real = self.real(file.parent()?)?;
        self.beside(&real, Path::new(""), file.file_name()?)
    }

    /// A folder that the user named as a document.
    pub(super) fn of_folder(&mut self, folder: &Path) -> Option<Folder> {
        let real = self.real(folder)?;
        self.beside(&real, Path::new(""), OsStr::new(""))
    }

    /// The path of another file below the root of a folder; `None` when it is not there, or not
    /// below.
    pub(super) fn below(&self, folder: &Folder, file: &Path) -> Option<String> {
        let path = canonicalize(file).ok()?;
        let mut roots = self.open.iter().filter(|(_, open)| {
            open.as_ref().is_some_and(|open| {
                let open: Arc<dyn Files> = Arc::clone(open) as Arc<dyn Files>;
                Arc::ptr_eq(&open, &folder.files)
            })
        });
        let relative = path.strip_prefix(roots.next()?.0).ok()?;
        let parts: Vec<_> = relative.iter().map(OsStr::to_string_lossy).collect();
        Some(parts.join("/"))
    }

    /// What lies beside a file in `relative`, a folder below one that the user named.
    pub(super) fn beside(&mut self, real: &Real, relative: &Path, file: &OsStr) -> Option<Folder> {
        let open = self.open.entry(real.root.clone());
        let files = open.or_insert_with(|| DiskFiles::open(&real.root).ok().map(Arc::new));
        let files: Arc<dyn Files> = Arc::clone(files.as_ref()?) as Arc<dyn Files>;
        let path = real.path.strip_prefix(&real.root).ok()?.join(relative);
        let parts: Vec<_> = path.iter().map(OsStr::to_string_lossy).collect();
        let file_name = file.to_string_lossy().into_owned();
        Some(Folder { files, path: parts.join("/"), file_name })
    }
}
