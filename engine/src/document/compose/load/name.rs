//! The name of a project.

use super::reader::Reader;
use crate::diagnostic::Diagnostic;
use crate::document::ComposeOptions;
use crate::document::compose::interpolate;
use crate::document::compose::tree::{Map, Node, Value};
use crate::document::compose::variables::Variables;
use crate::excerpt::excerpt;

/// A project's name, and where it is said, if that is in a file.
pub(super) struct Name {
    /// The name as normalised; `None` when nobody knows it.
    pub(super) text: Option<String>,
    /// The `name` of the file that counts.
    pub(super) node: Option<Node>,
}

/// Finds the name as Compose does: the user's, the environment's, the last file's, the folder's.
pub(super) fn find(
    reader: &mut Reader<'_>,
    options: &ComposeOptions,
    files: &[String],
    variables: &Variables,
    problems: &mut Vec<Diagnostic>,
) -> Name {
    let said = options.project_name.as_deref().filter(|name| !name.is_empty());
    let said = said.or_else(|| variables.get("COMPOSE_PROJECT_NAME").filter(|n| !n.is_empty()));
    if let Some(name) = said {
        if normalise(name) != name {
            let message = format!("`{}` is not a name that a project can have", excerpt(name));
            problems.push(Diagnostic::error(message).help(
                "use lower-case letters, digits, `-` and `_`, and begin with a letter or a digit",
            ));
        }
        return Name { text: Some(normalise(name)).filter(|name| !name.is_empty()), node: None };
    }
    if let Some(node) = written(reader, files, variables) {
        if node.is_unknown() {
            return Name { text: None, node: Some(node) };
        }
        let text = normalise(node.text().unwrap_or_default());
        if text.is_empty() {
            let problem = Diagnostic::error("nothing is left of the name of the project")
                .at(node.place.clone())
                .help("a name has letters or digits");
            problems.push(problem);
        }
        return Name { text: Some(text).filter(|text| !text.is_empty()), node: Some(node) };
    }
    let folder = files.first().and_then(|file| reader.folder_name(file));
    let text = folder.map(|name| normalise(&name)).filter(|name| !name.is_empty());
    Name { text, node: None }
}

/// The last `name` that is written in a file and is not empty.
fn written(reader: &mut Reader<'_>, files: &[String], variables: &Variables) -> Option<Node> {
    let mut found = None;
    for file in files {
        // What is wrong with a file is told when it is loaded.
        let Some(documents) = reader.peek(file) else { continue };
        for document in documents.iter() {
            let entry = document.map().and_then(|root| root.get("name"));
            if let Some(entry) = entry.filter(|entry| entry.node.text() != Some("")) {
                found = Some(entry.clone());
            }
        }
    }
    let entry = found.filter(|entry| entry.node.text().is_some())?;
    let mut root = Node::new(Value::Null, entry.node.place.clone());
    root.value = Value::Map(Map::from([("name".to_owned(), entry)]));
    // What is wrong with the text is told when the file is loaded.
    interpolate::interpolate(&mut root, variables, &mut Vec::new());
    root.get("name").filter(|node| node.text() != Some("")).cloned()
}

/// What Compose makes of a name: lower case, without what a name may not have.
pub(super) fn normalise(name: &str) -> String {
    let allowed = |c: &char| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-');
    let text: String = name.chars().flat_map(char::to_lowercase).filter(allowed).collect();
    text.trim_start_matches(['_', '-']).to_owned()
}
