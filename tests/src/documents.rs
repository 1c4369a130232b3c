//! Documents to compare evaluators on: the cases on rules' pages, the corpus, the examples, and what
//! the conformance suites have of each kind.

use std::path::Path;
use std::sync::Arc;

use plimsoll_engine::Engine;
use plimsoll_engine::bundle::{Bundle, Shipped};
use plimsoll_engine::config;
use plimsoll_engine::document::{Document, FORMATS, Folder, Input, ReadOptions, dockerfile, image};
use plimsoll_engine::files::{DiskFiles, Files, MemoryFiles};
use plimsoll_engine::policy_test::{self, Case};
use plimsoll_engine::source::Source;
use serde_json::{Value, json};

use crate::corpus::Project;
use crate::{generated_images, repository, suites};

/// The largest text of the suites that is taken, in bytes: the interpreter takes its time.
const MAX_TEXT: usize = 100_000;

/// An engine with every rule of a bundle on, to link documents.
#[must_use]
pub fn linking(bundle: &Bundle) -> Engine {
    let rules: serde_json::Map<String, Value> =
        bundle.rules().iter().map(|rule| (rule.id().to_owned(), json!(true))).collect();
    let settings = config::parse(&Source::new("all", json!({"rules": rules}).to_string()));
    let settings = settings.expect("settings");
    let builder = Engine::builder().bundle(bundle.clone()).settings(settings);
    builder.now("2026-11-22T00:00:00Z").build().expect("an engine")
}

/// The documents of every case on the pages of these rules, by the runs that they are joined in.
#[must_use]
pub fn of_pages(shipped: &Shipped) -> Vec<Vec<Document>> {
    let kinds: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let mut documents = Vec::new();
    for rule in &shipped.rules {
        let page = policy_test::parse(rule.page(), &kinds).expect("a page");
        documents.extend(page.cases.iter().map(|case| of_case(rule.id(), case)));
    }
    documents
}

/// The documents of a case, each of its kind, with the others beside it.
fn of_case(id: &str, case: &Case) -> Vec<Document> {
    let files = case.files.iter().fold(MemoryFiles::default(), |files, file| {
        files.with(file.name.clone(), file.text.clone())
    });
    let files: Arc<dyn Files> = Arc::new(files);
    let documents = case.files.iter().filter_map(|file| {
        let format = FORMATS.iter().find(|format| Some(format.name) == file.kind.as_deref())?;
        let (path, file_name) = file.name.rsplit_once('/').unwrap_or(("", &file.name));
        let (path, file_name) = (path.to_owned(), file_name.to_owned());
        let folder = Folder { files: Arc::clone(&files), path, file_name };
        let name = format!("{id}: {}: {}", case.name, file.name);
        let input = Input { source: Source::new(name, file.text.clone()), folder: Some(folder) };
        Some((format.read)(&input, &ReadOptions::default()))
    });
    documents.flatten().collect()
}

/// The documents of every project of the corpus, and of every example.
#[must_use]
pub fn of_projects() -> Vec<Vec<Document>> {
    let examples = repository().join("examples");
    let examples = crate::corpus::folders(&examples)
        .into_iter()
        .map(|name| Project::open(examples.join(&name), format!("examples/{name}")));
    examples.chain(Project::all()).map(|project| project.documents()).collect()
}

/// An image whose layer has packages, one of which is under a licence that few would allow.
#[must_use]
pub fn of_layers() -> Vec<Vec<Document>> {
    let packages = [("musl", "MIT"), ("store", "SSPL-1.0"), ("tools", "AGPL-3.0-only OR MIT")];
    let archive = generated_images::with_packages(&packages);
    vec![image::read_archive("packages.tar", &mut archive.as_slice(), &ReadOptions::default())]
}

/// The documents of the suites, each for itself; none without suites.
#[must_use]
pub fn of_suites() -> Vec<Vec<Document>> {
    let mut documents = Vec::new();
    for (file, field) in [
        ("01-buildkit/test_dockerfiles.jsonl", "dockerfile"),
        ("01-buildkit/lint.jsonl", "dockerfile"),
        ("01-buildkit/rule_docs.jsonl", "dockerfile"),
        ("07-policy-fixtures/dockerfile_utils.jsonl", "content"),
    ] {
        for row in suites::rows(file).unwrap_or_default() {
            if let Some(text) = row[field].as_str() {
                documents.push(vec![read(&format!("{file}#{}", row["id"]), text)]);
            }
        }
    }
    for folder in ["02-compose", "04-oci-images", "05-inspect-daemon"] {
        documents.extend(of_suite(folder));
    }
    documents
}

fn read(name: &str, text: &str) -> Document {
    let input = Input { source: Source::new(name, text), folder: None };
    dockerfile::read(&input, &ReadOptions::default()).remove(0)
}

/// Everything in a folder of the suites that is a document.
fn of_suite(folder: &str) -> Vec<Vec<Document>> {
    let Some(root) = suites::folder().map(|suites| suites.join(folder)) else { return Vec::new() };
    let mut paths = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder of the suites") {
            let entry = entry.expect("an entry of it");
            let kind = entry.file_type().expect("its type");
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                paths.push(entry.path());
            }
        }
    }
    paths.sort();
    paths.iter().filter_map(|path| of_file(&root, path)).collect()
}

fn of_file(root: &Path, path: &Path) -> Option<Vec<Document>> {
    let options = ReadOptions::default();
    let bytes = std::fs::read(path).ok()?;
    let beginning = bytes.get(..512).unwrap_or(&bytes);
    let mut archives = FORMATS.iter().filter_map(|format| format.archive.as_ref());
    if let Some(archive) = archives.find(|archive| (archive.is)(beginning)) {
        return Some((archive.read)(path.to_str()?, &mut bytes.as_slice(), &options));
    }
    let text = String::from_utf8(bytes).ok().filter(|text| text.len() < MAX_TEXT)?;
    let file_name = path.file_name()?.to_str()?.to_owned();
    let format = (FORMATS.iter().find(|format| (format.has_name)(&file_name)))
        .or_else(|| FORMATS.iter().find(|format| (format.has_content)(&text)))?;
    let below = path.strip_prefix(root).ok()?;
    let folder = below.parent()?.to_str()?.to_owned();
    let files: Arc<dyn Files> = Arc::new(DiskFiles::open(root).ok()?);
    let folder = Folder { files, path: folder, file_name };
    let source = Source::new(below.to_str()?, text);
    let input = Input { source, folder: Some(folder) };
    Some((format.read)(&input, &options))
}
