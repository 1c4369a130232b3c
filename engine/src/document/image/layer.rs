//! A layer: what its archive says of files, without keeping the files.
//!
//! Owns one pass over the archive. It keeps what is of interest ([`super::interest`]), the records
//! that are files of their own (package databases, accounts, `os-release`), and of every other
//! entry sixteen bytes: enough to say later, in [`super::overlay`], which layer hides what.
//!
//! <https://github.com/opencontainers/image-spec/blob/main/layer.md>

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::io::Read;

use super::interest::{self, Interest, Interests};
use super::limits;
use super::records::{self, Record};
use super::tar::{self, Entries, Entry, Kind};

/// A name that stands for a deletion. Names that go on with it are aufs' own, and mean nothing.
const WHITEOUT: &str = ".wh.";
const META_WHITEOUT: &str = ".wh..wh.";
const OPAQUE: &str = ".wh..wh..opq";

/// A file of interest.
#[derive(Clone, Debug)]
pub(super) struct LayerFile {
    /// Clean: without a leading `/`.
    pub(super) path: String,
    pub(super) kind: Kind,
    pub(super) mode: u32,
    pub(super) uid: Option<u64>,
    pub(super) gid: Option<u64>,
    pub(super) size: u64,
    pub(super) interests: Interests,
}

/// What an entry does to the layers below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// A folder: what is below it stays.
    Folder,
    /// A file: it replaces what was there, with all that was in it.
    File,
    /// What was there is gone, with all that was in it.
    Whiteout,
    /// What was in it is gone; it is still there.
    Opaque,
}

/// What is remembered of a path that is of no interest.
///
/// Two hashes with different beginnings: making two paths agree in both takes 2^64 tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PathKey(u64, u64);

impl PathKey {
    pub(super) fn new(path: &str) -> Self {
        Self::way(path).last().unwrap_or_else(Self::root)
    }

    /// Of the folder that all paths begin in.
    pub(super) fn root() -> Self {
        let hash = |seed| hasher(seed).finish();
        PathKey(hash(1), hash(2))
    }

    /// Of every folder that leads to a clean path, and of the path itself; linear in its length.
    pub(super) fn way(path: &str) -> impl Iterator<Item = Self> {
        let mut hashers = (hasher(1), hasher(2));
        path.split('/').filter(|part| !part.is_empty()).map(move |part| {
            for hasher in [&mut hashers.0, &mut hashers.1] {
                hasher.write(b"/");
                hasher.write(part.as_bytes());
            }
            PathKey(hashers.0.finish(), hashers.1.finish())
        })
    }
}

fn hasher(seed: u8) -> DefaultHasher {
    let mut hasher = DefaultHasher::new();
    hasher.write_u8(seed);
    hasher
}

/// How much may still be kept of all layers of a document.
#[derive(Debug)]
pub(super) struct Budget {
    /// Entries.
    pub(super) entries: usize,
    /// Bytes of memory for what is of interest, roughly.
    pub(super) bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { entries: limits::ENTRIES, bytes: limits::INTEREST_BYTES }
    }
}

impl Budget {
    /// Takes what a kept path and what is said of it need; false when that is too much.
    fn keep(&mut self, path: &str, bytes: usize) -> bool {
        // The way to it is remembered when the layers are laid on one another.
        let depth = path.bytes().filter(|byte| *byte == b'/').count() + 2;
        let needed = 2 * path.len() + 64 * depth + bytes;
        let left = self.bytes.checked_sub(needed);
        self.bytes = left.unwrap_or(self.bytes);
        left.is_some()
    }
}

/// What a layer's archive says.
#[derive(Debug, Default)]
pub(super) struct LayerFiles {
    pub(super) files: Vec<LayerFile>,
    /// Every entry in order.
    pub(super) effects: Vec<(PathKey, Effect)>,
    /// Files that were read, by clean path.
    pub(super) records: Vec<(String, Record)>,
    /// Why some of it is not known; `None` when all is.
    pub(super) unread: Option<String>,
    /// What is odd.
    pub(super) warnings: Vec<String>,
}

/// Reads a layer's archive, and lowers the budget by what it takes.
pub(super) fn read(stream: &mut dyn Read, budget: &mut Budget) -> LayerFiles {
    let mut reader =
        Reader { layer: LayerFiles::default(), budget, by_path: HashMap::new(), gone: Vec::new() };
    let mut entries = Entries::new(stream);
    loop {
        match entries.advance() {
            Ok(None) => break,
            Ok(Some(_)) if reader.budget.entries == 0 => {
                reader.stop(format!("its layers have more than {} entries", limits::ENTRIES));
                break;
            }
            Ok(Some(entry)) => {
                reader.budget.entries -= 1;
                reader.entry(entry, &mut entries);
            }
            Err(error) => {
                reader.stop(error.to_string());
                break;
            }
        }
    }
    let mut layer = reader.layer;
    layer.effects.shrink_to_fit();
    let gone = std::mem::take(&mut reader.gone);
    let mut at = 0;
    layer.files.retain(|_| {
        at += 1;
        !gone.get(at - 1).copied().unwrap_or_default()
    });
    layer
}

