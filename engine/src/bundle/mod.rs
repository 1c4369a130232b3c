//! A bundle of rules as shipped: its files, its manifest, and what its rules declare.
//!
//! Owns the layout of a bundle, the `# METADATA` of its rules with the place of every key, and its
//! data tables. It does not read folders or archives (the caller brings texts), does not parse Rego
//! beyond the `package` line (`evaluate::rego` does), and layers nothing (`policy` does).
//!
//! # Layout
//!
//! | path | what it is |
//! |---|---|
//! | `bundle.yaml` | the manifest, optional: `name` |
//! | `<area>/<name>.rego` | a rule; the path is its id |
//! | `<area>/<name>.md` | its page, required: why, how to fix, cases |
//! | `lib/…/<name>.rego` | a module with functions and constants for the bundle's rules |
//! | `<anything>_test.rego` | unit tests; never loaded for evaluation |
//! | `data/<table>.yaml`, `.json` | a table; rules read `input.data["<table>"]` |
//! | `checklist.yaml` | the checklist that rules serve, optional: see [`Checklist`] |
//!
//! The rules of the bundle named [`DEFAULT_BUNDLE`] have the id `area/name`; those of every other
//! bundle `bundle/area/name`. The package is the bundle's name and the path, a hyphenated part in
//! brackets: `package checklist.container["new-privileges"]`.
//!
//! A `.rego` file anywhere else is an error: a rule that is not loaded is a check that is not made.

mod checklist;
mod day;
mod declaration;
mod digest;
mod file;
mod layout;
mod metadata;
mod shipped;
mod table;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_sdk::rule::RuleMeta;

use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};

pub use checklist::{Checklist, Guide, Item, Limit, Section};
pub use file::File;
pub use shipped::{Shipped, ShippedRule};
pub use table::Table;

pub(crate) use declaration::from_json;
pub(crate) use layout::{is_bundle_name, is_id_part};
pub(crate) use metadata::all_blocks;

/// The bundle whose rules have ids without a bundle's name in front.
pub const DEFAULT_BUNDLE: &str = "checklist";

/// The tables of bundles as one object, by name: a table of a later bundle stands for one of the same
/// name before.
#[must_use]
pub fn merged_tables(bundles: &[&Bundle]) -> serde_json::Value {
    let tables = bundles.iter().flat_map(|bundle| &bundle.tables);
    tables.map(|table| (table.name().to_owned(), serde_json::Value::clone(table.value()))).collect()
}

/// The words that rules may use in their declarations.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a> {
    /// Kinds of documents: `dockerfile`, `compose` …
    pub kinds: &'a [&'a str],
    /// What rules judge: `image`, `container` …
    pub subjects: &'a [&'a str],
    /// Profiles: `baseline` …
    pub profiles: &'a [&'a str],
}

/// A bundle as shipped, checked as far as that is possible without parsing Rego.
#[derive(Clone, Debug)]
pub struct Bundle {
    name: String,
    rules: Vec<RuleModule>,
    libraries: Vec<Arc<File>>,
    tests: Vec<Arc<File>>,
    tables: Vec<Table>,
    checklist: Option<Arc<File>>,
    digest: u64,
    stored: Option<&'static [u8]>,
    verified: bool,
}

/// A rule as shipped.
#[derive(Clone, Debug)]
pub struct RuleModule {
    meta: Arc<RuleMeta>,
    package: String,
    file: Arc<File>,
    page: Arc<File>,
}

impl Bundle {
    /// A bundle that is part of the program: pairs of a path, with forward slashes, and a text.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, at once.
    pub fn embedded(
        name: &str,
        files: &'static [(&'static str, &'static str)],
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Bundle, Vec<Diagnostic>> {
        let files = files.iter().map(|(path, text)| File::embedded(name, path, text)).collect();
        layout::read(name, files, vocabulary).map(Bundle::verified)
    }

    /// The same bundle, whose rules are known to give the same on the interpreter and on the
    /// bytecode machine, because tests ran them on both. Only such bundles run on the machine: it is
    /// faster, and it misreads some rules without a word.
    #[must_use]
    pub fn verified(self) -> Bundle {
        Bundle { verified: true, ..self }
    }

    /// Whether its rules are known to give the same on both executors.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified
    }

