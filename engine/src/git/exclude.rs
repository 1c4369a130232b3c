//! What Git ignores: `.gitignore` and `info/exclude`, <https://git-scm.com/docs/gitignore>.

use std::collections::BTreeMap;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::inside;
use super::repository::Repository;
use crate::files::{FileError, Files};

/// The most bytes of one file of patterns.
const MAX_FILE: u64 = 128 << 10;

/// The most patterns of all files that are read for one work tree.
const MAX_PATTERNS: usize = 10_000;

/// The most folders of one path.
const MAX_DEPTH: usize = 64;

/// The patterns of a work tree, each file read when it is first needed.
pub(super) struct Excludes<'f> {
    files: &'f dyn Files,
    root: String,
    common: String,
    /// By path below the root of the files; `None` for what cannot be read.
    read: BTreeMap<String, Option<Gitignore>>,
    patterns: usize,
}

impl<'f> Excludes<'f> {
    pub(super) fn new(files: &'f dyn Files, repository: &Repository) -> Self {
        Excludes {
            files,
            root: repository.root.clone(),
            common: repository.common.clone(),
            read: BTreeMap::new(),
            patterns: 0,
        }
    }

    /// Whether a file of the work tree is ignored; `None` when that cannot be seen.
    pub(super) fn ignores(&mut self, path: &str) -> Option<bool> {
        let ends = path.match_indices('/').map(|(at, _)| at);
        let parts: Vec<&str> = ends.filter_map(|at| path.get(..at)).chain([path]).collect();
        if parts.len() > MAX_DEPTH {
            return None;
        }
        // Nothing in a folder that is ignored can be taken back.
        for (depth, part) in parts.iter().enumerate() {
            let is_folder = depth + 1 < parts.len();
            if self.matches(part, parts.get(..depth)?, is_folder)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Whether patterns match a file or folder itself. The nearest file of patterns decides.
    fn matches(&mut self, path: &str, folders: &[&str], is_folder: bool) -> Option<bool> {
        for folder in folders.iter().rev().copied().chain([""]) {
            let file = inside(&inside(&self.root, folder), ".gitignore");
            let relative = super::below(folder, path);
            match self.patterns(&file)?.matched(relative, is_folder) {
                Match::Ignore(_) => return Some(true),
                Match::Whitelist(_) => return Some(false),
                Match::None => {}
            }
        }
        let file = format!("{}/info/exclude", self.common);
        Some(self.patterns(&file)?.matched(path, is_folder).is_ignore())
    }

    fn patterns(&mut self, file: &str) -> Option<&Gitignore> {
        if !self.read.contains_key(file) {
            let patterns = match self.files.read(file, MAX_FILE) {
                Ok(bytes) => self.parse(&bytes),
                Err(FileError::NotFound | FileError::NotAFile) => Some(Gitignore::empty()),
                Err(_) => None,
            };
            self.read.insert(file.to_owned(), patterns);
        }
        self.read.get(file)?.as_ref()
    }

    fn parse(&mut self, bytes: &[u8]) -> Option<Gitignore> {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut builder = GitignoreBuilder::new(".");
        for line in text.lines() {
            self.patterns += 1;
            if self.patterns > MAX_PATTERNS {
                return None;
            }
            // A pattern that is none matches nothing, for Git, too.
            let _ = builder.add_line(None, &without_alternatives(line));
        }
        builder.build().ok()
    }
}

/// A pattern in which braces stand for themselves, as for Git: the matcher takes them for
/// alternatives.
fn without_alternatives(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let mut after_backslash = false;
    for character in line.chars() {
        if matches!(character, '{' | '}') && !after_backslash {
            escaped.push('\\');
        }
        after_backslash = character == '\\' && !after_backslash;
        escaped.push(character);
    }
    escaped
}
