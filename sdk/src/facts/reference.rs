//! Image references.

use serde::{Deserialize, Serialize};

use crate::known::present;
use crate::{Loc, Nullable};

/// A reference to an image, a stage or a build context, wherever one is written.
///
/// Parsed as distribution/reference does; `tag` is never defaulted to `latest`. Of a reference that
/// depends on an unknown variable is known what is certain: of `ghcr.io/a/b:${V}` the name, of
/// `ghcr.io/${V}` the registry, of `${V}/b:1` the tag. Its `kind` is absent all the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImageRef {
    /// Its place.
    pub loc: Loc,
    /// What it is for: `from`, `copy_from`, `mount_from`, `syntax`; `compose` (a service's image),
    /// `container` (an inspected container's or swarm service's), `context` (a build context);
    /// `name` for a name that an image goes by, `base` for what an image that was built says it is
    /// built on.
    pub role: String,
    /// The index of the stage that uses it; null outside of stages.
    pub stage: Nullable<u32>,
    /// The name of the container that uses it; null when none does.
    pub container: Nullable<String>,
    /// Whether the target stage needs it: its own lineage, or copied from. True outside of stages; false for
    /// the name of what a service builds.
    pub needed: bool,
    /// Whether it is the base of what ships: the FROM at the root of the target's lineage.
    pub shipped: bool,
    /// As written.
    pub raw: String,
    /// After substitution of variables; absent when one is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// `image`, `stage`, `scratch`, `image_id`, `invalid`; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Why it is no valid reference; null when it is one.
    pub problem: Nullable<String>,
    /// The index of the stage it names; null when it names none; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub stage_index: Option<Nullable<u32>>,
    /// `docker.io`, `ghcr.io`, `localhost:5000`; images only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// `library/python`; images only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Registry and repository, `docker.io/library/python`; images only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name as Docker's tools shorten it, `python`; images only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub familiar: Option<String>,
    /// The tag; null when none is written; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub tag: Option<Nullable<String>>,
    /// The digest, `sha256:…`; null when none is written; absent when not resolved.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub digest: Option<Nullable<String>>,
    /// Whether it is a Docker Official Image, `docker.io/library/…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub official: Option<bool>,
    /// Whether it was written without variables.
    pub literal: bool,
    /// Variables it was written with.
    pub variables: Vec<String>,
    /// Those of them whose value is not known.
    pub missing: Vec<String>,
}
