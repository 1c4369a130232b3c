//! What to check: from the paths on the command line to documents.
//!
//! Owns which files are taken, what they are called, and what is said of those that cannot be read.
//! A file that was found by its name, or named by the user, is read or is a problem: it is never
//! passed over in silence.

mod compose;
mod folders;
mod names;
mod parts;
mod read;
mod walk;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::OsString;
use std::path::{Path, PathBuf, absolute};

use plimsoll_engine::diagnostic::{Diagnostic, Level};
use plimsoll_engine::document::{self, Document, Folder, FormatRow, ReadOptions, detect_name};
use rayon::prelude::*;

pub(crate) use names::shown;
pub(crate) use read::text_file;

use crate::args::{ReadArgs, split_kind};
use folders::Folders;

/// A file that may be a document.
#[derive(Debug)]
struct Candidate {
    origin: Origin,
    /// What the user calls it.
    name: String,
    certainty: Certainty,
    /// What lies beside it; `None` where nothing can be read.
    folder: Option<Folder>,
    /// Whether the user named it, and not only a folder around it.
    named: bool,
    /// The arguments that lead to it, as indices.
    arguments: Vec<usize>,
    /// Compose files that are merged over it, as paths below the root of `folder`.
    overlays: Vec<String>,
    /// The default compose file of its folder, should it make no project by itself.
    base: Option<Base>,
}

/// A compose file that others are merged over.
#[derive(Clone, Debug)]
struct Base {
    path: PathBuf,
    folder: Option<Folder>,
}

#[derive(Clone, Debug)]
enum Origin {
    StandardInput,
    File(PathBuf),
    /// A folder that is one document.
    Folder(PathBuf),
    /// A symbolic link that was come across: it is followed as long as it does not lead out of this
    /// folder.
    Link {
        path: PathBuf,
        root: PathBuf,
    },
}

/// How much is known of what a file is.
#[derive(Clone, Copy, Debug)]
enum Certainty {
    /// Its name or the user says so.
    Known(&'static FormatRow),
    /// It was come across under the name of one, and its text has to agree.
    Likely(&'static FormatRow),
    /// The user named it: it is something, and its text has to tell what.
    Named,
    /// It was come across, and its text may tell.
    Suspected,
}

/// What to read.
#[derive(Debug)]
pub(crate) struct Inputs {
    candidates: Vec<Candidate>,
    problems: Vec<Diagnostic>,
    /// For each folder on the command line what it is called; `None` for other arguments, and for
    /// folders of which there is a problem to tell already.
    walked: Vec<Option<String>>,
}

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    /// By name.
    pub(crate) documents: Vec<Document>,
    /// What could not be read.
    pub(crate) problems: Vec<Diagnostic>,
}

/// The path that decides which configuration applies: the first one.
pub(crate) fn first_path(paths: &[OsString]) -> PathBuf {
    match paths.first().map(|path| split_kind(path).1) {
        Some(path) if path != "-" && !path.is_empty() => path.into(),
        _ => ".".into(),
    }
}

/// Finds the files that may be documents.
pub(crate) fn find(paths: &[OsString], args: &ReadArgs) -> Inputs {
    let mut finder = Finder {
        folders: Folders::new(),
        inputs: Inputs { candidates: Vec::new(), problems: Vec::new(), walked: Vec::new() },
        seen: HashMap::new(),
        walking: false,
        no_ignore: args.no_ignore,
    };
    for path in paths {
        let (kind, path) = split_kind(path);
        finder.inputs.walked.push(None);
        if path == "-" {
            finder.standard_input(kind);
        } else {
            finder.path(kind, Path::new(&path));
        }
    }
    let mut inputs = finder.inputs;
    inputs.candidates.sort_by(|a, b| a.name.cmp(&b.name));
    inputs
}

struct Finder {
    folders: Folders,
    inputs: Inputs,
    /// Candidates by absolute path, as indices.
    seen: HashMap<PathBuf, usize>,
    /// Whether a folder is being walked.
    walking: bool,
    no_ignore: bool,
}

impl Finder {
    fn argument(&self) -> usize {
        self.inputs.walked.len() - 1
    }

    fn standard_input(&mut self, kind: Option<&'static FormatRow>) {
        if self.inputs.candidates.iter().any(|c| matches!(c.origin, Origin::StandardInput)) {
            self.problem(Diagnostic::error("standard input is named twice"));
            return;
        }
        let arguments = vec![self.argument()];
        self.inputs.candidates.push(Candidate {
            origin: Origin::StandardInput,
            name: "<stdin>".into(),
            certainty: kind.map_or(Certainty::Named, Certainty::Known),
            folder: None,
            named: true,
            arguments,
            overlays: Vec::new(),
            base: None,
        });
    }

