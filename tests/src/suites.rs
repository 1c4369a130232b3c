//! Conformance data that lies outside the repository.

use std::path::PathBuf;

use serde_json::Value;

/// The folder of conformance suites, or `None` after saying that it is missing.
///
/// It is `PLIMSOLL_SUITES`, or a sibling folder `shared/suites` of the repository.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("PLIMSOLL_SUITES").map(PathBuf::from);
    let sibling = || crate::repository().parent().map(|up| up.join("shared/suites"));
    let folder = named.or_else(sibling).filter(|folder| folder.is_dir());
    if folder.is_none() {
        crate::skipped("suites", "PLIMSOLL_SUITES names no folder and ../shared/suites is none");
    }
    folder
}

/// The rows of one `.jsonl` file below the suites folder; `None` when there are no suites.
///
/// # Panics
///
/// When the file is missing or a line is not JSON: the data is broken.
#[must_use]
pub fn rows(file: &str) -> Option<Vec<Value>> {
    let path = folder()?.join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let parse = |line: &str| {
        serde_json::from_str(line).unwrap_or_else(|e| panic!("{}: {e}: {line}", path.display()))
    };
    Some(text.lines().filter(|line| !line.trim().is_empty()).map(parse).collect())
}
