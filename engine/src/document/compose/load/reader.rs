//! The files that a project is made of: read once, within limits.
//!
//! Owns what may be read (what lies below the root, so much and no more) and the words for what
//! could not be.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::location::{self, Location};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Node, Value};
use crate::document::{Folder, Input, MAX_BYTES};
use crate::excerpt::excerpt;
use crate::files::FileError;
use crate::source::{Place, Source};
use crate::yaml;

/// The most compose files of one project, each counted as often as it is included or extended.
pub(super) const MAX_FILES: usize = 1_000;

/// The most values of one project, counted each time they are read, extended or merged. Some
/// fifty times the largest real projects.
pub(super) const MAX_WORK: usize = 1_000_000;

/// A file as parsed.
struct Documents {
    /// Its documents; `None` when it cannot be read.
    nodes: Option<Rc<[Node]>>,
    /// What is wrong with it.
    problems: Vec<Diagnostic>,
    /// Whether that was told.
    told: bool,
}

/// Reads the files of a project.
pub(super) struct Reader<'a> {
    folder: Option<&'a Folder>,
    /// What stands before a path below the root in the names that users know.
    prefix: String,
    documents: HashMap<String, Documents>,
    texts: HashMap<String, Result<Arc<Source>, FileError>>,
    /// Every text, in the order of reading.
    pub(super) sources: Vec<Arc<Source>>,
    /// Those that were parsed as compose files.
    pub(super) parsed: Vec<Arc<Source>>,
    files: usize,
    work: usize,
}

impl<'a> Reader<'a> {
    /// The reader of a project, and the path of its first file.
    pub(super) fn new(input: &'a Input) -> (Self, String) {
        let name = input.source.name();
        let path = match &input.folder {
            Some(folder) if folder.path.is_empty() => folder.file_name.clone(),
            Some(folder) => format!("{}/{}", folder.path, folder.file_name),
            None => name.to_owned(),
        };
        let prefix = name.strip_suffix(&path).unwrap_or_default().to_owned();
        let texts = HashMap::from([(path.clone(), Ok(Arc::clone(&input.source)))]);
        let reader = Reader {
            folder: input.folder.as_ref(),
            prefix,
            documents: HashMap::new(),
            texts,
            sources: vec![Arc::clone(&input.source)],
            parsed: Vec::new(),
            files: 0,
            work: 0,
        };
        (reader, path)
    }

    /// Counts values that are worked on; an error when that is too much.
    pub(super) fn work(&mut self, nodes: usize) -> Result<(), Diagnostic> {
        self.work = self.work.saturating_add(nodes);
        if self.work <= MAX_WORK {
            return Ok(());
        }
        Err(Diagnostic::error("the project is too large: its files hold too many values")
            .help("what is included or extended is counted each time"))
    }