    fn path(&mut self, kind: Option<&'static FormatRow>, path: &Path) {
        let name = shown(path);
        if kind.is_some_and(|kind| kind.name == "compose")
            && let Some((first, others)) = path.to_str().and_then(|text| text.split_once(','))
        {
            self.merged(kind, Path::new(first), others);
            return;
        }
        if path.as_os_str().is_empty() {
            self.problem(Diagnostic::error("a path is empty"));
            return;
        }
        let metadata = match std::fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                self.problem(Diagnostic::error(read::unreadable(&name, &error)));
                return;
            }
        };
        let layout = kind.or_else(|| document::detect_folder(|file| path.join(file).is_file()));
        match (layout, metadata.is_dir()) {
            (None, true) => {
                self.walking = true;
                walk::walk(self, path);
                self.walking = false;
            }
            (Some(kind), true) if kind.folder.is_some() => {
                let folder = self.folders.of_folder(path);
                self.candidate(Origin::Folder(path.to_owned()), Certainty::Known(kind), folder);
            }
            (Some(kind), true) => {
                let help = format!("name the files, or leave `{}:` away", kind.name);
                let message = format!("`{name}` is a folder, not a {}", kind.description);
                self.problem(Diagnostic::error(message).help(help));
            }
            (kind, false) => {
                let by_name = || path.file_name().and_then(|n| detect_name(&n.to_string_lossy()));
                let known = kind.or_else(by_name);
                let certainty = known.map_or(Certainty::Named, Certainty::Known);
                let folder = self.folders.of_file(path);
                self.candidate(Origin::File(path.to_owned()), certainty, folder);
            }
        }
    }

    /// Takes a compose file and those that are merged over it, separated by commas.
    fn merged(&mut self, kind: Option<&'static FormatRow>, first: &Path, others: &str) {
        let Some(folder) = self.folders.of_file(first) else {
            self.path(kind, first);
            return;
        };
        let mut overlays = Vec::new();
        for other in others.split(',') {
            match self.folders.below(&folder, Path::new(other)) {
                Some(path) => overlays.push(path),
                None => {
                    let first = shown(first);
                    let message =
                        format!("`{other}` cannot be merged over `{first}`: it is not there");
                    let help = "both have to lie below the current folder, or below the folder of \
                                the first";
                    self.problem(Diagnostic::error(message).help(help));
                }
            }
        }
        let before = self.inputs.candidates.len();
        self.path(kind, first);
        if let Some(candidate) = self.inputs.candidates.get_mut(before) {
            candidate.overlays = overlays;
        }
    }

    /// Takes a file once, however many arguments lead to it; what is known best of it counts.
    fn candidate(&mut self, origin: Origin, certainty: Certainty, folder: Option<Folder>) {
        self.project(origin, certainty, folder, Vec::new(), None);
    }

    /// As [`Finder::candidate`], for a compose file that may be merged with others.
    fn project(
        &mut self,
        origin: Origin,
        certainty: Certainty,
        folder: Option<Folder>,
        overlays: Vec<String>,
        base: Option<Base>,
    ) {
        let argument = self.argument();
        let path = match &origin {
            Origin::File(path) | Origin::Folder(path) | Origin::Link { path, .. } => path,
            Origin::StandardInput => return,
        };
        let key: PathBuf = absolute(path).unwrap_or_else(|_| path.clone());
        let name = shown(path);
        match self.seen.entry(key) {
            Entry::Occupied(before) => {
                let Some(before) = self.inputs.candidates.get_mut(*before.get()) else { return };
                before.arguments.push(argument);
                before.named |= !self.walking;
                if !matches!(certainty, Certainty::Suspected | Certainty::Likely(_)) {
                    before.origin = origin;
                    before.certainty = match (before.certainty, certainty) {
                        (Certainty::Known(kind), Certainty::Named) => Certainty::Known(kind),
                        (_, better) => better,
                    };
                }
            }
            Entry::Vacant(vacant) => {
                vacant.insert(self.inputs.candidates.len());
                let arguments = vec![argument];
                self.inputs.candidates.push(Candidate {
                    origin,
                    name,
                    certainty,
                    folder,
                    named: !self.walking,
                    arguments,
                    overlays,
                    base,
                });
            }
        }
    }

    fn problem(&mut self, problem: Diagnostic) {
        self.inputs.problems.push(problem);
    }
}

impl Inputs {
    /// Reads all documents, on the threads it is called on. `progress` is told how many of how many
    /// files were read.
    pub(crate) fn read(
        self,
        options: &ReadOptions,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Documents {
        let done = std::sync::atomic::AtomicUsize::new(0);
        let total = self.candidates.len();
        let read: Vec<_> = self
            .candidates
            .into_par_iter()
            .map(|candidate| {
                let read = read::read(&candidate, options);
                progress(1 + done.fetch_add(1, std::sync::atomic::Ordering::Relaxed), total);
                (candidate.arguments, candidate.named, read)
            })
            .collect();
        let mut documents = Documents { documents: Vec::new(), problems: self.problems };
        let mut walked = self.walked;
        let mut named = Vec::new();
        for (arguments, is_named, outcome) in read {
            let told = match outcome {
                Ok(read) => {
                    let any = !read.is_empty();
                    named.extend(read.iter().map(|_| is_named));
                    documents.documents.extend(read);
                    any
                }
                Err(problem) => {
                    let told = problem.level == Level::Error;
                    documents.problems.push(problem);
                    told
                }
            };
            for argument in arguments.into_iter().filter(|_| told) {
                if let Some(walked) = walked.get_mut(argument) {
                    *walked = None;
                }
            }
        }
        parts::drop(&mut documents.documents, &named);
        for folder in walked.into_iter().flatten() {
            let message = format!("there is nothing to check in `{folder}`");
            let help = "documents are found by name (Dockerfile, api.dockerfile, compose.yaml, \
                        daemon.json …) or by content, except where .gitignore excludes them; \
                        name a file to have it read";
            documents.problems.push(Diagnostic::error(message).help(help));
        }
        documents
    }
}
