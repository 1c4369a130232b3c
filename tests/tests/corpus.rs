//! The corpus: files as projects have them, and every finding of at least medium severity in them,
//! each of which a person has judged right.
//!
//! `tests/corpus/SOURCES.md` says where the files come from. Blessing writes down whatever is found:
//! read every line that it changes against its file before it is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_engine::config;
use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::document::{
    self, Document, Folder, FormatRow, Input, ReadOptions, detect_content,
};
use plimsoll_engine::files::{DiskFiles, Files};
use plimsoll_engine::report::{Report, Status};
use plimsoll_engine::sdk::{Nullable, Severity};
use plimsoll_engine::source::{Place, Source};
use plimsoll_engine::{BuildError, Engine};
use plimsoll_tests::{checklist, generated, reasons, repository};

const FOLDER: &str = "tests/corpus";
const REVIEWED: &str = "tests/corpus/reviewed.txt";
const SHOP: &str = "tests/corpus/shop.txt";
const INCOMPLETE: &str = "tests/corpus/incomplete.txt";

/// The day that the corpus was reviewed on: what is out of support since does not count.
const NOW: &str = "2026-11-22T00:00:00Z";

/// What compose merges over a file of a default name.
const OVERRIDE: &str = "compose.override.yaml";

/// Names below `folder`, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let entries = entries.map(|entry| entry.expect("an entry"));
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.collect::<BTreeSet<String>>().into_iter().collect()
}

/// A project: a folder of the corpus that is checked by itself, as the command line would.
struct Project {
    name: String,
    folder: PathBuf,
    files: Arc<DiskFiles>,
    listing: Vec<String>,
}

impl Project {
    fn all() -> Vec<Self> {
        let root = repository().join(FOLDER);
        let below = |group: String| {
            let names = names(&root.join(&group));
            names.into_iter().map(move |name| format!("{group}/{name}"))
        };
        let all = names(&root).into_iter().flat_map(below);
        all.map(|name| Self::open(root.join(&name), name)).collect()
    }

    fn open(folder: PathBuf, name: String) -> Self {
        let files = DiskFiles::open(&folder).expect("a project");
        let mut listing = files.list("", 1000).expect("its files").files;
        listing.sort();
        Project { name, folder, files: Arc::new(files), listing }
    }

    fn source(&self, path: &str) -> Arc<Source> {
        let on_disk = self.folder.join(path);
        let text = std::fs::read_to_string(&on_disk);
        Source::new(path, text.unwrap_or_else(|e| panic!("{}: {e}", on_disk.display())))
    }

    fn input(&self, path: &str) -> Input {
        let (folder, file_name) = path.rsplit_once('/').unwrap_or(("", path));
        let files = Arc::clone(&self.files) as Arc<dyn Files>;
        let folder = Folder { files, path: folder.into(), file_name: file_name.into() };
        Input { source: self.source(path), folder: Some(folder) }
    }

    fn documents(&self) -> Vec<Document> {
        self.listing.iter().flat_map(|path| self.documents_of(path)).collect()
    }

    fn documents_of(&self, path: &str) -> Vec<Document> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(format) = format(name, self.source(path).text()) else { return Vec::new() };
        if format.name != "compose" {
            return (format.read)(&self.input(path), &ReadOptions::default());
        }
        let beside = |other: &str| {
            let other = if folder.is_empty() { other.into() } else { format!("{folder}/{other}") };
            self.listing.contains(&other).then_some(other)
        };
        if name == OVERRIDE && beside("compose.yaml").is_some() {
            return Vec::new();
        }
        let over = if name == "compose.yaml" { beside(OVERRIDE) } else { None };
        let documents = self.compose(path, over.into_iter().collect());
        let default = ["compose.yaml", "docker-compose.yml"].into_iter().find_map(beside);
        match default.filter(|default| default != path) {
            Some(default) if documents.iter().any(is_fragment) => {
                let mut whole = self.compose(&default, vec![path.to_owned()]);
                whole.iter_mut().for_each(|document| document.name = Arc::from(path));
                whole
            }
            _ => documents,
        }
    }

    fn compose(&self, path: &str, over: Vec<String>) -> Vec<Document> {
        let mut options = ReadOptions::default();
        options.compose.files = over;
        let row = document::detect_name("compose.yaml").expect("the format of compose files");
        (row.read)(&self.input(path), &options)
    }
}

fn format(name: &str, text: &str) -> Option<&'static FormatRow> {
    let told = || name.contains("docker") || name.contains("container") || name.contains("stack");
    document::detect_name(name).or_else(|| told().then(|| detect_content(text)).flatten())
}

/// Whether a compose file is only a part of a project: a service has neither image nor build.
fn is_fragment(document: &Document) -> bool {
    let mut images = document.facts.containers.iter().map(|container| &container.image);
    images.any(|image| image.raw == Nullable::Null && image.build == Nullable::Null)
}

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
