//! A plugin of Plimsoll: names that somebody could have mistyped, or could have been made to.
//!
//! What Rego does badly: a table of dynamic programming for every pair of names.

mod distance;
mod mutable_tag;
mod similar_name;

pub use mutable_tag::MutableTag;
pub use similar_name::{SimilarImage, SimilarPackage};

plimsoll_sdk::export!(SimilarImage, SimilarPackage, MutableTag);

#[cfg(test)]
mod tests;
