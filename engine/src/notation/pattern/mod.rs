//! `.dockerignore` patterns.
//!
//! Owns reading the file and deciding what it excludes, as `ignorefile` and
//! `MatchesOrParentMatches` of [moby/patternmatcher] do on Linux. Paths are relative to the build
//! context, with slashes. Docker refuses a file with one bad pattern altogether; here the bad ones
//! are reported and the others still apply.
//!
//! [moby/patternmatcher]: https://github.com/moby/patternmatcher

mod automaton;
pub mod glob;
mod translate;

use std::fmt;

use super::path::clean;
use automaton::Step;
pub use translate::Form;

/// The longest line that Docker reads, in bytes without the line break.
const LINE_LIMIT: usize = 64 * 1024 - 1;

/// The patterns of a `.dockerignore` file, in order; the last one that matches a path decides.
#[derive(Clone, Debug, Default)]
pub struct Patterns(Vec<Pattern>);

/// One pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    cleaned: String,
    negated: bool,
    line: u32,
    form: Form,
    steps: Vec<Step>,
}

/// A pattern that Docker refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// Line in the file, from 1; for lists the position, from 1.
    pub line: u32,
    /// What is wrong.
    pub kind: PatternErrorKind,
}

/// The kinds of [`PatternError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// `!` without a pattern.
    LoneExclamationMark,
    /// Not a pattern of Go's `filepath.Match`.
    Malformed,
    /// A pattern that the regular expression made of it makes invalid, such as `[z-a]` or `\8`.
    Unusable,
    /// A line longer than 65,535 bytes.
    TooLong,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            PatternErrorKind::LoneExclamationMark => "`!` needs a pattern after it",
            PatternErrorKind::Malformed => {
                "the pattern has an unclosed or malformed `[…]` or ends in a backslash"
            }
            PatternErrorKind::Unusable => "the pattern is not one that Docker can use",
            PatternErrorKind::TooLong => "the line is longer than 65535 bytes",
        })
    }
}

impl std::error::Error for PatternError {}

impl Patterns {
    /// Reads a `.dockerignore` file. Empty lines and lines that start with `#` are skipped.
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<PatternError>) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.split('\n').zip(1..).filter(|(line, _)| !line.starts_with('#'));
        Self::collect(lines.map(|(line, number)| (line, normalize_line(line), number)))
    }

    /// Takes patterns from elsewhere, such as a list in another file format. They are used as they
    /// are, except for surrounding blanks; `#` and leading slashes have no special meaning.
    pub fn from_list<'a>(patterns: impl IntoIterator<Item = &'a str>) -> (Self, Vec<PatternError>) {
        Self::collect(patterns.into_iter().zip(1..).map(|(text, at)| (text, text.to_owned(), at)))
    }

    fn collect<'a>(
        lines: impl Iterator<Item = (&'a str, String, u32)>,
    ) -> (Self, Vec<PatternError>) {
        let mut patterns = Vec::new();
        let mut errors = Vec::new();
        for (raw, text, line) in lines {
            let read = if raw.len() > LINE_LIMIT {
                Err(PatternErrorKind::TooLong)
            } else {
                Pattern::new(&text, line)
            };
            match read {
                Ok(pattern) => patterns.extend(pattern),
                Err(kind) => errors.push(PatternError { line, kind }),
            }
        }
        (Patterns(patterns), errors)
    }

    /// The patterns that are in force, in order.
    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.0
    }

    /// Whether there is a pattern that takes paths back in.
    #[must_use]
    pub fn has_exceptions(&self) -> bool {
        self.0.iter().any(Pattern::negated)
    }

    /// Whether the file or folder at `path` is left out of the build context.
    ///
    /// A pattern that matches a parent folder matches what is in it. The context itself (`.`) is
    /// never excluded.
    #[must_use]
    pub fn excludes(&self, path: &str) -> bool {
        let path = clean(path);
        if path == "." {
            return false;
        }
        let mut excluded = false;
        for pattern in &self.0 {
            // The others cannot change the result.
            if pattern.negated == excluded && pattern.matches(&path, true) {
                excluded = !pattern.negated;
            }
        }
        excluded
    }
}

impl Pattern {
    /// A pattern, or nothing for a blank text.
    fn new(text: &str, line: u32) -> Result<Option<Self>, PatternErrorKind> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let cleaned = clean(text);
        let (negated, cleaned) = match cleaned.strip_prefix('!') {
            Some("") => return Err(PatternErrorKind::LoneExclamationMark),
            Some(pattern) => (true, pattern.to_owned()),
            None => (false, cleaned),
        };
        glob::Glob::parse(&cleaned).map_err(|_| PatternErrorKind::Malformed)?;
        let form = translate::translate(&cleaned);
        let steps = match &form {
            Form::Expression(expression) => {
                translate::read(expression).ok_or(PatternErrorKind::Unusable)?
            }
            _ => Vec::new(),
        };
        Ok(Some(Pattern { cleaned, negated, line, form, steps }))
    }

    /// The pattern in its shortest form, without `!`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.cleaned
    }

    /// Whether it takes paths back in: it was written with `!`.
    #[must_use]
    pub fn negated(&self) -> bool {
        self.negated
    }

    /// The line it stands on, from 1; for lists the position, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// How Docker matches it.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// Whether it matches a path or, with `parents`, one of the folders the path is in.
    fn matches(&self, path: &str, parents: bool) -> bool {
        let pattern = self.cleaned.as_str();
        let any = |test: &dyn Fn(&str) -> bool| {
            test(path)
                || (parents
                    && path.match_indices('/').any(|(at, _)| path.get(..at).is_some_and(test)))
        };
        match &self.form {
            Form::Exact => any(&|path| path == pattern),
            // A parent that starts so makes the path start so.
            Form::Prefix => path.starts_with(pattern.strip_suffix("**").unwrap_or(pattern)),
            Form::Suffix => {
                let suffix = pattern.strip_prefix("**").unwrap_or(pattern);
                let whole = suffix.strip_prefix('/');
                any(&|path| path.ends_with(suffix) || whole == Some(path))
            }
            Form::Expression(_) => automaton::matches(&self.steps, path, parents),
        }
    }
}

/// A line of the file as a pattern: trimmed, the part after `!` cleaned and made relative.
fn normalize_line(line: &str) -> String {
    let line = line.trim();
    let (mark, pattern) = match line.strip_prefix('!') {
        Some(pattern) => ("!", pattern.trim()),
        None => ("", line),
    };
    if pattern.is_empty() {
        return mark.to_owned();
    }
    let pattern = clean(pattern);
    let relative = pattern.strip_prefix('/').filter(|rest| !rest.is_empty()).unwrap_or(&pattern);
    format!("{mark}{relative}")
}

#[cfg(test)]
mod tests;
