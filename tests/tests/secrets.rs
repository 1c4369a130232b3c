//! Which values are credentials: the corpus in `tests/cases/secrets`, a value in its context per line.
//!
//! A value is cut into pieces, so that no scanner of this repository takes one for real; all of them
//! are made up. `secret` says whether it is a credential. Where the verdict is another, `known` says
//! why; a reason that is no longer needed fails, too. `tests/secrets/compare.py` reads the same lines.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_engine::config::UnknownBase;
use plimsoll_engine::document::{Document, Input, ReadOptions, compose, dockerfile};
use plimsoll_engine::link::{Tables, link};
use plimsoll_engine::sdk::Nullable;
use plimsoll_engine::sdk::facts::EnvVar;
use plimsoll_engine::source::Source;
use serde_json::Value;

/// The least share of what is flagged that is a credential, and of credentials that are flagged.
const PRECISION: f64 = 0.96;
const RECALL: f64 = 0.96;

/// The files of the corpus.
const FILES: [&str; 5] = ["cloud", "services", "keys", "passwords", "harmless"];

struct Case {
    place: String,
    row: Value,
}

impl Case {
    fn text(&self, key: &str) -> &str {
        self.row[key].as_str().unwrap_or_default()
    }

    fn value(&self) -> String {
        let pieces = self.row["value"].as_array().expect("pieces of a value");
        pieces.iter().filter_map(Value::as_str).collect()
    }

    /// The document that the value stands in, with its name.
    fn document(&self) -> (&'static str, String) {
        let (name, value) = (self.text("name"), self.value());
        let template = self.row["text"].as_str().unwrap_or("{}");
        let text = template.replace("{}", &value);
        let compose = |under: &str| ("compose.yaml", format!("{SERVICE}{under}\n"));
        let quoted = if is_plain(&text) || text.starts_with('[') {
            text.clone()
        } else {
            format!("'{}'", text.replace('\'', "''"))
        };
        match self.text("where") {
            "environment" => compose(&format!("    environment:\n      {name}: {quoted}")),
            "command" => compose(&format!("    command: {quoted}")),
            "option" => compose(&format!(
                "    logging:\n      driver: splunk\n      options:\n        {name}: {quoted}"
            )),
            "build.args" => compose(&format!(
                "    build:\n      context: .\n      args:\n        {name}: {quoted}"
            )),
            "FROM" => ("Dockerfile", format!("FROM {text}\n")),
            of_dockerfile => {
                let line = match of_dockerfile {
                    "ENV" | "ARG" => format!("{of_dockerfile} {name}={text}"),
                    "LABEL" => format!("LABEL {name}=\"{text}\""),
                    "RUN" | "ADD" => format!("{of_dockerfile} {text}"),
                    "COMMENT" => format!("# {text}"),
                    "CONFIG" => format!("COPY <<'EOF' /etc/app.conf\n{text}\nEOF"),
                    other => panic!("{}: where is `{other}`?", self.place),
                };
                ("Dockerfile", format!("FROM alpine:3.22\n{line}\n"))
            }
        }
    }
}

const SERVICE: &str = "services:\n  web:\n    image: acme/web:1.4\n";

/// Whether YAML needs no quotes for it.
fn is_plain(text: &str) -> bool {
    let is_start = text.starts_with(|first: char| first.is_ascii_alphanumeric());
    is_start
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_./:@+=-".contains(character))
}

fn cases() -> Vec<Case> {
    let folder = plimsoll_tests::repository().join("tests/cases/secrets");
    let read = FILES.iter().flat_map(|file| {
        let text = std::fs::read_to_string(folder.join(format!("{file}.jsonl"))).expect(file);
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.into_iter().enumerate().map(move |(at, line)| Case {
            place: format!("{file}.jsonl:{}", at + 1),
            row: serde_json::from_str(&line).expect("a line is JSON"),
        })
    });
    read.collect()
}

fn read(case: &Case, tables: &Tables) -> (Document, String) {
    let (name, text) = case.document();
    let input = Input { source: Source::new(name, text.as_str()), folder: None };
    let options = ReadOptions::default();
    let mut documents = match name {
        "Dockerfile" => dockerfile::read(&input, &options),
        _ => compose::read(&input, &options),
    };
    link(&mut documents, tables, UnknownBase::default());
    (documents.remove(0), text)
}

/// The patterns that find the value; `name` if the name of its variable does.
fn verdict(document: &Document, text: &str, value: &str, tables: &Tables) -> Vec<String> {
    let start = text.find(value).expect("the value stands in the document");
    let end = start + value.len();
    let by_shape = document.facts.secrets.iter().filter(|secret| {
        let span = document.places.place(secret.loc).expect("a place").span;
        (span.start as usize) < end && start < span.end as usize
    });
    let mut found: Vec<String> = by_shape.map(|secret| secret.pattern.clone()).collect();
    let facts = &document.facts;
    let of_build = facts.build.iter().flat_map(|build| &build.variables);
    let of_containers = facts.containers.iter().flat_map(|container| {
        let build = container.image.build.value().into_iter();
        container.environment.iter().chain(build.flat_map(|build| &build.args))
    });
    // What a variable supplies is not in the file.
    let holds = |variable: &EnvVar| {
        let value = variable.value.as_ref().and_then(Nullable::value);
        let secrets = tables.secrets();
        let stands = |value: &String| {
            !value.is_empty() && !secrets.is_placeholder(value) && !secrets.is_reference(value)
        };
        variable.secret == Nullable::Value("name".into())
            && variable.missing.is_empty()
            && value.is_some_and(stands)
    };
    if of_build.chain(of_containers).any(holds) {
        found.push("name".into());
    }
    found
}

#[test]
fn credentials_are_told_from_other_values() {
    let tables = Tables::new(&[plimsoll_tests::checklist()]).expect("tables");
    let (mut complaints, mut used) = (Vec::new(), BTreeSet::new());
    let mut counts: BTreeMap<(bool, bool), u32> = BTreeMap::new();
    for case in cases() {
        let (document, text) = read(&case, &tables);
        let value = case.value();
        let found = verdict(&document, &text, &value, &tables);
        let is_secret = case.row["secret"].as_bool().expect("`secret` is true or false");
        *counts.entry((is_secret, !found.is_empty())).or_default() += 1;
        let is_known = !case.text("known").is_empty();
        if (is_secret == found.is_empty()) != is_known {
            let kind = case.text("kind");
            complaints.push(format!("{} {kind}: {found:?} in {text}", case.place));
        }
        // What is found is shown nowhere.
        for source in &document.sources {
            let shown = document.masks.source_text(source);
            if !found.is_empty() && is_secret && shown.contains(&value) {
                complaints.push(format!("{}: it is shown: {shown}", case.place));
            }
        }
        used.extend(found);
    }
    let count = |key: (bool, bool)| f64::from(counts.get(&key).copied().unwrap_or_default());
    let (hit, missed, wrong) = (count((true, true)), count((true, false)), count((false, true)));
    let (precision, recall) = (hit / (hit + wrong), hit / (hit + missed));
    println!("{counts:?}: precision {precision:.3}, recall {recall:.3}");
    let idle: Vec<&str> = tables.secrets().ids().filter(|id| !used.contains(*id)).collect();
    assert!(complaints.is_empty(), "{} wrong:\n{}", complaints.len(), complaints.join("\n"));
    assert!(idle.is_empty(), "no case has what these find: {idle:?}");
    assert!(precision >= PRECISION && recall >= RECALL, "precision {precision}, recall {recall}");
    assert!(count((true, true)) > 100.0 && count((false, false)) > 100.0, "{counts:?}");
}
