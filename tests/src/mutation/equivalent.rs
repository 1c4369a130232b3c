//! The list of mutants that no case can notice, with the reason.
//!
//! `tests/mutation/equivalent.txt` has for each a line as the study prints it, without the number of
//! the line, and below it, indented, why no verdict can change.

use std::collections::BTreeMap;

use super::{State, Tried};

/// The list.
#[derive(Debug, Default)]
pub struct Equivalent {
    /// Keys with their reasons.
    entries: BTreeMap<String, String>,
}

impl Equivalent {
    /// Reads the list of the repository.
    ///
    /// # Panics
    ///
    /// When an entry has no reason, or is there twice.
    #[must_use]
    pub fn read() -> Equivalent {
        let path = crate::repository().join("tests/mutation/equivalent.txt");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let entries = crate::reasons::parse(&text);
        Equivalent { entries: entries.unwrap_or_else(|e| panic!("{}: {e}", path.display())) }
    }

    pub(super) fn covers(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// What the list says of modules whose path contains `only`, and no mutant that survived is.
    pub(super) fn stale(&self, only: &str, tried: &[Tried]) -> Vec<String> {
        let about = |key: &&String| key.split(": ").next().is_some_and(|path| path.contains(only));
        let used = |key: &&String| {
            let mut equivalent = tried.iter().filter(|tried| tried.state == State::Equivalent);
            equivalent.any(|tried| format!("{}: {}", tried.path, tried.what) == ***key)
        };
        let stale = self.entries.keys().filter(about).filter(|key| !used(key));
        stale.map(|key| format!("not equivalent, or not there: {key}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_go_stale() {
        let entries = crate::reasons::parse("a.rego: f: drop `x`\n    because\n").unwrap();
        let list = Equivalent { entries };
        assert!(list.covers("a.rego: f: drop `x`"));
        assert_eq!(list.stale("", &[]).len(), 1);
        assert_eq!(list.stale("b", &[]).len(), 0);
        let (path, what) = ("a.rego".to_owned(), "f: drop `x`".to_owned());
        let tried = Tried { path, line: 1, what, state: State::Equivalent };
        assert_eq!(list.stale("", &[tried]).len(), 0);
    }
}
