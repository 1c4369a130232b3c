//! The contract between Plimsoll and its rules.

mod severity;

pub use severity::{Severity, UnknownSeverity};
