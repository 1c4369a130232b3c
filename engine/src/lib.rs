//! Plimsoll as a library: documents in, findings out.

pub mod config;
pub mod diagnostic;
mod excerpt;
pub mod nearest;
pub mod params;
pub mod source;
pub mod yaml;
