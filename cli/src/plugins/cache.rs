//! Code that plugins were compiled to before, in the user's cache folder.
//!
//! Who may write to the folder decides what runs, for compiled code is not checked again. So:
//!
//! - The folders are the user's own and nobody else may enter them; a folder that is not so is not used.
//! - Beside the code of each plugin lies a list of digests. Code that is not on the list, or is not what
//!   the list says, is thrown away and made again: a damaged file is found out, and so is code of whoever
//!   could write the code and not the list. Somebody who can write as the user needs no cache to do harm.
//! - Whatever goes wrong, the plugin is compiled, and the run goes on.
//!
//! A plugin's folder is called by the digest of its file. In it are the list, and the folder `code` in
//! which wasmtime names code by its own version and by all settings. The list is not in there: wasmtime
//! clears away what it does not know.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use plimsoll_engine::evaluate::wasm;

/// The list of digests in the folder of a plugin: a line for each file with code.
const LIST: &str = "digests";

/// The folder in the folder of a plugin that is wasmtime's own.
const CODE: &str = "code";

/// The most plugins whose code is kept.
const MAX_PLUGINS: usize = 64;

/// The most files that are looked at in a plugin's folder.
const MAX_FILES: usize = 1000;

/// The largest file with code that is taken, in bytes.
const MAX_BYTES: u64 = 512 << 20;

/// The folder with the code of plugins.
#[derive(Debug)]
pub(crate) struct Cache {
    /// The user's folder for what can be made again.
    base: PathBuf,
}

impl Cache {
    /// The user's cache; `None` where the user has no folder for such things.
    pub(crate) fn of_user() -> Option<Cache> {
        let absolute = |name: &str| {
            std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute())
        };
        let base = if cfg!(windows) {
            absolute("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            absolute("HOME").map(|home| home.join("Library/Caches"))
        } else {
            absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        };
        base.map(Cache::at)
    }

    /// The cache below the folder `base`.
    pub(crate) fn at(base: PathBuf) -> Cache {
        Cache { base }
    }

