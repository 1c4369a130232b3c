//! rpm's own database `Packages.db`, which SUSE uses.
//!
//! Pages of 4096 bytes hold slots of 16 bytes, which say where the blobs are, in blocks of 16 bytes;
//! all little-endian. Only rpm's source, `lib/backend/ndb/rpmpkg.c`, describes it.

use super::le32;

pub(super) const MAGIC: &[u8] = b"RpmP";

const SLOT_MAGIC: &[u8] = b"Slot";
const BLOB_MAGIC: &[u8] = b"BlbS";
const PAGE: usize = 4096;
const SLOT: usize = 16;
const BLOCK: usize = 16;
const BLOB_HEADER: usize = 16;

/// Hands every blob of a database to `each`.
pub(super) fn blobs(file: &[u8], each: &mut dyn FnMut(&[u8])) -> Result<(), String> {
    read(file, each).ok_or_else(|| "its list of packages is damaged".into())
}

fn read(file: &[u8], each: &mut dyn FnMut(&[u8])) -> Option<()> {
    // Magic, version, generation, number of slot pages, next package index …
    if le32(file, 4)? != 0 {
        return None;
    }
    let slots = file.get(..le32(file, 12)?.checked_mul(PAGE)?)?;
    // Blobs do not share blocks: together they are not longer than the file.
    let mut left = file.len();
    // The header takes the place of the first two slots.
    for slot in slots.chunks_exact(SLOT).skip(2) {
        if !slot.starts_with(SLOT_MAGIC) {
            return None;
        }
        let (package, start) = (le32(slot, 4)?, le32(slot, 8)?);
        if package == 0 || start == 0 {
            continue;
        }
        let start = start.checked_mul(BLOCK)?;
        let blob = file.get(start..)?;
        if !blob.starts_with(BLOB_MAGIC) || le32(blob, 4)? != package {
            return None;
        }
        let length = le32(blob, 12)?;
        left = left.checked_sub(length)?;
        each(blob.get(BLOB_HEADER..BLOB_HEADER.checked_add(length)?)?);
    }
    Some(())
}
