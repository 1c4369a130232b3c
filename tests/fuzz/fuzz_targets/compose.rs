//! Compose projects of any files: loading never panics, every place lies in its text and on
//! character boundaries, what is loaded is printed, and nothing depends on chance.
//!
//! An input is: a byte of options; then up to five files, divided by lines of `=====`.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::document::compose::config;
use plimsoll_engine::document::compose::load::{Loaded, MAX_PROBLEMS, load};
use plimsoll_engine::document::compose::tree::{Node, Value};
use plimsoll_engine::document::compose::variables::Unset;
use plimsoll_engine::document::{ComposeOptions, Folder, Input, ReadOptions};
use plimsoll_engine::files::MemoryFiles;
use plimsoll_engine::source::{Place, Source};

/// The files of a project; the first is the document.
const NAMES: [&str; 5] = ["compose.yaml", "a.yaml", "sub/b.yaml", ".env", "x.env"];

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    let mut texts = text.split("=====\n");
    let first = texts.next().unwrap_or_default().to_owned();
    let files = NAMES.iter().skip(1).zip(texts).fold(MemoryFiles::default(), |files, (name, text)| {
        files.with(*name, text)
    });
    let files = Arc::new(files.with(NAMES[0], first.clone()));
    let options = ReadOptions {
        compose: ComposeOptions {
            files: (choice & 1 != 0).then(|| "a.yaml".to_owned()).into_iter().collect(),
            env_files: (choice & 2 != 0)
                .then(|| Source::new("x.env", "A=${B:-x}\nC='d e'\n"))
                .into_iter()
                .collect(),
            variables: (choice & 4 != 0).then(|| ("A".into(), "b c".into())).into_iter().collect(),
            profiles: (choice & 8 != 0).then(|| "*".to_owned()).into_iter().collect(),
            project_name: (choice & 16 != 0).then(|| "proj".to_owned()),
            unset: if choice & 32 != 0 { Unset::Empty } else { Unset::Unknown },
        },
        ..ReadOptions::default()
    };
    let run = || {
        let folder = Folder {
            files: Arc::clone(&files) as Arc<_>,
            path: String::new(),
            file_name: NAMES[0].to_owned(),
        };
        let source = Source::new(NAMES[0], first.clone());
        load(&Input { source, folder: Some(folder) }, &options)
    };
    let loaded = run();
    check(&loaded);
    let again = run();
    let printed = config::to_json(&loaded.root, "/wd");
    assert_eq!(printed, config::to_json(&again.root, "/wd"));
    assert_eq!(loaded.problems.len(), again.problems.len());
});

fn check(loaded: &Loaded) {
    assert!(loaded.problems.len() <= MAX_PROBLEMS + 1);
    node(&loaded.root);
    loaded.project.disabled.iter().for_each(|service| node(&service.node));
    for label in loaded.problems.iter().flat_map(|problem| &problem.labels) {
        place(&label.place);
    }
}

fn node(tree: &Node) {
    place(&tree.place);
    tree.used_at.iter().for_each(place);
    match &tree.value {
        Value::Seq(items) => items.iter().for_each(node),
        Value::Map(map) => map.values().for_each(|entry| {
            place(&entry.key);
            node(&entry.node);
        }),
        _ => {}
    }
}

fn place(place: &Place) {
    assert!(place.source.text().get(place.span.range()).is_some(), "{place:?}");
}
