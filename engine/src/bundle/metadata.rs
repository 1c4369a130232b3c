//! `# METADATA` comments, as OPA defines them, with the place of every key.
//!
//! A block is a run of comment lines that begins with `# METADATA`; what follows is YAML. It says
//! something about the next statement. See
//! <https://www.openpolicyagent.org/docs/policy-language#metadata>.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_yaml::Value;

use super::table::parse_yaml;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source, Span};

/// One METADATA comment.
pub(crate) struct Block {
    source: Arc<Source>,
    /// The `# METADATA` line.
    heading: Span,
    /// The YAML, comment marks taken off, a line for each line of the comment.
    yaml: String,
    /// For each line of the YAML, where it starts in the source.
    starts: Vec<usize>,
    /// Places of keys by dotted path.
    keys: BTreeMap<String, Span>,
    /// The line, from 1, of the statement it is about; past the end when there is none.
    pub(crate) subject_line: u32,
}

impl Block {
    /// Reads the YAML.
    pub(crate) fn value(&self) -> Result<Value, Diagnostic> {
        let yaml = Source::new("", self.yaml.as_str());
        parse_yaml(&yaml).map_err(|problem| self.translate(&yaml, problem))
    }

    /// The place of a key, else of the nearest one above it, else of the heading.
    pub(crate) fn place(&self, key: &str) -> Place {
        let mut key = key;
        loop {
            if let Some(&span) = self.keys.get(key) {
                return Place::new(&self.source, span);
            }
            match key.rsplit_once('.') {
                Some((parent, _)) => key = parent,
                None => return Place::new(&self.source, self.heading),
            }
        }
    }

    /// From places in the YAML to places in the comment.
    fn translate(&self, yaml: &Source, mut diagnostic: Diagnostic) -> Diagnostic {
        for label in &mut diagnostic.labels {
            let at = yaml.line_column(label.place.span.start);
            let line = yaml.line_span(at.line);
            let start = self.starts.get(at.line as usize - 1).copied();
            let start = start.unwrap_or(self.heading.start as usize);
            let shift = |offset: u32| start + offset.saturating_sub(line.start) as usize;
            let span = Span::new(shift(label.place.span.start), shift(label.place.span.end));
            label.place = Place::new(&self.source, span);
        }
        diagnostic
    }
}

/// The block that is about the package: the last one before the `package` line.
pub(crate) fn package_block(source: &Arc<Source>) -> Option<Block> {
    let package = package_line(source)?;
    blocks(source, package).into_iter().rfind(|block| block.subject_line == package)
}

/// Every block of a text.
pub(crate) fn all_blocks(source: &Arc<Source>) -> Vec<Block> {
    blocks(source, source.line_count())
}

/// The line, from 1, that declares the package: the first one that is neither blank nor a comment,
/// if it does.
pub(crate) fn package_line(source: &Source) -> Option<u32> {
    let line = statement_at_or_after(source, 1)?;
    let text = source.slice(source.line_span(line)).trim_start();
    let rest = text.strip_prefix("package")?;
    rest.starts_with([' ', '\t']).then_some(line)
}

fn statement_at_or_after(source: &Source, line: u32) -> Option<u32> {
    (line..=source.line_count()).find(|&line| {
        let text = source.slice(source.line_span(line)).trim_start();
        !text.is_empty() && !text.starts_with('#')
    })
}

fn blocks(source: &Arc<Source>, last_line: u32) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut line = 1;
    while line <= last_line {
        if comment(source, line).is_none_or(|(_, text)| text.trim() != "METADATA") {
            line += 1;
            continue;
        }
        let heading = source.line_span(line);
        let (mut yaml, mut starts) = (String::new(), Vec::new());
        line += 1;
        while let Some((start, text)) = comment(source, line) {
            yaml.push_str(text);
            yaml.push('\n');
            starts.push(start);
            line += 1;
        }
        let keys = key_places(&yaml, &starts);
        let subject_line = statement_at_or_after(source, line).unwrap_or(u32::MAX);
        let source = Arc::clone(source);
        blocks.push(Block { source, heading, yaml, starts, keys, subject_line });
    }
    blocks
}

/// The text of a comment line without its mark and one space, and where it starts.
fn comment(source: &Source, line: u32) -> Option<(usize, &str)> {
    if line > source.line_count() {
        return None;
    }
    let span = source.line_span(line);
    let text = source.slice(span);
    let rest = text.trim_start().strip_prefix('#')?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    Some((span.end as usize - rest.len(), rest))
}

/// Finds `key:` at the start of lines, and nests by indentation. That is all of the block style that
/// METADATA is written in; a key inside `{…}` has the place of the key it stands behind.
fn key_places(yaml: &str, starts: &[usize]) -> BTreeMap<String, Span> {
    let mut keys = BTreeMap::new();
    let mut open: Vec<(usize, String)> = Vec::new();
    for (line, &start) in yaml.lines().zip(starts) {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        let Some((name, length)) = key_at(text) else { continue };
        while open.last().is_some_and(|(depth, _)| *depth >= indent) {
            open.pop();
        }
        let path = match open.last() {
            Some((_, parent)) => format!("{parent}.{name}"),
            None => name.to_owned(),
        };
        let at = start + indent;
        keys.entry(path.clone()).or_insert_with(|| Span::new(at, at + length));
        open.push((indent, path));
    }
    keys
}

/// The key at the start of a line, without quotes, and its length with them.
fn key_at(text: &str) -> Option<(&str, usize)> {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    if let Some((name, rest)) = quoted {
        return rest.starts_with(':').then_some((name, name.len() + 2));
    }
    let end = text.find(':')?;
    let name = text.get(..end)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let followed = text.get(end + 1..)?.chars().next().is_none_or(char::is_whitespace);
    (!name.is_empty() && followed && name.chars().all(plain)).then_some((name, end))
}
