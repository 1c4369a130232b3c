//! Plimsoll as a library: documents in, findings out.

pub mod config;
pub mod decide;
pub mod diagnostic;
pub mod shell;
pub mod source;
pub mod yaml;

/// The version of the engine, as reports state it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
