//! `extends`: a service that starts from another one, of the same file or of another.

use std::collections::HashMap;
use std::mem;
use std::rc::Rc;

use super::location;
use super::merge::merge;
use super::pattern::KeyPath;
use super::reader::{count, used_at};
use super::reset::Resets;
use super::{Loader, Mode, Scope};
use crate::diagnostic::Diagnostic;
use crate::document::compose::complete::paths;
use crate::document::compose::tree::{Entry, Map, Node, Value};
use crate::excerpt::excerpt;
use crate::nearest::nearest;
use crate::source::Place;

/// The most services of which each extends the next.
const MAX_CHAIN: usize = 100;

/// How much work a value is that is extended: it is copied, marked, merged, and checked once more.
const WORK_PER_VALUE: usize = 8;

/// The services of one file, each with what it extends merged in once somebody asked for it.
struct Definitions {
    path: String,
    /// The folder that the paths of its `extends` are relative to.
    folder: String,
    section: &'static str,
    services: Map,
    resets: Rc<Resets>,
}

/// What a service says it extends.
struct Reference {
    service: Node,
    file: Option<Node>,
    /// The word `extends`.
    place: Place,
    /// All of it.
    entry: Entry,
}

/// Merges into every service of a document what it extends.
pub(super) fn apply(
    loader: &mut Loader<'_>,
    document: &mut Node,
    path: &str,
    resets: &Rc<Resets>,
    scope: &Scope,
) {
    let mut extending =
        Extending { loader, scope, files: Vec::new(), known: HashMap::new(), chain: Vec::new() };
    for section in ["services", "jobs"] {
        let services = document.map_mut().and_then(|root| root.get_mut(section));
        let Some(services) = services.and_then(|entry| entry.node.map_mut()) else { continue };
        let names: Vec<String> = services.keys().cloned().collect();
        let id = extending.files.len();
        extending.files.push(Definitions {
            path: path.to_owned(),
            folder: scope.folder.clone(),
            section,
            services: mem::take(services),
            resets: Rc::clone(resets),
        });
        for name in names {
            extending.resolve(id, &name);
        }
        if let Some(file) = extending.files.get_mut(id) {
            *services = mem::take(&mut file.services);
        }
    }
}

struct Extending<'l, 'a> {
    loader: &'l mut Loader<'a>,
    scope: &'l Scope,
    files: Vec<Definitions>,
    /// The files that are extended, by path; `None` for one that cannot be read.
    known: HashMap<String, Option<usize>>,
    /// The services that are being resolved, the outermost first.
    chain: Vec<(usize, String)>,
}

impl Extending<'_, '_> {
    /// Merges into one service what it extends; recursion is as deep as [`MAX_CHAIN`].
    fn resolve(&mut self, id: usize, name: &str) {
        if self.loader.stopped {
            return;
        }
        // Taken out, so that a mistake is told once, and whoever extends this later finds it done.
        let Some(reference) = self.take_reference(id, name) else { return };
        let Some(base) = self.base(id, name, &reference) else { return };
        self.chain.push((id, name.to_owned()));
        let source = self.source(id, name, base, &reference);
        self.chain.pop();
        let Some(mut source) = source else { return };
        if source.value == Value::Null {
            // Nothing is extended, and Compose goes on showing that something was to be.
            let service = self.files.get_mut(id).and_then(|file| file.services.get_mut(name));
            let service = service.and_then(|entry| entry.node.map_mut());
            service.map(|service| service.insert("extends".to_owned(), reference.entry));
            return;
        }
        if let Err(problem) = self.loader.reader.work(count(&source) * WORK_PER_VALUE) {
            self.loader.stop(problem.at(reference.place));
            return;
        }
        let Some(file) = self.files.get_mut(id) else { return };
        file.resets.apply_below(file.section, name, &mut source);
        used_at(&mut source, &reference.place);
        let Some(entry) = file.services.get_mut(name) else { return };
        let nothing = Node::new(Value::Null, entry.node.place.clone());
        let service = mem::replace(&mut entry.node, nothing);
        let mut path = KeyPath::new([file.section, name]);
        entry.node = merge(source, service, &mut path, &mut self.loader.problems);
    }

    fn take_reference(&mut self, id: usize, name: &str) -> Option<Reference> {
        let services = &mut self.files.get_mut(id)?.services;
        let service = services.get_mut(name)?.node.map_mut()?;
        let entry = service.shift_remove("extends")?;
        let place = entry.key.clone();
        let (service, file) = match &entry.node.value {
            Value::Str(_) => (Some(entry.node.clone()), None),
            Value::Map(map) => {
                let part = |key: &str| map.get(key).map(|entry| entry.node.clone());
                (part("service").filter(|service| service.text().is_some()), part("file"))
            }
            _ => (None, None),
        };
        let file = file.filter(|file| file.value != Value::Null);
        let reference =
            service.map(|service| Reference { service, file, place: place.clone(), entry });
        if reference.is_none() {
            let problem = Diagnostic::error(format!(
                "the service `{}` does not say which service it extends",
                excerpt(name)
            ));
            let help =
                "write `extends:` with `service: NAME`, and `file: PATH` if it is in another file";
            self.loader.lose(problem.at(place).help(help));
        }
        reference
    }

