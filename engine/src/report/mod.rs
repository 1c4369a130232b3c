//! What a run found out, and the formats it is written in.
//!
//! Owns [`Report`], [`Status`] and [`FORMATS`], the one table of output formats: a format is a file
//! of this folder and a row of the table. A format has serialisable types of its own; nothing of
//! the engine is dumped.

pub mod escape;
mod excerpt;
mod human;
pub mod json;
mod pretty;
#[cfg(test)]
mod sample;
mod sarif;
#[cfg(test)]
mod tests;
mod uri;
mod wrap;

use std::io;
use std::sync::Arc;

use plimsoll_sdk::Severity;
use plimsoll_sdk::rule::RuleMeta;

use crate::decide::{Decision, FailOn, Verdict};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::Subject;
use crate::mask::Masks;

pub use wrap::wrapped;

/// Every output format; the first is the default.
pub const FORMATS: &[FormatRow] = &[human::FORMAT, json::FORMAT, sarif::FORMAT];

/// An output format.
#[derive(Clone, Copy, Debug)]
pub struct FormatRow {
    /// What the user calls it: `human`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub description: &'static str,
    /// Whether it is for people to read: only then do colour, width and detail matter.
    pub for_people: bool,
    /// Writes a report; fails only as the writer does.
    write: fn(&Report, &mut dyn io::Write, &WriteOptions) -> io::Result<()>,
}

/// The format of this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static FormatRow> {
    FORMATS.iter().find(|row| row.name == name)
}

/// Writes problems as the report for people shows them, where there is no report: a configuration
/// that is wrong, rules that do not load. What `masks` knows is blotted out.
///
/// # Errors
///
/// Those of the writer.
pub fn write_problems(
    problems: &[Diagnostic],
    masks: &Masks,
    out: &mut dyn io::Write,
    options: &WriteOptions,
) -> io::Result<()> {
    human::write_problems(problems, masks, out, options)
}

/// Writes a value as reports write JSON: indented, and safe to show in a terminal.
///
/// # Errors
///
/// Those of the writer, and of a value that JSON has no form for.
pub fn write_json<T: serde::Serialize>(out: &mut dyn io::Write, value: &T) -> io::Result<()> {
    pretty::write(out, value)
}

/// How a report for people looks. Formats for programs ignore it.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteOptions {
    /// Whether to colour it with ANSI escape sequences. Without, the text is plain and stable.
    pub color: bool,
    /// The columns there are for an excerpt of a source; `None` is 120.
    pub width: Option<usize>,
    /// How much is told.
    pub detail: Detail,
}

/// How much a report for people tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// What fails the run or makes it incomplete, and the totals.
    Quiet,
    /// All findings and problems, and the first of the unknown verdicts.
    #[default]
    Normal,
    /// Also every unknown verdict, and for each finding what it is about and where to read more.
    Verbose,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything was judged, and nothing fails.
    Clean,
    /// Everything was judged, and something fails.
    Failed,
    /// Not everything was judged: the result says nothing about what is missing.
    Incomplete,
}

impl Status {
    /// The exit code of the command line: 0, 1, 2.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Status::Clean => 0,
            Status::Failed => 1,
            Status::Incomplete => 2,
        }
    }

    /// The word that reports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Clean => "clean",
            Status::Failed => "failed",
            Status::Incomplete => "incomplete",
        }
    }
}

/// What a rule says of a subject. Fail wins over unknown, unknown over pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// No fault.
    Pass,
    /// The facts do not say.
    Unknown,
    /// At least one finding.
    Fail,
    /// The rule could not be run.
    Error,
}

impl Outcome {
    /// The word that reports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Unknown => "unknown",
            Outcome::Fail => "fail",
            Outcome::Error => "error",
        }
    }
}

/// The outcome of one rule for one subject. Combinations that do not apply have no row.
#[derive(Clone, Debug)]
pub struct OutcomeRow {
    /// The rule: an index into [`Report::rules`].
    pub rule: usize,
    /// The document: an index into [`Report::documents`].
    pub document: usize,
    /// What was judged.
    pub subject: Subject,
    /// What the rule says of it.
    pub outcome: Outcome,
    /// Why it is unknown or could not be run; empty otherwise.
    pub reason: String,
}

/// A document that was judged.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    /// The name the user knows it by.
    pub name: Arc<str>,
    /// `dockerfile`.
    pub kind: &'static str,
}

/// A rule that was in force.
#[derive(Clone, Debug)]
pub struct RuleRow {
    /// What it declares.
    pub meta: Arc<RuleMeta>,
    /// Its severity in force.
    pub severity: Severity,
    /// Its page, in Markdown; `None` when it has none.
    pub page: Option<Arc<str>>,
}

/// What a run found out. Immutable; the same input gives the same report, byte for byte.
#[derive(Clone, Debug)]
pub struct Report {
    /// How it ended.
    pub status: Status,
    /// The documents, in the order they were given.
    pub documents: Vec<DocumentRow>,
    /// The rules in force, by id.
    pub rules: Vec<RuleRow>,
    /// What was decided on every finding: by document, place, rule, message.
    pub decisions: Vec<Decision>,
    /// What every rule says of every subject it applies to: by document, rule, subject.
    pub outcomes: Vec<OutcomeRow>,
    /// What is wrong with inputs, policy and rules. An error makes the run incomplete.
    pub problems: Vec<Diagnostic>,
    /// From which severity on a finding fails the run.
    pub fail_on: FailOn,
    /// What must not be printed: the only way to a source's text for whoever writes a report.
    pub masks: Masks,
}

impl Report {
    /// Writes the report. The same report and options give the same bytes.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(
        &self,
        format: &FormatRow,
        out: &mut dyn io::Write,
        options: &WriteOptions,
    ) -> io::Result<()> {
        (format.write)(self, out, options)
    }

    /// Adds problems of the caller's own, such as files that could not be read. An error among them
    /// makes the run incomplete.
    pub fn add_problems(&mut self, problems: impl IntoIterator<Item = Diagnostic>) {
        self.problems.extend(problems);
        if self.problems(Level::Error) > 0 {
            self.status = Status::Incomplete;
        }
    }

    /// How the run ended, in words: `failed: 2 findings at or above medium`.
    #[must_use]
    pub fn conclusion(&self) -> String {
        human::conclusion(self)
    }

    /// The number of findings that fail the run.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.decisions.iter().filter(|d| d.verdict == Verdict::Fail).count()
    }

    /// The number of (rule, subject) pairs with this outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.outcomes.iter().filter(|row| row.outcome == outcome).count()
    }

    /// The number of problems of this level.
    #[must_use]
    pub fn problems(&self, level: Level) -> usize {
        self.problems.iter().filter(|problem| problem.level == level).count()
    }
}
