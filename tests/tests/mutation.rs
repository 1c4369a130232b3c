//! The pages of the default bundle notice faults in its rules: a sample of what
//! `cargo run -p plimsoll-tests --example mutation` tries in full.
#![allow(clippy::print_stdout)]

use plimsoll_engine::bundle::Bundle;
use plimsoll_engine::evaluate::rego::mutation::mutants;
use plimsoll_engine::source::Source;
use plimsoll_tests::mutation::{LEAST, State, study, text};

/// How many in a hundred the pages notice at least, so that they never notice fewer than they did.
const LEAST_OF_SAMPLE: f64 = 90.0;

/// A prime, so that all sorts of faults come up.
const EVERY: usize = 23;

#[test]
fn pages_notice_faults() {
    let mut modules = String::new();
    let study = study(&plimsoll_tests::checklist(), "", EVERY, &mut |module| {
        modules.push_str(&text(module));
    });
    let (score, complaints) = (study.score(), &study.complaints);
    println!("{score}");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(score.killed + score.survived > 50, "{score}");
    assert!(score.percent() >= LEAST_OF_SAMPLE, "{score}\n{modules}");
}

/// A rule with two conditions, of whose page no case is about the second.
#[test]
fn a_condition_without_a_case_is_noticed() {
    let rule = "# METADATA\n# title: A fault\n# description: It is one.\n# custom:\n\
        #   severity: high\n#   kinds: [dockerfile]\n#   subjects: [image]\n\
        #   profiles: [baseline]\n#   remedy: Do something.\n\
        package checklist.a.b\n\nimport data.plimsoll.finding\n\n\
        deny contains finding.at(image, \"fault\") if {\n\tsome image in input.images\n\
        \timage.config.healthcheck == null\n\tcount(image.refs) < 7\n}\n";
    let page = "# A fault\n\n### Found\n\n```dockerfile\nFROM a\n```\n\n\
        ```outcomes\nfail 1:1 \"fault\"\n```\n\n### Not found\n\n\
        ```dockerfile\nFROM a\nHEALTHCHECK CMD true\n```\n\n\
        ```outcomes\npass image stage 0\n```\n";
    let files = [("a/b.rego", rule), ("a/b.md", page)];
    let files = files.map(|(path, text)| (path.to_owned(), Source::new(path, text)));
    let vocabulary = plimsoll_engine::engine::vocabulary();
    let bundle = Bundle::from_sources("checklist", files.into(), &vocabulary).unwrap();
    let study = study(&bundle, "a/b", 1, &mut |_| {});
    assert!(study.complaints.is_empty(), "{:?}", study.complaints);
    let of = |state: State| {
        let tried = study.tried.iter().filter(move |tried| tried.state == state);
        tried.map(|tried| tried.what.as_str()).collect::<Vec<_>>()
    };
    let killed = of(State::Killed);
    assert!(killed.contains(&"deny: drop `image.config.healthcheck == null`"), "{killed:?}");
    let survived = of(State::Survived);
    assert!(survived.contains(&"deny: drop `count(image.refs) < 7`"), "{survived:?}");
    assert!(study.score().percent() < LEAST, "{}", study.score());
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
