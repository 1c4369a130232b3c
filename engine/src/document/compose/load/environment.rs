//! Variables: of the project (`.env`), of what it includes, and of its services (`env_file`).

use std::sync::Arc;

use super::location::{self, Location};
use super::reader::unreadable;
use super::{Loader, Scope};
use crate::diagnostic::Diagnostic;
use crate::document::ComposeOptions;
use crate::document::compose::dotenv::{self, Pair};
use crate::document::compose::tree::{Entry, Map, Node, Value};
use crate::document::compose::variables::{Unset, Variables};
use crate::excerpt::excerpt;
use crate::files::FileError;
use crate::source::{Place, Source};

/// How many bytes of a file of variables are as much work as one value.
const BYTES_PER_VALUE: usize = 16;

/// The variables of a project: the environment's, and then those of its files.
pub(super) fn project(
    loader: &mut Loader<'_>,
    options: &ComposeOptions,
    folder: &str,
) -> Variables {
    let mut variables = Variables::default();
    variables.unset = options.unset;
    for (name, value) in &options.variables {
        variables.set(name, value);
    }
    let disabled = variables.get("COMPOSE_DISABLE_ENV_FILE").is_some_and(is_true);
    let mut sources = options.env_files.clone();
    loader.reader.sources.extend(sources.iter().map(Arc::clone));
    if options.env_files.is_empty() && !disabled {
        sources.extend(loader.default_variables(folder));
    }
    extended(loader, &variables, &sources)
}

/// The variables of a project that is included: what it is included with wins over its files.
/// `None` when one of those cannot be read.
pub(super) fn included(
    loader: &mut Loader<'_>,
    item: &Node,
    scope: &Scope,
    folder: &str,
) -> Option<Variables> {
    let files = item.get("env_file").filter(|node| node.value != Value::Null);
    let nodes = match files.map(|node| (node, &node.value)) {
        Some((_, Value::Seq(items))) => items.as_slice(),
        Some((node, _)) => std::slice::from_ref(node),
        None => &[],
    };
    let mut sources = Vec::new();
    if nodes.is_empty() {
        sources.extend(loader.default_variables(folder));
    }
    for node in nodes.iter().filter(|node| node.text() != Some("/dev/null")) {
        let path = loader.locate(&scope.folder, node)?;
        sources.push(loader.variables_of(&path, Some(&node.place))?);
    }
    Some(extended(loader, &scope.variables, &sources))
}

/// Variables, and those of files that they do not have; a later file replaces an earlier one's.
fn extended(loader: &mut Loader<'_>, variables: &Variables, sources: &[Arc<Source>]) -> Variables {
    let mut found = Variables::default();
    for source in sources {
        let lookup =
            |name: &str| variables.get(name).or_else(|| found.get(name)).map(str::to_owned);
        let pairs = match dotenv::parse(source, &lookup, variables.unset) {
            Ok(pairs) => pairs,
            Err(problems) => {
                loader.problems.extend(problems);
                continue;
            }
        };
        for pair in pairs {
            match pair.value {
                _ if pair.substitution.as_ref().is_some_and(|s| !s.missing.is_empty()) => {
                    found.set_unknown(pair.name);
                }
                Some(value) => found.set(pair.name, value),
                None => {}
            }
        }
    }
    // What is set first is replaced by what is set last.
    found.unset = variables.unset;
    found.add(variables);
    found
}

/// As Go's `strconv.ParseBool` has it.
fn is_true(text: &str) -> bool {
    ["1", "t", "T", "TRUE", "true", "True"].contains(&text)
}

/// Adds to every service the variables of its `env_file`s and the labels of its `label_file`s.
///
/// Gives the names of services of whose files not all could be read.
pub(super) fn of_services(
    loader: &mut Loader<'_>,
    project: &mut Node,
    scope: &Scope,
) -> Vec<String> {
    let mut incomplete = Vec::new();
    for section in ["services", "jobs"] {
        let services = project.map_mut().and_then(|root| root.get_mut(section));
        let Some(services) = services.and_then(|entry| entry.node.map_mut()) else { continue };
        for (name, entry) in services {
            let Some(service) = entry.node.map_mut() else { continue };
            let mut files = ServiceFiles { loader, scope, complete: true };
            files.environment(service);
            files.labels(service);
            if !files.complete {
                incomplete.push(name.clone());
            }
        }
    }
    incomplete
}

struct ServiceFiles<'l, 'a> {
    loader: &'l mut Loader<'a>,
    scope: &'l Scope,
    /// Whether every file could be read.
    complete: bool,
}

impl ServiceFiles<'_, '_> {
    fn environment(&mut self, service: &mut Map) {
        let Some(files) = service.get("env_file").map(|entry| entry.node.clone()) else { return };
        let files = list(&files);
        let mut own = service.get("environment").cloned();
        let own = own.as_mut().and_then(|entry| entry.node.map_mut()).map(std::mem::take);
        let own = own.unwrap_or_default();
        let mut found = Map::new();
        for file in files {
            let path = file.get("path").unwrap_or(file);
            let required = file.get("required").is_none_or(|node| node.value != Value::Bool(false));
            let raw = file.get("format").and_then(Node::text) == Some("raw");
            let Some(source) = self.read(path, required) else { continue };
            let pairs = if raw {
                dotenv::parse_raw(&source)
            } else {
                let project = &self.scope.variables;
                let value = |map: &Map, name: &str| {
                    map.get(name).and_then(|entry| entry.node.text()).map(str::to_owned)
                };
                let lookup = |name: &str| {
                    let project = project.get(name).map(str::to_owned);
                    project.or_else(|| value(&own, name)).or_else(|| value(&found, name))
                };
                dotenv::parse(&source, &lookup, project.unset)
            };
            self.add(&mut found, pairs, &path.place);
        }
        put(service, "environment", found, own);
    }

