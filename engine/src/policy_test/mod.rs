//! Testing policies: the cases on a rule's page, run for real.
//!
//! A case is a heading of the third level, documents in named fences, perhaps a `config` fence, and
//! an `outcomes` fence that lists what the rule says of them:
//!
//! ```text
//! fail 1:6 "message"            a finding, at line and column; its level after it, if it has one
//! pass image app                a subject without a fault
//! unknown image app "reason"    a subject that could not be judged
//! error "message"               the rule failed
//! ```
//!
//! Owns the reading of pages and the running of their cases. It writes no file: [`bless`] gives the
//! new text of a page to whoever asked.

mod page;
mod run;

pub use page::{Case, CaseFile, Page, bless, parse};
pub use run::{Outcome, Runner};
