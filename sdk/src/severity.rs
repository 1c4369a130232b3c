//! How bad a finding is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How bad a finding is: `info` is lowest, `critical` highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Info,
    /// A matter of hygiene.
    Low,
    /// Weakens a defence, or makes another fault worse.
    Medium,
    /// Gives an attacker who is inside a good deal more.
    High,
    /// Gives away the host, or a secret, as it stands.
    Critical,
}

impl Severity {
    /// All of them, lowest first.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The lower-case word for it, as configuration, METADATA and reports have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    /// Reads the lower-case word.
    fn from_str(word: &str) -> Result<Self, UnknownSeverity> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == word).ok_or(UnknownSeverity)
    }
}

/// A word that names no severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSeverity;

impl fmt::Display for UnknownSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a severity: one of info, low, medium, high, critical")
    }
}

impl std::error::Error for UnknownSeverity {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_order_agree_everywhere() {
        assert!(Severity::ALL.is_sorted());
        for severity in Severity::ALL {
            let word = severity.as_str();
            assert_eq!(word.parse(), Ok(severity));
            assert_eq!(serde_json::to_value(severity).unwrap(), word);
            assert_eq!(serde_json::from_value::<Severity>(word.into()).unwrap(), severity);
            assert_eq!(format!("{severity:>8}").trim_start(), word);
        }
        assert_eq!("High".parse::<Severity>(), Err(UnknownSeverity));
        assert_eq!("".parse::<Severity>(), Err(UnknownSeverity));
    }
}
