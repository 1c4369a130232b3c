//! Shell patterns as Go's `path.Match` reads them: `*`, `?`, `[…]` and `\`, never across a slash.

use std::fmt;

use super::automaton::{Item, Set, Step, matches};

/// A pattern of [path.Match](https://pkg.go.dev/path#Match).
#[derive(Clone, Debug)]
pub struct Glob(Vec<Step>);

/// The pattern does not follow the grammar of `path.Match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPattern;

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pattern has an unclosed or malformed `[…]` or ends in a backslash")
    }
}

impl std::error::Error for BadPattern {}

impl Glob {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// Where `path.Match` gives `ErrBadPattern`.
    pub fn parse(pattern: &str) -> Result<Self, BadPattern> {
        let mut steps = Vec::new();
        let mut rest = pattern.chars();
        while let Some(character) = rest.next() {
            steps.push(match character {
                '*' => Step::Many(Set::not('/')),
                '?' => Step::One(Set::not('/')),
                '[' => Step::One(class(&mut rest)?),
                '\\' => Step::One(Set::one(rest.next().ok_or(BadPattern)?)),
                character => Step::One(Set::one(character)),
            });
        }
        Ok(Glob(steps))
    }

    /// Whether the pattern matches all of `name`.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        matches(&self.0, name, false)
    }
}

fn class(rest: &mut std::str::Chars<'_>) -> Result<Set, BadPattern> {
    let negated = rest.as_str().starts_with('^');
    if negated {
        rest.next();
    }
    let mut items = Vec::new();
    loop {
        if !items.is_empty() && rest.as_str().starts_with(']') {
            rest.next();
            return Ok(Set { negated, items });
        }
        let low = class_character(rest)?;
        let mut high = low;
        if rest.as_str().starts_with('-') {
            rest.next();
            high = class_character(rest)?;
        }
        items.push(Item::Range(low, high));
    }
}

fn class_character(rest: &mut std::str::Chars<'_>) -> Result<char, BadPattern> {
    let character = match rest.next() {
        None | Some('-' | ']') => return Err(BadPattern),
        Some('\\') => rest.next().ok_or(BadPattern)?,
        Some(character) => character,
    };
    if rest.as_str().is_empty() { Err(BadPattern) } else { Ok(character) }
}
