//! A fault, placed: what a rule returned, joined with the text it is about.
//!
//! Owns [`Finding`], its identity, and the way from what a rule returned ([`place`]): the place of a
//! fact becomes a place in the text here and nowhere else.

mod known;
mod placing;
mod subjects;
mod unite;

pub(crate) use placing::identify;
pub use placing::{Judged, place};
pub use subjects::{KINDS as SUBJECT_KINDS, SubjectRow, Subjects};
pub(crate) use unite::unite;

use std::fmt;
use std::sync::Arc;

use plimsoll_sdk::Severity;
use plimsoll_sdk::rule::RuleMeta;

use crate::source::Place;

/// What was judged: a container, an image, a reference, within one document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// One of [`SUBJECT_KINDS`].
    pub kind: String,
    /// What the user calls it.
    pub name: String,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// Identifies a finding across runs: the same fault in the same file keeps it when lines move.
///
/// 32 hexadecimal digits, from the rule, the document's name, the subject, the text at fault and,
/// among findings that agree in all of these, its number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Another place that helps to understand a finding.
#[derive(Clone, Debug)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is to be seen there.
    pub message: String,
}

/// A fault that a rule found, placed in the text.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: Arc<RuleMeta>,
    /// How bad it is: the rule's severity or the level it chose, as the policy overrides them.
    pub severity: Severity,
    /// What is wrong, secrets blotted out.
    pub message: String,
    /// The document's name.
    pub document: Arc<str>,
    /// What was judged.
    pub subject: Subject,
    /// The value at fault; for something absent, the nearest thing that should have had it.
    pub place: Place,
    /// Other places that help.
    pub related: Vec<Related>,
    /// Its identity across runs.
    pub fingerprint: Fingerprint,
}
