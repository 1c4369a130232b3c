//! Files of variables, as the project's: what the disk and Git say of them.

use std::collections::{BTreeSet, HashMap};

use plimsoll_sdk::Loc;
use plimsoll_sdk::facts::ProjectEnvFile;

use super::super::tree::Node;
use super::read::{as_written, at, boolean, elements, scalar, written};
use super::{Lowering, Service};
use crate::git;
use crate::source::{Place, Span};

/// The most files of which Git is asked, each once.
const MAX_STATUSES: usize = 1_000;

impl<'a> Lowering<'a, '_> {
    /// The files that services name, in their order, and then those that nobody has to name.
    pub(super) fn project_env_files(&mut self) -> Vec<ProjectEnvFile> {
        let mut found = Found::default();
        for service in self.services.clone() {
            for item in elements(at(service.node, &["env_file"])) {
                self.named_env_file(&service, item, &mut found);
            }
        }
        let info = self.context.info;
        for path in &info.default_env_files {
            if let Some(file) = found.by_path.get(path).and_then(|at| found.files.get_mut(*at)) {
                file.is_default = true;
                continue;
            }
            let Some(source) = info.texts.get(path) else { continue };
            // The file has no place of its own in it: its first line stands for it.
            let end = source.text().find(['\r', '\n']).unwrap_or(source.text().len());
            let place = Place::new(source, Span::new(0, end));
            let loc = self.places.object_at(Some(self.loc), &place);
            let inner = path.strip_prefix(&info.folder).unwrap_or(path).trim_start_matches('/');
            let mut file = self.env_file(loc, inner.to_owned(), Some(path));
            file.is_default = true;
            found.add(file, Some(path.clone()));
        }
        self.ask_git(&mut found);
        found.files
    }

    fn named_env_file(&mut self, service: &Service<'a>, item: &Node, found: &mut Found) {
        let (path, required) = match item.map() {
            Some(_) => (at(item, &["path"]), at(item, &["required"])),
            None => (Some(item), None),
        };
        let Some(path) = path else { return };
        let Some(text) = as_written(path) else { return };
        let required = boolean(required).map(|said| said.value().copied().unwrap_or(true));
        // Another project's file is read relative to that project: only what was resolved is one.
        let below = scalar(path).and_then(|path| self.beside(&path));
        let known = below.as_ref().and_then(|below| found.by_path.get(below).copied());
        let known = known.and_then(|at| found.files.get_mut(at));
        if let Some(file) = known {
            if file.services.last() != Some(&service.name.to_owned()) {
                file.services.push(service.name.to_owned());
            }
            file.required = match (file.required, required) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
            return;
        }
        let loc = self.places.object_written(Some(self.loc), &written(path));
        let file = ProjectEnvFile {
            services: vec![service.name.to_owned()],
            required,
            ..self.env_file(loc, text, below.as_deref())
        };
        found.add(file, below);
    }

    /// A file that nobody has named yet; `below` is its path below the root of the files.
    fn env_file(&self, loc: Loc, path: String, below: Option<&str>) -> ProjectEnvFile {
        let source = below.and_then(|below| self.context.info.texts.get(below));
        let files = self.context.folder.map(|folder| &folder.files);
        let known = files.zip(below);
        let unread = vec!["credentials".to_owned(), "secrets".to_owned()];
        ProjectEnvFile {
            loc,
            path,
            name: source.map(|source| source.name().to_owned()).into(),
            is_default: false,
            services: Vec::new(),
            required: Some(false),
            exists: match source {
                Some(_) => Some(true),
                None => below.and_then(|below| self.exists_below(below)),
            },
            mode: known.and_then(|(files, below)| files.mode(below)),
            git_tracked: None,
            git_ignored: None,
            credentials: Vec::new(),
            secrets: Vec::new(),
            incomplete: if source.is_some() { Vec::new() } else { unread },
        }
    }

    fn ask_git(&self, found: &mut Found) {
        let Some(folder) = self.context.folder else { return };
        let paths: BTreeSet<String> = found.by_path.keys().take(MAX_STATUSES).cloned().collect();
        for (path, status) in git::statuses(&*folder.files, &paths) {
            let file = found.by_path.get(&path).and_then(|at| found.files.get_mut(*at));
            if let Some(file) = file {
                file.git_tracked = status.tracked;
                file.git_ignored = status.ignored;
            }
        }
    }
}

/// Files, and where each is by its path below the root.
#[derive(Default)]
struct Found {
    files: Vec<ProjectEnvFile>,
    by_path: HashMap<String, usize>,
}

impl Found {
    fn add(&mut self, file: ProjectEnvFile, path: Option<String>) {
        if let Some(path) = path {
            self.by_path.insert(path, self.files.len());
        }
        self.files.push(file);
    }
}
