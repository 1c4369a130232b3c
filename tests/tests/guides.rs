//! The guides' own samples, in `tests/cases/guides`: what the default profile has to say of each.
//!
//! A line of `outcomes` is a verdict and a rule: `fail RULE [SEVERITY]` (there is a finding),
//! `pass RULE` (it was judged, there is none, and nothing is unknown), `unknown RULE` (it cannot be judged).
#![allow(clippy::print_stdout)]

use std::fmt::Write as _;
use std::sync::Arc;

use plimsoll_engine::Engine;
use plimsoll_engine::document::{Document, FORMATS, Folder, Input, ReadOptions};
use plimsoll_engine::files::{Files, MemoryFiles};
use plimsoll_engine::policy_test::{self, Case};
use plimsoll_engine::report::{Outcome, Report};
use plimsoll_engine::source::Source;

/// Rules that the samples are about and that the bundle does not have yet.
const NOT_YET: &[&str] = &[
    "network/external-backend",
    "secret/broad-grant",
    "secret/exposed-env-file",
    "daemon/missing-lsm",
];

fn documents(case: &Case) -> Vec<Document> {
    let files = case.files.iter().fold(MemoryFiles::default(), |files, file| {
        files.with(file.name.clone(), file.text.clone())
    });
    let files: Arc<dyn Files> = Arc::new(files);
    let read = case.files.iter().filter_map(|file| {
        let format = FORMATS.iter().find(|format| Some(format.name) == file.kind.as_deref())?;
        let (files, file_name) = (Arc::clone(&files), file.name.clone());
        let folder = Folder { files, path: String::new(), file_name };
        let source = Source::new(file.name.clone(), file.text.clone());
        Some((format.read)(&Input { source, folder: Some(folder) }, &ReadOptions::default()))
    });
    read.flatten().collect()
}

/// What the report says of a rule: verdicts, and the severities of findings.
fn said(report: &Report, rule: &str) -> Vec<String> {
    let rows = report.outcomes.iter().filter(|row| report.rules[row.rule].meta.id == rule);
    let mut said: Vec<String> = rows
        .map(|row| match row.outcome {
            Outcome::Pass => "pass".to_owned(),
            Outcome::Fail => "fail".to_owned(),
            Outcome::Unknown => format!("unknown ({})", row.reason),
            Outcome::Error => format!("error ({})", row.reason),
        })
        .collect();
    let findings = report.decisions.iter().map(|decision| &decision.finding);
    let findings = findings.filter(|finding| finding.rule.id == rule);
    said.extend(findings.map(|finding| finding.severity.as_str().to_owned()));
    said
}

/// Whether what is said is what was expected.
fn holds(said: &[String], verdict: &str, severity: Option<&str>) -> bool {
    let any = |word: &str| said.iter().any(|said| said.starts_with(word));
    match verdict {
        "fail" => any("fail") && severity.is_none_or(any),
        "pass" => any("pass") && !any("fail") && !any("unknown") && !any("error"),
        "unknown" => any("unknown") && !any("fail"),
        other => panic!("`{other}` is no verdict"),
    }
}

#[test]
fn the_default_profile_says_what_it_should_of_the_guides_samples() {
    let bundle = plimsoll_tests::checklist();
    let engine = Engine::builder().bundle(bundle).now("2026-11-22T00:00:00Z").build();
    let engine = engine.unwrap_or_else(|error| panic!("{error}"));
    let kinds: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let (mut complaints, mut checked) = (String::new(), 0);
    for name in ["first", "second"] {
        let path = plimsoll_tests::repository().join(format!("tests/cases/guides/{name}.md"));
        let text = std::fs::read_to_string(&path).unwrap();
        let page = policy_test::parse(&Source::new(name, text), &kinds);
        let page = page.unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        for case in &page.cases {
            let report = engine.check(documents(case));
            assert!(report.problems.is_empty(), "{}: {:?}", case.name, report.problems);
            for line in &case.expected {
                let words: Vec<&str> = line.split_whitespace().collect();
                let [verdict, rule, severity @ ..] = words.as_slice() else {
                    panic!("{}: {line}", case.name)
                };
                let known = report.rules.iter().any(|row| row.meta.id == *rule);
                if !known && NOT_YET.contains(rule) {
                    println!("{}: not there yet: {line}", case.name);
                    continue;
                }
                checked += 1;
                let said = said(&report, rule);
                if !known || !holds(&said, verdict, severity.first().copied()) {
                    let _ = writeln!(complaints, "{}: {line}, but: {said:?}", case.name);
                }
            }
        }
    }
    println!("{checked} verdicts");
    assert!(checked > 50, "only {checked} verdicts were checked");
    assert!(complaints.is_empty(), "{complaints}");
}
