//! Plimsoll as a library: documents in, findings out.
//!
//! [`Engine`] checks [`document::Document`]s by the rules of [`bundle::Bundle`]s and [`Plugin`]s and gives a
//! [`report::Report`].

pub mod bundle;
pub mod checklist;
pub mod config;
pub mod decide;
pub mod diagnostic;
pub mod document;
pub mod engine;
pub mod evaluate;
mod excerpt;
pub mod files;
pub mod finding;
pub mod git;
pub mod json;
pub mod link;
pub mod mask;
pub mod nearest;
pub mod notation;
pub mod params;
pub mod policy;
pub mod policy_test;
pub mod report;
pub mod shell;
pub mod source;
pub mod yaml;

pub use engine::{BuildError, Engine, EngineBuilder};
pub use evaluate::wasm::{Plugin, PluginOptions};
/// The types of facts, rules and findings, which the engine's own types are made of.
pub use plimsoll_sdk as sdk;

/// The version of the engine, as reports state it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