    /// The file that the extended service is in.
    fn base(&mut self, id: usize, name: &str, reference: &Reference) -> Option<usize> {
        let Some(file) = &reference.file else { return Some(id) };
        if file.text().is_none() {
            let problem = Diagnostic::error("the `file` that is extended must be a path");
            self.loader.lose(problem.at(file.place.clone()));
            return None;
        }
        let folder = &self.files.get(id)?.folder;
        let path = self.loader.locate(folder, file)?;
        if let Some(known) = self.known.get(&path) {
            return *known;
        }
        let base = self.load(name, &path, file).map(|definitions| {
            self.files.push(definitions);
            self.files.len() - 1
        });
        self.known.insert(path, base);
        base
    }

    fn load(&mut self, name: &str, path: &str, file: &Node) -> Option<Definitions> {
        let mut tree = self.loader.empty();
        let place = Some(&file.place);
        let resets = self.loader.file(path, place, self.scope, Mode::Base, &[], &mut tree)?;
        let folder = location::folder_of(path).to_owned();
        // What is extended further is found from the file's own folder.
        let references = take_extends(&mut tree);
        paths::resolve(&mut tree, &location::relative(&self.scope.folder, &folder));
        let services = tree.map_mut().and_then(|root| root.shift_remove("services"));
        let Some(Value::Map(mut services)) = services.map(|entry| entry.node.value) else {
            let problem = Diagnostic::error(format!(
                "the service `{}` extends a service of `{}`, which has none",
                excerpt(name),
                excerpt(path)
            ));
            self.loader.lose(problem.at(file.place.clone()));
            return None;
        };
        for (name, reference) in references {
            let service = services.get_mut(&name).and_then(|service| service.node.map_mut());
            service.map(|service| service.insert("extends".to_owned(), reference));
        }
        let path = path.to_owned();
        Some(Definitions { path, folder, section: "services", services, resets })
    }

    /// The service that is extended, with what it extends itself.
    fn source(
        &mut self,
        id: usize,
        name: &str,
        base: usize,
        reference: &Reference,
    ) -> Option<Node> {
        let wanted = &reference.service;
        let text = wanted.text()?.to_owned();
        let place = wanted.place.clone();
        let file = self.files.get(base)?;
        if !file.services.contains_key(&text) {
            if !wanted.is_unknown() || reference.file.is_none() {
                let problem = undefined(name, &text, file, base != id).at(place);
                let problem = match nearest(&text, file.services.keys().map(String::as_str)) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem,
                };
                self.loader.lose(problem);
            }
            return None;
        }
        if let Some(at) = self.chain.iter().position(|link| *link == (base, text.clone())) {
            let problem = circle(self.chain.get(at..).unwrap_or_default(), &text).at(place);
            self.loader.lose(problem);
            return None;
        }
        if self.chain.len() >= MAX_CHAIN {
            let problem =
                Diagnostic::error(format!("more than {MAX_CHAIN} services extend one another"));
            self.loader.lose(problem.at(place));
            return None;
        }
        self.resolve(base, &text);
        Some(self.files.get(base)?.services.get(&text)?.node.clone())
    }
}

/// Takes the `extends` out of every service of a file.
fn take_extends(tree: &mut Node) -> Vec<(String, Entry)> {
    let services = tree.map_mut().and_then(|root| root.get_mut("services"));
    let services = services.and_then(|entry| entry.node.map_mut()).into_iter().flatten();
    let references = services.filter_map(|(name, service)| {
        Some((name.clone(), service.node.map_mut()?.shift_remove("extends")?))
    });
    references.collect()
}

fn undefined(name: &str, text: &str, file: &Definitions, elsewhere: bool) -> Diagnostic {
    let (name, text) = (excerpt(name), excerpt(text));
    let message = format!("the service `{name}` extends `{text}`, which is not defined");
    Diagnostic::error(match elsewhere {
        true => format!("{message} in `{}`", excerpt(&file.path)),
        false => message,
    })
}

fn circle(links: &[(usize, String)], text: &str) -> Diagnostic {
    let names = links.iter().map(|(_, name)| name.as_str()).chain([text]);
    let names: Vec<String> = names.map(|name| format!("`{}`", excerpt(name))).collect();
    Diagnostic::error(match names.as_slice() {
        [one, _] => format!("the service {one} extends itself"),
        names if names.len() <= 6 => {
            format!("services extend one another in a circle: {}", names.join(" extends "))
        }
        names => format!("{} services extend one another in a circle", names.len() - 1),
    })
}
