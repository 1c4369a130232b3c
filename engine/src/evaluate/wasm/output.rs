//! What a rule returned, checked and in order.

use std::collections::BTreeSet;

use plimsoll_sdk::finding::{RawFinding, RawPlace, RawUnknown};
use plimsoll_sdk::rule::RuleMeta;

use super::super::bounds::{MAX_NAME, MAX_RELATED, cut, nonsense, too_many};
use super::super::{RuleError, RuleOutput};
use super::contract::Verdict;
use super::limits::Limits;

/// Bytes of a message. What is longer is cut off, with an ellipsis.
const MESSAGE_BYTES: usize = 4096;

type Read<T> = Result<T, RuleError>;

/// The findings sorted, without duplicates, and none that says nothing.
pub(super) fn read(verdict: Verdict, meta: &RuleMeta, limits: &Limits) -> Read<RuleOutput> {
    let Verdict { findings, unknowns } = verdict;
    if findings.len() > limits.findings {
        return Err(too_many(findings.len(), "findings", limits.findings));
    }
    if unknowns.len() > limits.findings {
        return Err(too_many(unknowns.len(), "unknown subjects", limits.findings));
    }
    let findings: BTreeSet<RawFinding> =
        findings.into_iter().map(|raw| finding(raw, meta)).collect::<Read<_>>()?;
    let unknowns: BTreeSet<RawUnknown> = unknowns.into_iter().map(unknown).collect::<Read<_>>()?;
    Ok(RuleOutput {
        findings: findings.into_iter().collect(),
        unknowns: unknowns.into_iter().collect(),
    })
}

fn finding(mut raw: RawFinding, meta: &RuleMeta) -> Read<RawFinding> {
    const WHAT: &str = "a finding";
    if let Some(level) = &raw.level
        && !meta.levels.contains_key(level)
    {
        let level = cut(level, MAX_NAME);
        return Err(nonsense(format!("the rule declares no level `{level}`")));
    }
    if raw.related.len() > MAX_RELATED {
        let message = format!("`related` of {WHAT} is not at most {MAX_RELATED} places");
        return Err(nonsense(message));
    }
    place(&raw.place, WHAT)?;
    raw.message = text(&raw.message, "message", WHAT)?;
    for related in &mut raw.related {
        place(&related.place, WHAT)?;
        related.message = text(&related.message, "message", WHAT)?;
    }
    Ok(raw)
}

fn unknown(raw: RawUnknown) -> Read<RawUnknown> {
    Ok(RawUnknown { reason: text(&raw.reason, "reason", "an unknown subject")?, ..raw })
}

fn place(place: &RawPlace, what: &str) -> Read<()> {
    if place.item.is_some() && place.field.is_none() {
        return Err(nonsense(format!("{what} has an `item` without a `field`")));
    }
    match &place.field {
        Some(field) if field.len() > MAX_NAME => {
            Err(nonsense(format!("`field` of {what} is not a short string")))
        }
        _ => Ok(()),
    }
}

fn text(text: &str, key: &str, what: &str) -> Read<String> {
    if text.trim().is_empty() {
        return Err(nonsense(format!("`{key}` of {what} is not a string with something in it")));
    }
    Ok(cut(text, MESSAGE_BYTES))
}
