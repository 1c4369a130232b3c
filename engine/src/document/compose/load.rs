//! Compose files to one project: every stage in its order.
//!
//! Owns the order of the stages and what is read: the files, those they extend and include, the
//! files of variables. It refuses what leads out of the root, what goes round in circles, and what
//! is larger or deeper than any real project.

mod adopt;
mod environment;
mod extends;
mod hooks;
mod include;
mod location;
mod merge;
mod name;
mod pattern;
mod profiles;
mod reader;
mod reset;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexSet;

use self::pattern::KeyPath;
use self::reader::{Reader, count};
use self::reset::Resets;
use super::complete::{self, Context};
use super::interpolate::interpolate;
use super::short::canonicalise;
use super::tree::{Entry, Map, Node, Value};
use super::validate;
use super::variables::Variables;
use crate::diagnostic::Diagnostic;
use crate::document::{Input, ReadOptions};
use crate::source::{Place, Source, Span};

/// The most problems that are told of one project.
pub const MAX_PROBLEMS: usize = 500;

/// A project as loaded.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The project: a mapping with `services`, `networks` and so on, in long form, merged and
    /// completed. Where problems were found, what could be read.
    pub root: Node,
    /// Every text it was read from, in the order of reading; the first is the document's own.
    pub sources: Vec<Arc<Source>>,
    /// Those of the texts that are compose files; the others hold variables.
    pub files: Vec<Arc<Source>>,
    /// The files that were to be read, each merged over those before it.
    pub merged: Vec<Arc<Source>>,
    /// The files that these include, and those include in turn.
    pub included: Vec<Arc<Source>>,
    /// What is said of the project as a whole.
    pub project: ProjectInfo,
    /// What Compose would refuse (errors) or warn of.
    pub problems: Vec<Diagnostic>,
}

/// What is said of a project as a whole.
#[derive(Clone, Debug, Default)]
pub struct ProjectInfo {
    /// Its name as Compose normalises it; `None` when nothing says it, or only a variable does that
    /// has no value.
    pub name: Option<String>,
    /// The obsolete `version`, where the last file that has one says it.
    pub version: Option<Node>,
    /// The folder of the project below the root of the files; `""` for the root. Relative paths in
    /// the tree start here.
    pub folder: String,
    /// The profiles that are active.
    pub profiles: Vec<String>,
    /// The services that are not part of the project because none of their profiles is active; they
    /// are not in the tree's `services`.
    pub disabled: Vec<DisabledService>,
    /// The services whose `env_file`s or `label_file`s could not all be read: they may have more
    /// variables and labels than the tree says.
    pub incomplete: Vec<String>,
    /// The files of variables that were read without being named: `.env` beside the project, and
    /// beside what it includes. Paths below the root of the files.
    pub default_env_files: Vec<String>,
    /// Every text that was read, by its path below the root of the files.
    pub texts: HashMap<String, Arc<Source>>,
}

/// A service that is not part of the project.
#[derive(Clone, Debug)]
pub struct DisabledService {
    /// Its name.
    pub name: String,
    /// Where its key is written.
    pub key: Place,
    /// What it says, completed like the others.
    pub node: Node,
}

