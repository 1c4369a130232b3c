//! Images that were built: archives, layouts, manifests, configurations, histories.
//!
//! Owns the reading of what container tools write: an OCI image layout as a folder or an archive,
//! `docker save` in its old and new form, and the JSON texts that these are made of, each for
//! itself. An archive is read once, from start to end, in bounded memory: a layer's files are looked
//! at and forgotten, and every blob is hashed. What is missing, or has another digest than its name,
//! is an error, never an empty fact. Nothing is unpacked to a disk, nothing is fetched.
//!
//! [`store`] holds what was read of blobs, [`assemble`] follows indexes and manifests to images,
//! [`lower`] turns images into facts.
//!
//! <https://github.com/opencontainers/image-spec/blob/main/image-layout.md>

mod assemble;
mod built;
mod created_by;
mod interest;
mod layer;
mod limits;
mod loose;
mod lower;
mod manifest;
mod overlay;
mod packages;
mod records;
mod reference;
mod shape;
mod store;
mod tar;
#[cfg(test)]
mod tests;
mod unpack;
mod user;

use std::io::Read;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Folder, Input, ReadOptions};
use crate::json;
use crate::source::Source;
use assemble::Assembly;
use lower::Lowering;
use manifest::JsonKind;
use store::Store;
use tar::{Entries, Kind};
use unpack::{Bounded, Compression, Hash, Meter, peek, unpack};

/// The word for this kind of document.
pub const KIND: &str = "image";

/// The files that say that a folder is a layout, or an unpacked archive of `docker save`.
const MARKS: [&str; 2] = ["oci-layout", "manifest.json"];

/// Whether a file of this name is an image: none is, names say nothing.
#[must_use]
pub fn has_name(_file_name: &str) -> bool {
    false
}

/// Whether a text is a manifest, an index, the configuration of an image, or its history.
#[must_use]
pub fn has_content(text: &str) -> bool {
    let marks = ["\"schemaVersion\"", "\"rootfs\"", "\"CreatedBy\"", "\"RepoTags\""];
    if !text.trim_start().starts_with(['{', '[']) || !marks.iter().any(|mark| text.contains(mark)) {
        return false;
    }
    let source = Source::new("", text);
    let limits = json::Limits { depth: 64, nodes: limits::JSON_NODES };
    let stream = json::parse_stream(&source, limits);
    let kind = stream.nodes.first().and_then(JsonKind::of);
    kind.is_some_and(|kind| kind != JsonKind::Layout)
}

/// Whether a file that begins with these bytes may be an archive of images: a tar archive, or
/// something that is compressed as one is. Some 512 bytes are enough.
#[must_use]
pub fn is_archive(beginning: &[u8]) -> bool {
    Compression::of(beginning) != Compression::None || tar::is_header(beginning)
}

/// Whether a folder is a layout; `has_file` tells whether it has a file of a name.
#[must_use]
pub fn is_layout(has_file: &dyn Fn(&str) -> bool) -> bool {
    has_file("index.json") && MARKS.iter().any(|mark| has_file(mark))
}

/// Reads JSON texts: manifests, indexes, configurations, the lines of `docker history --no-trunc
/// --format json`.
#[must_use]
pub fn read_json(input: &Input, options: &ReadOptions) -> Vec<Document> {
    let _ = options;
    vec![loose::read(&input.source)]
}

/// Reads an OCI image layout in a folder, or an archive of `docker save` that was unpacked.
#[must_use]
pub fn read_layout(name: &str, folder: &Folder, options: &ReadOptions) -> Vec<Document> {
    let _ = options;
    vec![document(name, Store::new(name, Some(folder.clone())), Vec::new())]
}

/// Reads an archive: an OCI image layout or what `docker save` wrote, compressed or not.
#[must_use]
pub fn read_archive(name: &str, stream: &mut dyn Read, options: &ReadOptions) -> Vec<Document> {
    let _ = options;
    let mut store = Store::new(name, None);
    let mut problems = Vec::new();
    if let Err(why) = fill(&mut store, stream) {
        problems.push(Diagnostic::error(format!("`{name}` cannot be read to its end: {why}")));
    }
    vec![document(name, store, problems)]
}

/// Reads every entry of an archive.
fn fill(store: &mut Store, stream: &mut dyn Read) -> Result<(), String> {
    let mut meter = Meter::new(stream, Hash::Nothing);
    let packed = meter.counter();
    let (first, peeked) = peek(&mut meter, 512).map_err(|error| error.to_string())?;
    let unpacked = unpack(peeked, Compression::of(&first));
    let mut entries = Entries::new(Bounded::new(unpacked, packed, limits::ARCHIVE_BYTES));
    while let Some(entry) = entries.advance().map_err(|error| error.to_string())? {
        if store.len() >= limits::BLOBS {
            return Err(format!("it has more than {} entries", limits::BLOBS));
        }
        let Ok(path) = tar::clean(&entry.path) else { continue };
        match entry.kind {
            Kind::File if entry.plain => store.add(path, &mut entries),
            Kind::HardLink => store.link(path, tar::clean(&entry.link).unwrap_or_default()),
            Kind::Symlink => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let target = tar::clean(&format!("{folder}/{}", entry.link)).ok();
                store.link(path, target.unwrap_or_default());
            }
            _ => {}
        }
    }
    Ok(())
}

fn document(name: &str, mut store: Store, mut problems: Vec<Diagnostic>) -> Document {
    let mut assembly = Assembly::new(&mut store, &mut problems);
    assembly.run();
    let (images, mut sources) = (assembly.images, assembly.sources);
    if sources.is_empty() {
        sources.push(Source::new(name, ""));
    }
    let main = sources.first().map_or_else(|| Source::new(name, ""), Arc::clone);
    let mut lowering = Lowering::new(&main, &mut problems);
    for image in images {
        lowering.image(image, &mut store);
    }
    let mut document = lowering.finish(name, sources);
    document.problems = bounded(problems);
    document
}

/// As many problems as anybody reads, errors first if there are more.
fn bounded(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if problems.len() > limits::PROBLEMS {
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.level));
        let more = problems.len() - limits::PROBLEMS;
        problems.truncate(limits::PROBLEMS);
        problems.push(Diagnostic::error(format!("there are {more} more problems")));
    }
    problems
}
