//! Lists of conformance cases that pass, and of those that do not, with the reason.
//!
//! `tests/ratchet/NAME.txt` has a line per case: `pass ID`, or `fail ID: reason`. A case that
//! passed must go on passing; one that had a reason to fail and passes must be listed as passing
//! (`PLIMSOLL_BLESS=1` lists what passes); one that fails must have a reason, written by hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Compares outcomes with the ratchet file of that name.
///
/// `outcomes` are case ids (unique in the suite) with `Err(difference)` for those that fail.
///
/// # Panics
///
/// When a case fails without a reason, or passes although it has one; the message lists them all.
pub fn check(name: &str, outcomes: impl IntoIterator<Item = (String, Result<(), String>)>) {
    let path = crate::repository().join(format!("tests/ratchet/{name}.txt"));
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let reasons: BTreeMap<&str, &str> = before
        .lines()
        .filter_map(|line| line.strip_prefix("fail "))
        .filter_map(|line| line.rsplit_once(": "))
        .collect();
    let passed: Vec<&str> = before.lines().filter_map(|line| line.strip_prefix("pass ")).collect();
    let bless = std::env::var_os("PLIMSOLL_BLESS").is_some();

    let mut lines = BTreeMap::new();
    let mut complaints = String::new();
    let (mut good, mut total, mut unlisted) = (0_usize, 0_usize, 0_usize);
    for (id, outcome) in outcomes {
        let id = id.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        total += 1;
        match outcome {
            Ok(()) => {
                good += 1;
                if !bless && reasons.contains_key(id.as_str()) {
                    let _ = writeln!(complaints, "newly passing, bless it: {id}");
                }
                // A suite may have grown by cases that are not listed; passing is all they have to.
                unlisted += usize::from(!passed.contains(&id.as_str()));
                lines.insert(id.clone(), format!("pass {id}"));
            }
            Err(difference) => {
                if let Some(reason) = reasons.get(id.as_str()) {
                    lines.insert(id.clone(), format!("fail {id}: {reason}"));
                } else {
                    let _ = writeln!(complaints, "FAILS: {id}\n  {difference}");
                }
            }
        }
    }
    let known = lines.len() - good;
    println!("{name}: {good} of {total} cases pass ({unlisted} not listed), {known} have a reason");
    assert!(total > 0, "{name}: no case was run");
    if bless {
        let text: String = lines.values().map(|line| format!("{line}\n")).collect();
        std::fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
    assert!(complaints.is_empty(), "{name}:\n{complaints}");
}