/// Reads a compose file, and all that belongs to it, as one project.
///
/// Parsing never fails: what Compose refuses is an error in [`Loaded::problems`], and the tree is
/// what could be read.
#[must_use]
pub fn load(input: &Input, options: &ReadOptions) -> Loaded {
    let options = &options.compose;
    let (reader, first) = Reader::new(input);
    let folder = location::folder_of(&first).to_owned();
    let folder = if input.folder.is_some() { folder } else { String::new() };
    let mut loader = Loader {
        reader,
        problems: Vec::new(),
        version: None,
        default_env_files: Vec::new(),
        included: IndexSet::new(),
        stopped: false,
        lost: false,
    };

    let mut variables = environment::project(&mut loader, options, &folder);
    let files: Vec<String> = std::iter::once(first).chain(options.files.iter().cloned()).collect();
    let name = name::find(&mut loader.reader, options, &files, &variables, &mut loader.problems);
    match &name.text {
        Some(name) => variables.set("COMPOSE_PROJECT_NAME", name),
        None => variables.set_unknown("COMPOSE_PROJECT_NAME"),
    }
    let profiles = active_profiles(&options.profiles, &variables);

    let scope = Scope { folder: folder.clone(), variables: Rc::new(variables) };
    let files: Vec<_> = files.into_iter().map(|file| (file, None)).collect();
    let merged = files.iter().filter_map(|(path, _)| loader.reader.text(path).ok()).collect();
    let mut root = loader.model(&files, &scope, &[]);
    put_name(&mut root, &name);
    let project_name = name.text.as_deref();
    complete::complete(&mut root, &Context { project_name, variables: &scope.variables });
    hooks::inherit(&mut loader, &mut root);
    let disabled = profiles::split(&mut root, &profiles);
    if !loader.lost {
        check_consistency(&root, &disabled, &mut loader.problems);
    }
    let incomplete = environment::of_services(&mut loader, &mut root, &scope);
    let included = std::mem::take(&mut loader.included);
    let included = included.iter().filter_map(|path| loader.reader.text(path).ok()).collect();
    Loaded {
        root,
        merged,
        included,
        files: std::mem::take(&mut loader.reader.parsed),
        sources: std::mem::take(&mut loader.reader.sources),
        project: ProjectInfo {
            name: name.text,
            version: loader.version,
            folder,
            profiles,
            disabled,
            incomplete,
            default_env_files: loader.default_env_files,
            texts: loader.reader.into_texts(),
        },
        problems: told_once(loader.problems),
    }
}

fn check_consistency(root: &Node, disabled: &[DisabledService], problems: &mut Vec<Diagnostic>) {
    if disabled.is_empty() {
        return validate::consistency(root, problems);
    }
    let mut root = root.clone();
    profiles::drop_optional(&mut root, disabled);
    validate::consistency(&root, problems);
}

/// `--profile`, or else `COMPOSE_PROFILES`.
fn active_profiles(options: &[String], variables: &Variables) -> Vec<String> {
    if !options.is_empty() {
        return options.to_vec();
    }
    let profiles = variables.get("COMPOSE_PROFILES").unwrap_or_default().split(',');
    profiles.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

fn put_name(root: &mut Node, name: &name::Name) {
    let place = root.place.clone();
    let Some(map) = root.map_mut() else { return };
    match (&name.text, &name.node) {
        (Some(text), node) => {
            let value = Value::Str(text.clone());
            let node = match node {
                Some(node) => node.with(value),
                None => Node::default_at(value, &place),
            };
            let key = map.get("name").map_or_else(|| node.place.clone(), |entry| entry.key.clone());
            map.insert("name".to_owned(), Entry { key, node });
        }
        (None, Some(_)) => {}
        (None, None) => {
            map.shift_remove("name");
        }
    }
}

/// The first of those that say the same of the same place: a part of a project may be checked more
/// than once, on its own and as merged.
fn told_once(problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut left = 0_usize;
    for problem in problems {
        let place = problem.place().map(|place| (Arc::as_ptr(&place.source), place.span));
        if !seen.insert((place, problem.message.clone())) {
            continue;
        }
        if kept.len() < MAX_PROBLEMS {
            kept.push(problem);
        } else {
            left += 1;
        }
    }
    if left > 0 {
        kept.push(Diagnostic::error(format!("there are {left} further problems")));
    }
    kept
}

/// In what surroundings files are read: those of the project, or of one that it includes.
struct Scope {
    /// The folder below the root of the files that paths are relative to.
    folder: String,
    variables: Rc<Variables>,
}

/// What a file is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// As a part of a project.
    Project,
    /// For the services that others extend: nothing else of it counts, and it need not be valid.
    Base,
}

/// Reads files and puts them together.
struct Loader<'a> {
    reader: Reader<'a>,
    problems: Vec<Diagnostic>,
    version: Option<Node>,
    /// The `.env`s that were read.
    default_env_files: Vec<String>,
    /// The paths of the files that are included, each once.
    included: IndexSet<String>,
    /// Whether a limit was reached: what is left is not read.
    stopped: bool,
    /// Whether something is missing that could not be read: what else is missing may be in it.
    lost: bool,
}

