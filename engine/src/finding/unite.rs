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

/// Keeps one of findings of several documents that say the same of the same text: that of the
/// document that is called like the text, otherwise the first.
pub(crate) fn unite(findings: &mut Vec<Finding>) {
    let mut first: HashMap<Key<'_>, usize> = HashMap::new();
    let mut again = vec![false; findings.len()];
    for (at, finding) in findings.iter().enumerate() {
        let Finding { rule, severity, message, subject, place, .. } = finding;
        let key = (place.source.name(), place.span, &*rule.id, &**message, subject, *severity);
        let kept = match first.entry(key) {
            Entry::Occupied(kept) => kept.into_mut(),
            Entry::Vacant(vacant) => {
                vacant.insert(at);
                continue;
            }
        };
        let other = &findings[*kept];
        if other.document == finding.document || !is_same(&other.place.source, &place.source) {
            continue;
        }
        if is_own(finding) && !is_own(other) {
            again[*kept] = true;
            *kept = at;
        } else {
            again[at] = true;
        }
    }
    let mut again = again.into_iter();
    findings.retain(|_| again.next() != Some(true));
}

fn is_own(finding: &Finding) -> bool {
    *finding.document == *finding.place.source.name()
}

/// Whether two sources of a name are one text. What has no text is of no use to tell things apart.
fn is_same(one: &Arc<Source>, other: &Arc<Source>) -> bool {
    !one.text().is_empty() && (Arc::ptr_eq(one, other) || one.text() == other.text())
}

#[cfg(test)]
mod tests {
    use plimsoll_sdk::rule::RuleMeta;

    use super::*;
    use crate::finding::Fingerprint;
    use crate::source::Place;

    #[test]
    fn what_several_documents_have_is_told_once() {
        let meta = serde_json::json!({
            "id": "a/b", "title": "T", "description": "D", "severity": "low", "kinds": [],
            "subjects": [], "profiles": [], "remedy": "R",
        });
        let rule: Arc<RuleMeta> = Arc::new(serde_json::from_value(meta).expect("metadata"));
        let finding = |document: &str, source: &Arc<Source>, at: usize, name: &str| Finding {
            rule: Arc::clone(&rule),
            severity: Severity::Low,
            message: "bad".into(),
            document: Arc::from(document),
            subject: Subject { kind: "container".into(), name: name.into() },
            place: Place::new(source, Span::new(at, at + 1)),
            related: Vec::new(),
            fingerprint: Fingerprint(String::new()),
        };
        let part = || Source::new("part", "text");
        let (other, empty) = (Source::new("part", "else"), Source::new("empty", ""));
        let mut findings = vec![
            finding("a", &part(), 0, "web"),
            finding("part", &part(), 0, "web"),
            finding("z", &part(), 0, "web"),
            finding("z", &part(), 0, "api"),
            finding("z", &part(), 1, "web"),
            finding("z", &other, 0, "web"),
            finding("x", &empty, 0, "web"),
            finding("y", &empty, 0, "web"),
        ];
        unite(&mut findings);
        let kept: Vec<String> = findings
            .iter()
            .map(|it| format!("{} {} {}", it.document, it.place.span.start, it.subject.name))
            .collect();
        let want = ["part 0 web", "z 0 api", "z 1 web", "z 0 web", "x 0 web", "y 0 web"];
        assert_eq!(kept, want);
    }
}
