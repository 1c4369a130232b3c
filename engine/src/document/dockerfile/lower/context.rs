//! The build context beside the Dockerfile: `.dockerignore`, and the names of the files.

use std::sync::Arc;

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Context, ContextFile, Dockerignore, IgnorePattern};

use super::Lowering;
use crate::diagnostic::Diagnostic;
use crate::document::{Folder, Input};
use crate::files::FileError;
use crate::notation::pattern::{Pattern, Patterns};
use crate::source::{Place, Source, Span};

/// The largest `.dockerignore` that is read, in bytes.
const MAX_IGNORE_BYTES: u64 = 1 << 20;
/// How many files of the context are listed.
const MAX_CONTEXT_FILES: usize = 2_000;

impl Lowering<'_> {
    /// Adds what lies beside the Dockerfile, as far as an instruction takes files from there.
    ///
    /// Where the caller does not say, the context is taken to be the nearest folder upwards that has a `.dockerignore`, else the
    /// Dockerfile's own: a Dockerfile does not say.
    pub(super) fn context(&mut self, input: &Input) {
        let Some(folder) = &input.folder else { return };
        let local: Vec<&str> = self
            .build
            .copies
            .iter()
            .flat_map(|copy| &copy.sources)
            .filter(|source| source.kind.as_deref() == Some("local"))
            .filter_map(|source| source.path.as_deref())
            .collect();
        if local.is_empty() {
            return;
        }
        let broad = local.iter().any(|path| is_broad(path));
        let (context, ignore) = self.find_ignore(folder);
        let patterns = match ignore {
            Some(source) => self.dockerignore(&source),
            None => {
                let loc = self.object(self.build.loc, Span::default());
                let file = Nullable::Null;
                self.build.dockerignore =
                    Some(Dockerignore { loc, present: false, file, patterns: Vec::new() });
                Patterns::default()
            }
        };
        let sources = self.build.copies.iter_mut().flat_map(|copy| &mut copy.sources);
        for source in sources.filter(|source| source.kind.as_deref() == Some("local")) {
            let path = source.path.as_deref();
            source.ignored = path.and_then(|path| ignored(path, &patterns)).map(Nullable::Value);
        }
        let loc = self.object(self.build.loc, Span::default());
        let mut facts = Context { loc, files: Vec::new(), incomplete: Vec::new() };
        if broad && let Ok(listing) = folder.files.list(&context, MAX_CONTEXT_FILES) {
            let file = |path: String| ContextFile { ignored: patterns.excludes(&path), path };
            facts.files = listing.files.into_iter().map(file).collect();
            if listing.truncated {
                facts.incomplete.push("files".into());
            }
        } else {
            facts.incomplete.push("files".into());
        }
        self.build.context = Some(facts);
    }

    /// The context's folder, and its `.dockerignore`: the Dockerfile's own comes first.
    /// <https://docs.docker.com/build/concepts/context/#filename-and-location>
    fn find_ignore(&mut self, folder: &Folder) -> (String, Option<Arc<Source>>) {
        let own = format!("{}.dockerignore", folder.file_name);
        if let Some(source) = self.read_ignore(folder, &join(&folder.path, &own)) {
            let context = self.options.build_context.clone();
            return (context.unwrap_or_else(|| folder.path.clone()), Some(source));
        }
        if let Some(context) = &self.options.build_context {
            let ignore = self.read_ignore(folder, &join(context, ".dockerignore"));
            return (context.clone(), ignore);
        }
        let mut at = folder.path.as_str();
        loop {
            if let Some(source) = self.read_ignore(folder, &join(at, ".dockerignore")) {
                return (at.to_owned(), Some(source));
            }
            if at.is_empty() {
                return (folder.path.clone(), None);
            }
            at = at.rsplit_once('/').map_or("", |(up, _)| up);
        }
    }

    fn read_ignore(&mut self, folder: &Folder, path: &str) -> Option<Arc<Source>> {
        match folder.files.read(path, MAX_IGNORE_BYTES) {
            Ok(bytes) => Some(Source::from_bytes(path, bytes)),
            Err(FileError::NotFound) => None,
            Err(error) => {
                let message = format!("cannot read {path}: {error}");
                self.problems.push(Diagnostic::error(message));
                None
            }
        }
    }

    fn dockerignore(&mut self, source: &Arc<Source>) -> Patterns {
        let (patterns, errors) = Patterns::parse(source.text());
        for error in errors {
            let place = Place::new(source, source.line_span(error.line));
            self.problems.push(Diagnostic::error(error.to_string()).at(place));
        }
        let whole = Span::new(0, source.text().len());
        let loc = self.places.object_in(Some(self.build.loc), source, whole);
        let facts = patterns.patterns().iter().map(|pattern| IgnorePattern {
            loc: self.places.object_in(Some(loc), source, source.line_span(pattern.line())),
            pattern: pattern.as_str().to_owned(),
            negated: pattern.negated(),
        });
        let facts = facts.collect();
        self.build.dockerignore = Some(Dockerignore {
            loc,
            present: true,
            file: Nullable::Value(source.name().to_owned()),
            patterns: facts,
        });
        patterns
    }
}

/// Whether nothing is left of a source. Not known of wildcards, and of folders in which an exception
/// may keep something.
fn ignored(path: &str, patterns: &Patterns) -> Option<bool> {
    if path.contains(['*', '?', '[']) {
        return None;
    }
    let path = path.trim_matches('/');
    let whole = path.split('/').all(|part| matches!(part, "" | "."));
    if whole {
        let everything = |pattern: &Pattern| matches!(pattern.as_str(), "*" | "**");
        return Some(!patterns.has_exceptions() && patterns.patterns().iter().any(everything));
    }
    match patterns.excludes(path) {
        true if patterns.patterns().iter().any(|pattern| may_keep(pattern, path)) => None,
        excluded => Some(excluded),
    }
}

/// Whether an exception may keep something that lies below a path.
fn may_keep(pattern: &Pattern, path: &str) -> bool {
    let path = path.strip_prefix("./").unwrap_or(path);
    let exception = pattern.as_str().strip_prefix(path);
    let below = exception.is_some_and(|rest| rest.starts_with('/'));
    pattern.negated() && (below || pattern.as_str().starts_with(['*', '?', '[', '\\']))
}

/// Whether a source takes whatever lies in a folder.
fn is_broad(path: &str) -> bool {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    path.is_empty()
        || path.starts_with('.') && path.len() <= 2
        || path.contains(['*', '?', '['])
        || !path.rsplit('/').next().unwrap_or(path).contains('.')
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
