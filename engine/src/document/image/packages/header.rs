//! The header of an rpm package, as its database keeps it.
//!
//! Two counts, an index of (tag, type, offset, count), and the data that the index points into; all
//! big-endian. <https://rpm-software-management.github.io/rpm/manual/format_header.html>

use super::{Package, be32};

const NAME: usize = 1000;
const VERSION: usize = 1001;
const RELEASE: usize = 1002;
const EPOCH: usize = 1003;
const LICENCE: usize = 1014;
const ARCHITECTURE: usize = 1022;
const SOURCE: usize = 1044;

/// More entries than any header has.
const MAX_ENTRIES: usize = 64 << 10;
const ENTRY: usize = 16;

/// The package of a header; `None` when it is none.
pub(super) fn package(blob: &[u8]) -> Option<Package> {
    let entries = be32(blob, 0)?;
    if entries > MAX_ENTRIES {
        return None;
    }
    let index = blob.get(8..8 + entries * ENTRY)?;
    let data = blob.get(8 + entries * ENTRY..)?;
    let mut package = Package { manager: "rpm", ..Package::default() };
    let (mut release, mut epoch) = (None, None);
    for entry in index.chunks_exact(ENTRY) {
        let offset = be32(entry, 8)?;
        let text = || string(data, offset);
        match be32(entry, 0)? {
            NAME => package.name = text()?,
            VERSION => package.version = text()?,
            RELEASE => release = text(),
            EPOCH => epoch = be32(data, offset),
            LICENCE => package.licence = text(),
            ARCHITECTURE => package.architecture = text(),
            SOURCE => package.source = text().map(|file| source_name(&file)),
            _ => {}
        }
    }
    if package.name.is_empty() || package.version.is_empty() {
        return None;
    }
    let version = package.version;
    let version = epoch.map_or(version.clone(), |epoch| format!("{epoch}:{version}"));
    package.version = release.map_or(version.clone(), |release| format!("{version}-{release}"));
    Some(package)
}

fn string(data: &[u8], offset: usize) -> Option<String> {
    let rest = data.get(offset..)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    Some(String::from_utf8_lossy(rest.get(..end)?).into_owned())
}

/// `bash` of `bash-5.2.26-4.el10.src.rpm`.
fn source_name(file: &str) -> String {
    let parts = file.rsplitn(3, '-').nth(2);
    parts.unwrap_or(file).to_owned()
}
