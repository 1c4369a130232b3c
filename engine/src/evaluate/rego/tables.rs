//! Which tables a rule may read, told from its text and from the libraries that it names.
//!
//! That is a guess upwards: a comment counts, a function that is never called counts. It serves to
//! tell whose tables have grown old, not to judge.

use std::collections::BTreeSet;

use super::unit::Unit;

/// The tables that a rule may read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TablesRead {
    names: BTreeSet<String>,
    /// Whether it reads tables whose names are computed.
    any: bool,
}

impl TablesRead {
    /// Whether this table may be among them.
    #[must_use]
    pub fn contains(&self, table: &str) -> bool {
        self.any || self.names.contains(table)
    }
}

pub(super) fn read_by(unit: &Unit, rule: &str) -> TablesRead {
    let mut read = TablesRead::default();
    let mut waiting = vec![rule];
    let mut seen = BTreeSet::from([rule]);
    while let Some(path) = waiting.pop() {
        let Some(file) = unit.files.get(path) else { continue };
        note(file.text(), &mut read);
        for library in unit.files.keys().filter(|path| path.starts_with("lib/")) {
            if names(file.text(), library) && seen.insert(library) {
                waiting.push(library);
            }
        }
    }
    read
}

/// Whether a text names a library: `lib.port` for `lib/port.rego`.
fn names(text: &str, library: &str) -> bool {
    let dotted = library.trim_end_matches(".rego").replace('/', ".");
    text.match_indices(&dotted).any(|(at, found)| {
        let next = text.get(at + found.len()..).and_then(|rest| rest.chars().next());
        next.is_none_or(|next| !next.is_alphanumeric() && next != '_')
    }) || library.contains('-')
}

fn note(text: &str, read: &mut TablesRead) {
    const DATA: &str = "input.data";
    for (at, found) in text.match_indices(DATA) {
        let rest = text.get(at + found.len()..).unwrap_or_default();
        if let Some(name) = rest.strip_prefix("[\"").and_then(|rest| rest.split_once("\"]")) {
            read.names.insert(name.0.to_owned());
        } else if let Some(rest) = rest.strip_prefix('.') {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            read.names.insert(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default().to_owned());
        } else {
            read.any = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_from_the_text() {
        for (text, tables, any) in [
            (
                "x := input.data[\"end-of-life\"].a; y := input.data.hosts.kernels",
                &["end-of-life", "hosts"][..],
                false,
            ),
            ("some x in input.data.hosts", &["hosts"], false),
            ("x := input.data[name]", &[], true),
            ("import input.data as tables", &[], true),
            ("x := input.dat", &[], false),
        ] {
            let mut read = TablesRead::default();
            note(text, &mut read);
            let expected: BTreeSet<String> = tables.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!((read.names.clone(), read.any), (expected, any), "{text}");
            assert_eq!(read.contains("hosts"), any || tables.contains(&"hosts"));
        }
    }

    #[test]
    fn libraries_are_told_from_the_text() {
        assert!(names("import data.checklist.lib.port\n", "lib/port.rego"));
        assert!(names("data.checklist.lib.port.services(x)", "lib/port.rego"));
        assert!(!names("import data.checklist.lib.ports\n", "lib/port.rego"));
        assert!(names("", "lib/host-path.rego"));
    }
}
