//! From what a rule returned to findings and outcomes.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use plimsoll_sdk::finding::{RawFinding, RawPlace};
use plimsoll_sdk::rule::RuleMeta;
use plimsoll_sdk::{Loc, Severity};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Finding, Fingerprint, Related, Subject, SubjectRow, Subjects};
use crate::document::Document;
use crate::evaluate::RuleOutput;
use crate::source::{Place, Source};

/// What a rule says of one subject of a document.
#[derive(Clone, Debug)]
pub enum Judged {
    /// No fault.
    Pass(Subject),
    /// The facts do not say, and why.
    Unknown(Subject, String),
    /// Faults were found: that many.
    Fail(Subject, usize),
}

/// Places what a rule returned for a document.
///
/// Gives the findings in the rule's order, and the verdict on every subject that the rule judges:
/// fail wins over unknown, unknown over pass.
///
/// # Errors
///
/// What is wrong with what the rule returned: a handle that is not of this document, a subject that
/// the rule does not judge, a level that it does not declare.
pub fn place(
    document: &Document,
    rule: &Arc<RuleMeta>,
    severity: Severity,
    subjects: &Subjects<'_>,
    output: &RuleOutput,
) -> Result<(Vec<Finding>, Vec<Judged>), String> {
    let rows: Vec<&SubjectRow<'_>> = subjects.of_kinds(&rule.subjects).collect();
    // Most rules say nothing of most documents.
    let says = !output.findings.is_empty() || !output.unknowns.is_empty();
    let said: &[&SubjectRow<'_>] = if says { &rows } else { &[] };
    let by_loc: HashMap<Loc, usize> =
        said.iter().enumerate().map(|(at, row)| (row.loc, at)).collect();
    let mut counts = vec![0_usize; rows.len()];
    let mut findings = Vec::with_capacity(output.findings.len());
    for raw in &output.findings {
        let at = subject_of(document, raw, &by_loc)?;
        let row = at.and_then(|at| rows.get(at)).ok_or_else(|| {
            let kinds = rule.subjects.join(" or ");
            format!(
                "a finding at `loc` {} belongs to no {kinds} that the rule judges",
                raw.place.loc.0
            )
        })?;
        counts[at.unwrap_or_default()] += 1;
        findings.push(finding(document, rule, severity, row, raw)?);
    }
    let mut reasons: BTreeMap<usize, &str> = BTreeMap::new();
    for unknown in &output.unknowns {
        let at = by_loc.get(&unknown.subject).ok_or_else(|| {
            format!("`unknown` names `loc` {}, which is no subject of the rule", unknown.subject.0)
        })?;
        reasons.entry(*at).or_insert(&unknown.reason);
    }
    let judged = rows.iter().enumerate().map(|(at, row)| {
        let subject = row.subject.clone();
        if counts[at] > 0 {
            return Judged::Fail(subject, counts[at]);
        }
        let reason = reasons.get(&at).map(|&reason| document.masks.message(reason).into_owned());
        match reason.or_else(|| unmet(&rule.needs, row)) {
            Some(reason) => Judged::Unknown(subject, reason),
            None => Judged::Pass(subject),
        }
    });
    let judged = judged.collect();
    Ok((findings, judged))
}

/// The subject that a finding is about: the one it names, else the one that contains its place.
fn subject_of(
    document: &Document,
    raw: &RawFinding,
    by_loc: &HashMap<Loc, usize>,
) -> Result<Option<usize>, String> {
    let start = raw.subject.unwrap_or(raw.place.loc);
    if document.places.place(start).is_none() {
        return Err(format!("`loc` {} is no fact of this document", start.0));
    }
    let mut at = Some(start);
    while let Some(loc) = at {
        if let Some(&row) = by_loc.get(&loc) {
            return Ok(Some(row));
        }
        at = document.places.parent(loc);
    }
    // A rule that judges one thing of its kind in the document may point anywhere in it.
    Ok(None)
}

fn finding(
    document: &Document,
    rule: &Arc<RuleMeta>,
    severity: Severity,
    row: &SubjectRow<'_>,
    raw: &RawFinding,
) -> Result<Finding, String> {
    let subject = &row.subject;
    let resolve = |place: &RawPlace| {
        let place_in_text = document.places.resolve(place);
        place_in_text.ok_or_else(|| format!("`loc` {} is no fact of this document", place.loc.0))
    };
    let severity = match raw.level.as_deref() {
        None => severity,
        Some(level) => *rule
            .levels
            .get(level)
            .ok_or_else(|| format!("the rule declares no level `{level}`"))?,
    };
    let place = resolve(&raw.place)?;
    let used_at = document.places.used_at(&raw.place).filter(|used| {
        !Arc::ptr_eq(&used.source, &place.source) || used.start().line != place.start().line
    });
    let used_here = used_at.map(|place| Ok(Related { place, message: "used here".into() }));
    let elsewhere = !document.sources.iter().any(|source| Arc::ptr_eq(source, &place.source));
    let user = elsewhere.then(|| document.places.place(row.loc)).flatten();
    let used = user.map(|place| {
        let message = format!("the {} `{}` takes it over", subject.kind, subject.name);
        Ok(Related { place, message })
    });
    let related = raw.related.iter().map(|related| {
        Ok(Related {
            place: resolve(&related.place)?,
            message: document.masks.message(&related.message).into_owned(),
        })
    });
    Ok(Finding {
        rule: Arc::clone(rule),
        severity,
        message: document.masks.message(&raw.message).into_owned(),
        document: Arc::clone(&document.name),
        subject: subject.clone(),
        place,
        related: used_here.into_iter().chain(used).chain(related).collect::<Result<_, String>>()?,
        fingerprint: Fingerprint(String::new()),
    })
}

/// Why a subject cannot be judged: a fact that the rule needs and that is not known.
fn unmet(needs: &[String], row: &SubjectRow<'_>) -> Option<String> {
    needs.iter().find(|path| !row.is_known(path)).map(|path| {
        let missing = missing_variables(row.json(), path);
        if missing.is_empty() {
            format!("`{path}` is not known")
        } else {
            format!("`{path}` depends on {}, whose value is not known", missing.join(", "))
        }
    })
}

/// Variables named by the objects on the way to a path, the innermost that has any.
fn missing_variables<'v>(facts: &'v Value, path: &str) -> Vec<&'v str> {
    let mut at = facts;
    let mut missing = Vec::new();
    for key in path.split('.').map(Some).chain([None]) {
        let names = at.get("missing").and_then(Value::as_array);
        if let Some(names) = names.filter(|names| !names.is_empty()) {
            missing = names.iter().filter_map(Value::as_str).collect();
        }
        match key.and_then(|key| at.get(key)) {
            Some(value) => at = value,
            None => break,
        }
    }
    missing
}

