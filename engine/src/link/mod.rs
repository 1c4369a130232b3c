//! Facts joined with what the policy knows, and with each other.
//!
//! Owns everything that one document does not say by itself: the user that a well-known base image
//! sets, which values are credentials, the image that a container runs and what it takes over from
//! it, the daemon whose defaults apply to it, the daemon that runs on a host. What it fills in says
//! where it comes from. What fits several things equally well is said, and joined with none of them.
//! It judges nothing.

mod adopt;
mod base_images;
mod containers;
mod daemons;
mod env_files;
mod hosts;
mod images;
mod options;
mod secrets;
mod tables;
mod volumes;

pub use base_images::BaseImages;
pub use secrets::SecretPatterns;

use rayon::prelude::*;

use crate::bundle::Bundle;
use crate::config::UnknownBase;
use crate::diagnostic::Diagnostic;
use crate::document::Document;

/// The table of what credentials look like.
const SECRETS: &str = "secrets";

/// The table of what base images set.
const BASE_IMAGES: &str = "base-images";

/// Whether linking itself reads a table of this name.
#[must_use]
pub fn reads(table: &str) -> bool {
    [SECRETS, BASE_IMAGES].contains(&table)
}

/// What the policy knows, ready for use.
#[derive(Debug, Default)]
pub struct Tables {
    secrets: SecretPatterns,
    base_images: BaseImages,
}

impl Tables {
    /// Takes the tables `secrets` and `base-images` from the bundles; a later bundle's replaces an
    /// earlier one's.
    ///
    /// # Errors
    ///
    /// What is wrong with the tables, all at once.
    pub fn new(bundles: &[Bundle]) -> Result<Self, Vec<Diagnostic>> {
        let mut tables = Tables::default();
        let mut problems = Vec::new();
        for table in bundles.iter().flat_map(Bundle::tables) {
            let outcome = match table.name() {
                SECRETS => SecretPatterns::new(table).map(|secrets| tables.secrets = secrets),
                BASE_IMAGES => BaseImages::new(table).map(|images| tables.base_images = images),
                _ => Ok(()),
            };
            problems.extend(outcome.err());
        }
        if problems.is_empty() { Ok(tables) } else { Err(problems) }
    }

    /// What tells credentials.
    #[must_use]
    pub fn secrets(&self) -> &SecretPatterns {
        &self.secrets
    }
}

/// Joins the documents of a run: each with the tables, and then with each other.
pub fn link(documents: &mut [Document], tables: &Tables, unknown_base: UnknownBase) {
    daemons::join(documents);
    let shares = secrets::Shares::of(documents);
    documents.par_iter_mut().for_each(|document| complete(document, tables, unknown_base));
    shares.divide(documents);
    containers::join(documents, &tables.base_images);
    volumes::join(documents);
    daemons::hand_down(documents);
    hosts::join(documents);
}

/// Fills in what the tables know, in a document and in those that it builds.
fn complete(document: &mut Document, tables: &Tables, unknown_base: UnknownBase) {
    for build in &mut document.builds {
        complete(&mut build.document, tables, unknown_base);
        let masks = &mut build.document.masks;
        if let Some(relocation) = &build.relocation {
            masks.add_relocated(relocation.from(), relocation.to(), |span| relocation.map(span));
        }
        document.masks.merge(masks.clone());
    }
    tables.base_images.fill_in(document);
    if unknown_base == UnknownBase::Unknown {
        base_images::forget_assumptions(document);
    }
    tables.secrets.classify(document);
}
