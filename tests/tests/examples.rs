//! The examples: the organisation's pages are true, and the shop shows what its README says.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::sync::Arc;

use plimsoll_engine::bundle::Bundle;
use plimsoll_engine::config::{self, Settings};
use plimsoll_engine::document::{self, Document, FORMATS, Folder, Input, ReadOptions};
use plimsoll_engine::files::{DiskFiles, Files};
use plimsoll_engine::policy_test::{self, Runner};
use plimsoll_engine::report::{Report, Status};
use plimsoll_engine::source::Source;
use plimsoll_engine::{BuildError, Engine, engine};
use plimsoll_tests::{checklist, repository};

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The files of a folder that may be read, and their names.
fn files(folder: &str) -> (Arc<DiskFiles>, Vec<String>) {
    let files = DiskFiles::open(&repository().join(folder)).expect("the folder of an example");
    let listing = files.list("", 1000).expect("its files");
    assert!(!listing.files.is_empty());
    (Arc::new(files), listing.files)
}

fn acme() -> Bundle {
    let root = "examples/org-policy/policy";
    let (_, names) = files(root);
    let sources = names.into_iter().map(|name| {
        let text = read(&repository().join(root).join(&name));
        (name.clone(), Source::new(name, text))
    });
    Bundle::from_sources("policy", sources.collect(), &engine::vocabulary())
        .unwrap_or_else(|problems| panic!("{}", BuildError(problems)))
}

fn settings(folder: &str) -> Settings {
    let text = read(&repository().join(folder).join("plimsoll.yaml"));
    config::parse(&Source::new("plimsoll.yaml", text))
        .unwrap_or_else(|problems| panic!("{}", BuildError(problems)))
}

fn documents(folder: &str) -> Vec<Document> {
    let (disk, names) = files(folder);
    let read_one = |name: &String| {
        let (path, file_name) = name.rsplit_once('/').unwrap_or(("", name));
        let format = document::detect_name(file_name)?;
        let place = Folder {
            files: Arc::clone(&disk) as Arc<dyn Files>,
            path: path.to_owned(),
            file_name: file_name.to_owned(),
        };
        let source = Source::new(name.clone(), read(&repository().join(folder).join(name)));
        let input = Input { source, folder: Some(place) };
        Some((format.read)(&input, &ReadOptions::default()))
    };
    names.iter().filter_map(read_one).flatten().collect()
}

fn check(folder: &str, bundles: Vec<Bundle>) -> Report {
    let builder = Engine::builder().settings(settings(folder));
    let builder = bundles.into_iter().fold(builder, |builder, bundle| builder.bundle(bundle));
    builder.build().unwrap_or_else(|error| panic!("{error}")).check(documents(folder))
}

fn rules<'r>(report: &'r Report, document: &str) -> Vec<&'r str> {
    let findings = report.decisions.iter().map(|decision| &decision.finding);
    let of_it = findings.filter(|finding| *finding.document == *document);
    of_it.map(|finding| finding.rule.id.as_str()).collect()
}

#[test]
fn the_pages_of_the_organisation_are_true() {
    let bundle = acme();
    let kinds: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let mut runner = Runner::new(vec![checklist(), bundle.clone()]);
    assert!(!bundle.rules().is_empty());
    for rule in bundle.rules() {
        let page = policy_test::parse(rule.page(), &kinds)
            .unwrap_or_else(|problems| panic!("{}", BuildError(problems)));
        assert_eq!(page.title, rule.meta().title);
        let outcomes: Vec<Vec<String>> = page
            .cases
            .iter()
            .map(|case| {
                let outcome = runner.run(rule.id(), case);
                outcome.unwrap_or_else(|problems| panic!("{}", BuildError(problems))).actual
            })
            .collect();
        let blessed = policy_test::bless(rule.page(), &page.cases, &outcomes);
        let path = Path::new(rule.path()).with_extension("md");
        let path = format!("examples/org-policy/policy/{}", path.display());
        plimsoll_tests::generated::file(&path, &blessed);
    }
}

#[test]
fn the_team_is_held_to_the_organisation() {
    let report = check("examples/org-policy", vec![checklist(), acme()]);
    assert_eq!(report.status, Status::Failed);
    let found: Vec<(&str, &str)> = report
        .decisions
        .iter()
        .map(|decision| &decision.finding)
        .map(|finding| (finding.rule.id.as_str(), finding.severity.as_str()))
        .collect();
    assert_eq!(found, [("acme/image/missing-owner", "high")]);
    let message = &report.decisions[0].finding.message;
    assert_eq!(message, "label `com.acme.cost-center` is missing");
}

#[test]
fn the_shop_shows_the_product_off() {
    let report = check("examples/shop", vec![checklist()]);
    assert_eq!(report.status, Status::Failed);
    assert_eq!(report.documents.len(), 6);
    assert_eq!(rules(&report, "payments/Dockerfile"), Vec::<&str>::new());
    for (document, rule) in [
        ("api/Dockerfile", "image/root-user"),
        ("api/Dockerfile", "image/mutable-tag"),
        ("backup/Containerfile", "image/root-user"),
        ("worker/Dockerfile", "image/mutable-tag"),
        ("compose.yaml", "container/privileged"),
        ("compose.yaml", "container/root-user"),
    ] {
        let found = rules(&report, document);
        assert!(found.contains(&rule), "{document}: {found:?}");
    }
}
