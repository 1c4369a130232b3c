//! Samples of `docker inspect` that others recorded: every one is read, as what it is, and its
//! fields are what independent paths into the JSON say.

mod fields;

use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::document::inspect;
use plimsoll_engine::document::{Document, Input, ReadOptions};
use plimsoll_engine::source::Source;
use plimsoll_tests::{ratchet, suites};
use serde_json::Value;

type Outcome = Result<(), String>;

const SUITE: &str = "05-inspect-daemon";

/// What a sample is, by what the index says of it and by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sample {
    /// So many objects of a kind.
    Read(&'static str),
    /// A list that leaves out what is checked: refused.
    Listing,
    /// Inspected, but not judged: a warning for each.
    Told,
    /// Nothing of this format.
    Foreign,
}

/// Samples that are not what the index calls them, or that it calls `other`.
fn sample(file: &str, kind: &str) -> Sample {
    let name = file.rsplit('/').next().unwrap_or(file);
    let named = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let lists = [
        "container-list",
        "container_ls",
        "container_stats",
        "image-list",
        "image_ls",
        "network_ls",
        "service_ls",
        "stack_ps",
        "stack_services",
        "volume_ls",
    ];
    if named(&lists) || ["list.json", "containers.json"].contains(&name) {
        return Sample::Listing;
    }
    match kind {
        "container" => Sample::Read("container"),
        "image" => Sample::Read("image"),
        "network" => Sample::Read("network"),
        "volume" | "volume-list" => Sample::Read("volume"),
        "swarm" if named(&["service"]) => Sample::Read("container"),
        "swarm" if named(&["secret"]) => Sample::Read("secret"),
        "swarm" => Sample::Told,
        "other" if named(&["plugin_inspect", "plugin_ls", "context_inspect"]) => Sample::Told,
        "other" if file.contains("context/testdata") || named(&["plugin-inspect-single"]) => {
            Sample::Told
        }
        _ => Sample::Foreign,
    }
}

fn read(name: &str, text: &str) -> Vec<Document> {
    let input = Input { source: Source::new(name, text), folder: None };
    inspect::read(&input, &ReadOptions::default())
}

fn problems(documents: &[Document], level: Level) -> Vec<&str> {
    let all = documents.iter().flat_map(|document| &document.problems);
    all.filter(|problem| problem.level == level).map(|problem| problem.message.as_str()).collect()
}

/// The objects of a sample: of its one array, or itself.
fn objects(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(map) if map.contains_key("Volumes") => {
            map["Volumes"].as_array().into_iter().flatten().collect()
        }
        other => vec![other],
    }
}

fn check(row: &Value, text: &str) -> Outcome {
    let file = row["file"].as_str().unwrap_or_default();
    let count = usize::try_from(row["count"].as_u64().unwrap_or_default()).unwrap_or_default();
    let documents = read(file, text);
    let errors = problems(&documents, Level::Error);
    match sample(file, row["kind"].as_str().unwrap_or_default()) {
        Sample::Read(kind) => {
            expect("detected", inspect::has_content(text), true)?;
            expect("errors", errors, Vec::new())?;
            expect("kinds", documents.iter().map(|it| it.kind).collect(), vec![kind])?;
            let document = &documents[0];
            let facts = &document.facts;
            let read = facts.containers.len()
                + facts.images.len()
                + facts.networks.len()
                + facts.volumes.len()
                + facts.swarm_secrets.len();
            expect("objects", read, count)?;
            let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
            fields::check(kind, &objects(&value), document)
        }
        Sample::Listing => {
            expect("detected", inspect::has_content(text), true)?;
            expect("one error", errors.len(), 1)?;
            let help = documents[0].problems.iter().find_map(|it| it.help.as_deref());
            let says = help.is_some_and(|help| help.contains("inspect"));
            expect("says what to use instead", says, true)
        }
        Sample::Told => {
            expect("errors", errors, Vec::new())?;
            expect("warnings", problems(&documents, Level::Warning).len(), count)
        }
        Sample::Foreign => {
            expect("detected", inspect::has_content(text), false)?;
            // Nothing is read of it in silence, whoever insists.
            expect("no error", errors.is_empty(), false)
        }
    }
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, got: T, want: T) -> Outcome {
    if got == want { Ok(()) } else { Err(format!("{what}: got {got:?}, want {want:?}")) }
}

#[test]
fn samples() {
    let Some(rows) = suites::rows(&format!("{SUITE}/index.jsonl")) else { return };
    let folder = suites::folder().unwrap_or_default().join(SUITE);
    let outcomes = rows.iter().map(|row| {
        let file = row["file"].as_str().unwrap_or_default();
        let text = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
        (file.to_owned(), check(row, &text))
    });
    ratchet::check("05-inspect", outcomes);
}
