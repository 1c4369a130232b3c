//! The blobs of an archive or a layout.
//!
//! Owns what is kept of a blob: of a JSON text all, of a layer what [`super::layer`] keeps, of
//! anything else its digest. Every blob is hashed while it goes by, and one whose name is a digest
//! has to have it.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read};
use std::sync::Arc;

use super::layer::{self, Budget, LayerFiles};
use super::limits;
use super::tar;
use super::unpack::{Bounded, Compression, Hash, Meter, peek, unpack};
use crate::document::Folder;
use crate::files::FileError;
use crate::source::Source;

/// A blob.
#[derive(Debug)]
pub(super) struct Blob {
    pub(super) size: u64,
    /// As computed: with the algorithm of its name, else SHA-256.
    pub(super) digest: String,
    /// Whether its name says another digest than it has.
    pub(super) tampered: bool,
    pub(super) content: Content,
}

/// What is in a blob.
#[derive(Debug)]
pub(super) enum Content {
    Json(Arc<Source>),
    Layer(Box<LayerBlob>),
    /// Something else.
    Other,
    /// It could not be read, for this reason.
    Unread(String),
}

/// A layer.
#[derive(Debug)]
pub(super) struct LayerBlob {
    /// The digest and the length of the unpacked archive, when all of it was read.
    pub(super) unpacked: Option<(String, u64)>,
    pub(super) files: LayerFiles,
}

/// Blobs by the paths they have in the archive or layout.
pub(super) struct Store {
    /// The name of the archive or layout.
    name: String,
    blobs: BTreeMap<String, Blob>,
    /// Links between paths.
    links: BTreeMap<String, String>,
    by_digest: HashMap<String, String>,
    folder: Option<Folder>,
    budget: Budget,
    json_left: u64,
}

impl Store {
    /// An empty one; paths that it does not have are looked for in the folder.
    pub(super) fn new(name: &str, folder: Option<Folder>) -> Self {
        Store {
            name: name.to_owned(),
            blobs: BTreeMap::new(),
            links: BTreeMap::new(),
            by_digest: HashMap::new(),
            folder,
            budget: Budget::default(),
            json_left: limits::JSON_TOTAL,
        }
    }

    /// The number of blobs.
    pub(super) fn len(&self) -> usize {
        self.blobs.len() + self.links.len()
    }

    /// Notes that a path leads to another one.
    pub(super) fn link(&mut self, path: String, target: String) {
        self.links.insert(path, target);
    }

    /// Reads a blob. A later one of the same path takes the place of an earlier one.
    pub(super) fn add(&mut self, path: String, stream: &mut dyn Read) {
        let blob = self.read(&path, stream).unwrap_or_else(|error| Blob {
            size: 0,
            digest: String::new(),
            tampered: false,
            content: Content::Unread(error.to_string()),
        });
        self.links.remove(&path);
        self.by_digest.insert(blob.digest.clone(), path.clone());
        self.blobs.insert(path, blob);
    }

    /// The blob of a path.
    pub(super) fn at(&mut self, path: &str) -> Option<&Blob> {
        let mut path = path.to_owned();
        // Links to links are followed as far as sense goes.
        for _ in 0..8 {
            match self.links.get(&path) {
                Some(target) => path = target.clone(),
                None => break,
            }
        }
        if !self.blobs.contains_key(&path) {
            self.fetch(&path);
        }
        self.blobs.get(&path)
    }

    /// The layer of a path that was looked up before, if it can be used.
    pub(super) fn layer(&self, path: &str) -> Option<&LayerBlob> {
        let mut path = path;
        for _ in 0..8 {
            match self.links.get(path) {
                Some(target) => path = target,
                None => break,
            }
        }
        match self.blobs.get(path) {
            Some(Blob { content: Content::Layer(layer), tampered: false, .. }) => Some(layer),
            _ => None,
        }
    }

    /// The path of the blob of a digest.
    pub(super) fn path_of(&mut self, digest: &str) -> Option<String> {
        let (algorithm, encoded) = digest.split_once(':')?;
        let path = format!("blobs/{algorithm}/{encoded}");
        if self.at(&path).is_some() {
            return Some(path);
        }
        self.by_digest.get(digest).cloned()
    }

