//! What the compiler does not check of ARCHITECTURE.md: a test per invariant.
//!
//! A failure names the file, what is wrong with it, and the rule that says so.
#![allow(clippy::print_stdout)]

mod code;
mod dependencies;
mod layers;
mod pages;
mod words;

use std::path::PathBuf;
use std::process::Command;

use plimsoll_tests::repository;

/// A file of the repository, with its text.
struct Tracked {
    /// Relative to the root, with forward slashes.
    path: String,
    text: String,
}

/// Every text file that is in version control, or would be after `git add`.
fn tracked() -> Vec<Tracked> {
    let listing = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(repository())
        .output();
    let listing = listing.expect("git lists the files of the repository");
    assert!(listing.status.success(), "{}", String::from_utf8_lossy(&listing.stderr));
    let names = String::from_utf8(listing.stdout).expect("names are UTF-8");
    let read = |path: &str| {
        // A file that was deleted and not yet committed, or that is no text.
        let text = std::fs::read_to_string(repository().join(path)).ok()?;
        Some(Tracked { path: path.to_owned(), text })
    };
    let files: Vec<Tracked> =
        names.split('\0').filter(|path| !path.is_empty()).filter_map(read).collect();
    assert!(files.len() > 50, "only {} files are tracked", files.len());
    files
}

/// The Rust files below a folder of the repository.
fn rust_files(folder: &str) -> Vec<Tracked> {
    let prefix = format!("{folder}/");
    let files: Vec<Tracked> = tracked()
        .into_iter()
        .filter(|file| file.path.starts_with(&prefix) && file.path.ends_with(".rs"))
        .collect();
    assert!(!files.is_empty(), "there is no Rust file in {folder}");
    files
}

fn exists(path: &str) -> bool {
    let path: PathBuf = repository().join(path);
    path.exists()
}

/// Fails with all complaints at once.
fn report(rule: &str, complaints: &[String]) {
    let count = complaints.len();
    assert!(complaints.is_empty(), "{rule} ({count}):\n  {}", complaints.join("\n  "));
}
