//! What the test programs share: where optional things are, and the ratchets.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::missing_panics_doc)]

pub mod generated;
pub mod generated_dockerfiles;
pub mod generated_images;
pub mod mutation;
pub mod peers;
pub mod ratchet;
pub mod reasons;
pub mod suites;

use std::path::{Path, PathBuf};

use plimsoll_engine::bundle::Bundle;

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

/// Says loudly that something optional is missing, and fails if `PLIMSOLL_REQUIRE` asks for it.
///
/// `PLIMSOLL_REQUIRE` is a comma-separated list of `suites`, `opa`, `docker`, `wasm`.
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
