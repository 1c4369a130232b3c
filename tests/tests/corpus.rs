//! The corpus: files as projects have them, and every finding of at least medium severity in them,
//! each of which a person has judged right.
//!
//! `tests/corpus/SOURCES.md` says where the files come from. Blessing writes down whatever is found:
//! read every line that it changes against its file before it is committed.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_engine::config;
use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::report::{Report, Status};
use plimsoll_engine::sdk::Severity;
use plimsoll_engine::source::Place;
use plimsoll_engine::{BuildError, Engine};
use plimsoll_tests::corpus::Project;
use plimsoll_tests::{checklist, generated, reasons, repository};

const REVIEWED: &str = "tests/corpus/reviewed.txt";
const SHOP: &str = "tests/corpus/shop.txt";
const INCOMPLETE: &str = "tests/corpus/incomplete.txt";

/// The day that the corpus was reviewed on: what is out of support since does not count.
const NOW: &str = "2026-11-22T00:00:00Z";

/// What a run found, a line each, after what kept it from being complete.
fn lines(project: &Project, report: &Report) -> String {
    let name = &project.name;
    let place = |place: Option<&Place>| {
        place.map_or_else(
            || "?".to_owned(),
            |place| {
                let at = place.source.line_column(place.span.start);
                format!("{}:{}:{}", place.source.name(), at.line, at.column)
            },
        )
    };
    let errors = report.problems.iter().filter(|problem| problem.level == Level::Error);
    let errors = errors.map(|problem| {
        let at = problem.labels.first().map(|label| &label.place);
        format!("{name}: error: {}: {}", place(at), problem.message)
    });
    let findings = report.decisions.iter().map(|decision| &decision.finding);
    let findings = findings.filter(|finding| finding.severity >= Severity::Medium).map(|finding| {
        let (rule, severity) = (&finding.rule.id, finding.severity.as_str());
        format!("{name}: {severity}: {rule}: {}: {}", place(Some(&finding.place)), finding.message)
    });
    errors.chain(findings).map(|line| line.replace('\n', " ") + "\n").collect()
}

/// The projects whose runs are not complete, or find no document, each with the reason.
fn explained() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(repository().join(INCOMPLETE)).expect("the reasons");
    reasons::parse(&text).unwrap_or_else(|error| panic!("{INCOMPLETE}: {error}"))
}

#[test]
fn every_finding_was_reviewed() {
    let builder = Engine::builder().bundle(checklist()).now(NOW).threads(1);
    let engine = builder.build().unwrap_or_else(|error| panic!("{error}"));
    let mut documents = 0;
    let mut text = String::new();
    let mut incomplete = BTreeSet::new();
    for project in Project::all() {
        let report = engine.check(project.documents());
        documents += report.documents.len();
        if report.status == Status::Incomplete {
            incomplete.insert(project.name.clone());
        }
        text.push_str(&lines(&project, &report));
    }
    assert!(documents >= 200, "{documents}");
    generated::file(REVIEWED, &text);
    let explained = explained();
    assert_eq!(incomplete, explained.into_keys().collect(), "{INCOMPLETE} has all of them");
}

#[test]
fn every_finding_in_the_example_was_reviewed() {
    let shop = Project::open(repository().join("examples/shop"), "shop".to_owned());
    let settings = config::parse(&shop.source("plimsoll.yaml"))
        .unwrap_or_else(|problems| panic!("{}", BuildError(problems)));
    let builder = Engine::builder().settings(settings).bundle(checklist()).now(NOW);
    let report = builder.build().unwrap_or_else(|error| panic!("{error}")).check(shop.documents());
    assert_eq!(report.status, Status::Failed);
    generated::file(SHOP, &lines(&shop, &report));
}