    /// The folder for the code of the plugin with this digest, with nothing in it that is not known;
    /// `None` where there can be none that is safe.
    pub(crate) fn folder(&self, digest: &str) -> Option<PathBuf> {
        let folder = self.path(digest)?;
        self.secure(&folder).ok()?;
        if !is_known(&folder).unwrap_or(false) {
            fs::remove_dir_all(&folder).ok()?;
            private::create(&folder).ok()?;
        }
        let code = folder.join(CODE);
        match private::create(&code) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => None,
            _ => Some(code),
        }
    }

    /// Lists what was compiled just now, if anything was.
    pub(crate) fn seal(&self, digest: &str) {
        let Some(folder) = self.path(digest).filter(|folder| folder.is_dir()) else { return };
        // Without the list everything is made again: nothing that anybody has to be told.
        if let Ok(true) = seal(&folder) {
            let _ = self.prune();
        }
    }

    fn path(&self, digest: &str) -> Option<PathBuf> {
        let hex = digest.strip_prefix("sha256:")?;
        hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| self.plugins().join(hex))
    }

    fn plugins(&self) -> PathBuf {
        self.base.join("plimsoll").join("plugins")
    }

    /// Makes the folder and those above it, and sees to it that they are the user's own.
    fn secure(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(&self.base)?;
        let ours = [self.base.join("plimsoll"), self.plugins(), folder.to_owned()];
        for folder in &ours {
            match private::create(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        let [outer, inner, own] = &ours;
        private::check(&self.base, &[outer, inner, own])
    }

    /// Removes the code of plugins that were used longest ago.
    fn prune(&self) -> io::Result<()> {
        let mut folders: Vec<(std::time::SystemTime, PathBuf)> = fs::read_dir(self.plugins())?
            .filter_map(Result::ok)
            .map(|entry| (modified(&entry.path().join(LIST)), entry.path()))
            .collect();
        folders.sort();
        let surplus = folders.len().saturating_sub(MAX_PLUGINS);
        folders.iter().take(surplus).try_for_each(|(_, folder)| fs::remove_dir_all(folder))
    }
}

fn modified(file: &Path) -> std::time::SystemTime {
    let modified = fs::metadata(file).and_then(|metadata| metadata.modified());
    modified.unwrap_or(std::time::UNIX_EPOCH)
}

/// Whether all code in a folder is on its list, and is what the list says.
fn is_known(folder: &Path) -> io::Result<bool> {
    let found = code(folder)?;
    if found.is_empty() {
        return Ok(true);
    }
    let list = fs::read_to_string(folder.join(LIST))?;
    let listed = listed(&list);
    for (name, path) in &found {
        if listed.get(name.as_str()) != Some(&digest(path)?.as_str()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The digests of a list, by name.
fn listed(list: &str) -> BTreeMap<&str, &str> {
    let rows = list.lines().filter_map(|line| line.split_once(' '));
    rows.map(|(sum, name)| (name, sum)).collect()
}

/// Adds what is new to the list, and tells whether anything was. What the list names already was found to
/// be what it says before it was used, and is not looked at again.
fn seal(folder: &Path) -> io::Result<bool> {
    let found = code(folder)?;
    let list = folder.join(LIST);
    let before = fs::read_to_string(&list).unwrap_or_default();
    let before = listed(&before);
    if before.keys().copied().eq(found.keys().map(String::as_str)) {
        return Ok(false);
    }
    let mut text = String::new();
    for (name, path) in &found {
        let sum = match before.get(name.as_str()) {
            Some(sum) => (*sum).to_owned(),
            None => digest(path)?,
        };
        text += &format!("{sum} {name}\n");
    }
    let new = folder.join(format!("{LIST}.{}", std::process::id()));
    fs::write(&new, text)?;
    fs::rename(&new, &list)?;
    Ok(true)
}

fn digest(path: &Path) -> io::Result<String> {
    wasm::digest_of(&mut fs::File::open(path)?)
}

/// Every file with code below a folder, by its path there. What wasmtime keeps beside it, numbers of uses
/// and locks, has a dot in its name and is never run.
fn code(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut seen = 0;
    let mut waiting = vec![folder.join(CODE)];
    while let Some(at) = waiting.pop() {
        let entries = match fs::read_dir(&at) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            seen += 1;
            if seen > MAX_FILES {
                return Err(io::Error::other("too many files"));
            }
            let (kind, path) = (entry.file_type()?, entry.path());
            if kind.is_dir() {
                waiting.push(path);
                continue;
            }
            if entry.file_name().to_string_lossy().contains('.') {
                continue;
            }
            if !kind.is_file() || entry.metadata()?.len() > MAX_BYTES {
                return Err(io::Error::other("no regular file"));
            }
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            found.insert(name, path);
        }
    }
    Ok(found)
}

#[cfg(unix)]
mod private {
    //! What is the user's own, by owner and mode.

    use std::fs::{self, DirBuilder, Metadata};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    use std::path::{Path, PathBuf};

    pub(super) fn create(folder: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(folder)
    }

    /// Whether only the user may write to these folders, and nobody else to the one above.
    pub(super) fn check(above: &Path, ours: &[&PathBuf]) -> io::Result<()> {
        let Some(own) = ours.last() else { return Ok(()) };
        let user = user(own)?;
        let is_ours = |metadata: &Metadata| metadata.is_dir() && metadata.uid() == user;
        for folder in ours {
            // Not of what a link leads to.
            let metadata = fs::symlink_metadata(folder)?;
            if !is_ours(&metadata) || metadata.mode() & 0o077 != 0 {
                return Err(io::Error::other("not the user's own folder"));
            }
        }
        let metadata = fs::metadata(above)?;
        let is_trusted = is_ours(&metadata) || metadata.uid() == 0;
        if !is_trusted || metadata.mode() & 0o022 != 0 {
            return Err(io::Error::other("others may write to the folder above"));
        }
        Ok(())
    }

    /// Who this process is. Linux tells; elsewhere, and in case of doubt, a file tells that it makes.
    fn user(folder: &Path) -> io::Result<u32> {
        let uid = |path: &Path| fs::metadata(path).map(|metadata| metadata.uid());
        if let (Ok(told), Ok(owner)) = (uid(Path::new("/proc/self")), uid(folder))
            && cfg!(target_os = "linux")
            && told == owner
        {
            return Ok(told);
        }
        let probe = folder.join(format!("probe.{}", std::process::id()));
        let made = fs::File::options().write(true).create_new(true).open(&probe);
        let user = made.and_then(|file| file.metadata()).map(|metadata| metadata.uid());
        let removed = fs::remove_file(&probe);
        let user = user?;
        removed?;
        Ok(user)
    }
}

#[cfg(not(unix))]
mod private {
    //! Folders below a user's profile are the user's own from the beginning.

    use std::io;
    use std::path::{Path, PathBuf};

    pub(super) fn create(folder: &Path) -> io::Result<()> {
        std::fs::create_dir(folder)
    }

    pub(super) fn check(_: &Path, ours: &[&PathBuf]) -> io::Result<()> {
        for folder in ours {
            if !std::fs::symlink_metadata(folder)?.is_dir() {
                return Err(io::Error::other("not a folder"));
            }
        }
        Ok(())
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)] // Clippy does not see through the `unix`.
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const DIGEST: &str = "sha256:00ff";

    fn cache(name: &str) -> Cache {
        let base = std::env::temp_dir().join(format!("plimsoll-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&base);
        private::create(&base).unwrap();
        Cache::at(base)
    }

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn code_is_kept_as_long_as_it_is_what_was_listed() {
        let cache = cache("kept");
        let code = cache.folder(DIGEST).unwrap();
        let folder = code.parent().unwrap();
        let file = code.join("modules/wasmtime/code");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let write = |text: &str| fs::write(&file, text).unwrap();
        let is_kept = || {
            cache.folder(DIGEST).unwrap();
            file.exists()
        };
        write("code");
        cache.seal(DIGEST);
        fs::write(file.with_extension("stats"), "any").unwrap();
        assert!(is_kept());
        // wasmtime clears away in its folder what it does not know.
        assert!(folder.join(LIST).exists() && !code.join(LIST).exists());
        write("other");
        assert!(!is_kept());
        // What was never listed.
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        write("code");
        assert!(!is_kept());
        // What lies somewhere else.
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let other = folder.join("other");
        fs::write(&other, "code").unwrap();
        std::os::unix::fs::symlink(&other, &file).unwrap();
        cache.seal(DIGEST);
        assert!(!is_kept());
        fs::remove_dir_all(&cache.base).unwrap();
    }

    #[test]
    fn folders_that_others_may_write_to_are_not_used() {
        let cache = cache("private");
        let own = cache.path(DIGEST).unwrap();
        assert_eq!(cache.folder(DIGEST), Some(own.join(CODE)));
        for folder in [&own, &cache.plugins(), &cache.base.join("plimsoll")] {
            mode(folder, 0o770);
            assert_eq!(cache.folder(DIGEST), None, "{}", folder.display());
            mode(folder, 0o700);
        }
        mode(&cache.base, 0o777);
        assert_eq!(cache.folder(DIGEST), None);
        mode(&cache.base, 0o755);
        assert!(cache.folder(DIGEST).is_some());
        let (plugins, away) = (cache.plugins(), cache.base.join("away"));
        fs::rename(&plugins, &away).unwrap();
        std::os::unix::fs::symlink(&away, &plugins).unwrap();
        assert_eq!(cache.folder(DIGEST), None);
        assert_eq!(cache.folder("sha256:../../x"), None);
        fs::remove_dir_all(&cache.base).unwrap();
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let cache = cache("prune");
        for number in 0..MAX_PLUGINS + 3 {
            let digest = format!("sha256:{number:04x}");
            cache.folder(&digest).unwrap();
            let folder = cache.path(&digest).unwrap();
            fs::write(folder.join(LIST), "").unwrap();
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(number as u64);
            fs::File::options()
                .write(true)
                .open(folder.join(LIST))
                .unwrap()
                .set_modified(time)
                .unwrap();
        }
        cache.prune().unwrap();
        let left = fs::read_dir(cache.plugins()).unwrap().count();
        assert_eq!(left, MAX_PLUGINS);
        assert!(!cache.plugins().join("0002").exists() && cache.plugins().join("0003").exists());
        fs::remove_dir_all(&cache.base).unwrap();
    }
}
