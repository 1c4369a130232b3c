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
            if patterns.is_worth_hiding(value, &public) {
                document.masks.add_value(value);
            }
        }
    }
}

/// Whether a line gives its variable a value, and not another variable's.
fn holds(pair: &Pair) -> bool {
    let is_given = pair.value.as_ref().is_some_and(|value| !value.is_empty());
    is_given && !pair.is_unknown()
}
