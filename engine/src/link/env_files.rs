//! Which files of variables hold credentials.

use plimsoll_sdk::Nullable;

use super::secrets::{SecretPatterns, public_names};
use crate::document::Document;
use crate::document::compose::dotenv::{self, Pair};
use crate::document::compose::variables::Unset;

/// How many credentials are named of one file.
const MAX_NAMES: usize = 100;

/// Says of each file of variables what credentials it holds, and masks them.
pub(super) fn classify(patterns: &SecretPatterns, document: &mut Document) {
    if document.facts.project.as_ref().is_none_or(|project| project.env_files.is_empty()) {
        return;
    }
    let public = public_names(document);
    let Some(project) = &mut document.facts.project else { return };
    for file in &mut project.env_files {
        let Nullable::Value(name) = &file.name else { continue };
        let Some(source) = document.sources.iter().find(|source| source.name() == name) else {
            continue;
        };
        for (_, title) in patterns.titles(source).into_iter().take(MAX_NAMES) {
            if !file.secrets.contains(&title) {
                file.secrets.push(title);
            }
        }
        // What other files or the environment give a variable is no credential of this one.
        let parsed = dotenv::parse(source, &|_| None, Unset::Unknown);
        let Ok(pairs) = parsed.or_else(|_| dotenv::parse_raw(source)) else {
            file.incomplete.push("credentials".into());
            continue;
        };
        for pair in pairs.iter().filter(|pair| holds(pair) && patterns.is_name(&pair.name)) {
            if file.credentials.len() < MAX_NAMES && !file.credentials.contains(&pair.name) {
                file.credentials.push(pair.name.clone());
            }
            document.masks.add_place(&pair.place);
            let value = pair.value.as_deref().unwrap_or_default();
            patterns.hide(&mut document.masks, value, Some(&pair.place), &public);
        }
    }
}

/// Whether a line gives its variable a value, and not another variable's.
fn holds(pair: &Pair) -> bool {
    let is_given = pair.value.as_ref().is_some_and(|value| !value.is_empty());
    is_given && !pair.is_unknown()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::{Folder, Input, ReadOptions, compose};
    use crate::files::MemoryFiles;
    use crate::source::Source;

    #[test]
    fn names_of_credentials_are_said_and_their_values_are_not() {
        let env = "LEVEL=info\nDB_PASSWORD=correct-horse\nA_PASSWORD=\nB_PASSWORD=${LEVEL}\n\
                   C_PASSWORD=${X}\nDB_PASSWORD='battery-staple'\n";
        let files = MemoryFiles::default().with("web.env", env).with("bad.env", "A B C=D\n");
        let text = "services:\n  web:\n    image: app\n    env_file: [web.env, bad.env]\n";
        let source = Source::new("compose.yaml", text);
        let folder = Folder {
            files: Arc::new(files),
            path: String::new(),
            file_name: "compose.yaml".into(),
        };
        let input = Input { source, folder: Some(folder) };
        let mut document = compose::read(&input, &ReadOptions::default()).remove(0);
        classify(&SecretPatterns::of_names("password"), &mut document);
        let files = &document.facts.project.as_ref().expect("a project").env_files;
        assert_eq!(files[0].credentials, ["DB_PASSWORD", "B_PASSWORD"]);
        assert!(files[0].incomplete.is_empty());
        assert_eq!(files[1].incomplete, ["credentials"]);
        let read = document.sources.iter().find(|source| source.name() == "web.env");
        let shown = document.masks.source_text(read.expect("it was read")).into_owned();
        assert!(!shown.contains("horse") && !shown.contains("staple"), "{shown}");
        assert!(shown.contains("LEVEL=info"), "{shown}");
        assert_eq!(document.masks.message("correct-horse"), "***");
    }
}
