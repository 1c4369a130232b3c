//! Texts that depend on variables which nobody knows.

/// What is known of such a text, whatever the variables are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partial {
    /// The text before the first unknown variable.
    pub before: String,
    /// The known parts between the first and the last of them, one after the other.
    pub between: String,
    /// The text after the last of them.
    pub after: String,
}

impl Partial {
    /// The same without its first `count` bytes, of which all are known.
    pub(in crate::document) fn without_first(&self, count: usize) -> Partial {
        let before = self.before.get(count..).unwrap_or_default().to_owned();
        Partial { before, ..self.clone() }
    }

    /// Whether a character stands in what is known.
    pub(in crate::document) fn contains(&self, char: char) -> bool {
        [&self.before, &self.between, &self.after].iter().any(|part| part.contains(char))
    }
}
