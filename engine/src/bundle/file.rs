//! One file of a bundle.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::source::Source;

/// One file of a bundle. The [`Source`] of an embedded one is made only when it is asked for: most
/// runs never look at the text of a rule.
pub struct File {
    path: String,
    text: Text,
}

enum Text {
    Read(Arc<Source>),
    Embedded { name: String, text: &'static str, source: OnceLock<Arc<Source>> },
}

impl File {
    pub(super) fn new(path: String, source: Arc<Source>) -> Self {
        File { path, text: Text::Read(source) }
    }

    pub(crate) fn embedded(bundle: &str, path: &str, text: &'static str) -> Self {
        let name = format!("{bundle}/{path}");
        File { path: path.to_owned(), text: Text::Embedded { name, text, source: OnceLock::new() } }
    }

    /// Whether it came with the program.
    pub(super) fn is_embedded(&self) -> bool {
        matches!(self.text, Text::Embedded { .. })
    }

    /// The path within the bundle, with forward slashes.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.text {
            Text::Read(source) => source.text(),
            Text::Embedded { text, .. } => text,
        }
    }

    /// The text with its name.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        match &self.text {
            Text::Read(source) => source,
            Text::Embedded { name, text, source } => {
                source.get_or_init(|| Source::new(name.as_str(), *text))
            }
        }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({:?})", self.path)
    }
}
