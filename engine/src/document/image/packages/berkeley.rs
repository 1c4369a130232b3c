//! The blobs of rpm's old database `Packages`, a hash of Berkeley DB.
//!
//! Owns as much of the format as that takes: hash pages, and the chains of pages that hold long
//! values, which rpm's mostly are. Byte order is that of the machine that wrote it.
//!
//! Structures: `src/dbinc/db_page.h` of Berkeley DB 5.3.

use super::{be16, be32, le16, le32};

const HASH_MAGIC: usize = 0x0006_1561;
const HASH_UNSORTED: u8 = 2;
const HASH: u8 = 13;
const OVERFLOW: u8 = 7;
/// A value that is where its key is.
const ON_PAGE: u8 = 1;
/// A value that is on pages of its own: type, three unused bytes, page, length.
const OFF_PAGE: u8 = 3;
const PAGE_HEADER: usize = 26;

/// Whether a file is a hash of Berkeley DB.
pub(super) fn is_hash(file: &[u8]) -> bool {
    le32(file, 12) == Some(HASH_MAGIC) || be32(file, 12) == Some(HASH_MAGIC)
}

/// Hands every value of the hash to `each`.
pub(super) fn blobs(file: &[u8], each: &mut dyn FnMut(&[u8])) -> Result<(), String> {
    let little = le32(file, 12) == Some(HASH_MAGIC);
    let database = Database { file, little };
    database.read(each).ok_or_else(|| "its pages are damaged".into())
}

struct Database<'f> {
    file: &'f [u8],
    little: bool,
}

impl<'f> Database<'f> {
    fn long(&self, bytes: &[u8], at: usize) -> Option<usize> {
        if self.little { le32(bytes, at) } else { be32(bytes, at) }
    }

    fn short(&self, bytes: &[u8], at: usize) -> Option<usize> {
        if self.little { le16(bytes, at) } else { be16(bytes, at) }
    }

    fn read(&self, each: &mut dyn FnMut(&[u8])) -> Option<()> {
        let size = self.long(self.file, 20)?;
        if !(512..=65536).contains(&size) || !size.is_power_of_two() {
            return None;
        }
        // What all values may hold together: no page is in two of them.
        let mut left = self.file.len();
        for page in self.file.chunks_exact(size).skip(1) {
            if !matches!(page.get(25), Some(&(HASH | HASH_UNSORTED))) {
                continue;
            }
            let entries = self.short(page, 20)?;
            // Keys and values take turns.
            for entry in (1..entries).step_by(2) {
                let at = self.short(page, PAGE_HEADER + 2 * entry)?;
                let kind = *page.get(at)?;
                if kind == ON_PAGE {
                    // Items are written from the end of the page: this one ends where its key begins.
                    let end = self.short(page, PAGE_HEADER + 2 * (entry - 1))?;
                    each(page.get(at + 1..end)?);
                }
                if kind != OFF_PAGE {
                    continue;
                }
                let (first, length) = (self.long(page, at + 4)?, self.long(page, at + 8)?);
                left = left.checked_sub(length)?;
                each(&self.value(size, first, length)?);
            }
        }
        Some(())
    }

    fn value(&self, size: usize, first: usize, length: usize) -> Option<Vec<u8>> {
        let mut value = Vec::new();
        let mut next = first;
        while value.len() < length {
            let start = next.checked_mul(size).filter(|start| *start > 0)?;
            let page = self.file.get(start..start.checked_add(size)?)?;
            // The bytes that such a page holds stand where others have their free space.
            let held = self.short(page, 22)?;
            if *page.get(25)? != OVERFLOW || held == 0 {
                return None;
            }
            value.extend_from_slice(page.get(PAGE_HEADER..PAGE_HEADER.checked_add(held)?)?);
            next = self.long(page, 16)?;
        }
        value.truncate(length);
        Some(value)
    }
}
