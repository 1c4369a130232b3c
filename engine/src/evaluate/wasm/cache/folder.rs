//! The folder that code is kept in, and that it is the user's own.

use std::io::{self, Read as _, Write as _};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

/// The folders below the user's own for what can be made again.
const PATH: [&str; 2] = ["plimsoll", "plugins"];

/// The most files that are kept.
const MAX_FILES: usize = 64;

/// The most bytes that are kept, and that are read of one file.
const MAX_BYTES: u64 = 512 << 20;

/// A folder to which only the user may write.
pub(super) struct OwnFolder(Dir);

impl OwnFolder {
    /// Opens the folder below `base`, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// When others may write there, and when it cannot be had.
    pub(super) fn open(base: &Path) -> io::Result<OwnFolder> {
        Dir::create_ambient_dir_all(base, ambient_authority())?;
        let mut folder = Dir::open_ambient_dir(base, ambient_authority())?;
        private::check_above(&folder.dir_metadata()?)?;
        for name in PATH {
            folder = inner(&folder, name)?;
        }
        Ok(OwnFolder(folder))
    }

    /// What is in a file.
    pub(super) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        // Of a link nothing is said, and opening a pipe would wait for somebody to write to it.
        let metadata = self.0.symlink_metadata(name)?;
        if !metadata.is_file() || metadata.len() > MAX_BYTES {
            return Err(io::Error::other("no regular file"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
        self.0.open(name)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes a file, whole or not at all, and removes what is too much.
    pub(super) fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        let new = format!("{name}.{}", std::process::id());
        let mut options = OpenOptions::new();
        let mut file = self.0.open_with(&new, options.write(true).create_new(true))?;
        let written = parts.iter().try_for_each(|part| file.write_all(part));
        drop(file);
        if let Err(error) = written.and_then(|()| self.0.rename(&new, &self.0, name)) {
            let _ = self.0.remove_file(&new);
            return Err(error);
        }
        self.prune()
    }

    /// Removes the files that were written longest ago, as far as there are too many, or too much is in them.
    fn prune(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in self.0.entries()? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                files.push((metadata.modified()?, entry.file_name(), metadata.len()));
            }
        }
        files.sort_unstable_by(|one, other| other.cmp(one));
        let mut bytes = 0;
        for (at, (_, name, size)) in files.iter().enumerate() {
            bytes += size;
            // The first is the one that was written just now.
            if at > 0 && (at >= MAX_FILES || bytes > MAX_BYTES) {
                self.0.remove_file(name)?;
            }
        }
        Ok(())
    }
}

/// The user's own folder `name`, made if there is none.
fn inner(folder: &Dir, name: &str) -> io::Result<Dir> {
    match folder.symlink_metadata(name) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(io::Error::other("no folder")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match folder.create_dir_with(name, &private::builder()) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        Err(error) => return Err(error),
    }
    let inner = folder.open_dir(name)?;
    private::check(&inner.dir_metadata()?)?;
    Ok(inner)
}

#[cfg(unix)]
mod private {
    //! What is the user's own, by owner and mode.

    use std::io;

    use cap_std::fs::{DirBuilder, DirBuilderExt as _, Metadata, MetadataExt as _};
    use rustix::process::geteuid;

    pub(super) fn builder() -> DirBuilder {
        let mut builder = DirBuilder::new();
        builder.mode(0o700);
        builder
    }

    fn is_ours(metadata: &Metadata) -> bool {
        metadata.uid() == geteuid().as_raw()
    }

    /// That nobody but the user may do anything in a folder.
    pub(super) fn check(metadata: &Metadata) -> io::Result<()> {
        match is_ours(metadata) && metadata.mode() & 0o077 == 0 {
            true => Ok(()),
            false => Err(io::Error::other("not the user's own folder")),
        }
    }

    /// That nobody but the user and the administrator may write to the folder above.
    pub(super) fn check_above(metadata: &Metadata) -> io::Result<()> {
        let is_trusted = is_ours(metadata) || metadata.uid() == 0;
        match is_trusted && metadata.mode() & 0o022 == 0 {
            true => Ok(()),
            false => Err(io::Error::other("others may write to the folder above")),
        }
    }
}

#[cfg(not(unix))]
mod private {
    //! Folders below a user's profile are the user's own from the beginning.

    use std::io;

    use cap_std::fs::{DirBuilder, Metadata};

    pub(super) fn builder() -> DirBuilder {
        DirBuilder::new()
    }

    pub(super) fn check(_: &Metadata) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn check_above(_: &Metadata) -> io::Result<()> {
        Ok(())
    }
}
