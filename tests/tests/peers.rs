//! Where our rules judge otherwise than those of other tools, there is a reason.
#![allow(clippy::print_stdout)]

use plimsoll_tests::peers::{compare, fixtures, reasons::Reasons};

#[test]
fn every_disagreement_has_a_reason_and_no_reason_is_stale() {
    let Some(fixtures) = fixtures() else { return };
    let comparison = compare(&plimsoll_tests::checklist(), fixtures);
    let complaints = Reasons::read().complaints(&comparison);
    let (compared, uncovered) = (comparison.compared.len(), comparison.uncovered.len());
    println!("{compared} fixtures compared; {uncovered} rules of other tools have no equivalent");
    assert!(compared > 50, "only {compared} fixtures were compared");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
