//! The contract between Plimsoll and its rules.
//!
//! Owns the types of the facts that every rule sees ([`facts`]), the metadata that a rule declares
//! ([`rule`]) and what it returns ([`finding`]), and what a plugin says of itself ([`plugin`]). It
//! imports nothing of Plimsoll's and judges nothing: the same types serve the engine and, compiled to
//! WebAssembly, the author of a plugin.
//!
//! The facts and these types are version `"0"`: they may still change until Plimsoll is 1.0.

pub mod facts;
pub mod finding;
mod known;
mod loc;
pub mod plugin;
pub mod rule;
mod severity;

pub use known::Nullable;
pub use loc::Loc;
pub use severity::{Severity, UnknownSeverity};
