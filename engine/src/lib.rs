//! Plimsoll as a library: documents in, findings out.

pub mod diagnostic;
pub mod nearest;
pub mod params;
pub mod source;
pub mod yaml;
