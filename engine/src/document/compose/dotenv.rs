//! Files of variables: `.env`, and those that `env_file` names.
//!
//! Owns the grammar of compose-go's `dotenv` package, with a place on every value, and the plain
//! one of `format: raw`. It decides nothing about precedence: pairs come in the order they are
//! written, and names without a value are left to whoever knows the environment.

mod escape;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::interpolate::template::{self, Lookup};
use super::interpolate::{problem, substitution};
use super::tree::Substitution;
use super::variables::Unset;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source, Span};

/// The most text that the values of one file may have, in bytes: each line may repeat those
/// before it.
pub const MAX_OUTPUT: usize = 16 << 20;

/// The most variables that one file may have.
pub const MAX_PAIRS: usize = 100_000;

/// A line of a file of variables.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The name. Empty where the file has a value without a name, which Compose takes as it is.
    pub name: String,
    /// Where the name is written.
    pub name_place: Place,
    /// The value; `None` for a name alone, which stands for its value in the environment. With a
    /// substitution that misses a variable it is as written, and unknown.
    pub value: Option<String>,
    /// Where the value is written, with its quotes; for a name alone, the name.
    pub place: Place,
    /// How the value was written, when that was with variables.
    pub substitution: Option<Arc<Substitution>>,
}

impl Pair {
    /// Whether a variable it was written with has no value: nobody knows what it is.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.substitution.as_ref().is_some_and(|written| !written.missing.is_empty())
    }
}

/// Reads a file as Compose does.
///
/// A variable in a value is `lookup`'s, else the one set further up in the file; `unset` says what
/// one is that neither has.
///
/// # Errors
///
/// The first thing that is wrong: Compose takes nothing of such a file.
pub fn parse(
    source: &Arc<Source>,
    lookup: &dyn Fn(&str) -> Option<String>,
    unset: Unset,
) -> Result<Vec<Pair>, Vec<Diagnostic>> {
    let mut parser = Parser {
        source,
        at: 0,
        lookup,
        unset,
        budget: MAX_OUTPUT,
        pairs: Vec::new(),
        set: HashMap::new(),
    };
    while parser.skip_to_statement() {
        parser.statement().map_err(|problem| vec![*problem])?;
        check_count(&parser.pairs)?;
    }
    Ok(parser.pairs)
}

fn check_count(pairs: &[Pair]) -> Result<(), Vec<Diagnostic>> {
    match pairs.last().filter(|_| pairs.len() > MAX_PAIRS) {
        Some(last) => {
            Err(vec![Diagnostic::error("too many variables in a file").at(last.place.clone())])
        }
        None => Ok(()),
    }
}

/// Reads a file of `format: raw`: lines of `NAME=value`, where nothing in a value means anything.
///
/// # Errors
///
/// The first line without a name, or with blanks in it.
pub fn parse_raw(source: &Arc<Source>) -> Result<Vec<Pair>, Vec<Diagnostic>> {
    let mut pairs = Vec::new();
    let mut next = 0;
    for line in source.text().split('\n') {
        let end = next + line.strip_suffix('\r').unwrap_or(line).len();
        let start = next + (line.len() - line.trim_start().len());
        next += line.len() + 1;
        let place = |range: Range<usize>| Place::new(source, Span::new(range.start, range.end));
        let line = source.text().get(start..end).unwrap_or_default();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once('=').map_or((line, None), |(n, v)| (n, Some(v)));
        let name_place = place(start..start + name.len());
        if name.is_empty() {
            return Err(vec![
                Diagnostic::error("no variable name on this line").at(place(start..end)),
            ]);
        }
        if name.contains([' ', '\t']) {
            return Err(vec![
                Diagnostic::error("a variable's name contains blanks").at(name_place),
            ]);
        }
        pairs.push(Pair {
            name: name.to_owned(),
            place: value.map_or(name_place.clone(), |value| place(end - value.len()..end)),
            name_place,
            value: value.map(str::to_owned),
            substitution: None,
        });
        check_count(&pairs)?;
    }
    Ok(pairs)
}

type Step<T> = Result<T, Box<Diagnostic>>;

struct Parser<'a> {
    source: &'a Arc<Source>,
    at: usize,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    unset: Unset,
    budget: usize,
    pairs: Vec<Pair>,
    /// The values set so far; `None` for one that is unknown.
    set: HashMap<String, Option<String>>,
}

