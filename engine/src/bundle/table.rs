//! Data tables.

use std::sync::Arc;

use serde_json::Value;

use super::day::is_day;
use super::file::File;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source, Span};

/// The largest table, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// The key of the day that a table is of.
const AS_OF: &str = "as_of";

/// A table of a bundle: what rules read as `input.data["<name>"]`.
#[derive(Clone, Debug)]
pub struct Table {
    name: String,
    file: Arc<File>,
    value: Arc<Value>,
}

impl Table {
    pub(super) fn read(name: &str, file: &Arc<File>) -> Result<Table, Diagnostic> {
        Ok(Table::new(name, file, parse(file)?))
    }

    pub(super) fn new(name: &str, file: &Arc<File>, value: Value) -> Table {
        Table { name: name.to_owned(), file: Arc::clone(file), value: Arc::new(value) }
    }

    /// The file's name without its extension.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it came with the program, whose tests know that it is right.
    pub(crate) fn is_embedded(&self) -> bool {
        self.file.is_embedded()
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        self.file.source()
    }

    /// What it holds.
    #[must_use]
    pub fn value(&self) -> &Arc<Value> {
        &self.value
    }
}

impl Table {
    /// The day that what it holds was true, as RFC 3339 writes it; `None` where it does not say so.
    #[must_use]
    pub fn as_of(&self) -> Option<&str> {
        self.value.get(AS_OF)?.as_str()
    }

    /// Where that stands: the value; without one, the beginning of the file.
    #[must_use]
    pub fn as_of_place(&self) -> Place {
        let source = self.source();
        let span = self.as_of().and_then(|day| as_of_span(source.text(), day));
        Place::new(source, span.unwrap_or_default())
    }

    /// That `as_of` is a day, and that there is one where there has to be.
    pub(super) fn check_day(&self, required: bool) -> Result<(), Diagnostic> {
        let problem = match self.value.get(AS_OF) {
            None if required => format!("the table `{}` does not say of when it is", self.name),
            None => return Ok(()),
            Some(Value::String(day)) if is_day(day) => return Ok(()),
            Some(_) => format!("`as_of` of the table `{}` is no day", self.name),
        };
        let line = line_of_key(self.source().text()).unwrap_or_default();
        Err(Diagnostic::error(problem)
            .at(Place::new(self.source(), line))
            .help("write the day that it was made or last verified: `as_of: \"2026-01-31\"`"))
    }
}

/// The line that the key stands on. Only a key of the outermost map begins a line of YAML; in JSON it
/// is found wherever it stands first.
fn line_of_key(text: &str) -> Option<Span> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let json = content.contains("\"as_of\"");
        if json
            || content.strip_prefix(AS_OF).is_some_and(|rest| rest.trim_start().starts_with(':'))
        {
            return Some(Span::new(start, start + content.len()));
        }
        start += line.len();
    }
    None
}

/// Where the day stands: on the key's line, after the key.
fn as_of_span(text: &str, day: &str) -> Option<Span> {
    let line = line_of_key(text)?;
    let written = text.get(line.range())?;
    let key = written.find(AS_OF)? + AS_OF.len();
    let at = line.start as usize + key + written.get(key..)?.find(day)?;
    Some(Span::new(at, at + day.len()))
}

fn parse(file: &Arc<File>) -> Result<Value, Diagnostic> {
    let source = file.source();
    if source.text().len() > MAX_BYTES {
        return Err(Diagnostic::error(format!("the table is larger than {MAX_BYTES} bytes"))
            .at(Place::new(source, Span::default())));
    }
    if file.path().ends_with(".json") {
        return serde_json::from_str(source.text()).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            problem(source, "JSON", &error.to_string(), line, column)
        });
    }
    let value = parse_yaml(source)?;
    serde_yaml::from_value(value).map_err(|error| yaml_problem(source, &error))
}

/// Reads YAML as its own value, which refuses a key that is written twice. Anchors are refused: an
/// alias in a list can make gigabytes out of a small text.
pub(super) fn parse_yaml(source: &Arc<Source>) -> Result<serde_yaml::Value, Diagnostic> {
    if let Some(at) = anchor(source.text()) {
        return Err(Diagnostic::error("anchors are not supported here")
            .at(Place::new(source, Span::new(at, at + 1)))
            .help("write the value where it is used; put a text with a lone `&` in quotes"));
    }
    serde_yaml::from_str(source.text()).map_err(|error| yaml_problem(source, &error))
}

/// Where something stands that could be an anchor: `&` before a word, at the start of a node.
fn anchor(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let starts = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let after = bytes.get(at + 1);
        before.is_none_or(|b| b.is_ascii_whitespace() || b"[{,:".contains(b))
            && after.is_some_and(|b| !b.is_ascii_whitespace() && *b != b'&')
    };
    text.match_indices('&').map(|(at, _)| at).find(|&at| starts(at))
}

fn yaml_problem(source: &Arc<Source>, error: &serde_yaml::Error) -> Diagnostic {
    let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
    problem(source, "YAML", &error.to_string(), line, column)
}

fn problem(
    source: &Arc<Source>,
    language: &str,
    message: &str,
    line: usize,
    column: usize,
) -> Diagnostic {
    let line = source.line_span(u32::try_from(line).unwrap_or(u32::MAX));
    let start = (line.start as usize + column.saturating_sub(1)).min(line.end as usize);
    let message = message.split(" at line ").next().unwrap_or_default();
    Diagnostic::error(format!("this is no valid {language}: {message}"))
        .at(Place::new(source, Span::new(start, line.end as usize)))
}