/// Gives every finding of a document its identity. Findings that agree in everything that
/// identifies them are numbered in their order.
pub(crate) fn identify(findings: &mut [Finding], document: &Document) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    // Masked, since the hash of a short secret gives the secret away; once a text, not once a finding.
    let mut texts: HashMap<*const Source, String> = HashMap::new();
    for finding in findings {
        let source = &finding.place.source;
        let masked = || document.masks.source_text(source).into_owned();
        let text = texts.entry(Arc::as_ptr(source)).or_insert_with(masked);
        let base = identity(finding, text);
        let number = seen.entry(base.clone()).or_default();
        let hash = Sha256::digest(format!("{base}\u{1f}{number}"));
        *number += 1;
        let mut text = String::with_capacity(32);
        for byte in hash.iter().take(16) {
            let _ = write!(text, "{byte:02x}");
        }
        finding.fingerprint = Fingerprint(text);
    }
}

/// What identifies a finding, given the masked text of its source.
fn identity(finding: &Finding, text: &str) -> String {
    let Place { source, span } = &finding.place;
    let text = text.get(span.range()).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let Subject { kind, name } = &finding.subject;
    let parts = [&finding.rule.id, &*finding.document, kind, name, source.name(), &words.join(" ")];
    parts.join("\u{1f}")
}