/// Blanks within a line.
fn is_blank(ch: char) -> bool {
    matches!(ch, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

impl<'a> Parser<'a> {
    fn text(&self) -> &'a str {
        self.source.text()
    }

    fn rest(&self) -> &'a str {
        self.text().get(self.at..).unwrap_or_default()
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text().get(range).unwrap_or_default()
    }

    fn place(&self, range: Range<usize>) -> Place {
        Place::new(self.source, Span::new(range.start, range.end))
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches(is_blank).len();
    }

    /// Goes to the next statement; `false` at the end.
    fn skip_to_statement(&mut self) -> bool {
        loop {
            self.at += self.rest().len() - self.rest().trim_start().len();
            if !self.rest().starts_with('#') {
                return !self.rest().is_empty();
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn statement(&mut self) -> Step<()> {
        if let Some(after) = self.rest().strip_prefix("export")
            && after.starts_with(['\t', '\n', '\u{c}', '\r', ' '])
        {
            let start = self.at;
            self.at += "export".len();
            self.skip_blanks();
            if self.rest().is_empty() {
                let problem = Diagnostic::error("no variable name after `export`");
                return Err(Box::new(problem.at(self.place(start..start + "export".len()))));
            }
        }
        let (name, is_bare) = self.name()?;
        let text = self.slice(name.clone());
        if text.contains(' ') {
            let problem = Diagnostic::error("a variable's name contains a space")
                .at(self.place(name))
                .help("write `NAME=value`");
            return Err(Box::new(problem));
        }
        self.skip_blanks();
        if is_bare {
            // A line with nothing but `export`, which Compose looks up as a variable without name.
            if !text.is_empty() {
                let place = self.place(name);
                self.pairs.push(Pair {
                    name: text.to_owned(),
                    name_place: place.clone(),
                    value: None,
                    place,
                    substitution: None,
                });
            }
            return Ok(());
        }
        let (value, range, written) = self.value()?;
        let is_unknown = written.as_ref().is_some_and(|written| !written.missing.is_empty());
        self.set.insert(text.to_owned(), (!is_unknown).then(|| value.clone()));
        self.pairs.push(Pair {
            name: text.to_owned(),
            name_place: self.place(name),
            value: Some(value),
            place: self.place(range),
            substitution: written,
        });
        Ok(())
    }

    /// The name, and whether nothing but the end of the line follows. At the end of the file
    /// without a line feed the name is empty, and the text is the value: so does Compose have it.
    fn name(&mut self) -> Step<(Range<usize>, bool)> {
        let start = self.at;
        for (index, ch) in self.rest().char_indices() {
            match ch {
                '=' | ':' | '\n' => {
                    let end = start + self.slice(start..start + index).trim_end().len();
                    self.at = start + index + 1;
                    return Ok((start..end, ch == '\n'));
                }
                '_' | '.' | '-' | '[' | ']' => {}
                ch if is_blank(ch) || ch.is_alphanumeric() => {}
                ch => {
                    let at = start + index;
                    let shown = ch.escape_debug();
                    let problem = Diagnostic::error(format!(
                        "unexpected character `{shown}` in a variable's name"
                    ));
                    return Err(Box::new(problem.at(self.place(at..at + ch.len_utf8()))));
                }
            }
        }
        Ok((start..start, false))
    }

    /// The value, where it is written, and how.
    fn value(&mut self) -> Step<(String, Range<usize>, Option<Arc<Substitution>>)> {
        let start = self.at;
        let Some(quote) = self.rest().bytes().next().filter(|byte| matches!(byte, b'"' | b'\''))
        else {
            let line = self.rest().split('\n').next().unwrap_or_default();
            self.at = (start + line.len() + 1).min(self.text().len());
            let value = line.split(" #").next().unwrap_or_default().trim_end();
            let range = start..start + value.len();
            let (value, written) = self.substitute(value, value, range.clone())?;
            return Ok((value, range, written));
        };
        let Some((value, length)) = escape::quoted(self.rest(), quote) else {
            let line = self.rest().split('\n').next().unwrap_or_default();
            let problem = Diagnostic::error("unterminated quoted value")
                .at(self.place(start..start + line.len()));
            return Err(Box::new(problem));
        };
        self.at += length;
        let range = start..self.at;
        if quote == b'\'' {
            return Ok((value.into_owned(), range, None));
        }
        let raw = self.slice(start + 1..self.at - 1);
        let (value, written) = self.substitute(&escape::expand(&value), raw, range.clone())?;
        Ok((value, range, written))
    }

    /// Substitutes the variables of `text`, which is written as `raw`.
    fn substitute(
        &mut self,
        text: &str,
        raw: &str,
        range: Range<usize>,
    ) -> Step<(String, Option<Arc<Substitution>>)> {
        let lookup = |name: &str| match (self.lookup)(name) {
            Some(value) => Lookup::Set(Cow::Owned(value)),
            None => match self.set.get(name) {
                Some(Some(value)) => Lookup::Set(Cow::Borrowed(value.as_str())),
                Some(None) => Lookup::Unknown,
                None => Lookup::Unset,
            },
        };
        let found = template::substitute(text, &lookup, self.unset, &mut self.budget);
        let mut found = found.map_err(|error| problem(&error, &self.place(range), text))?;
        if self.unset == Unset::Empty {
            found.missing.clear();
        }
        let written = substitution(raw, &found);
        let value = if found.missing.is_empty() { found.text } else { raw.to_owned() };
        Ok((value, written))
    }
}
