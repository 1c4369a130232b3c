//! Bundles: the one that is part of the program, and folders of an organisation's own.

use std::path::Path;
use std::sync::Arc;

use plimsoll_engine::bundle::{Bundle, DEFAULT_BUNDLE};
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::engine::vocabulary;
use plimsoll_engine::evaluate::rego;
use plimsoll_engine::files::{DiskFiles, FileError, Files, Listing};
use plimsoll_engine::source::Source;

use crate::inputs::shown;

/// The most files below a folder of policies.
const MAX_FILES: usize = 10_000;

/// The largest file of a bundle, in bytes.
const MAX_FILE: u64 = 4 << 20;

/// The largest bundle, in bytes.
const MAX_BUNDLE: u64 = 64 << 20;

/// Endings of the files that a bundle is made of.
const ENDINGS: [&str; 5] = [".rego", ".md", ".yaml", ".yml", ".json"];

/// The names that `extends` knows.
pub(crate) const NAMES: [&str; 1] = [DEFAULT_BUNDLE];

/// The default bundle as the build script compiled it.
const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/checklist.bin"));

/// The bundle that is part of the program.
///
/// # Errors
///
/// What is wrong with it; the tests of the bundle see to it that nothing is.
pub(crate) fn default_bundle() -> Result<Bundle, Vec<Diagnostic>> {
    match rego::restore(DEFAULT_BUNDLE, plimsoll_policies::CHECKLIST, COMPILED) {
        Some(bundle) => Ok(bundle),
        None => Bundle::embedded(DEFAULT_BUNDLE, plimsoll_policies::CHECKLIST, &vocabulary()),
    }
}

/// Reads a folder of rules. It is called as its manifest says, else as the folder.
///
/// # Errors
///
/// When the folder cannot be read, and everything that is wrong with the rules.
pub(crate) fn open(folder: &Path) -> Result<Bundle, Vec<Diagnostic>> {
    let one = |message: String| vec![Diagnostic::error(message)];
    let name = shown(folder);
    let files = DiskFiles::open(folder).map_err(|error| one(unreadable(folder, &error)))?;
    let Listing { files: paths, truncated } =
        files.list("", MAX_FILES).map_err(|error| one(unreadable(folder, &error)))?;
    if truncated {
        return Err(one(format!("the folder `{name}` has more than {MAX_FILES} files")));
    }
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    let mut size = 0;
    for path in paths.into_iter().filter(|path| belongs(path)) {
        let shown = format!("{name}/{path}");
        match files.read(&path, MAX_FILE) {
            Ok(bytes) => {
                size += bytes.len() as u64;
                let source = Source::from_bytes(shown, bytes);
                if source.is_lossy() {
                    let message = format!("`{}` is not UTF-8 text", source.name());
                    problems.push(Diagnostic::error(message));
                }
                sources.push((path, source));
            }
            // What is called like a file of a bundle and is a folder, say.
            Err(FileError::NotAFile) => {}
            Err(error) => {
                problems.push(Diagnostic::error(format!("cannot read `{shown}`: {error}")));
            }
        }
        if size > MAX_BUNDLE {
            return Err(one(format!("the folder `{name}` has more than {MAX_BUNDLE} bytes")));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if !sources.iter().any(|(path, _)| path.ends_with(".rego")) {
        return Err(one(format!("there are no rules in the folder `{name}`")));
    }
    Bundle::from_sources(&own_name(folder), sources, &vocabulary())
}

fn unreadable(folder: &Path, error: &FileError) -> String {
    let name = shown(folder);
    match error {
        _ if folder.is_file() => format!("`{name}` is a file, not a folder"),
        FileError::NotFound => format!("there is no folder `{name}`"),
        other => format!("cannot read the folder `{name}`: {other}"),
    }
}

/// Whether a path can be one of a bundle's; hidden files and folders hold the settings of tools.
fn belongs(path: &str) -> bool {
    ENDINGS.iter().any(|ending| path.ends_with(ending))
        && !path.split('/').any(|part| part.starts_with('.'))
}

/// The folder's name, also where it is given as `.` or `..`.
fn own_name(folder: &Path) -> String {
    let whole = std::fs::canonicalize(folder);
    let whole = whole.as_deref().unwrap_or(folder);
    whole.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A source for what was said on the command line, so that it has a place like everything else.
pub(crate) fn command_line(text: &str) -> Arc<Source> {
    Source::new("<command line>", text)
}
