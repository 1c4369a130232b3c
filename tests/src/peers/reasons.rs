//! Why we judge otherwise than another tool.
//!
//! `tests/peers/reasons.txt` has for each disagreement a line of the tool, its rule and its file, and
//! below it, indented, the reason.

use std::collections::BTreeMap;

use super::{Compared, Comparison};

/// The reasons.
#[derive(Debug, Default)]
pub struct Reasons {
    entries: BTreeMap<String, String>,
}

impl Reasons {
    /// Reads those of the repository.
    ///
    /// # Panics
    ///
    /// When an entry has no reason, or is there twice.
    #[must_use]
    pub fn read() -> Reasons {
        let path = crate::repository().join("tests/peers/reasons.txt");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let entries = crate::reasons::parse(&text);
        Reasons { entries: entries.unwrap_or_else(|e| panic!("{}: {e}", path.display())) }
    }

    /// The reason for a disagreement.
    #[must_use]
    pub fn of(&self, compared: &Compared) -> Option<&str> {
        self.entries.get(&key(compared)).map(String::as_str)
    }

    /// Disagreements without a reason, and reasons without a disagreement.
    #[must_use]
    pub fn complaints(&self, comparison: &Comparison) -> Vec<String> {
        let differ = comparison
            .compared
            .iter()
            .filter_map(|compared| Some((key(compared), compared.disagreement()?)));
        let differ: BTreeMap<String, String> = differ.collect();
        let unexplained = differ.iter().filter(|(key, _)| !self.entries.contains_key(*key));
        let stale = self.entries.keys().filter(|key| !differ.contains_key(*key));
        let unexplained = unexplained.map(|(key, what)| format!("no reason: {key}: {what}"));
        unexplained.chain(stale.map(|key| format!("no disagreement: {key}"))).collect()
    }
}

fn key(compared: &Compared) -> String {
    let fixture = &compared.fixture;
    format!("{} {} {}", fixture.tool, fixture.rule, fixture.file)
}
