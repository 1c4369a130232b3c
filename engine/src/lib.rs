//! Plimsoll as a library: documents in, findings out.

pub mod diagnostic;
pub mod source;
pub mod yaml;
