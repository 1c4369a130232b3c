//! Plimsoll as a library: documents in, findings out.

pub mod diagnostic;
pub mod shell;
pub mod source;
