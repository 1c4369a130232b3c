//! The variables that a compose file may use.

use std::collections::{BTreeMap, BTreeSet};

/// Names and values, and what a name without a value is.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
    unknown: BTreeSet<String>,
    /// What a variable is that nobody set and that has no default.
    pub unset: Unset,
}

/// What a variable is that nobody set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unset {
    /// Not known: whoever runs the file may set it.
    #[default]
    Unknown,
    /// The empty string, as Compose has it (with a warning): to compare with Compose.
    Empty,
}

impl Variables {
    /// Sets a variable; a later value replaces an earlier one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        self.unknown.remove(&name);
        self.values.insert(name, value.into());
    }

    /// Says that a variable is set, to something nobody knows: `A=${B}` in a `.env`, where `B` has
    /// no value. A default in the file does not apply to it.
    pub fn set_unknown(&mut self, name: impl Into<String>) {
        let name = name.into();
        self.values.remove(&name);
        self.unknown.insert(name);
    }

    /// Sets everything that other variables set.
    pub fn add(&mut self, others: &Variables) {
        for (name, value) in others.iter() {
            self.set(name, value);
        }
        for name in &others.unknown {
            self.set_unknown(name);
        }
    }

    /// Whether a variable is set to something nobody knows.
    #[must_use]
    pub fn is_unknown(&self, name: &str) -> bool {
        self.unknown.contains(name)
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Every variable, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
