//! Documents: text in, syntax and facts with places out.

pub mod dockerfile;
