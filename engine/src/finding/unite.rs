//! One fault that several documents have, told once.
//!
//! A text may be part of several documents: of each compose file that includes or extends it, of
//! each that it is merged with. What is wrong in it is mended in one place.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use plimsoll_sdk::Severity;

use super::{Finding, Subject};
use crate::source::{Source, Span};

/// What findings agree in that say the same of the same place.
type Key<'f> = (&'f str, Span, &'f str, &'f str, &'f Subject, Severity);

/// Keeps the first of findings of several documents that say the same of the same text.
pub(crate) fn unite(findings: &mut Vec<Finding>) {
    let mut first: HashMap<Key<'_>, &Finding> = HashMap::new();
    let mut again = Vec::with_capacity(findings.len());
    for finding in findings.iter() {
        let Finding { rule, severity, message, subject, place, .. } = finding;
        let key = (place.source.name(), place.span, &*rule.id, &**message, subject, *severity);
        again.push(match first.entry(key) {
            Entry::Occupied(before) => {
                before.get().document != finding.document
                    && is_same(&before.get().place.source, &place.source)
            }
            Entry::Vacant(vacant) => {
                vacant.insert(finding);
                false
            }
        });
    }
    let mut again = again.into_iter();
    findings.retain(|_| again.next() != Some(true));
}

/// Whether two sources of a name are one text. What has no text is of no use to tell things apart.
fn is_same(one: &Arc<Source>, other: &Arc<Source>) -> bool {
    !one.text().is_empty() && (Arc::ptr_eq(one, other) || one.text() == other.text())
}
