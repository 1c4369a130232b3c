//! Tar archives, read once from start to end.
//!
//! Owns the format: ustar, the long names of GNU, PAX records, sparse files as far as their length.
//! It keeps nothing but the entry at hand, and bounds what a header may ask for, which is why it is
//! not the crate of that name: that one reads a long name of any length into memory. Go's
//! `archive/tar`, which container engines use, is the reference for what is accepted.
//!
//! <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13>
//! <https://www.gnu.org/software/tar/manual/html_node/Standard.html>

use std::fmt;
use std::io::{self, Read};

use super::limits;

const BLOCK: usize = 512;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    /// Another name of a file of the archive.
    HardLink,
    Symlink,
    Folder,
    CharacterDevice,
    BlockDevice,
    Fifo,
    /// Something that is not unpacked.
    Other,
}

/// An entry's header, extensions applied.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// As written; not cleaned.
    pub(super) path: String,
    pub(super) kind: Kind,
    /// What a link leads to; empty for others.
    pub(super) link: String,
    /// Permissions with the special bits.
    pub(super) mode: u32,
    pub(super) uid: Option<u64>,
    pub(super) gid: Option<u64>,
    /// Bytes of the file once unpacked.
    pub(super) size: u64,
    /// Whether the data are the file's content as it is: not those of a sparse file.
    pub(super) plain: bool,
}

/// Why an archive cannot be read on.
#[derive(Debug)]
pub(super) enum TarError {
    Io(io::Error),
    /// There is no header at this offset.
    Header(u64),
    /// A header at this offset asks for too much.
    TooLong(u64),
}

impl fmt::Display for TarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TarError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                f.write_str("it ends in the middle of an entry")
            }
            TarError::Io(error) => error.fmt(f),
            TarError::Header(offset) => write!(f, "there is no tar header at byte {offset}"),
            TarError::TooLong(offset) => write!(f, "the tar header at byte {offset} is too long"),
        }
    }
}

impl From<io::Error> for TarError {
    fn from(error: io::Error) -> Self {
        TarError::Io(error)
    }
}

/// What the headers before an entry's own say about it.
#[derive(Default)]
struct Extensions {
    path: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    uid: Option<u64>,
    gid: Option<u64>,
    real_size: Option<u64>,
    sparse: bool,
}

/// The entries of an archive. Reading reads the data of the entry at hand.
pub(super) struct Entries<R> {
    input: R,
    offset: u64,
    /// Bytes of the entry's data, and of what pads them, that were not read yet.
    data: u64,
    padding: u64,
    globals: Vec<(String, String)>,
}

impl<R: Read> Entries<R> {
    pub(super) fn new(input: R) -> Self {
        Entries { input, offset: 0, data: 0, padding: 0, globals: Vec::new() }
    }

    /// The next entry, or `None` at the end of the archive.
    pub(super) fn advance(&mut self) -> Result<Option<Entry>, TarError> {
        let mut extensions = Extensions::default();
        self.apply(&self.globals.clone(), &mut extensions);
        loop {
            self.skip()?;
            let start = self.offset;
            let Some(block) = self.header()? else { return Ok(None) };
            let stored = number(&block[124..136]).ok_or(TarError::Header(start))?;
            match block[156] {
                b'L' => extensions.path = Some(self.extension_text(stored)?),
                b'K' => extensions.link = Some(self.extension_text(stored)?),
                b'x' | b'g' => {
                    let bytes = self.extension(stored)?;
                    let records = records(&bytes).ok_or(TarError::Header(start))?;
                    self.apply(&records, &mut extensions);
                    if block[156] == b'g' {
                        self.globals = records;
                    }
                }
                _ => return self.entry(&block, stored, extensions, start).map(Some),
            }
        }
    }

