//! Value types that several sources share.

use serde::{Deserialize, Serialize};

use crate::known::present;
use crate::{Loc, Nullable};

/// A variable: ARG and ENV in a Dockerfile, the environment of an image or a container, a build
/// argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnvVar {
    /// Its place.
    pub loc: Loc,
    /// The name.
    pub name: String,
    /// The value after substitution; null when it is declared without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub value: Option<Nullable<String>>,
    /// Whether the value was written without variables.
    pub literal: bool,
    /// Variables that the value was written with.
    pub variables: Vec<String>,
    /// Those of them whose value is not known.
    pub missing: Vec<String>,
    /// What set it: `ARG`, `ENV`; for a container `environment` or `env_file`; `image`
    /// for what an image sets; `build.args`.
    pub from: String,
    /// The index of the stage it is declared in; null before the first stage, and outside of
    /// Dockerfiles.
    pub stage: Nullable<u32>,
    /// Whether the target stage needs the stage it is declared in. True outside of Dockerfiles, as
    /// is `shipped`.
    pub needed: bool,
    /// Whether it is declared in the target's lineage.
    pub shipped: bool,
    /// `name` when its name is one that holds a credential, by the policy's table; null when not, or
    /// when its value only says where one is. An ARG may be given another.
    pub secret: Nullable<String>,
}

/// A label or another pair of a key and a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Label {
    /// Its place.
    pub loc: Loc,
    /// The key; absent when it depends on an unknown variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The value after substitution; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Variables that it was written with; empty for what is written out.
    pub variables: Vec<String>,
}

/// A list of words with their own places: an exec form, or the words of a shell form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Argument {
    /// Its place.
    pub loc: Loc,
    /// The word; quotes removed, variables left as written.
    pub text: String,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comment {
    /// Its place: from the `#` to the end of the line.
    pub loc: Loc,
    /// What follows the `#`, trimmed.
    pub text: String,
    /// Its line, from 1.
    pub line: u32,
    /// Whether nothing else stands on its line.
    pub alone: bool,
}

/// A port that an image exposes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Port {
    /// Its place.
    pub loc: Loc,
    /// The first port, 0 to 65535.
    pub target: u32,
    /// The last port; the same as `target` when it is no range.
    pub target_end: u32,
    /// `tcp`, `udp`, `sctp`.
    pub protocol: String,
}

/// A literal that looks like a credential.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Secret {
    /// Its place: exactly the credential.
    pub loc: Loc,
    /// The id of the pattern in the policy's table: `aws-access-key`.
    pub pattern: String,
    /// What the pattern finds, in words: "AWS access key id".
    pub title: String,
    /// Where it stands: in a Dockerfile the instruction (`ENV`, `RUN` …) or `comment`, elsewhere
    /// the kind of the document.
    pub context: String,
    /// The index of the stage it stands in; null outside of stages.
    pub stage: Nullable<u32>,
}
