//! The contract between Plimsoll and its rules.
