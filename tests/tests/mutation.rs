//! The pages of the default bundle notice faults in its rules: a sample of what
//! `cargo run -p plimsoll-tests --example mutation` tries in full.
#![allow(clippy::print_stdout)]

use plimsoll_engine::evaluate::rego::mutation::mutants;
use plimsoll_engine::source::Source;
use plimsoll_tests::mutation::{State, study};

/// A prime, so that all sorts of faults come up.
const EVERY: usize = 23;

#[test]
fn pages_notice_nine_faults_in_ten() {
    let study = study(&plimsoll_tests::checklist(), "", EVERY);
    let (score, complaints) = (study.score(), &study.complaints);
    println!("{score}");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(score.killed + score.survived > 50, "{score}");
    assert!(score.percent() >= 90.0, "{}", study.text());
}

#[test]
fn a_page_without_a_case_for_a_condition_is_noticed() {
    let study = study(&plimsoll_tests::checklist(), "container/privileged.rego", 1);
    assert!(study.tried.iter().any(|tried| tried.state == State::Killed), "{}", study.text());
}

#[test]
fn faults_are_put_where_they_belong() {
    let text = "package a\n\nf(x) if {\n\tx.n >= 2\n\tnot x.s in {\"a\", \"b\"}\n} else := false\n";
    let source = Source::new("a.rego", text);
    let mutants = mutants(&source).unwrap();
    let applied: Vec<String> = mutants.iter().map(|mutant| mutant.apply(&source)).collect();
    for expected in [
        "x.n > 2",
        "x.n < 2",
        "x.n >= 3",
        "x.n >= 1",
        "\ttrue\n\tnot",
        "\tfalse\n\tnot",
        "\tx.s in {\"a\", \"b\"}",
        "not x.s in {\"b\"}",
        "not x.s in {\"a\"}",
        "} else := true",
        "2\n\ttrue\n}",
        "\"b\"}\n} \n",
    ] {
        let times = applied.iter().filter(|text| text.contains(expected)).count();
        assert!(times >= 1, "{expected:?} is not among {applied:#?}");
    }
    assert_eq!(applied.len(), 12, "{applied:#?}");
}
