//! Bundles that were compiled ahead.

use super::super::{restore, store};
use super::*;

type Files = &'static [(&'static str, &'static str)];

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn files(message: &str) -> Files {
    let a = rule("image/a", "", &format!("deny contains finding.at(input.build, \"{message}\")"));
    let b = rule(
        "image/b",
        "",
        "p := input.meta.profile\ndeny contains finding.at(input.build, x) if x := p with input.meta.profile as input.data[\"words\"].all[0]",
    );
    let files = vec![
        ("image/a.rego", leak(a.1)),
        ("image/a.md", "# A"),
        ("image/b.rego", leak(b.1)),
        ("image/b.md", "# B"),
        ("data/words.yaml", "as_of: 2026-01-31\nall: [word]\n"),
    ];
    Box::leak(files.into_boxed_slice())
}

fn found(bundle: &Bundle, interpret: bool) -> Vec<Vec<String>> {
    let data = crate::bundle::merged_tables(&[bundle]);
    let evaluator = RegoEvaluator::load(&[bundle], Json::Null, data, Limits::default())
        .unwrap_or_else(|problems| panic!("{}", render(&problems)));
    assert_eq!(evaluator.executor(0), "bytecode");
    assert_eq!(evaluator.executor(1), "interpreter");
    let evaluator = if interpret { evaluator.interpreted() } else { evaluator };
    let answers = check(&evaluator, &facts());
    let texts = |answer: Result<RuleOutput, RuleError>| {
        let findings = answer.expect("output").findings;
        findings.into_iter().map(|finding| finding.message).collect()
    };
    answers.into_iter().map(texts).collect()
}

#[test]
fn a_restored_bundle_is_the_bundle() {
    let files = files("a");
    let bundle = Bundle::embedded("checklist", files, &VOCABULARY).expect("a bundle");
    let stored: &'static [u8] = store(&bundle).expect("stored").leak();
    let again = restore("checklist", files, stored).expect("restored");
    assert_eq!(again.digest(), bundle.digest());
    for (one, other) in bundle.rules().iter().zip(again.rules()) {
        assert_eq!(one.meta(), other.meta());
        assert_eq!(one.source().text(), other.source().text());
        assert_eq!(one.place("custom.severity").expect("a place").start().line, 5);
    }
    for interpret in [false, true] {
        let expected = vec![vec!["a".to_owned()], vec!["word".to_owned()]];
        assert_eq!(found(&bundle, interpret), expected);
        assert_eq!(found(&again, interpret), expected);
    }
    assert_eq!(store(&again).expect("stored"), stored, "the same bytes every time");
}

#[test]
fn what_is_stale_or_damaged_is_not_taken_up() {
    let (old, new) = (files("a"), files("b"));
    let bundle = Bundle::embedded("checklist", old, &VOCABULARY).expect("a bundle");
    let stored: &'static [u8] = store(&bundle).expect("stored").leak();
    assert!(restore("checklist", new, stored).is_none(), "another text");
    assert!(restore("checklist", &old[..3], stored).is_none(), "a file less");
    for length in [0, 7, 8, 12, 16, 20, 40, 200] {
        assert!(restore("checklist", old, &stored[..length]).is_none(), "cut at {length}");
    }
    let mut version = stored.to_vec();
    version[17] ^= 1;
    assert!(restore("checklist", old, version.leak()).is_none(), "another version");
    // Cut within the programs: read again instead.
    let cut = restore("checklist", old, &stored[..stored.len() - 10]).expect("restored");
    assert_eq!(found(&cut, false), [["a"], ["word"]]);
}

#[test]
fn pages_and_tests_do_not_make_a_bundle_stale() {
    let files = files("a");
    let mut other = files.to_vec();
    other[1].1 = "# Another page";
    other.push(("image/a_test.rego", "package a"));
    assert_eq!(Bundle::digest_of(files), Bundle::digest_of(&other));
    other[4].1 = "- other\n";
    assert_ne!(Bundle::digest_of(files), Bundle::digest_of(&other));
}
