//! The default bundle, `checklist`: the container security checklist as Rego and Markdown.
//!
//! Plain data: pairs of a path within the bundle and the text of the file.

/// The files of the bundle `checklist`, sorted by path.
pub const CHECKLIST: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/checklist.rs"));
