//! What a rule returns, in Rego and in WebAssembly alike.

use serde::{Deserialize, Serialize};

use crate::Loc;

/// A place in the facts: an object, or a field of it, or an item of a list field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RawPlace {
    /// The `loc` of the object.
    pub loc: Loc,
    /// The field that is at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The index of the item that is at fault, counted from 0, when the field is a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
}

impl RawPlace {
    /// A whole object.
    #[must_use]
    pub fn object(loc: Loc) -> Self {
        RawPlace { loc, field: None, item: None }
    }

    /// A field of an object.
    #[must_use]
    pub fn field(loc: Loc, field: impl Into<String>) -> Self {
        RawPlace { loc, field: Some(field.into()), item: None }
    }

    /// An item, counted from 0, of a list that is a field of an object.
    #[must_use]
    pub fn item(loc: Loc, field: impl Into<String>, item: u32) -> Self {
        RawPlace { loc, field: Some(field.into()), item: Some(item) }
    }
}

/// A fault that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RawFinding {
    /// Where the fault is.
    #[serde(flatten)]
    pub place: RawPlace,
    /// What is wrong: one sentence, lower-case start, no full stop.
    pub message: String,
    /// The `loc` of the judged subject, when it is not the one that contains the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Loc>,
    /// One of the levels that the rule's metadata names; without it the rule's own severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Other places that help to understand it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RawRelated>,
}

/// Another place that helps to understand a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RawRelated {
    /// Where.
    #[serde(flatten)]
    pub place: RawPlace,
    /// What is to be seen there.
    pub message: String,
}

/// A subject that a rule could not judge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RawUnknown {
    /// The `loc` of the subject.
    pub subject: Loc,
    /// What is not known.
    pub reason: String,
}
