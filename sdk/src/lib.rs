//! The contract between Plimsoll and its rules, and what rules in Rust are written with.
//!
//! Owns the types of the facts that every rule sees ([`facts`]), the metadata that a rule declares
//! ([`rule`]) and what it returns ([`finding`]); and for plugins what turns a type that implements
//! [`Check`] into a component of WebAssembly ([`plugin`], [`export!`]), and tests it without
//! ([`testing`]). It imports nothing of Plimsoll's and judges nothing: the same types serve the engine
//! and, compiled to WebAssembly, the author of a plugin.
//!
//! A plugin is a crate with `crate-type = ["cdylib", "lib"]` that depends on this one and on nothing
//! else of Plimsoll's; [`Check`] shows a whole one. `plimsoll plugin new` writes such a crate, and
//! `plimsoll plugin build` makes a component of it.
//!
//! # What is promised
//!
//! Three things have versions of their own:
//!
//! - **This crate** follows [semantic versioning](https://semver.org): before 1.0.0, a program that compiles
//!   with 0.N.M compiles with every later 0.N; from 1.0.0 on, with every later 1.M. Facts are added
//!   without that being a breaking change: build them with [`Facts::new`] and [`Facts::from_json`], not
//!   with literals of structs that list all fields, and treat words of open enumerations that are not known
//!   as such. What is hidden from the documentation is not part of it.
//! - **The interface** of the component, `plimsoll:plugin@1.0.0` in `wit/v1/plugin.wit`, never changes. A new
//!   one would be a new version, and hosts go on loading components of this one: a compiled plugin does not
//!   have to be built again, nor does it notice which version of this crate the host was built with.
//! - **The facts** are version [`facts::VERSION`]. They may still change until Plimsoll is 1.0; from then on
//!   a version only ever gets new fields and new words, which older plugins ignore. A plugin says in its
//!   [`plugin::Description`] what version it was written for, and a host that does not have it refuses the
//!   plugin by name instead of running it on something else.
//!
//! Raising the oldest compiler that is supported is no breaking change.

pub mod facts;
pub mod finding;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod guest;
mod known;
mod loc;
pub mod pattern;
pub mod plugin;
pub mod rule;
mod severity;
pub mod testing;

pub use facts::Facts;
pub use known::Nullable;
pub use loc::Loc;
pub use plugin::{Check, Findings, Level, Param, Params, Plugin, Rule, log};
pub use severity::{Severity, UnknownSeverity};
