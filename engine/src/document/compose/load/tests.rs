mod hostile;
mod merging;
mod parts;
mod surroundings;

use std::sync::Arc;

use super::*;
use crate::document::{ComposeOptions, Folder};
use crate::files::{Files, MemoryFiles};

/// Loads the first of these files.
fn load_files(files: &[(&str, &str)]) -> Loaded {
    load_with(files, ComposeOptions::default())
}

fn load_with(files: &[(&str, &str)], options: ComposeOptions) -> Loaded {
    let (path, text) = files[0];
    let memory =
        files.iter().fold(MemoryFiles::default(), |memory, (path, text)| memory.with(*path, *text));
    load_from(Arc::new(memory), path, text, options)
}

fn load_from(files: Arc<dyn Files>, path: &str, text: &str, options: ComposeOptions) -> Loaded {
    let (folder, file_name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = Folder { files, path: folder.to_owned(), file_name: file_name.to_owned() };
    // As a user sees it from one folder further up.
    let source = Source::new(format!("here/{path}"), text);
    let options = ReadOptions { compose: options, ..ReadOptions::default() };
    load(&Input { source, folder: Some(folder) }, &options)
}

/// The value at a path like `services.a.ports.0`.
fn at<'a>(loaded: &'a Loaded, path: &str) -> &'a Node {
    path.split('.').fold(&loaded.root, |node, key| match &node.value {
        Value::Seq(items) => &items[key.parse::<usize>().unwrap()],
        _ => node.get(key).unwrap_or_else(|| panic!("no {key} of {path} in {:#?}", loaded.root)),
    })
}

fn place(place: &Place) -> String {
    format!("{}:{} {}", place.source.name(), place.start(), place.text())
}

/// Where a value is written, and through what it came.
fn places(loaded: &Loaded, path: &str) -> (String, Option<String>) {
    let node = at(loaded, path);
    (place(&node.place), node.used_at.as_ref().map(place))
}

/// The problems, each with its first place.
fn problems(loaded: &Loaded) -> Vec<String> {
    let problems = loaded.problems.iter().map(|problem| {
        let at = problem.place().map(|at| format!(" at {}", place(at))).unwrap_or_default();
        format!("{}: {}{at}", problem.level.as_str(), problem.message)
    });
    problems.collect()
}

/// The texts at paths; a list is joined with blanks.
fn texts(loaded: &Loaded, paths: &[&str]) -> Vec<String> {
    let text = |node: &Node| match &node.value {
        Value::Str(text) => text.clone(),
        Value::Seq(items) => {
            let items = items.iter().map(|item| item.text().unwrap_or("?"));
            items.collect::<Vec<_>>().join(" ")
        }
        Value::Map(map) => map.keys().cloned().collect::<Vec<_>>().join(" "),
        other => format!("{other:?}"),
    };
    paths.iter().map(|path| text(at(loaded, path))).collect()
}
