//! Dockerfiles and Containerfiles.
//!
//! [`parse`](fn@parse) turns text into [`syntax`], as BuildKit reads it, and says what BuildKit
//! would refuse or warn about. It never fails: what can be read is read.

pub mod parse;
pub mod syntax;

pub use parse::parse;