    /// Reads over what is left of the entry at hand.
    fn skip(&mut self) -> Result<(), TarError> {
        let left = self.data + self.padding;
        let skipped = io::copy(&mut self.input.by_ref().take(left), &mut io::sink())?;
        self.offset += skipped;
        (self.data, self.padding) = (0, 0);
        if skipped < left {
            return Err(TarError::Io(io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(())
    }

    /// The next block, if it is a header. An archive ends with two empty blocks, or just so.
    fn header(&mut self) -> Result<Option<[u8; BLOCK]>, TarError> {
        let mut empty = false;
        loop {
            let start = self.offset;
            let Some(block) = self.block()? else { return Ok(None) };
            if block.iter().all(|byte| *byte == 0) {
                if empty {
                    return Ok(None);
                }
                empty = true;
            } else if empty || !is_header(&block) {
                return Err(TarError::Header(start));
            } else {
                return Ok(Some(block));
            }
        }
    }

    fn block(&mut self) -> Result<Option<[u8; BLOCK]>, TarError> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match self.input.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(TarError::Io(io::ErrorKind::UnexpectedEof.into())),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.offset += BLOCK as u64;
        Ok(Some(block))
    }

    fn set_data(&mut self, stored: u64) {
        self.data = stored;
        self.padding = stored.wrapping_neg() % BLOCK as u64;
    }

    fn extension(&mut self, stored: u64) -> Result<Vec<u8>, TarError> {
        if stored > limits::EXTENSION_BYTES {
            return Err(TarError::TooLong(self.offset - BLOCK as u64));
        }
        self.set_data(stored);
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn extension_text(&mut self, stored: u64) -> Result<String, TarError> {
        let bytes = self.extension(stored)?;
        Ok(text(&bytes))
    }

    fn apply(&self, records: &[(String, String)], to: &mut Extensions) {
        for (key, value) in records {
            let number = || value.parse().ok();
            match key.as_str() {
                // An empty value takes back what a global record says.
                "path" => to.path = Some(value.clone()).filter(|path| !path.is_empty()),
                "GNU.sparse.name" => {
                    to.path = Some(value.clone());
                    to.sparse = true;
                }
                "linkpath" => to.link = Some(value.clone()).filter(|path| !path.is_empty()),
                "size" => to.size = number(),
                "uid" => to.uid = number(),
                "gid" => to.gid = number(),
                "GNU.sparse.realsize" | "GNU.sparse.size" => {
                    to.real_size = number();
                    to.sparse = true;
                }
                _ => {}
            }
        }
    }

    fn entry(
        &mut self,
        block: &[u8; BLOCK],
        stored: u64,
        extensions: Extensions,
        start: u64,
    ) -> Result<Entry, TarError> {
        let own_path = ustar_path(block);
        let path = extensions.path.unwrap_or(own_path);
        let mut stored = extensions.size.unwrap_or(stored);
        let flag = block[156];
        let kind = match flag {
            0 | b'0' if path.ends_with('/') => Kind::Folder,
            0 | b'0' | b'7' | b'S' => Kind::File,
            b'1' => Kind::HardLink,
            b'2' => Kind::Symlink,
            b'3' => Kind::CharacterDevice,
            b'4' => Kind::BlockDevice,
            b'5' => Kind::Folder,
            b'6' => Kind::Fifo,
            _ => Kind::Other,
        };
        let mut size = extensions.real_size.unwrap_or(stored);
        if flag == b'S' {
            size = self.old_sparse(block).ok_or(TarError::Header(start))??;
        } else if !matches!(kind, Kind::File | Kind::Other) {
            // Links and folders have no data, whatever their size says; so has it Go.
            (stored, size) = (0, 0);
        }
        self.set_data(stored);
        if path.len() > limits::PATH_BYTES {
            return Err(TarError::TooLong(start));
        }
        Ok(Entry {
            path,
            kind,
            link: extensions.link.unwrap_or_else(|| text(&block[157..257])),
            mode: number(&block[100..108]).unwrap_or_default() as u32 & 0o7777,
            uid: extensions.uid.or_else(|| number(&block[108..116])),
            gid: extensions.gid.or_else(|| number(&block[116..124])),
            size,
            plain: !extensions.sparse && flag != b'S',
        })
    }

    /// The length of a sparse file of the old form, after reading the blocks that extend its map.
    fn old_sparse(&mut self, block: &[u8; BLOCK]) -> Option<Result<u64, TarError>> {
        let size = number(&block[483..495])?;
        let mut extended = block[482] != 0;
        while extended {
            match self.block() {
                Ok(Some(block)) => extended = block[504] != 0,
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(size))
    }
}

impl<R: Read> Read for Entries<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.data).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let count = self.input.read(&mut buffer[..wanted])?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.data -= count as u64;
        self.offset += count as u64;
        Ok(count)
    }
}

/// Whether a block is a header: its checksum is right.
pub(super) fn is_header(block: &[u8]) -> bool {
    let (Some(before), Some(sum), Some(after)) =
        (block.get(..148), block.get(148..156), block.get(156..BLOCK))
    else {
        return false;
    };
    let Some(wanted) = number(sum) else { return false };
    let bytes = || before.iter().chain(after).copied();
    let unsigned: u64 = bytes().map(u64::from).sum::<u64>() + 8 * u64::from(b' ');
    // Old programs added signed bytes.
    let signed: i64 = bytes().map(|byte| i64::from(byte.cast_signed())).sum::<i64>() + 8 * 32;
    wanted == unsigned || i64::try_from(wanted) == Ok(signed)
}

/// The name and its prefix. Only ustar has one; GNU writes times there.
fn ustar_path(block: &[u8; BLOCK]) -> String {
    let name = text(&block[..100]);
    let prefix =
        if &block[257..263] == b"ustar\0" { text(&block[345..500]) } else { String::new() };
    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
}

/// Text up to the first NUL.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}

/// A number: octal digits between spaces and NULs, or big-endian binary after a set first bit.
/// `None` when it is neither, or negative, or too large. A blank field is 0.
fn number(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        // The second bit is the sign.
        if first & 0x40 != 0 {
            return None;
        }
        let start = u64::from(first & 0x3f);
        return rest.iter().try_fold(start, |value, byte| {
            (value >> 56 == 0).then(|| value << 8 | u64::from(*byte))
        });
    }
    let blank = |byte: &u8| *byte == b' ' || *byte == 0;
    let start = field.iter().position(|byte| !blank(byte)).unwrap_or(field.len());
    let digits = field.get(start..)?;
    let end = digits.iter().position(blank).unwrap_or(digits.len());
    digits.get(..end)?.iter().try_fold(0_u64, |value, byte| {
        let digit = matches!(byte, b'0'..=b'7').then(|| u64::from(byte - b'0'))?;
        value.checked_mul(8)?.checked_add(digit)
    })
}

/// The records of a PAX header: `LENGTH KEY=VALUE\n`.
fn records(mut bytes: &[u8]) -> Option<Vec<(String, String)>> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let space = bytes.iter().position(|byte| *byte == b' ')?;
        let length: usize = std::str::from_utf8(bytes.get(..space)?).ok()?.parse().ok()?;
        let record = bytes.get(space + 1..length)?.strip_suffix(b"\n")?;
        let equals = record.iter().position(|byte| *byte == b'=')?;
        let part = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        records.push((part(record.get(..equals)?), part(record.get(equals + 1..)?)));
        bytes = bytes.get(length..)?;
    }
    Some(records)
}

/// Why a path of a layer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It leads out of the image.
    LeadsOut,
    /// It has more than [`limits::PATH_DEPTH`] components.
    TooDeep,
}

/// A path of a layer, cleaned: without a leading `/`, `.` and `..`, as engines clean it.
pub(super) fn clean(path: &str) -> Result<String, Unusable> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(Unusable::LeadsOut)?;
            }
            part => parts.push(part),
        }
    }
    if parts.len() > limits::PATH_DEPTH { Err(Unusable::TooDeep) } else { Ok(parts.join("/")) }
}
