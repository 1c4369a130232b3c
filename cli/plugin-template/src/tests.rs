use plimsoll_sdk::Facts;
use plimsoll_sdk::testing::{run, run_with};
use serde_json::json;

use super::MissingOwner;

/// What `plimsoll facts tests/Dockerfile` prints.
const FACTS: &str = include_str!("../tests/facts.json");

/// Those facts, with another owner.
fn owned_by(owner: &str) -> Facts {
    let mut facts = Facts::from_json(FACTS).expect("facts");
    facts.images[0].config.labels[0].value = Some(owner.to_owned());
    facts
}

#[test]
fn an_address_is_an_owner() {
    for owner in ["team@example.com", "The Team <team@example.com>"] {
        let verdict = run::<MissingOwner>(&owned_by(owner)).expect("a verdict");
        assert_eq!(verdict.messages(), [""; 0], "{owner}");
    }
}

#[test]
fn anything_else_is_none() {
    for owner in ["", "the team", "@example.com", "team@", "a@b@c", "<a@b"] {
        let verdict = run::<MissingOwner>(&owned_by(owner)).expect("a verdict");
        let message = format!("`{owner}` is no address of an owner");
        assert_eq!(verdict.messages(), [message]);
    }
}

#[test]
fn domains_may_be_limited() {
    let params = json!({"domains": ["*.example.com"]});
    let count = |owner: &str| {
        let verdict = run_with::<MissingOwner>(&owned_by(owner), &params);
        verdict.expect("a verdict").findings.len()
    };
    assert_eq!(count("team@mail.example.com"), 0);
    assert_eq!(count("team@example.org"), 1);
}