    /// The YAML documents of a compose file, named at `at` (`None` for the user's own words).
    ///
    /// `None` for a file that cannot be read, which is told the first time.
    pub(super) fn documents(
        &mut self,
        path: &str,
        at: Option<&Place>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Rc<[Node]>> {
        self.files += 1;
        if self.is_full() {
            let problem = Diagnostic::error(format!("the project has more than {MAX_FILES} files"));
            problems.push(place(problem, at).help("a file counts each time it is included"));
            return None;
        }
        if let Some(known) = self.documents.get(path) {
            if known.told {
                return known.nodes.clone();
            }
        } else {
            let read = self.parse(path, at);
            self.documents.insert(path.to_owned(), read);
        }
        let known = self.documents.get_mut(path)?;
        known.told = true;
        problems.append(&mut known.problems);
        known.nodes.clone()
    }

    /// Whether more files were asked for than a project may have.
    pub(super) fn is_full(&self) -> bool {
        self.files > MAX_FILES
    }

    /// The documents of a file, without counting it; what is wrong with it is told when it is
    /// loaded.
    pub(super) fn peek(&mut self, path: &str) -> Option<Rc<[Node]>> {
        if !self.documents.contains_key(path) {
            let read = self.parse(path, None);
            self.documents.insert(path.to_owned(), read);
        }
        self.documents.get(path)?.nodes.clone()
    }

    fn parse(&mut self, path: &str, at: Option<&Place>) -> Documents {
        let failed = |problems| Documents { nodes: None, problems, told: false };
        let source = match self.text(path) {
            Ok(source) if source.text().len() as u64 <= MAX_BYTES => source,
            Ok(_) => return failed(vec![unreadable(path, &FileError::TooLarge(MAX_BYTES), at)]),
            Err(error) => return failed(vec![unreadable(path, &error, at)]),
        };
        self.parsed.push(Arc::clone(&source));
        let documents = match yaml::parse_documents(&source, yaml::Limits::default()) {
            Ok(documents) => documents,
            Err(problems) => return failed(problems),
        };
        let mut problems = Vec::new();
        for document in &documents {
            check_keys(&source, document, &mut problems);
        }
        let nodes = documents.into_iter().map(|node| Node::from_yaml(&source, node));
        Documents { nodes: Some(nodes.collect()), problems, told: false }
    }

    /// Whether there is nothing beside the first file.
    pub(super) fn is_alone(&self) -> bool {
        self.folder.is_none()
    }

    /// The name of the folder that a file lies in, as far as the user's names say it.
    pub(super) fn folder_name(&self, path: &str) -> Option<String> {
        self.folder?;
        let name = format!("{}{path}", self.prefix);
        let folder = location::folder_of(&name);
        let last = folder.rsplit('/').next().unwrap_or(folder);
        Some(last).filter(|last| !matches!(*last, "" | "." | "..")).map(str::to_owned)
    }

    /// The text of a file below the root.
    pub(super) fn text(&mut self, path: &str) -> Result<Arc<Source>, FileError> {
        if let Some(known) = self.texts.get(path) {
            return known.clone();
        }
        let read = match self.folder {
            Some(folder) => folder.files.read(path, MAX_BYTES),
            None => Err(FileError::Other("there is no folder to read it from".to_owned())),
        };
        let name = format!("{}{path}", self.prefix);
        let read = read.map(|bytes| Source::from_bytes(name, bytes));
        if let Ok(source) = &read {
            self.sources.push(Arc::clone(source));
        }
        self.texts.insert(path.to_owned(), read.clone());
        read
    }

    /// Every text that was read, by its path below the root.
    pub(super) fn into_texts(self) -> HashMap<String, Arc<Source>> {
        self.texts.into_iter().filter_map(|(path, text)| Some((path, text.ok()?))).collect()
    }

    /// The path below the root of a file that a compose file names in `node`, from a folder; an
    /// error for one that is not to be had.
    pub(super) fn locate(&self, folder: &str, node: &Node) -> Result<String, Diagnostic> {
        let path = node.text().unwrap_or_default();
        let error = |what: &str, label: &str| {
            let message = format!("`{}` {what}", excerpt(path));
            Err(Diagnostic::error(message).label(node.place.clone(), label))
        };
        if node.is_unknown() {
            let missing = node.substitution.as_ref().and_then(|written| written.missing.first());
            let missing = missing.map(String::as_str).unwrap_or_default();
            let label = format!("`{}` has no value", excerpt(missing));
            return error("cannot be read, because its path is not known", &label);
        }
        match location::locate(folder, path) {
            Location::Inside(path) => Ok(path),
            Location::Outside => error("leads out of the folder that is read", ""),
            Location::Remote => error("lies on another host, and nothing is fetched", ""),
        }
    }
}

/// Keys that YAML does not take for strings: Compose has no use for them.
fn check_keys(source: &Arc<Source>, node: &yaml::Node, problems: &mut Vec<Diagnostic>) {
    match &node.value {
        yaml::Value::Map(entries) => {
            for (key, value) in entries {
                if !key.is_string {
                    let message = format!("the key `{}` is not a string", excerpt(&key.text));
                    let problem = Diagnostic::error(message).at(Place::new(source, key.span));
                    problems.push(problem.help("put it in quotes"));
                }
                check_keys(source, value, problems);
            }
        }
        yaml::Value::Seq(items) => {
            items.iter().for_each(|item| check_keys(source, item, problems));
        }
        _ => {}
    }
}

/// Why a file cannot be read, told where it is named.
pub(super) fn unreadable(path: &str, error: &FileError, at: Option<&Place>) -> Diagnostic {
    place(Diagnostic::error(format!("cannot read `{}`: {error}", excerpt(path))), at)
}

fn place(problem: Diagnostic, at: Option<&Place>) -> Diagnostic {
    match at {
        Some(place) => problem.at(place.clone()),
        None => problem,
    }
}

/// The number of values in a tree.
pub(super) fn count(node: &Node) -> usize {
    1 + match &node.value {
        Value::Seq(items) => items.iter().map(count).sum(),
        Value::Map(map) => map.values().map(|entry| count(&entry.node)).sum(),
        _ => 0,
    }
}

/// Says that a whole tree came here through a place: the outermost one is the nearest to whoever
/// reads the project.
pub(super) fn used_at(node: &mut Node, place: &Place) {
    node.used_at = Some(place.clone());
    match &mut node.value {
        Value::Seq(items) => items.iter_mut().for_each(|item| used_at(item, place)),
        Value::Map(map) => map.values_mut().for_each(|entry| used_at(&mut entry.node, place)),
        _ => {}
    }
}
