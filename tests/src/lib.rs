//! What the test programs share: where optional things are, and the ratchets.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::missing_panics_doc)]

pub mod corpus;
pub mod documents;
pub mod generated;
pub mod generated_dockerfiles;
pub mod generated_images;
pub mod mutation;
pub mod pages;
pub mod peers;
pub mod plugins;
pub mod ratchet;
pub mod reasons;
pub mod suites;
pub mod whole;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use plimsoll_engine::bundle::{Bundle, merged_tables};
use serde_json::{Value, json};

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The default bundle.
///
/// # Panics
///
/// When it is broken; the message says how.
#[must_use]
pub fn checklist() -> Bundle {
    let vocabulary = plimsoll_engine::engine::vocabulary();
    Bundle::embedded("checklist", plimsoll_policies::CHECKLIST, &vocabulary)
        .unwrap_or_else(|problems| panic!("{}", plimsoll_engine::BuildError(problems)))
}

/// A rule of the bundle by itself: with the libraries it imports and the rules whose parameters it reads,
/// so that it loads in a moment.
#[must_use]
pub fn alone(bundle: &Bundle, rule: &str) -> Bundle {
    let paths = needed(bundle, rule);
    bundle.narrowed(|path| paths.contains(path), None).verified()
}

/// The paths of the modules that a module needs, itself included.
pub(crate) fn needed(bundle: &Bundle, path: &str) -> BTreeSet<String> {
    let rules = || bundle.rules().iter().map(|rule| (rule.path(), rule.source()));
    let libraries = || bundle.libraries().iter().map(|file| (file.path(), file.source()));
    let imported = format!("import data.{}.lib.", bundle.name());
    let mut found = BTreeSet::new();
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        let Some((_, source)) = rules().chain(libraries()).find(|(other, _)| **other == *path)
        else {
            continue;
        };
        for line in source.text().lines() {
            if let Some(name) = line.strip_prefix(&imported) {
                let name = name.split_whitespace().next().unwrap_or_default();
                open.push(format!("lib/{name}.rego"));
            }
            let ids =
                line.split("input.params[\"").skip(1).filter_map(|rest| rest.split('"').next());
            open.extend(ids.map(|id| format!("{id}.rego")));
        }
        found.insert(path);
        open.retain(|path| !found.contains(path));
    }
    found
}

/// The tables whose name one of the modules says.
#[must_use]
pub fn tables_of(bundle: &Bundle) -> Value {
    let Value::Object(tables) = merged_tables(&[bundle]) else { return json!({}) };
    let named = |name: &str| {
        let rules = bundle.rules().iter().map(|rule| rule.source().text());
        let mut texts = rules.chain(bundle.libraries().iter().map(|file| file.text()));
        texts.any(|text| text.contains(name))
    };
    tables.into_iter().filter(|(name, _)| named(name)).collect()
}

/// Says loudly that something optional is missing, and fails if `PLIMSOLL_REQUIRE` asks for it.
///
/// `PLIMSOLL_REQUIRE` is a comma-separated list of `suites`, `opa`, `docker`, `wasm`, `zig`.
///
/// # Panics
///
/// When the thing is required: a skipped check must not look like a passed one.
pub fn skipped(thing: &str, why: &str) {
    let required = std::env::var("PLIMSOLL_REQUIRE").unwrap_or_default();
    let required = required.split(',').any(|name| name.trim() == thing);
    assert!(!required, "{thing} is required by PLIMSOLL_REQUIRE, but {why}");
    eprintln!("skipped: no {thing} ({why})");
}