    fn fetch(&mut self, path: &str) {
        let Some(folder) = &self.folder else { return };
        if self.blobs.len() >= limits::BLOBS || path.split('/').any(|part| part == "..") {
            return;
        }
        let whole = if folder.path.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", folder.path)
        };
        match folder.files.open(&whole) {
            Ok(mut stream) => self.add(path.to_owned(), &mut stream),
            Err(FileError::NotFound) => {}
            Err(error) => {
                let content = Content::Unread(error.to_string());
                let blob = Blob { size: 0, digest: String::new(), tampered: false, content };
                self.blobs.insert(path.to_owned(), blob);
            }
        }
    }

    fn read(&mut self, path: &str, stream: &mut dyn Read) -> io::Result<Blob> {
        let named = digest_of_name(path);
        let algorithm = named.as_deref().and_then(|name| name.split(':').next());
        let verifiable = algorithm.and_then(Hash::new);
        // What cannot be verified is taken as it is: other algorithms are nobody's yet.
        let verified = verifiable.is_some();
        let hash = verifiable.or_else(|| Hash::new("sha256")).ok_or(io::ErrorKind::Unsupported)?;
        let mut meter = Meter::new(stream, hash);
        let content = self.content(path, &mut meter)?;
        let (digest, size) = meter.finish()?;
        let content = match content {
            Content::Layer(mut layer) => {
                // An archive that is not compressed is hashed once.
                if let Some((diff_id, _)) = &mut layer.unpacked
                    && diff_id.is_empty()
                    && digest.starts_with("sha256:")
                {
                    diff_id.clone_from(&digest);
                }
                Content::Layer(layer)
            }
            other => other,
        };
        let tampered = verified && named.is_some_and(|named| named != digest);
        Ok(Blob { size, digest, tampered, content })
    }

    fn content(&mut self, path: &str, meter: &mut Meter<&mut dyn Read>) -> io::Result<Content> {
        let counter = meter.counter();
        let (first, mut stream) = peek(meter, 512)?;
        let compression = Compression::of(&first);
        let empty = first.len() == 512 && first.iter().all(|byte| *byte == 0);
        if compression != Compression::None || tar::is_header(&first) || empty {
            return Ok(Content::Layer(Box::new(self.read_layer(
                &mut stream,
                compression,
                counter,
            ))));
        }
        let text = first.iter().find(|byte| !byte.is_ascii_whitespace());
        if !matches!(text, Some(b'{' | b'[')) {
            return Ok(Content::Other);
        }
        let limit = limits::JSON_BYTES.min(self.json_left);
        let mut bytes = Vec::new();
        stream.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Ok(Content::Unread(format!("it is JSON of more than {limit} bytes")));
        }
        self.json_left -= bytes.len() as u64;
        let name = format!("{}!{path}", self.name);
        Ok(Content::Json(Source::from_bytes(name, bytes)))
    }

    fn read_layer(
        &mut self,
        stream: &mut dyn Read,
        compression: Compression,
        packed: std::rc::Rc<std::cell::Cell<u64>>,
    ) -> LayerBlob {
        let unpacked = unpack(stream, compression);
        let bounded = Bounded::new(unpacked, packed, limits::LAYER_BYTES);
        let hash = if compression == Compression::None { None } else { Hash::new("sha256") };
        let mut meter = Meter::new(bounded, hash.unwrap_or(Hash::Nothing));
        let mut files = layer::read(&mut meter, &mut self.budget);
        let mut unpacked = None;
        if files.unread.is_none() {
            match meter.finish() {
                Ok(found) => unpacked = Some(found),
                Err(error) => files.unread = Some(error.to_string()),
            }
        }
        LayerBlob { unpacked, files }
    }
}

/// The digest that a path says: `blobs/sha256/…`, or `….json` of old archives.
fn digest_of_name(path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix("blobs/") {
        let (algorithm, encoded) = rest.split_once('/')?;
        return Some(format!("{algorithm}:{encoded}"));
    }
    let stem = path.strip_suffix(".json")?;
    let hex = stem.len() == 64 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| format!("sha256:{stem}"))
}
