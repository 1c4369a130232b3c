//! Tables that have grown old are found by a rule, and nothing is said of those that have not.

use std::sync::LazyLock;

use plimsoll_engine::bundle::Bundle;
use plimsoll_engine::config;
use plimsoll_engine::document::{Document, Input, ReadOptions, dockerfile};
use plimsoll_engine::report::Report;
use plimsoll_engine::source::Source;
use plimsoll_engine::{BuildError, Engine, engine};

static CHECKLIST: LazyLock<Bundle> = LazyLock::new(plimsoll_tests::checklist);

const RULE: &str = "policy/stale-table";

/// Years after every table of the bundle.
const LATE: &str = "2099-01-01T00:00:00Z";

fn documents() -> Vec<Document> {
    let source = Source::new("Dockerfile", "FROM alpine:3.22\nUSER 10001\n");
    dockerfile::read(&Input { source, folder: None }, &ReadOptions::default())
}

fn bundle(files: &[(&str, &str)]) -> Bundle {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), Source::new(*path, *text)));
    Bundle::from_sources("acme", files.collect(), &engine::vocabulary())
        .unwrap_or_else(|problems| panic!("{}", BuildError(problems)))
}

fn check(now: &str, settings: &str, bundles: Vec<Bundle>) -> Report {
    let settings = config::parse(&Source::new("plimsoll.yaml", settings));
    let settings = settings.unwrap_or_else(|problems| panic!("{}", BuildError(problems)));
    let builder =
        Engine::builder().bundle(CHECKLIST.clone()).settings(settings).now(now).threads(1);
    let builder = bundles.into_iter().fold(builder, |builder, bundle| builder.bundle(bundle));
    builder.build().unwrap_or_else(|error| panic!("{error}")).check(documents())
}

/// The tables that are found, with where.
fn found(report: &Report) -> Vec<(String, String)> {
    let findings = report.decisions.iter().map(|decision| &decision.finding);
    let stale = findings.filter(|finding| finding.rule.id == RULE);
    let place = |finding: &plimsoll_engine::finding::Finding| {
        assert_eq!(finding.severity.as_str(), "low");
        assert_eq!(finding.subject.kind, "table");
        assert!(finding.related.is_empty(), "{finding:?}");
        format!("{}: {}", finding.place.source.name(), finding.place.text())
    };
    stale.map(|finding| (finding.subject.name.clone(), place(finding))).collect()
}

#[test]
fn a_table_that_is_a_year_old_is_found_where_it_says_so() {
    let tables = found(&check(LATE, "", Vec::new()));
    let bundle = &*CHECKLIST;
    assert!(tables.len() > 3, "{tables:?}");
    for (name, place) in tables {
        let table = bundle.tables().iter().find(|table| table.name() == name).expect("a table");
        let as_of = table.as_of().expect("a day");
        assert_eq!(place, format!("checklist/data/{name}.yaml: {as_of}"));
    }
}

#[test]
fn nothing_is_said_of_tables_that_are_in_order() {
    let newest = CHECKLIST.tables().iter().filter_map(|t| t.as_of().map(str::to_owned)).max();
    let now = format!("{}T00:00:00Z", newest.expect("a table"));
    let report = check(&now, "", Vec::new());
    assert_eq!(found(&report), []);
    assert_eq!(report.documents.len(), 1);
    assert!(report.outcomes.iter().all(|row| row.subject.kind != "table"));
}

#[test]
fn it_is_configured_like_any_rule() {
    assert_eq!(found(&check(LATE, "rules: {policy/stale-table: off}", Vec::new())), []);
    let patient = "rules: {policy/stale-table: {params: {max_age_days: 99999}}}";
    assert_eq!(found(&check(LATE, patient, Vec::new())), []);
    let newest = CHECKLIST.tables().iter().filter_map(|t| t.as_of().map(str::to_owned)).max();
    let now = format!("{}T00:00:00Z", newest.expect("a table"));
    let strict = "rules: {policy/stale-table: {params: {max_age_days: -1}}}";
    assert!(!found(&check(&now, strict, Vec::new())).is_empty());
}

#[test]
fn only_tables_that_are_read_count() {
    let names =
        |report: &Report| found(report).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let unread = bundle(&[
        ("data/people.yaml", "as_of: 2020-01-01\n"),
        ("lib/a.rego", "package acme.lib.a\n"),
    ]);
    assert!(!names(&check(LATE, "", vec![unread])).contains(&"people".to_owned()));
    // Without the rules that read it nobody misses it; linking always reads its own.
    let ids = CHECKLIST.rules().iter().map(|rule| rule.id().to_owned()).collect::<Vec<_>>();
    let off: Vec<String> =
        ids.iter().filter(|id| *id != RULE).map(|id| format!("  {id}: off\n")).collect();
    let alone = format!(
        "rules:\n{}  policy/stale-table: {{enabled: true}}\n  image/root-user: {{enabled: true}}\n",
        off.iter().filter(|line| !line.contains("image/root-user")).cloned().collect::<String>()
    );
    let mut read = names(&check(LATE, &alone, Vec::new()));
    read.sort();
    assert_eq!(read, ["base-images", "secrets"]);
}

#[test]
fn a_table_of_an_organisation_stands_for_ours() {
    let newer = "as_of: 2098-12-31\nports: []\n";
    let table = [("data/sensitive-ports.yaml", newer), ("lib/a.rego", "package acme.lib.a\n")];
    let ours = found(&check(LATE, "", Vec::new()));
    let theirs = found(&check(LATE, "", vec![bundle(&table)]));
    assert!(ours.iter().any(|(name, _)| name == "sensitive-ports"));
    let expected: Vec<_> = ours.into_iter().filter(|(name, _)| name != "sensitive-ports").collect();
    assert_eq!(theirs, expected);
}
