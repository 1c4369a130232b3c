//! Documents: what can be scanned, and how each kind is read.

pub mod dockerfile;