    /// A bundle that was read from somewhere: pairs of a path within the bundle, with forward
    /// slashes, and a text, whose own name is how the user knows it. The manifest's name goes
    /// before `name`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, at once.
    pub fn from_sources(
        name: &str,
        files: Vec<(String, Arc<Source>)>,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Bundle, Vec<Diagnostic>> {
        let files = files.into_iter().map(|(path, source)| File::new(path, source)).collect();
        layout::read(name, files, vocabulary)
    }

    /// The bundle's name: the root of its packages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rules, sorted by id.
    #[must_use]
    pub fn rules(&self) -> &[RuleModule] {
        &self.rules
    }

    /// Its library modules, sorted by path.
    #[must_use]
    pub fn libraries(&self) -> &[Arc<File>] {
        &self.libraries
    }

    /// Its unit tests, sorted by path. They are not evaluated with the rules.
    #[must_use]
    pub fn tests(&self) -> &[Arc<File>] {
        &self.tests
    }

    /// Its tables, sorted by name.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Its checklist, if it brings one. Read anew at every call: most runs never ask for it.
    #[must_use]
    pub fn checklist(&self) -> Option<Checklist> {
        // What is wrong with it was told when the bundle was made.
        Checklist::read(self.checklist.as_ref()?.source()).ok()
    }

    /// A number that changes when a rule, a library, a table or the manifest changes, not when only
    /// a page or a test does. It detects what is stale; it does not resist an attacker.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// The bundle with those rules and libraries only whose path `keep` wants, one of them perhaps with
    /// another text. What a rule declares stays as it was, whatever the text says.
    #[must_use]
    pub fn narrowed(
        &self,
        keep: impl Fn(&str) -> bool,
        replaced: Option<(&str, String)>,
    ) -> Bundle {
        let other = replaced.map(|(path, text)| {
            let source = Source::new(format!("{}/{path}", self.name), text);
            Arc::new(File::new(path.to_owned(), source))
        });
        let choose = |file: &Arc<File>| match &other {
            Some(other) if other.path() == file.path() => Arc::clone(other),
            _ => Arc::clone(file),
        };
        let rules = self.rules.iter().filter(|rule| keep(rule.path()));
        let libraries = self.libraries.iter().filter(|file| keep(file.path()));
        Bundle {
            rules: rules
                .map(|rule| RuleModule { file: choose(&rule.file), ..rule.clone() })
                .collect(),
            libraries: libraries.map(choose).collect(),
            stored: None,
            verified: false,
            ..self.clone()
        }
    }

    /// What [`Bundle::restored`] was given for the evaluator.
    pub(crate) fn stored(&self) -> Option<&'static [u8]> {
        self.stored
    }

    /// The same bundle without having read its texts: rules and tables are known already, and
    /// `stored` is what the evaluator wants to find again. None when the files are not theirs.
    pub(crate) fn restored(
        name: &str,
        files: &'static [(&'static str, &'static str)],
        rules: Vec<RuleMeta>,
        tables: BTreeMap<String, serde_json::Value>,
        stored: &'static [u8],
    ) -> Option<Bundle> {
        layout::restore(name, files, rules, tables, stored)
    }

    /// What [`Bundle::digest`] would be, without making a bundle.
    pub(crate) fn digest_of(files: &[(&str, &str)]) -> u64 {
        digest::digest(files.iter().copied())
    }
}

impl RuleModule {
    /// What the rule declares.
    #[must_use]
    pub fn meta(&self) -> &Arc<RuleMeta> {
        &self.meta
    }

    /// The rule's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.meta.id
    }

    /// Its package as a reference: `data.checklist.container["new-privileges"]`.
    #[must_use]
    pub fn package(&self) -> &str {
        &self.package
    }

    /// Its path within the bundle: `container/new-privileges.rego`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.file.path()
    }

    /// Its text.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        self.file.source()
    }

    /// The text of its page.
    #[must_use]
    pub fn page(&self) -> &Arc<Source> {
        self.page.source()
    }

    /// The place of a key of its METADATA, by its path: `title`, `custom.params.limit.default`. For
    /// a key that is not written, the nearest one above it, and the whole comment in the end.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<Place> {
        let block = metadata::package_block(self.source())?;
        Some(block.place(key))
    }

    pub(crate) fn file(&self) -> &Arc<File> {
        &self.file
    }
}