    fn labels(&mut self, service: &mut Map) {
        let Some(files) = service.get("label_file").map(|entry| entry.node.clone()) else { return };
        let mut own = service.get("labels").cloned();
        let own = own.as_mut().and_then(|entry| entry.node.map_mut()).map(std::mem::take);
        let mut found = Map::new();
        for file in list(&files) {
            let Some(source) = self.read(file, true) else { continue };
            // Compose looks nothing up for them: what the file does not set is empty.
            let pairs = dotenv::parse(&source, &|_| None, Unset::Empty);
            self.add(&mut found, pairs, &file.place);
        }
        put(service, "labels", found, own.unwrap_or_default());
    }

    /// Adds the lines of a file that is named at `used`.
    fn add(&mut self, found: &mut Map, pairs: Result<Vec<Pair>, Vec<Diagnostic>>, used: &Place) {
        let pairs = match pairs {
            Ok(pairs) => pairs,
            Err(problems) => {
                self.complete = false;
                self.loader.problems.extend(problems);
                return;
            }
        };
        for pair in pairs {
            let value = pair.value.or_else(|| {
                // A name alone stands for its value in the environment of the project.
                self.scope.variables.get(&pair.name).map(str::to_owned)
            });
            let Some(value) = value else { continue };
            let node = Node {
                used_at: Some(used.clone()),
                substitution: pair.substitution,
                ..Node::new(Value::Str(value), pair.place)
            };
            found.insert(pair.name, Entry { key: pair.name_place, node });
        }
    }

    /// The text of a file that a service names. What Compose would find elsewhere on the host is
    /// only a warning: the project is not wrong.
    fn read(&mut self, path: &Node, required: bool) -> Option<Arc<Source>> {
        let text = path.text()?;
        let elsewhere = location::locate(&self.scope.folder, text);
        let result = match elsewhere {
            _ if path.is_unknown() => Err(None),
            Location::Inside(inside) => self.loader.reader.text(&inside).map_err(Some),
            Location::Outside | Location::Remote => Err(None),
        };
        match result {
            Ok(source) => {
                let work = source.text().len() / BYTES_PER_VALUE + 1;
                if let Err(problem) = self.loader.reader.work(work) {
                    self.complete = false;
                    self.loader.stop(problem.at(path.place.clone()));
                    return None;
                }
                return Some(source);
            }
            Err(Some(FileError::NotFound)) if !required => return None,
            // Compose refuses it. But most repositories keep such files to themselves, and whoever
            // deploys has them: what they set is unknown, as a variable is that nobody set.
            Err(Some(FileError::NotFound)) if self.scope.variables.unset == Unset::Unknown => {
                let message =
                    format!("there is no `{}` here, and what it sets is not known", excerpt(text));
                let problem = Diagnostic::warning(message).at(path.place.clone());
                self.loader.problems.push(problem);
            }
            Err(Some(error)) => {
                let problem = unreadable(text, &error, Some(&path.place));
                self.loader.problems.push(problem);
            }
            Err(None) => {
                let message = format!(
                    "`{}` is not read, because it may lie outside the folder that is read",
                    excerpt(text)
                );
                self.loader.problems.push(Diagnostic::warning(message).at(path.place.clone()));
            }
        }
        self.complete = false;
        None
    }
}

/// A list's items, or the one thing that stands for a list.
fn list(node: &Node) -> &[Node] {
    match &node.value {
        Value::Seq(items) => items,
        Value::Null => &[],
        _ => std::slice::from_ref(node),
    }
}

/// Sets a mapping of a service to what files say, with what the service says itself over it.
fn put(service: &mut Map, key: &str, found: Map, own: Map) {
    if found.is_empty() {
        return;
    }
    let mut merged = found;
    merged.extend(own);
    match service.get_mut(key) {
        Some(entry) => entry.node.value = Value::Map(merged),
        None => {
            let Some(first) = merged.values().next() else { return };
            let place = first.node.used_at.clone().unwrap_or_else(|| first.node.place.clone());
            let node = Node::new(Value::Map(merged), place.clone());
            service.insert(key.to_owned(), Entry { key: place, node });
        }
    }
}

impl Loader<'_> {
    /// The `.env` of a folder, if there is one.
    fn default_variables(&mut self, folder: &str) -> Option<Arc<Source>> {
        let path = if folder.is_empty() { ".env".to_owned() } else { format!("{folder}/.env") };
        match self.reader.text(&path) {
            Ok(source) => {
                if !self.default_env_files.contains(&path) {
                    self.default_env_files.push(path);
                }
                Some(source)
            }
            Err(FileError::NotFound | FileError::NotAFile) => None,
            Err(_) if self.reader.is_alone() => None,
            Err(error) => {
                self.problems.push(unreadable(&path, &error, None));
                None
            }
        }
    }

    /// A file of variables that is named at `at`.
    fn variables_of(&mut self, path: &str, at: Option<&Place>) -> Option<Arc<Source>> {
        match self.reader.text(path) {
            Ok(source) => Some(source),
            Err(error) => {
                self.lose(unreadable(path, &error, at));
                None
            }
        }
    }
}
