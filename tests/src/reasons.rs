//! Lists with reasons: a line that says what, and below it, indented by four, why.

use std::collections::BTreeMap;

/// Reads a list; empty lines and those that begin with `#` say nothing.
///
/// # Errors
///
/// An entry without a reason or that is there twice, a reason of nothing.
pub fn parse(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut entries: BTreeMap<String, String> = BTreeMap::new();
    let mut last: Option<String> = None;
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        match (line.strip_prefix("    "), &last) {
            (Some(reason), Some(key)) => {
                let entry = entries.entry(key.clone()).or_default();
                if !entry.is_empty() {
                    entry.push(' ');
                }
                entry.push_str(reason.trim());
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
        None => Ok(entries),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_reason_and_is_there_once() {
        let entries = parse("# a list\n\na b\n    because\n    of c\n").unwrap();
        assert_eq!(entries["a b"], "because of c");
        for broken in ["a\n", "a\n    b\na\n    b\n", "    b\n", "a\nb\n    c\n"] {
            assert!(parse(broken).is_err(), "{broken:?}");
        }
    }
}
