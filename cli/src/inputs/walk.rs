//! Walking a folder.
//!
//! `.gitignore` is respected, that of the repository around it as well, but no settings that only
//! this machine has. Symbolic links to folders are not followed. Hidden folders are walked, for the
//! Dockerfiles that are called so: `.devcontainer/Dockerfile` is built, too. What is called like a
//! Dockerfile of a kind, `Dockerfile.dev` or `dockerfile.rs`, is one when it begins like one.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::document::{Folder, FormatRow, detect_name, detect_name_part};

use super::folders::Real;
use super::read::{MAX_SUSPECT, unreadable};
use super::{Base, Certainty, Finder, Origin, compose};
use crate::inputs::shown;

/// Folders that hold the history of a repository, not its files.
const HISTORY: [&str; 4] = [".git", ".hg", ".svn", ".jj"];

pub(super) fn walk(finder: &mut Finder, root: &Path) {
    let Some(real) = finder.folders.real(root) else {
        finder.problem(Diagnostic::error(format!("cannot read the folder `{}`", shown(root))));
        return;
    };
    let mut complete = true;
    let mut compose = ComposeFiles::new();
    for entry in walker(root, &real, finder.no_ignore).build() {
        match entry {
            Ok(entry) => take(finder, &mut compose, root, &real, &entry),
            Err(error) => {
                complete = false;
                finder.problem(incomplete(&error));
            }
        }
    }
    for files in compose.into_values() {
        projects(finder, files);
    }
    if complete && let Some(walked) = finder.inputs.walked.last_mut() {
        *walked = Some(shown(root));
    }
}

fn walker(root: &Path, real: &Real, no_ignore: bool) -> WalkBuilder {
    // In a repository its files count up to its own root; elsewhere only those that are walked, or
    // the ones of somebody's home would decide what is checked.
    let repository = real.path().ancestors().any(|folder| folder.join(".git").exists());
    let mut walker = WalkBuilder::new(root);
    walker
        .standard_filters(false)
        .git_ignore(!no_ignore)
        .parents(repository && !no_ignore)
        .require_git(repository)
        .follow_links(false)
        .filter_entry(|entry| {
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            !(folder && HISTORY.iter().any(|name| entry.file_name() == OsStr::new(name)))
        });
    walker
}

/// Compose files that were come across, by their folder.
type ComposeFiles = BTreeMap<PathBuf, Vec<ComposeFile>>;

struct ComposeFile {
    origin: Origin,
    format: &'static FormatRow,
    path: PathBuf,
    folder: Option<Folder>,
}

/// Takes the compose files of one folder: the default one with what is merged over it, and others.
fn projects(finder: &mut Finder, files: Vec<ComposeFile>) {
    let name = |file: &ComposeFile| -> String {
        file.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    };
    let names: Vec<String> = files.iter().map(name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let below = |file: &ComposeFile| {
        let folder = file.folder.as_ref()?;
        let path = format!("{}/{}", folder.path, folder.file_name);
        Some(path.trim_start_matches('/').to_owned())
    };
    for project in compose::projects(&names) {
        let main = &files[project.main];
        let overlays = project.overlay.and_then(|at| below(&files[at])).into_iter().collect();
        let base = project.base.map(|at| &files[at]);
        let base = base.map(|base| Base { path: base.path.clone(), folder: base.folder.clone() });
        let origin = main.origin.clone();
        finder.project(origin, Certainty::Known(main.format), main.folder.clone(), overlays, base);
    }
}

fn take(
    finder: &mut Finder,
    compose: &mut ComposeFiles,
    root: &Path,
    real: &Real,
    entry: &DirEntry,
) {
    let Some(kind) = entry.file_type() else { return };
    let path = entry.path();
    let by_name = detect_name(&entry.file_name().to_string_lossy());
    let certainty = match by_name {
        Some(format) if kind.is_file() || kind.is_symlink() => Certainty::Likely(format),
        None if kind.is_file() && suspicious(root, entry) => Certainty::Suspected,
        _ => return,
    };
    let origin = if kind.is_symlink() {
        // A link to a folder is no document, whatever it is called.
        if path.is_dir() {
            return;
        }
        Origin::Link { path: path.to_owned(), root: real.path().to_owned() }
    } else {
        Origin::File(path.to_owned())
    };
    let relative = path.parent().and_then(|parent| parent.strip_prefix(root).ok());
    let folder = finder.folders.beside(real, relative.unwrap_or(Path::new("")), entry.file_name());
    match certainty {
        Certainty::Likely(format) if format.name == "compose" => {
            let parent = path.parent().unwrap_or(root).to_owned();
            let file = ComposeFile { origin, format, path: path.to_owned(), folder };
            compose.entry(parent).or_default().push(file);
        }
        _ => finder.candidate(origin, certainty, folder),
    }
}

/// Whether it is worth looking into a file: its name has no ending, or speaks of containers, and
/// neither it nor a folder on the way to it is hidden.
fn suspicious(root: &Path, entry: &DirEntry) -> bool {
    let path = entry.path();
    let relative = path.strip_prefix(root).unwrap_or(path);
    if relative.iter().any(|part| part.as_encoded_bytes().starts_with(b".")) {
        return false;
    }
    let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
    let words = ["docker", "container", "compose", "stack", "swarm"];
    // `Dockerfile.j2` is there to make a Dockerfile of.
    if detect_name_part(&name).is_some_and(|format| format.name == "dockerfile") {
        return false;
    }
    let named = path.extension().is_none() || words.iter().any(|word| name.contains(word));
    named && entry.metadata().is_ok_and(|metadata| metadata.len() <= MAX_SUSPECT)
}

fn incomplete(error: &ignore::Error) -> Diagnostic {
    match (place(error), error.io_error()) {
        (Some(path), Some(cause)) => {
            // The error itself would name the path once more.
            let cause = std::io::Error::from(cause.kind());
            Diagnostic::error(unreadable(&shown(path), &cause))
        }
        _ => Diagnostic::error(format!("cannot read everything: {error}")),
    }
}

fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place(err)
        }
        _ => None,
    }
}
