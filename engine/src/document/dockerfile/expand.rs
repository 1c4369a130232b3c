//! Variable expansion and word splitting of Dockerfile words, where a variable may be unknown.
//!
//! This is the language of BuildKit's `frontend/dockerfile/shell` (`lex.go`), not a shell's: quotes,
//! escapes, `$v`, `${v}`, and `${v…}` with `-`, `+`, `?` (each also after `:`), `#`, `##`, `%`,
//! `%%`, `/` and `//`. It refuses what BuildKit refuses (assignment, substrings, `${#v}`), and what
//! exceeds a limit below. Command substitution and arithmetic are plain text here.
//!
//! A variable is set, unset, or unknown (declared, but its value is not written here). An expansion
//! that needs an unknown value has no value itself. Operands are expanded even when they are not
//! needed, as BuildKit does: an error in `w` of `${v:-w}` is an error whatever `v` is.
//!
//! Three deliberate differences from BuildKit: `${v` at the end of the input is reported as a
//! missing brace and not as an unsupported modifier; a leading byte-order mark is kept; and a word
//! being split keeps what precedes a `${v:-w}` in it, which BuildKit's shared buffer loses.
//! A name is made of Rust's alphabetic characters, ASCII digits and `_`, where Go has its own
//! tables of letters and digits; they agree on ASCII and on the letters of all scripts.

mod grammar;
mod output;
mod pattern;
mod substitution;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::document::partial::Partial;

/// How deep `${…}` may be nested.
pub const MAX_DEPTH: usize = 32;

/// How long a result, or any operand on the way to it, may be, in bytes.
///
/// Without it, ten lines of `ENV A=$A$A$A$A` fill the memory.
pub const MAX_OUTPUT: usize = 1 << 20;

/// How many words [`Expander::words`] gives at most.
pub const MAX_WORDS: usize = 1 << 16;

/// How much work one expansion may take: bytes copied (operands that are dropped too) and steps of
/// pattern matching (characters of the value times elements of the pattern).
///
/// It is a count, so the outcome does not depend on the machine.
pub const MAX_WORK: usize = 1 << 24;

/// What is known of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// It has this value, perhaps the empty one.
    Set(Cow<'a, str>),
    /// It is certainly not set.
    Unset,
    /// It is declared, but its value is not known here: an `ARG` without a default, an `ENV` of a
    /// base image. Whether it is set or empty is not known either.
    Unknown,
}

/// What expands words: the escape character and BuildKit's options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expander {
    /// The escape character, `\` or `` ` `` (the parser directive `escape`).
    pub escape: char,
    /// Keeps quotes in the result.
    pub raw_quotes: bool,
    /// Keeps escape characters in the result, outside operands.
    pub raw_escapes: bool,
    /// Treats quotes as plain characters (bodies of heredocs).
    pub skip_quotes: bool,
    /// Keeps references to unset variables as they are written, but with their operands expanded.
    pub skip_unset: bool,
}

impl Default for Expander {
    fn default() -> Self {
        Self::new('\\')
    }
}

/// A word after expansion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion {
    /// The text; `None` exactly if it depends on a variable of `unknown`.
    pub value: Option<String>,
    /// Declared variables (set or unknown) that were looked up, even for an operand that was not
    /// needed, in the order in which they are first written. BuildKit's "matched".
    pub used: Vec<String>,
    /// Variables that were looked up and are not set, in the same order. BuildKit's "unmatched".
    pub unset: Vec<String>,
    /// The unknown variables on which the value depends, in the same order; a part of `used`.
    pub unknown: Vec<String>,
    /// No variable was looked up at all.
    pub literal: bool,
    /// What is known of a text without a value; `None` exactly if there is a value.
    pub partial: Option<Partial>,
}

/// Why an expansion failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpandErrorKind {
    /// The word is not well formed.
    Syntax,
    /// `${v?m}` or `${v:?m}` found the variable missing: it refuses to go on, as asked.
    Required,
    /// One of the limits of this module.
    Limit,
}

/// An expansion that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpandError {
    /// The class of the failure.
    pub kind: ExpandErrorKind,
    /// BuildKit's wording, without its `failed to process "…": ` in front.
    pub message: String,
    /// The bytes of the input that are at fault; on character boundaries.
    pub range: Range<usize>,
}

impl fmt::Display for ExpandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExpandError {}

impl Expander {
    /// An expander with this escape character and no option.
    #[must_use]
    pub const fn new(escape: char) -> Self {
        Self {
            escape,
            raw_quotes: false,
            raw_escapes: false,
            skip_quotes: false,
            skip_unset: false,
        }
    }

    /// Expands one word, blanks included (BuildKit's `ProcessWord`).
    ///
    /// `lookup` is asked once for each reference; it must answer the same for the same name.
    ///
    /// # Errors
    ///
    /// A malformed word, a `?` that found its variable missing, or a limit.
    pub fn word<'v>(
        &self,
        word: &str,
        lookup: &dyn Fn(&str) -> Lookup<'v>,
    ) -> Result<Expansion, ExpandError> {
        self.word_within(word, lookup, &mut { MAX_WORK })
    }

    /// As [`Expander::word`], with an allowance of work for many words together, in the steps of
    /// [`MAX_WORK`]: what this one takes is taken off.
    ///
    /// # Errors
    ///
    /// As [`Expander::word`].
    pub fn word_within<'v>(
        &self,
        word: &str,
        lookup: &dyn Fn(&str) -> Lookup<'v>,
        allowance: &mut usize,
    ) -> Result<Expansion, ExpandError> {
        let mut text = output::Text::default();
        let names = grammar::expand(self, word, lookup, allowance, &mut text)?;
        Ok(names.describe(text))
    }

    /// Expands a word and splits the result at unquoted blanks (BuildKit's `ProcessWords`).
    ///
    /// Blanks in the value of an unquoted variable split too, and empty words vanish, even quoted
    /// ones. Blanks after `<<` do not split, for heredocs. An unknown variable counts as one piece
    /// of its word: unquoted, it may be any number of words in truth. A variable is listed with
    /// each word that it has a part in, and is not listed if its word vanished.
    ///
    /// # Errors
    ///
    /// As [`Expander::word`].
    pub fn words<'v>(
        &self,
        word: &str,
        lookup: &dyn Fn(&str) -> Lookup<'v>,
    ) -> Result<Vec<Expansion>, ExpandError> {
        self.words_within(word, lookup, &mut { MAX_WORK })
    }

    /// As [`Expander::words`], with an allowance as in [`Expander::word_within`].
    ///
    /// # Errors
    ///
    /// As [`Expander::word`].
    pub fn words_within<'v>(
        &self,
        word: &str,
        lookup: &dyn Fn(&str) -> Lookup<'v>,
        allowance: &mut usize,
    ) -> Result<Vec<Expansion>, ExpandError> {
        let mut words = output::Words::default();
        let names = grammar::expand(self, word, lookup, allowance, &mut words)?;
        Ok(words.finished.into_iter().map(|text| names.describe(text)).collect())
    }
}

#[cfg(test)]
mod tests;
