//! `include`: other projects as parts of this one.

use std::rc::Rc;

use super::location;
use super::merge::merge;
use super::pattern::KeyPath;
use super::reader::{count, used_at};
use super::reset::Resets;
use super::{Loader, Scope, environment};
use crate::diagnostic::Diagnostic;
use crate::document::compose::complete::paths;
use crate::document::compose::tree::{Entry, Map, Node, Value};
use crate::excerpt::excerpt;
use crate::source::Place;

/// The most projects of which each includes the next.
const MAX_CHAIN: usize = 50;

/// What an included project brings.
const SECTIONS: [&str; 7] =
    ["services", "jobs", "volumes", "networks", "secrets", "configs", "models"];

/// Merges into a document the projects that it includes; what the document says itself wins.
pub(super) fn apply(
    loader: &mut Loader<'_>,
    document: &mut Node,
    resets: &Resets,
    scope: &Scope,
    included: &[String],
) {
    let Some(entry) = document.map_mut().and_then(|root| root.shift_remove("include")) else {
        return;
    };
    let items = match entry.node.value {
        Value::Null => return,
        Value::Seq(items) => items,
        _ => {
            let problem = Diagnostic::error("`include` must be a list");
            loader.lose(problem.at(entry.node.place));
            return;
        }
    };
    for item in items {
        if loader.stopped {
            return;
        }
        let place = item.place.clone();
        let Some(mut project) = load(loader, &item, scope, included) else { continue };
        if let Err(problem) = loader.reader.work(count(&project)) {
            loader.stop(problem.at(place));
            return;
        }
        used_at(&mut project, &place);
        import(loader, document, project, resets);
    }
}

fn load(loader: &mut Loader<'_>, item: &Node, scope: &Scope, included: &[String]) -> Option<Node> {
    let files = files(loader, item, scope)?;
    let (first, first_place) = files.first()?;
    if included.contains(first) {
        loader.lose(circle(included, first).at(first_place.clone()));
        return None;
    }
    if included.len() >= MAX_CHAIN {
        let problem = Diagnostic::error(format!("more than {MAX_CHAIN} files include one another"));
        loader.lose(problem.at(first_place.clone()));
        return None;
    }
    let folder = match item.get("project_directory").filter(|node| node.value != Value::Null) {
        Some(node) => loader.locate(&scope.folder, node)?,
        None => location::folder_of(first).to_owned(),
    };
    let variables = environment::included(loader, item, scope, &folder)?;
    let inner = Scope { folder, variables: Rc::new(variables) };
    loader.included.extend(files.iter().map(|(path, _)| path.clone()));
    let files: Vec<_> = files.into_iter().map(|(path, place)| (path, Some(place))).collect();
    let mut project = loader.model(&files, &inner, included);
    paths::resolve(&mut project, &location::relative(&scope.folder, &inner.folder));
    Some(project)
}

/// The files of an entry; the first is the project's own, the others are merged over it.
fn files(loader: &mut Loader<'_>, item: &Node, scope: &Scope) -> Option<Vec<(String, Place)>> {
    let path = match &item.value {
        Value::Map(map) => map.get("path").map(|entry| &entry.node),
        Value::Str(_) => Some(item),
        _ => None,
    };
    let nodes = match path.map(|path| (path, &path.value)) {
        Some((_, Value::Seq(items))) => items.as_slice(),
        Some((path, Value::Str(_))) => std::slice::from_ref(path),
        _ => &[],
    };
    if nodes.is_empty() || nodes.iter().any(|node| node.text().is_none()) {
        let problem = Diagnostic::error("an entry of `include` must say the path of a file");
        let help = "write the path, or `path: PATH`";
        loader.lose(problem.at(item.place.clone()).help(help));
        return None;
    }
    // A file that cannot be had is told, and nothing of the entry is read: the others change it.
    let located =
        nodes.iter().map(|node| Some((loader.locate(&scope.folder, node)?, node.place.clone())));
    located.collect()
}

fn circle(included: &[String], path: &str) -> Diagnostic {
    let from = included.iter().position(|file| file == path).unwrap_or_default();
    let files = included.iter().skip(from).map(String::as_str).chain([path]);
    let files: Vec<String> = files.map(|file| format!("`{}`", excerpt(file))).collect();
    Diagnostic::error(match files.as_slice() {
        [one, _] => format!("{one} includes itself"),
        files if files.len() <= 6 => {
            format!("files include one another in a circle: {}", files.join(" includes "))
        }
        files => format!("{} files include one another in a circle", files.len() - 1),
    })
}

/// Adds what a project defines; what both define is merged, and this document's own wins.
fn import(loader: &mut Loader<'_>, document: &mut Node, mut project: Node, resets: &Resets) {
    for section in SECTIONS {
        let found = project.map_mut().and_then(|root| root.shift_remove(section));
        let Some(Entry { key, node }) = found else { continue };
        let place = node.place.clone();
        let Value::Map(definitions) = node.value else { continue };
        let Some(root) = document.map_mut() else { return };
        let target = root.entry(section.to_owned()).or_insert_with(|| Entry {
            key,
            node: Node::new(Value::Map(Map::new()), place.clone()),
        });
        if target.node.value == Value::Null {
            target.node = Node::new(Value::Map(Map::new()), place);
        }
        let Some(target) = target.node.map_mut() else { continue };
        for (name, mut definition) in definitions {
            let Some(own) = target.get_mut(&name) else {
                target.insert(name, definition);
                continue;
            };
            // The same definition on two ways; merged, its lists would have everything twice.
            if own.node == definition.node {
                continue;
            }
            resets.apply_below(section, &name, &mut definition.node);
            let nothing = Node::new(Value::Null, own.node.place.clone());
            let over = std::mem::replace(&mut own.node, nothing);
            let mut path = KeyPath::new([section, &name]);
            own.node = merge(definition.node, over, &mut path, &mut loader.problems);
        }
    }
}
