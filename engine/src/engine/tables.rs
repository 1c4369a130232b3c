//! The policy's own tables as a document of every run.
//!
//! Rules of the kind `policy` judge them like anything else. What they say is in the report only where
//! they find something, and of tables only that a rule in force, or linking, reads: a run over
//! containers has no line about tables that are in order.

use std::collections::BTreeMap;

use super::{Checked, Engine, Wanted};
use crate::bundle::{Bundle, Table};
use crate::document::Document;
use crate::document::table::{self, Dated};
use crate::evaluate::Evaluator;
use crate::link;
use crate::policy::Policy;
use crate::report::Outcome;

/// What the document is called.
const NAME: &str = "<policy>";

/// The document of the tables in force; `None` where no rule in force judges it.
pub(super) fn document(bundles: &[Bundle], policy: &Policy) -> Option<Document> {
    let judged = |kinds: &[String]| kinds.iter().any(|kind| kind == table::KIND);
    if !policy.rules.iter().any(|rule| rule.enabled && judged(&rule.meta.kinds)) {
        return None;
    }
    // A table of a later bundle stands for one of the same name before.
    let tables: BTreeMap<&str, &Table> =
        bundles.iter().flat_map(Bundle::tables).map(|table| (table.name(), table)).collect();
    let dated: Vec<Dated<'_>> = tables
        .into_iter()
        .map(|(name, table)| Dated { name, as_of: table.as_of(), place: table.as_of_place() })
        .collect();
    table::document(NAME, &dated)
}

impl Engine {
    /// What is wrong with the policy's own tables, and the document that they are.
    pub(super) fn judged_tables(&self) -> Option<(Document, Checked)> {
        let mut document = self.tables_document.clone()?;
        document.facts.meta.now.clone_from(&self.now);
        document.facts.meta.profile = self.policy.profile.as_str().into();
        let mut checked = self.check_one(self.evaluator.session().as_mut(), 0, &document);
        if !checked.findings.is_empty() {
            let read = |name: &str| link::reads(name) || self.is_read(name);
            checked.findings.retain(|finding| read(&finding.subject.name));
        }
        let found = &checked.findings;
        let is_found = |name: &str| found.iter().any(|finding| finding.subject.name == name);
        checked.outcomes.retain(|row| match row.outcome {
            Outcome::Fail => is_found(&row.subject.name),
            Outcome::Error => true,
            Outcome::Pass | Outcome::Unknown => false,
        });
        let nothing = checked.outcomes.is_empty() && checked.problems.is_empty();
        (!nothing).then_some((document, checked))
    }

    /// Whether a rule in force that judges something else may read a table.
    fn is_read(&self, name: &str) -> bool {
        let reads = |wanted: &Wanted| self.evaluator.tables(wanted.evaluator).contains(name);
        self.wanted.iter().any(reads)
    }
}
