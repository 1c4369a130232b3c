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
mod part;
mod scalar;
pub mod short;
pub mod tree;
pub mod validate;
pub mod variables;
