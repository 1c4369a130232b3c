//! Git's index: which files are tracked.
//!
//! Owns the format of versions 2 to 4, <https://git-scm.com/docs/index-format>. The checksum at its
//! end is not verified: Git writes none with `index.skipHash`.

use std::collections::BTreeSet;

/// The longest path that is believed; Git's own limit is the system's, `PATH_MAX`.
const MAX_PATH: usize = 4096;

/// How long the name of an object is, in bytes, unless the repository says otherwise.
pub const SHA1_LEN: usize = 20;

/// Bytes of an entry before the name of its object: times, device, mode, owner, size.
const STAT_LEN: usize = 40;

/// Which of the files that were asked for are tracked.
#[derive(Clone, Debug, Default)]
pub struct Tracked {
    found: BTreeSet<String>,
    /// Whether entries lie elsewhere: in a shared index, or in folders that are not checked out.
    partial: bool,
}

impl Tracked {
    /// Whether a file is; `None` when that cannot be seen.
    #[must_use]
    pub fn has(&self, path: &str) -> Option<bool> {
        match self.found.contains(path) {
            false if self.partial => None,
            found => Some(found),
        }
    }
}

/// Looks for paths, from the root of the work tree, in an index whose objects have names of
/// `hash_len` bytes. `None` when it is no index, or not one that is understood.
#[must_use]
pub fn find(bytes: &[u8], hash_len: usize, wanted: &BTreeSet<String>) -> Option<Tracked> {
    let mut reader = Reader { rest: bytes };
    if reader.take(4)? != b"DIRC" {
        return None;
    }
    let version = reader.number()?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let longest = wanted.iter().map(String::len).max().unwrap_or_default();
    let mut tracked = Tracked::default();
    let mut name = Vec::new();
    for _ in 0..reader.number()? {
        reader.entry(version, hash_len, &mut name)?;
        if name.len() <= longest
            && let Ok(path) = std::str::from_utf8(&name)
            && wanted.contains(path)
        {
            tracked.found.insert(path.to_owned());
        }
    }
    // What has to be understood begins with a small letter: `link`, a shared index; `sdir`, folders
    // as entries.
    while reader.rest.len() > hash_len {
        let signature = reader.take(4)?;
        tracked.partial |= signature.first().is_some_and(u8::is_ascii_lowercase);
        let length = usize::try_from(reader.number()?).ok()?;
        reader.take(length)?;
    }
    Some(tracked)
}

struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// What stands before the next NUL, which is skipped.
    fn text(&mut self) -> Option<&'b [u8]> {
        let end = self.rest.iter().take(MAX_PATH + 1).position(|byte| *byte == 0)?;
        let text = self.take(end)?;
        self.take(1)?;
        Some(text)
    }

    /// Reads an entry; `name` is the name of the one before, and then its own.
    fn entry(&mut self, version: u32, hash_len: usize, name: &mut Vec<u8>) -> Option<()> {
        let before = self.rest.len();
        self.take(STAT_LEN + hash_len)?;
        let flags = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        let is_extended = flags & 0x4000 != 0;
        if is_extended && version >= 3 {
            self.take(2)?;
        }
        if version >= 4 {
            let dropped = self.offset()?;
            name.truncate(name.len().checked_sub(dropped)?);
            name.extend_from_slice(self.text()?);
        } else {
            name.clear();
            name.extend_from_slice(self.text()?);
            // Up to eight NULs, the one that ends the name among them, fill it to a multiple of 8.
            let read = before - self.rest.len();
            self.take(read.next_multiple_of(8) - read)?;
        }
        (name.len() <= MAX_PATH).then_some(())
    }

    /// A number of variable length, as `OFS_DELTA` has it in packs.
    fn offset(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        loop {
            let byte = *self.take(1)?.first()?;
            value = value.checked_shl(7)? | usize::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?;
            if value > MAX_PATH {
                return None;
            }
        }
    }
}

/// An index, of version 2, that tracks these files: for trying things out.
#[must_use]
pub fn write(paths: &BTreeSet<String>) -> Vec<u8> {
    let mut bytes = b"DIRC\0\0\0\x02".to_vec();
    bytes.extend(u32::try_from(paths.len()).unwrap_or_default().to_be_bytes());
    for path in paths {
        let start = bytes.len();
        bytes.extend([0; STAT_LEN + SHA1_LEN]);
        let length = u16::try_from(path.len()).unwrap_or(u16::MAX).min(0x0fff);
        bytes.extend(length.to_be_bytes());
        bytes.extend(path.as_bytes());
        let length = (bytes.len() - start + 1).next_multiple_of(8);
        bytes.resize(start + length, 0);
    }
    bytes.extend([0; SHA1_LEN]);
    bytes
}
