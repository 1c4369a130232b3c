//! The folder that code is kept in, and that it is the user's own.

use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

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
        make(base)?;
        let mut folder = Dir::open_ambient_dir(base, ambient_authority())?;
        private::check_above(&folder.dir_metadata()?)?;
        for name in PATH {
            folder = inner(&folder, name)?;
        }
        Ok(OwnFolder(folder))
    }

    /// What is in a file that only the user could write to.
    pub(super) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        // A link is none; and opening a pipe would wait for somebody to write to it.
        if !self.0.symlink_metadata(name)?.is_file() {
            return Err(io::Error::other("no regular file"));
        }
        let file = self.0.open(name)?;
        let metadata = file.metadata()?;
        private::check(&metadata)?;
        if !metadata.is_file() || metadata.len() > MAX_BYTES {
            return Err(io::Error::other("no regular file, or too large"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
        file.take(MAX_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes a file, whole or not at all, and removes what is too much.
    pub(super) fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        // What a process left behind that was stopped has another name.
        let new = format!("{name}.{:016x}", RandomState::new().hash_one(()));
        let mut file = self.0.open_with(&new, &private::new_file())?;
        let written = parts.iter().try_for_each(|part| file.write_all(part));
        drop(file);
        if let Err(error) = written.and_then(|()| self.0.rename(&new, &self.0, name)) {
            let _ = self.0.remove_file(&new);
            return Err(error);
        }
        self.prune(name, MAX_BYTES)
    }

    /// Removes the files that were written longest ago, as far as there are too many or too much is in them,
    /// but never the one that was written just now.
    fn prune(&self, written: &str, max_bytes: u64) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in self.0.entries()? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_file() && entry.file_name() != written {
                files.push((metadata.modified()?, entry.file_name(), metadata.len()));
            }
        }
        files.sort_unstable_by(|one, other| other.cmp(one));
        let mut bytes = self.0.metadata(written)?.len();
        for (at, (_, name, size)) in files.iter().enumerate() {
            bytes += size;
            if at + 1 >= MAX_FILES || bytes > max_bytes {
                self.0.remove_file(name)?;
            }
        }
        Ok(())
    }
}

/// Makes a folder and those above it for nobody but the user, but nothing in a folder of somebody else: what
/// the administrator makes in a user's home is of no use to the user.
fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.ancestors().find(|above| above.is_dir()).unwrap_or(folder);
    let above = Dir::open_ambient_dir(above, ambient_authority())?;
    private::check_owner(&above.dir_metadata()?)?;
    let mut builder = fs::DirBuilder::new();
    private::hide(builder.recursive(true)).create(folder)
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

    use std::{fs, io};

    use cap_std::fs::{
        DirBuilder, DirBuilderExt as _, Metadata, MetadataExt as _, OpenOptions,
        OpenOptionsExt as _,
    };
    use rustix::process::geteuid;

    pub(super) fn builder() -> DirBuilder {
        let mut builder = DirBuilder::new();
        builder.mode(0o700);
        builder
    }

    pub(super) fn hide(builder: &mut fs::DirBuilder) -> &mut fs::DirBuilder {
        std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
    }

    pub(super) fn new_file() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        options
    }

    fn is_ours(metadata: &Metadata) -> bool {
        metadata.uid() == geteuid().as_raw()
    }

    pub(super) fn check_owner(metadata: &Metadata) -> io::Result<()> {
        if is_ours(metadata) { Ok(()) } else { Err(io::Error::other("somebody else's")) }
    }

    /// That nobody but the user may write to a folder or a file.
    pub(super) fn check(metadata: &Metadata) -> io::Result<()> {
        check_owner(metadata)?;
        match metadata.mode() & 0o022 == 0 {
            true => Ok(()),
            false => Err(io::Error::other("others may write to it")),
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

    use std::{fs, io};

    use cap_std::fs::{DirBuilder, Metadata, OpenOptions};

    pub(super) fn builder() -> DirBuilder {
        DirBuilder::new()
    }

    pub(super) fn hide(builder: &mut fs::DirBuilder) -> &mut fs::DirBuilder {
        builder
    }

    pub(super) fn new_file() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        options
    }

    pub(super) fn check_owner(_: &Metadata) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn check(_: &Metadata) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn check_above(_: &Metadata) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_much_goes_by_age() {
        let base = std::env::temp_dir().join(format!("plimsoll-prune-{}", std::process::id()));
        let _ = fs::remove_dir_all(&base);
        let folder = OwnFolder::open(&base).unwrap();
        for (name, seconds) in [("old", 10), ("older", 5), ("oldest", 1), ("written", 0)] {
            folder.write(name, &[b"12", b"345"]).unwrap();
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            let path = base.join("plimsoll/plugins").join(name);
            let file = fs::File::options().write(true).open(path).unwrap();
            file.set_modified(time).unwrap();
        }
        folder.prune("written", 15).unwrap();
        let left = |name| folder.read(name).is_ok();
        assert!(left("written") && left("old") && left("older") && !left("oldest"));
        folder.prune("written", 1).unwrap();
        assert!(left("written") && !left("old") && !left("older"));
        fs::remove_dir_all(&base).unwrap();
    }
}
