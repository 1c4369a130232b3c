//! Findings and the policy's threshold → decisions.
//!
//! Owns what a finding means for the run. It knows no clock and no rule language.

pub use crate::config::FailOn;
use crate::finding::Finding;

/// What a finding means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It fails the run.
    Fail,
    /// It is below the threshold.
    Warn,
}

/// A finding and what it means for the run.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What was found.
    pub finding: Finding,
    /// What it means.
    pub verdict: Verdict,
}

/// Decides every finding, in the order given.
#[must_use]
pub fn decide(findings: Vec<Finding>, fail_on: FailOn) -> Vec<Decision> {
    let decide = |finding: Finding| {
        let fails = fail_on.fails(finding.severity);
        Decision { finding, verdict: if fails { Verdict::Fail } else { Verdict::Warn } }
    };
    findings.into_iter().map(decide).collect()
}