impl Loader<'_> {
    fn stop(&mut self, problem: Diagnostic) {
        self.stopped = true;
        self.lose(problem);
    }

    /// Tells of something that is missing from the project now.
    fn lose(&mut self, problem: Diagnostic) {
        self.lost = true;
        self.problems.push(problem);
    }

    /// A tree in which nothing is said yet.
    fn empty(&self) -> Node {
        let place = self.reader.sources.first().map(|source| Place::new(source, Span::default()));
        let place = place.unwrap_or_else(|| Place::new(&Source::new("", ""), Span::default()));
        Node::new(Value::Map(Map::new()), place)
    }

    /// The path below the root that a node names.
    fn locate(&mut self, folder: &str, node: &Node) -> Option<String> {
        match self.reader.locate(folder, node) {
            Ok(path) => Some(path),
            Err(problem) => {
                self.lose(problem);
                None
            }
        }
    }

    /// Reads files as one project, each merged over those before it. `included` are the files that
    /// include this project, the outermost first.
    fn model(
        &mut self,
        files: &[(String, Option<Place>)],
        scope: &Scope,
        included: &[String],
    ) -> Node {
        let mut tree = self.empty();
        for (path, place) in files {
            self.file(path, place.as_ref(), scope, Mode::Project, included, &mut tree);
        }
        complete::defaults(&mut tree);
        complete::bare_names(&mut tree, &scope.variables);
        tree
    }

    /// Merges a file over a tree, one document after the other. Gives what its last document resets;
    /// `None` when it cannot be read.
    fn file(
        &mut self,
        path: &str,
        place: Option<&Place>,
        scope: &Scope,
        mode: Mode,
        included: &[String],
        tree: &mut Node,
    ) -> Option<Rc<Resets>> {
        let documents = self.reader.documents(path, place, &mut self.problems);
        self.stopped |= self.reader.is_full();
        self.lost |= documents.is_none();
        let documents = documents?;
        let mut trail = included.to_vec();
        trail.push(path.to_owned());
        let mut last = Rc::default();
        for document in documents.iter() {
            if self.stopped {
                break;
            }
            if let Err(problem) = self.reader.work(count(document) + count(tree)) {
                self.stop(problem.at(document.place.clone()));
                break;
            }
            last = self.document(document.clone(), path, scope, mode, &trail, tree);
        }
        Some(last)
    }

    /// Merges one document over a tree, in the order of compose-go's `loadYamlFile`.
    fn document(
        &mut self,
        mut document: Node,
        path: &str,
        scope: &Scope,
        mode: Mode,
        trail: &[String],
        tree: &mut Node,
    ) -> Rc<Resets> {
        let resets = Rc::new(Resets::take(&mut document));
        if document.map().is_none() {
            let problem = Diagnostic::error("a compose file must be a mapping at the top");
            self.lose(problem.at(document.place));
            return resets;
        }
        interpolate(&mut document, &scope.variables, &mut self.problems);
        adopt::adopt(&mut document, &mut self.problems);
        if mode == Mode::Project {
            extends::apply(self, &mut document, path, &resets, scope);
        }
        resets.apply(tree);
        if mode == Mode::Project {
            include::apply(self, &mut document, &resets, scope, trail);
        }
        let base = std::mem::replace(tree, self.empty());
        *tree = match base.map() {
            Some(map) if map.is_empty() => document,
            _ => merge::merge(base, document, &mut KeyPath::default(), &mut self.problems),
        };
        merge::unique::unique(tree, &mut KeyPath::default());
        if mode == Mode::Project {
            validate::validate(tree, &mut self.problems);
            self.drop_version(tree);
        }
        canonicalise(tree, &mut self.problems);
        drop_empty_servers(tree);
        // Short forms may turn out to mean the same: ranges of ports.
        merge::unique::unique(tree, &mut KeyPath::default());
        resets
    }

    fn drop_version(&mut self, tree: &mut Node) {
        let version = tree.map_mut().and_then(|root| root.shift_remove("version"));
        if let Some(version) = version {
            let problem = Diagnostic::warning("`version` is obsolete and means nothing");
            self.problems.push(problem.at(version.key).help("remove it"));
            self.version = Some(version.node);
        }
    }
}

/// A server that is `${NONE}` is none: compose-go's `OmitEmpty`.
fn drop_empty_servers(tree: &mut Node) {
    let services = tree.map_mut().and_then(|root| root.get_mut("services"));
    let Some(services) = services.and_then(|entry| entry.node.map_mut()) else { return };
    for service in services.values_mut() {
        let servers = service.node.map_mut().and_then(|service| service.get_mut("dns"));
        if let Some(Value::Seq(servers)) = servers.map(|entry| &mut entry.node.value) {
            servers.retain(|server| server.value != Value::Null && server.text() != Some(""));
        }
    }
}
