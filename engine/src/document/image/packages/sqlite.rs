//! The blobs of rpm's table `Packages` in a SQLite file.
//!
//! Owns as much of the file format as that takes: table b-trees, records, overflow pages. No
//! index, no journal: a layer holds the file as a closed database left it.
//!
//! <https://www.sqlite.org/fileformat2.html>

use super::{be16, be32};

pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// A b-tree of a file of the size that is read has at most some five levels.
const MAX_DEPTH: usize = 16;
const INTERIOR: u8 = 0x05;
const LEAF: u8 = 0x0d;

/// Hands every blob of the table `Packages` to `each`.
pub(super) fn blobs(file: &[u8], each: &mut dyn FnMut(&[u8])) -> Result<(), String> {
    let database = Database::open(file).ok_or("its header is damaged")?;
    let mut root = None;
    // The first page is the root of the table of tables: type, name, tbl_name, rootpage, sql.
    database
        .walk(1, &mut |record| {
            let columns = columns(record)?;
            if columns.first()?.bytes == b"table" && columns.get(1)?.bytes == b"Packages" {
                root = columns.get(3)?.integer();
            }
            Some(())
        })
        .ok_or("its list of tables is damaged")?;
    let root = root.ok_or("it has no table `Packages`")?;
    // hnum INTEGER PRIMARY KEY, blob BLOB.
    let mut hand_over = |record: &[u8]| {
        each(columns(record)?.get(1)?.bytes);
        Some(())
    };
    database.walk(root, &mut hand_over).ok_or_else(|| "its table `Packages` is damaged".into())
}

struct Database<'f> {
    file: &'f [u8],
    page_size: usize,
    /// Bytes of a page that hold something.
    usable: usize,
}

impl<'f> Database<'f> {
    fn open(file: &'f [u8]) -> Option<Self> {
        let page_size = match be16(file, 16)? {
            // It does not fit into 16 bits.
            1 => 65536,
            size => size,
        };
        let reserved = usize::from(*file.get(20)?);
        let valid = page_size.is_power_of_two() && page_size >= 512;
        let usable = page_size.checked_sub(reserved).filter(|usable| *usable >= 480)?;
        valid.then_some(Database { file, page_size, usable })
    }

    /// A page; they are counted from 1.
    fn page(&self, number: usize) -> Option<&'f [u8]> {
        let start = number.checked_sub(1)?.checked_mul(self.page_size)?;
        self.file.get(start..start.checked_add(self.page_size)?)
    }

    fn pages(&self) -> usize {
        self.file.len() / self.page_size
    }

    /// Hands every record of a table to `each`, in order. `None` when something is damaged.
    fn walk(&self, root: usize, each: &mut dyn FnMut(&[u8]) -> Option<()>) -> Option<()> {
        // A page is in one tree once: more visits than pages are a cycle.
        let mut visits = 0;
        // Nor do records share pages: together they are not longer than the file.
        let mut left = self.file.len();
        let mut stack = vec![(root, 0)];
        while let Some((number, depth)) = stack.pop() {
            visits += 1;
            if visits > self.pages() || depth > MAX_DEPTH {
                return None;
            }
            let page = self.page(number)?;
            let start = if number == 1 { 100 } else { 0 };
            let cells = be16(page, start + 3)?;
            let kind = *page.get(start)?;
            let pointers = start + if kind == INTERIOR { 12 } else { 8 };
            match kind {
                INTERIOR => {
                    stack.push((be32(page, start + 8)?, depth + 1));
                    for cell in (0..cells).rev() {
                        let at = be16(page, pointers + 2 * cell)?;
                        stack.push((be32(page, at)?, depth + 1));
                    }
                }
                LEAF => {
                    for cell in 0..cells {
                        let at = be16(page, pointers + 2 * cell)?;
                        let payload = self.payload(page, at, left)?;
                        left -= payload.len();
                        each(&payload)?;
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// The record of a leaf's cell, put together from its overflow pages.
    fn payload(&self, page: &[u8], at: usize, limit: usize) -> Option<Vec<u8>> {
        let (length, size) = varint(page.get(at..)?)?;
        let (_, key) = varint(page.get(at + size..)?)?;
        let start = at + size + key;
        let length = usize::try_from(length).ok().filter(|length| *length <= limit)?;
        let most = self.usable - 35;
        let local = if length <= most {
            length
        } else {
            let least = (self.usable - 12) * 32 / 255 - 23;
            let fitting = least + (length - least) % (self.usable - 4);
            if fitting <= most { fitting } else { least }
        };
        let mut payload = page.get(start..start.checked_add(local)?)?.to_vec();
        let mut next = if local < length { be32(page, start + local)? } else { 0 };
        while payload.len() < length {
            let page = self.page(next)?;
            let take = (length - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(page.get(4..4 + take)?);
            next = be32(page, 0)?;
        }
        Some(payload)
    }
}

/// A column's value: its type, and its bytes.
struct Column<'r> {
    serial: u64,
    bytes: &'r [u8],
}

impl Column<'_> {
    fn integer(&self) -> Option<usize> {
        match self.serial {
            8 => Some(0),
            9 => Some(1),
            1..=6 if self.bytes.len() <= 8 => {
                let value =
                    self.bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
                usize::try_from(value).ok()
            }
            _ => None,
        }
    }
}

/// The first five columns of a record.
fn columns(record: &[u8]) -> Option<Vec<Column<'_>>> {
    let (header, mut at) = varint(record)?;
    let header = usize::try_from(header).ok()?;
    let mut data = header;
    let mut columns = Vec::new();
    while at < header && columns.len() < 5 {
        let (serial, size) = varint(record.get(at..)?)?;
        at += size;
        let length = match serial {
            0..=4 => usize::try_from(serial).ok()?,
            5 => 6,
            6 | 7 => 8,
            8..=11 => 0,
            _ => usize::try_from((serial - 12) / 2).ok()?,
        };
        let end = data.checked_add(length)?;
        columns.push(Column { serial, bytes: record.get(data..end)? });
        data = end;
    }
    Some(columns)
}

/// A number of one to nine bytes, and how many they are.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for at in 0..8 {
        let byte = *bytes.get(at)?;
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    Some((value << 8 | u64::from(*bytes.get(8)?), 9))
}
