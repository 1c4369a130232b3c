//! What went wrong in regorus, in our words and with our places.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use regorus::rvm::program::Program;
use regorus::rvm::vm::VmError;

use super::super::{RuleError, RuleErrorKind};
use crate::bundle::File;
use crate::diagnostic::Diagnostic;
use crate::source::{LineColumn, Place, Span};

/// The longest message that is passed on, in bytes: they may quote values.
const MAX_MESSAGE: usize = 300;

type Files = BTreeMap<String, Arc<File>>;

/// The message of an error without its place and picture.
pub(super) fn text(error: &dyn fmt::Display) -> String {
    let text = error.to_string();
    // regorus writes "--> file:line:column", the line, a caret, and "error: message".
    let message = text.rsplit_once("\nerror: ").map_or(text.as_str(), |(_, message)| message);
    let mut message = message.lines().next().unwrap_or_default().trim().to_owned();
    message.truncate(message.floor_char_boundary(MAX_MESSAGE));
    message
}

/// The place that an error names.
fn place(files: &Files, error: &dyn fmt::Display) -> Option<Place> {
    let text = error.to_string();
    let (_, at) = text.split_once("--> ")?;
    let mut parts = at.lines().next()?.rsplitn(3, ':');
    let column: u32 = parts.next()?.trim().parse().ok()?;
    let line: u32 = parts.next()?.parse().ok()?;
    let file = files.get(parts.next()?)?;
    Some(position(file, LineColumn { line, column }, 1))
}

/// A place in a file; regorus counts columns in characters.
fn position(file: &File, at: LineColumn, length: usize) -> Place {
    let source = file.source();
    let line = source.line_span(at.line);
    let skipped = source.slice(line).chars().take(at.column.saturating_sub(1) as usize);
    let start = line.start as usize + skipped.map(char::len_utf8).sum::<usize>();
    Place::new(source, Span::new(start, (start + length).min(source.text().len())))
}

/// An error of the parser or the analysis.
pub(super) fn at_load(files: &Files, error: &dyn fmt::Display) -> Diagnostic {
    let problem = Diagnostic::error(text(error));
    match place(files, error) {
        Some(place) => problem.at(place),
        None => problem,
    }
}

/// An error of the interpreter.
pub(super) fn of_interpreter(files: &Files, error: &dyn fmt::Display, limit: bool) -> RuleError {
    let (kind, message) = if limit {
        (RuleErrorKind::Limit, "the rule took too long".to_owned())
    } else {
        (RuleErrorKind::Runtime, text(error))
    };
    RuleError { message, place: place(files, error), kind }
}

/// An error of the bytecode machine, which stood at instruction `pc`.
pub(super) fn of_machine(
    files: &Files,
    program: &Program,
    pc: usize,
    error: &VmError,
) -> RuleError {
    let kind = match error {
        VmError::InstructionLimitExceeded { .. }
        | VmError::TimeLimitExceeded { .. }
        | VmError::MemoryLimitExceeded { .. }
        | VmError::MemoryBudgetExceeded { .. }
        | VmError::RegexSizeLimitExceeded { .. } => RuleErrorKind::Limit,
        _ => RuleErrorKind::Runtime,
    };
    RuleError { message: describe(error), place: place_of(files, program, pc), kind }
}

/// The file is found by the rule that the instruction belongs to: the spans of a program count files
/// in another order than the program lists them.
fn place_of(files: &Files, program: &Program, pc: usize) -> Option<Place> {
    let span = program.get_instruction_span(pc).filter(|span| span.line > 0)?;
    let rule = (program.rule_infos.iter())
        .flat_map(|rule| rule.definitions.iter().flatten().map(move |&start| (start, rule)))
        .filter(|&(start, _)| start as usize <= pc)
        .max_by_key(|&(start, _)| start)?
        .1;
    let file = files.get(&path_of(&rule.name)?)?;
    let line = u32::try_from(span.line).ok()?;
    let column = u32::try_from(span.column).ok()?;
    Some(position(file, LineColumn { line, column }, span.length))
}

/// The path of the file that a rule stands in, which its package is made of:
/// `data.checklist.image["a-fault"].deny` → `image/a-fault.rego`.
fn path_of(rule: &str) -> Option<String> {
    let dotted = rule.replace("[\"", ".").replace("\"]", "");
    let (package, _) = dotted.strip_prefix("data.")?.rsplit_once('.')?;
    let path = match package.split_once('.')? {
        ("plimsoll", _) => package,
        (_, path) => path,
    };
    Some(format!("{}.rego", path.replace('.', "/")))
}

/// Without the values that the machine would quote in full.
fn describe(error: &VmError) -> String {
    match error {
        VmError::InstructionLimitExceeded { limit, .. } => {
            format!("the rule used up its {limit} instructions")
        }
        VmError::TimeLimitExceeded { .. } => "the rule took too long".to_owned(),
        VmError::RegexSizeLimitExceeded { .. } => "a regular expression is too large".to_owned(),
        VmError::InvalidIteration { .. } => "there is nothing to iterate over".to_owned(),
        VmError::InvalidAddition { .. } => "`+` takes numbers".to_owned(),
        VmError::InvalidSubtraction { .. } => "`-` takes numbers or sets".to_owned(),
        VmError::InvalidMultiplication { .. } => "`*` takes numbers".to_owned(),
        VmError::InvalidDivision { .. } => "`/` takes numbers".to_owned(),
        VmError::InvalidModulo { .. } | VmError::ModuloOnFloat { .. } => {
            "`%` takes integers".to_owned()
        }
        other => {
            let text = text(other);
            text.split(" (").next().unwrap_or_default().to_owned()
        }
    }
}
