//! Plimsoll as a library: documents in, findings out.

pub mod bundle;
pub mod diagnostic;
pub mod evaluate;
pub mod source;