struct Reader<'b> {
    layer: LayerFiles,
    budget: &'b mut Budget,
    /// Files of interest by path, for those that the same archive replaces.
    by_path: HashMap<String, usize>,
    /// Files of interest that the same archive replaced.
    gone: Vec<bool>,
}

impl Reader<'_> {
    fn stop(&mut self, why: String) {
        self.layer.unread.get_or_insert(why);
    }

    fn warn(&mut self, warning: String) {
        if self.layer.warnings.len() < limits::PROBLEMS {
            self.layer.warnings.push(warning);
        }
    }

    fn entry(&mut self, entry: Entry, data: &mut Entries<&mut dyn Read>) {
        if entry.kind == Kind::Other {
            return;
        }
        let path = match tar::clean(&entry.path) {
            Ok(path) => path,
            Err(tar::Unusable::LeadsOut) => {
                let path = shown(&entry.path);
                self.warn(format!("its entry `{path}` leads out of the image"));
                return;
            }
            // It is in the image, and may be anything.
            Err(tar::Unusable::TooDeep) => {
                let path = shown(&entry.path);
                self.stop(format!("its entry `{path}` is too deep"));
                return;
            }
        };
        if path.is_empty() {
            return;
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        if name.starts_with(META_WHITEOUT) {
            if name == OPAQUE {
                self.effect(folder, Effect::Opaque);
            }
            return;
        }
        if let Some(hidden) = name.strip_prefix(WHITEOUT) {
            if matches!(hidden, "" | "." | "..") {
                self.warn(format!("its entry `{}` hides no file", shown(&path)));
            } else if folder.is_empty() {
                self.effect(hidden, Effect::Whiteout);
            } else {
                self.effect(&format!("{folder}/{hidden}"), Effect::Whiteout);
            }
            return;
        }
        let is_folder = entry.kind == Kind::Folder;
        self.effect(&path, if is_folder { Effect::Folder } else { Effect::File });
        if !is_folder {
            self.layer.records.retain(|(known, _)| *known != path);
        }
        if let Some(reading) = records::wanted(&path) {
            let record = match entry.kind {
                Kind::File if entry.plain => Some(reading.read(data, entry.size)),
                // A link to it: what it leads to is read for itself.
                Kind::Symlink | Kind::Folder => None,
                _ => Some(Record::Unread("it is no regular file".into())),
            };
            if let Some(Record::Unread(why)) = &record {
                self.warn(format!("its /{path} cannot be read: {why}"));
            }
            if let Some(record) = record {
                self.keep_record(path.clone(), record);
            }
        }
        self.interesting(path, &entry);
    }

    fn keep_record(&mut self, path: String, record: Record) {
        if self.budget.keep(&path, record.bytes()) {
            self.layer.records.push((path, record));
        } else {
            self.stop("there are too many packages and files of interest in it".into());
        }
    }

    fn effect(&mut self, path: &str, effect: Effect) {
        self.layer.effects.push((PathKey::new(path), effect));
    }

    fn interesting(&mut self, path: String, entry: &Entry) {
        let interests = interests(&path, entry);
        // The last of several entries of one path counts, as it does when they are unpacked.
        if let Some(before) = self.by_path.remove(&path)
            && let Some(gone) = self.gone.get_mut(before)
        {
            *gone = true;
        }
        if interests.is_empty() {
            return;
        }
        if !self.budget.keep(&path, size_of::<LayerFile>()) {
            self.stop("there are too many files of interest in it".into());
            return;
        }
        self.by_path.insert(path.clone(), self.layer.files.len());
        self.gone.push(false);
        self.layer.files.push(LayerFile {
            path,
            kind: entry.kind,
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            size: entry.size,
            interests,
        });
    }
}

fn interests(path: &str, entry: &Entry) -> Interests {
    let mut interests = Interests::default();
    let device = matches!(entry.kind, Kind::CharacterDevice | Kind::BlockDevice);
    interests.add(Interest::Device, device);
    match entry.kind {
        // A hard link's header has the mode of the file that both are.
        Kind::File | Kind::HardLink => {
            interests.add(Interest::Setuid, entry.mode & 0o4000 != 0);
            interests.add(Interest::Setgid, entry.mode & 0o2000 != 0);
            interests.add(Interest::WorldWritable, entry.mode & 0o002 != 0);
            interests.add(Interest::Credential, interest::is_credential(path));
            interest::program(path, &mut interests);
        }
        Kind::Symlink => interest::program(path, &mut interests),
        Kind::Folder => interests.add(Interest::WorldWritable, entry.mode & 0o1002 == 0o002),
        _ => {}
    }
    interests
}

/// A path to show in a message: not too long, and without control characters.
fn shown(path: &str) -> String {
    path.chars().take(200).map(|char| if char.is_control() { '\u{fffd}' } else { char }).collect()
}
