//! How much of an image is read: an image may be anybody's.

/// Bytes of one JSON blob: manifests and configurations have kilobytes, and registries take 4 MiB.
pub(super) const JSON_BYTES: u64 = 4 << 20;
/// Bytes of JSON of one archive or layout that are kept.
pub(super) const JSON_TOTAL: u64 = 32 << 20;
/// Entries of an archive, or blobs of a layout.
pub(super) const BLOBS: usize = 50_000;
/// Entries of all layers of a document: the largest images have some 300,000.
pub(super) const ENTRIES: usize = 1_500_000;
/// Bytes of memory for the files of interest and the packages of all layers of a document.
pub(super) const INTEREST_BYTES: usize = 48 << 20;
/// Items of a list of the facts.
pub(super) const LISTED: usize = 10_000;
/// Bytes of a path: twice what Linux opens.
pub(super) const PATH_BYTES: usize = 8 << 10;
/// Components of a path.
pub(super) const PATH_DEPTH: usize = 512;
/// Bytes of a header that extends another, as Go's archive/tar has it.
pub(super) const EXTENSION_BYTES: u64 = 1 << 20;
/// Bytes of a file that is read as text: package lists of large systems have some 10 MiB.
pub(super) const TEXT_BYTES: u64 = 32 << 20;
/// Bytes of a package database that is no text.
pub(super) const DATABASE_BYTES: u64 = 48 << 20;
/// Packages of one layer's databases.
pub(super) const PACKAGES: usize = 20_000;
/// Bytes of one layer once unpacked.
pub(super) const LAYER_BYTES: u64 = 64 << 30;
/// Bytes of an archive once unpacked.
pub(super) const ARCHIVE_BYTES: u64 = 512 << 30;
/// How many times larger unpacked data may be than packed data, once there is much of it. What
/// compresses better is empty space, or a trap.
pub(super) const RATIO: u64 = 200;
/// Unpacked bytes from which on [`RATIO`] counts.
pub(super) const RATIO_FROM: u64 = 256 << 20;
/// Memory that a Zstandard frame may ask for: what `zstd --ultra -20` takes.
pub(super) const ZSTD_WINDOW: u64 = 32 << 20;
/// Indexes inside one another.
pub(super) const INDEX_DEPTH: usize = 8;
/// Images of one document.
pub(super) const IMAGES: usize = 256;
/// Layers of one image. Docker's limit is 127.
pub(super) const LAYERS: usize = 1024;
/// Problems of one document that are told.
pub(super) const PROBLEMS: usize = 100;
/// Bytes of JSON that images are made of, counted again for each image.
pub(super) const LOWERED_BYTES: usize = 64 << 20;
/// Values of one JSON blob.
pub(super) const JSON_NODES: usize = 300_000;
/// Files, accounts and packages in the facts of one document.
pub(super) const LISTED_TOTAL: usize = 200_000;
