//! The small textual notations that several sources share.
//!
//! Image references, ignore patterns, port specifications, platforms, Git URLs, sizes: each module
//! owns one notation, follows the implementation that Docker itself uses, and knows nothing of the
//! documents that the text comes from. Nothing here reads the machine: what Docker would take from
//! the host (the default platform) is an argument.

pub mod git_url;
pub mod path;
pub mod pattern;
mod percent;
pub mod platform;
pub mod port;
pub mod reference;
pub mod size;
pub mod user;
