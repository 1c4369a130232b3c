//! Plimsoll as a library: documents in, findings out.

pub mod decide;
pub mod diagnostic;
pub mod document;
pub mod files;
pub mod finding;
pub mod mask;
pub mod notation;
pub mod report;
pub mod shell;
pub mod source;

/// The version of the engine, as reports state it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
