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
        Equivalent::parse(&text).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
    }

    fn parse(text: &str) -> Result<Equivalent, String> {
        let mut entries: BTreeMap<String, String> = BTreeMap::new();
        let mut last: Option<String> = None;
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        for line in lines {
            match (line.strip_prefix("    "), &last) {
                (Some(reason), Some(key)) => {
                    let entry = entries.entry(key.clone()).or_default();
                    entry.push_str(reason);
                }
                (Some(_), None) => return Err("the first line is indented".to_owned()),
                (None, _) => {
                    if entries.insert(line.to_owned(), String::new()).is_some() {
                        return Err(format!("twice: {line}"));
                    }
                    last = Some(line.to_owned());
                }
            }
        }
        match entries.iter().find(|(_, reason)| reason.is_empty()) {
            Some((key, _)) => Err(format!("no reason: {key}")),
            None => Ok(Equivalent { entries }),
        }
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
    fn entries_have_reasons_and_go_stale() {
        let list = Equivalent::parse("# list\na.rego: f: drop `x`\n    because\n").unwrap();
        assert!(list.covers("a.rego: f: drop `x`"));
        assert_eq!(list.stale("", &[]).len(), 1);
        assert_eq!(list.stale("b", &[]).len(), 0);
        let (path, what) = ("a.rego".to_owned(), "f: drop `x`".to_owned());
        let tried = Tried { path, line: 1, what, state: State::Equivalent };
        assert_eq!(list.stale("", &[tried]).len(), 0);
        assert!(Equivalent::parse("a\n").is_err());
        assert!(Equivalent::parse("a\n    b\na\n    b\n").is_err());
        assert!(Equivalent::parse("    b\n").is_err());
    }
}
