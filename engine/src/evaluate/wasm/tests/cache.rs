//! Compiled code that is kept, and when it is not believed.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::*;
use crate::evaluate::wasm::CodeCache;

/// A folder of a test's own, gone after it.
struct Base(PathBuf);

impl Base {
    fn new(name: &str) -> Base {
        let name = format!("plimsoll-code-{}-{name}", std::process::id());
        let base = Base(std::env::temp_dir().join(name));
        let _ = fs::remove_dir_all(&base.0);
        fs::create_dir(&base.0).unwrap();
        base.allow(&base.0, 0o700);
        base
    }

    fn allow(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn folder(&self) -> PathBuf {
        self.0.join("plimsoll/plugins")
    }

    /// Loads a plugin, which has to work.
    fn load(&self, guest: &Guest, options: PluginOptions) {
        let cache = Some(CodeCache::at(self.0.clone()));
        let plugin = load(&guest.build(), &PluginOptions { cache, ..options }).unwrap();
        assert_eq!(judge(&plugin).len(), 1);
    }

    /// The names of files with code, sorted.
    fn names(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.folder()) else { return Vec::new() };
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<String> =
            entries.map(name).map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn only(&self) -> PathBuf {
        let names = self.names();
        assert_eq!(names.len(), 1, "{names:?}");
        self.folder().join(&names[0])
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn options() -> PluginOptions {
    PluginOptions::default()
}

/// What tells a file from another one of its name: its number, and when it was written.
fn number(path: &Path) -> (u64, i64, i64) {
    let metadata = fs::symlink_metadata(path).unwrap();
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[test]
fn code_is_kept_and_taken_as_long_as_it_is_what_was_kept() {
    let (base, guest) = (Base::new("kept"), zoo(&["good"]));
    base.load(&guest, options());
    let file = base.only();
    let (first, kept) = (number(&file), fs::read(&file).unwrap());
    base.load(&guest, options());
    assert_eq!(number(&file), first, "it was taken");
    // Every part of it counts; what was thrown away is made again, and is the same.
    let mut damaged = kept.clone();
    *damaged.last_mut().unwrap() ^= 1;
    for bytes in [&damaged[..], &kept[..kept.len() / 2], &kept[..5], b""] {
        fs::write(&file, bytes).unwrap();
        base.load(&guest, options());
        assert_eq!(fs::read(&file).unwrap(), kept);
    }
    assert_eq!(base.names().len(), 1, "nothing else is left behind");
}

#[test]
fn code_of_another_plugin_is_not_taken() {
    let base = Base::new("other");
    let (one, other) = (zoo(&["one"]), zoo(&["other"]));
    base.load(&one, options());
    let file = base.only();
    let code = fs::read(&file).unwrap();
    base.load(&other, options());
    let mut names = base.names().into_iter();
    let theirs = base.folder().join(names.find(|name| !file.ends_with(name)).unwrap());
    // Sealed, but under another name.
    fs::write(&theirs, &code).unwrap();
    base.load(&other, options());
    assert_ne!(fs::read(&theirs).unwrap(), code);
}

#[test]
fn limits_are_no_part_of_code() {
    let (base, guest) = (Base::new("limits"), zoo(&["good"]));
    base.load(&guest, options());
    let first = number(&base.only());
    base.load(&guest, limits(|limits| limits.stack *= 2));
    base.load(&guest, limits(|limits| limits.fuel /= 2));
    // Where there is no pool of memory for it.
    base.load(&guest, limits(|limits| limits.table_elements = 1_000_000));
    assert_eq!(number(&base.only()), first);
}

#[test]
fn code_that_does_not_fit_into_a_pool_is_kept() {
    let mut guest = zoo(&["good"]);
    // An instance of it is larger than a place in the pool.
    guest.start = "(global i64 (i64.const 0))".repeat(70_000).leak();
    let base = Base::new("large");
    base.load(&guest, options());
    let first = number(&base.only());
    base.load(&guest, options());
    assert_eq!(number(&base.only()), first);
    assert!(!plugin(&guest).is_pooled());
}

#[test]
fn what_is_no_file_is_not_read() {
    let (base, guest) = (Base::new("link"), zoo(&["good"]));
    base.load(&guest, options());
    let file = base.only();
    let away = base.0.join("away");
    fs::rename(&file, &away).unwrap();
    symlink(&away, &file).unwrap();
    base.load(&guest, options());
    assert!(fs::symlink_metadata(&file).unwrap().is_file(), "the link was replaced");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    base.load(&guest, options());
    assert_eq!(base.names().len(), 1, "what could not be put in its place is gone");
    fs::remove_dir(&file).unwrap();
    // Opening a pipe would wait for a writer.
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &file,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    base.load(&guest, options());
    assert!(fs::symlink_metadata(&file).unwrap().is_file(), "the pipe was replaced");
}

#[test]
fn files_that_others_could_write_to_are_not_taken() {
    let (base, guest) = (Base::new("shared-file"), zoo(&["good"]));
    base.load(&guest, options());
    let file = base.only();
    for mode in [0o620, 0o602] {
        let first = number(&file);
        base.allow(&file, mode);
        base.load(&guest, options());
        assert_ne!(number(&file), first);
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_a_stopped_process_left_behind_is_in_nobodys_way() {
    let (base, guest) = (Base::new("left"), zoo(&["good"]));
    base.load(&guest, options());
    let file = base.only();
    let left = format!("{}.{:016x}", file.file_name().unwrap().to_str().unwrap(), 0);
    fs::rename(&file, base.folder().join(left)).unwrap();
    base.load(&guest, options());
    assert!(file.exists());
}

#[test]
fn folders_that_others_may_write_to_are_not_used() {
    let (base, guest) = (Base::new("private"), zoo(&["good"]));
    base.load(&guest, options());
    let file = base.only();
    fs::write(&file, "damaged").unwrap();
    let is_left_alone = || {
        base.load(&guest, options());
        fs::read(&file).unwrap() == b"damaged"
    };
    for folder in [&base.folder(), &base.0.join("plimsoll")] {
        for mode in [0o770, 0o707, 0o720, 0o702] {
            base.allow(folder, mode);
            assert!(is_left_alone(), "{} {mode:o}", folder.display());
        }
        // Who may read is of no matter, and other parts of the program make the outer one as all do.
        base.allow(folder, 0o755);
    }
    for mode in [0o770, 0o777, 0o1777] {
        base.allow(&base.0, mode);
        assert!(is_left_alone(), "{mode:o}");
    }
    base.allow(&base.0, 0o755);
    let away = base.0.join("away");
    fs::rename(base.folder(), &away).unwrap();
    symlink(&away, base.folder()).unwrap();
    assert!(is_left_alone(), "a link");
    fs::remove_file(base.folder()).unwrap();
    fs::rename(&away, base.folder()).unwrap();
    assert!(!is_left_alone());
}

#[test]
fn a_folder_that_cannot_be_had_stops_nobody() {
    let guest = zoo(&["good"]);
    let base = Base::new("nowhere");
    fs::write(base.0.join("plimsoll"), "a file").unwrap();
    base.load(&guest, options());
    assert!(base.names().is_empty());
    let inner = Base(base.0.join("a/b"));
    inner.load(&guest, options());
    assert_eq!(inner.names().len(), 1, "folders above are made");
}

#[test]
fn what_was_written_longest_ago_goes_first() {
    let base = Base::new("prune");
    base.load(&zoo(&["first"]), options());
    let folder = base.folder();
    fs::remove_file(base.only()).unwrap();
    for number in 0..70 {
        let file = fs::File::create(folder.join(format!("{number:02}"))).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(number)).unwrap();
    }
    base.load(&zoo(&["second"]), options());
    let left = base.names();
    assert_eq!(left.len(), 64);
    let old: Vec<String> = (7..70).map(|number| format!("{number:02}")).collect();
    assert!(left.iter().filter(|name| name.len() == 2).eq(&old), "{left:?}");
    // A file from the future goes before the one that was written just now.
    for file in left {
        let future = SystemTime::now() + Duration::from_secs(100_000);
        fs::File::open(folder.join(file)).unwrap().set_modified(future).unwrap();
    }
    base.load(&zoo(&["third"]), options());
    let third = base.names().into_iter().filter(|name| name.len() > 2).count();
    assert!(base.names().len() == 64 && third >= 1);
}
