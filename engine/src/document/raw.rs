//! What a document's file says in the words of its own format: `input.raw` of rules that ask for it.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Document, dockerfile};
use crate::source::Source;
use crate::yaml::Limits;
use crate::{json, yaml};

impl Document {
    /// The file as JSON; of a document of several files the first. `None` where there is no such file,
    /// such as for an image from an archive, and where it cannot be read or said in JSON.
    ///
    /// JSON and YAML are as they are written: no variable has its value, nothing is merged with other
    /// files, and of a file with several documents it is all of it. Of a Dockerfile it is the list of
    /// [instructions](dockerfile::raw).
    #[must_use]
    pub fn raw(&self) -> Option<Json> {
        let source = self.sources.first()?;
        if self.kind == dockerfile::KIND { dockerfile::raw(source) } else { tree(source) }
    }
}

fn tree(source: &Arc<Source>) -> Option<Json> {
    let is_json = source.text().trim_start().starts_with(['{', '[']);
    let parsed = if is_json { json::parse(source, Limits::default()).ok() } else { None };
    let node = match parsed {
        Some(parsed) => parsed.node,
        None => yaml::parse(source, Limits::default()).ok()?,
    };
    node.json().ok().filter(|json| json.is_object() || json.is_array())
}
