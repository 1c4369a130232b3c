//! Compose files.
//!
//! What Docker Compose's `config` prints is the model: files are read, their variables substituted,
//! short forms brought to long ones, `extends` and `include` followed, files merged, defaults filled
//! in. Every value keeps its place through all of it ([`tree`]).

pub mod complete;
pub mod config;
pub mod dotenv;
pub mod interpolate;
mod keys;
pub mod load;
pub mod lower;
mod part;
mod scalar;
pub mod short;
pub mod tree;
pub mod validate;
pub mod variables;

use super::{Document, Input, ReadOptions};

/// The word for this kind of document.
pub const KIND: &str = "compose";

/// Reads a compose file, and all that belongs to it, into facts.
#[must_use]
pub fn read(input: &Input, options: &ReadOptions) -> Vec<Document> {
    let loaded = load::load(input, options);
    vec![lower::lower(loaded, input.folder.as_ref())]
}
