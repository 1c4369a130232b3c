//! Plimsoll's rules against the fixtures of other tools that look for the same faults.
//!
//! The METADATA of a rule names the rules of other tools that mean the same (`equivalents`). Suite 07
//! has these tools' own fixtures: files in which a rule of theirs must find something, and files in
//! which it must not. Both sides are compared by file, and by line where the fixture names one. Where
//! they disagree there is a reason, written by hand ([`reasons`]); without one, the test fails.
//!
//! Two lines are the same if they are of one instruction of a Dockerfile, or if what the finding
//! points at covers the line.

mod fixtures;
pub mod reasons;
mod run;
mod table;

pub use fixtures::{Fixture, fixtures};
pub use run::{Compared, Comparison, PRESETS, compare};
pub use table::{Counts, text};
