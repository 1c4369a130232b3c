//! Plimsoll as a library: documents in, findings out.

pub mod config;
pub mod decide;
pub mod diagnostic;
pub mod document;
mod excerpt;
pub mod files;
pub mod finding;
pub mod link;
pub mod mask;
pub mod nearest;
pub mod notation;
pub mod params;
pub mod policy;
pub mod report;
pub mod shell;
pub mod source;
pub mod yaml;

/// The version of the engine, as reports state it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
