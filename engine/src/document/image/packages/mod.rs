//! Package databases: what is installed in an image.
//!
//! Owns the formats of dpkg, apk and rpm (all three that rpm has had). It reads names and versions,
//! and judges nothing.

mod berkeley;
mod header;
mod ndb;
mod sqlite;
#[cfg(test)]
mod tests;
mod text;

use super::limits;

pub(super) use text::{apk, dpkg};

/// An installed package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Package {
    pub(super) manager: &'static str,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) architecture: Option<String>,
    pub(super) source: Option<String>,
    pub(super) licence: Option<String>,
}

impl Package {
    /// The bytes of memory that it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        let parts = [&self.architecture, &self.source, &self.licence];
        let parts: usize = parts.into_iter().flatten().map(String::len).sum();
        size_of::<Package>() + self.name.len() + self.version.len() + parts
    }
}

/// Reads a database of rpm, of whichever format: told by its magic number, as file(1) does.
pub(super) fn rpm(bytes: &[u8]) -> Result<Vec<Package>, String> {
    let (mut packages, mut entries) = (Vec::new(), 0_usize);
    let mut each = |blob: &[u8]| {
        entries += 1;
        let package = header::package(blob).filter(|_| packages.len() < limits::PACKAGES);
        // rpm keeps the keys of repositories as packages.
        packages.extend(package.filter(|package| package.name != "gpg-pubkey"));
    };
    if bytes.starts_with(sqlite::MAGIC) {
        sqlite::blobs(bytes, &mut each)?;
    } else if bytes.starts_with(ndb::MAGIC) {
        ndb::blobs(bytes, &mut each)?;
    } else if berkeley::is_hash(bytes) {
        berkeley::blobs(bytes, &mut each)?;
    } else {
        return Err("it is in no format that rpm has had".into());
    }
    if packages.is_empty() && entries > 0 {
        return Err("no entry of it is a package".into());
    }
    Ok(packages)
}

/// A big-endian or little-endian number at an offset.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn be32(bytes: &[u8], at: usize) -> Option<usize> {
    number(bytes, at).map(|bytes| u32::from_be_bytes(bytes) as usize)
}

fn le32(bytes: &[u8], at: usize) -> Option<usize> {
    number(bytes, at).map(|bytes| u32::from_le_bytes(bytes) as usize)
}

fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    number(bytes, at).map(|bytes| u16::from_be_bytes(bytes) as usize)
}

fn le16(bytes: &[u8], at: usize) -> Option<usize> {
    number(bytes, at).map(|bytes| u16::from_le_bytes(bytes) as usize)
}
