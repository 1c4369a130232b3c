//! The report for programs: JSON with a published schema.
//!
//! Owns the shape, which is versioned: [`VERSION`] changes when a field changes its meaning or goes
//! away; a new field changes nothing. The types here are only written, never read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use plimsoll_sdk::Severity;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::{FormatRow, Outcome, OutcomeRow, Report, RuleRow, Status, WriteOptions, pretty};
use crate::decide::{Decision, Verdict};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::{self, Related};
use crate::mask::Masks;
use crate::source::Place;

/// The version of the shape. `"0"` may still change.
pub const VERSION: &str = "0";

/// The row of this format.
pub(super) const FORMAT: FormatRow = FormatRow {
    name: "json",
    description: "everything that was found out, for programs; the schema is published",
    for_people: false,
    write,
};

/// The JSON Schema (draft 2020-12) of what this format writes.
#[must_use]
pub fn schema() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<JsonReport<'_>>().to_value()
}

fn write(report: &Report, out: &mut dyn io::Write, _: &WriteOptions) -> io::Result<()> {
    pretty::write(out, &JsonReport::new(report))
}

/// What a run of Plimsoll found out.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll report")]
struct JsonReport<'a> {
    /// The version of this shape: `"0"`.
    report: &'a str,
    /// What wrote it.
    tool: Tool<'a>,
    /// How the run ended.
    status: JsonStatus,
    /// From which severity on a finding fails the run: a severity, or `never`.
    fail_on: &'a str,
    /// Totals.
    summary: Summary,
    /// What was judged, in the order it was given.
    documents: Vec<Document<'a>>,
    /// The rules that were in force, by id.
    rules: Vec<Rule<'a>>,
    /// What is wrong with the documents: by document, place, rule, message.
    findings: Vec<Finding<'a>>,
    /// What every rule says of every subject that it applies to: by document, rule, subject.
    outcomes: Vec<JsonOutcome<'a>>,
    /// What is wrong with inputs, policy and rules. An error makes the run incomplete.
    problems: Vec<Problem<'a>>,
}

/// A program.
#[derive(Serialize, JsonSchema)]
struct Tool<'a> {
    /// Its name: `plimsoll`.
    name: &'a str,
    /// Its version, as Semantic Versioning 2.0 has it.
    version: &'a str,
}

/// How a run ended.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Status")]
enum JsonStatus {
    /// Everything was judged, and nothing fails. Exit code 0.
    Clean,
    /// Everything was judged, and something fails. Exit code 1.
    Failed,
    /// Not everything was judged: the report says nothing about what is missing. Exit code 2.
    Incomplete,
}

/// Totals.
#[derive(Serialize, JsonSchema)]
struct Summary {
    /// The number of findings.
    findings: FindingCounts,
    /// The number of pairs of a rule and a subject.
    outcomes: OutcomeCounts,
    /// The number of problems.
    problems: ProblemCounts,
}

/// The number of findings, in all, by severity, and by what they mean for the run.
#[derive(Serialize, JsonSchema)]
struct FindingCounts {
    /// All of them.
    total: usize,
    /// Those that fail the run.
    failing: usize,
    /// Severity critical.
    critical: usize,
    /// Severity high.
    high: usize,
    /// Severity medium.
    medium: usize,
    /// Severity low.
    low: usize,
    /// Severity info.
    info: usize,
}

/// The number of pairs of a rule and a subject, by outcome.
#[derive(Serialize, JsonSchema)]
struct OutcomeCounts {
    /// Without fault.
    pass: usize,
    /// With at least one finding.
    fail: usize,
    /// The facts do not say.
    unknown: usize,
    /// The rule could not be run.
    error: usize,
}

/// The number of problems, by level.
#[derive(Serialize, JsonSchema)]
struct ProblemCounts {
    /// Those that make the run incomplete.
    error: usize,
    /// Those that lose nothing, and may mean something else than was meant.
    warning: usize,
    /// Those that are only worth knowing.
    note: usize,
}

/// A document that was judged.
#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    /// The name the user knows it by: a path with forward slashes, or `<stdin>`.
    path: &'a str,
    /// `dockerfile`.
    kind: &'a str,
}

/// A rule that was in force.
#[derive(Serialize, JsonSchema)]
struct Rule<'a> {
    /// `area/name`, or `bundle/area/name` outside the default bundle.
    id: &'a str,
    /// The fault in a few words.
    title: &'a str,
    /// What the rule looks for.
    description: &'a str,
    /// Its severity in force, unless a finding says otherwise.
    severity: Severity,
    /// What to do about a finding.
    remedy: &'a str,
    /// Where to read more: URLs.
    references: &'a [String],
    /// Lines of the container security checklist that it serves.
    checklist: &'a [String],
    /// Numbers of the CIS Docker Benchmark v1.6.
    cis: &'a [String],
    /// Sections of NIST SP 800-190.
    nist: &'a [String],
    /// Other tools' ids of the same check, by tool.
    equivalents: &'a BTreeMap<String, Vec<String>>,
}

/// A fault in a document.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// The id of the rule.
    rule: &'a str,
    /// How bad it is.
    severity: Severity,
    /// What it means for the run.
    verdict: JsonVerdict,
    /// What is wrong. Secrets are blotted out.
    message: &'a str,
    /// The path of the document, as in `documents`.
    document: &'a str,
    /// What was judged.
    subject: Subject<'a>,
    /// The value at fault; for something absent, the nearest thing that should have had it.
    location: Location<'a>,
    /// Other places that help to understand it.
    related: Vec<Labelled<'a>>,
    /// What to do about it.
    remedy: &'a str,
    /// Identifies it across runs: the same fault in the same file keeps it when lines move.
    fingerprint: &'a str,
}

/// What a finding means for the run.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Verdict")]
enum JsonVerdict {
    /// It fails the run.
    Fail,
    /// It is below the threshold.
    Warn,
}

/// What was judged, within a document.
#[derive(Serialize, JsonSchema)]
struct Subject<'a> {
    /// `image`, `build`, `stage`, `reference`; others may come.
    kind: &'a str,
    /// What the user calls it. Secrets are blotted out.
    name: Cow<'a, str>,
}

/// A range of text. `start` and `end` are the same for a place between two characters.
#[derive(Serialize, JsonSchema)]
struct Location<'a> {
    /// The name of the source: that of a document, or of a file that a document takes in.
    path: &'a str,
    /// The first character.
    start: Position,
    /// Just past the last character.
    end: Position,
}

/// A position in a text.
#[derive(Serialize, JsonSchema)]
struct Position {
    /// The line, from 1.
    line: u32,
    /// The column in Unicode code points, from 1.
    column: u32,
    /// The offset in bytes of UTF-8, from 0, a byte order mark not counted.
    offset: u32,
}

/// A place with a word about it.
#[derive(Serialize, JsonSchema)]
struct Labelled<'a> {
    /// Where.
    location: Location<'a>,
    /// What is there; empty when there is no more to say. Secrets are blotted out.
    message: Cow<'a, str>,
}

/// What one rule says of one subject.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Outcome")]
struct JsonOutcome<'a> {
    /// The id of the rule.
    rule: &'a str,
    /// The path of the document, as in `documents`.
    document: &'a str,
    /// What was judged.
    subject: Subject<'a>,
    /// What the rule says of it.
    outcome: OutcomeWord,
    /// Why it is unknown or could not be judged; absent otherwise.
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: Cow<'a, str>,
}

/// What a rule says. Fail wins over unknown, unknown over pass.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum OutcomeWord {
    /// No fault.
    Pass,
    /// At least one finding.
    Fail,
    /// The facts do not say.
    Unknown,
    /// The rule could not be run.
    Error,
}

/// Something that is wrong with inputs, policy or rules.
#[derive(Serialize, JsonSchema)]
struct Problem<'a> {
    /// How bad it is.
    level: ProblemLevel,
    /// What is wrong. Secrets are blotted out.
    message: Cow<'a, str>,
    /// Where: the first is the primary place. Empty when there is no text to point into.
    labels: Vec<Labelled<'a>>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Cow<'a, str>>,
}

/// How bad a problem is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ProblemLevel {
    /// Worth knowing; nothing is lost.
    Note,
    /// Something is odd, and what was read may not be what was meant. Nothing is lost.
    Warning,
    /// Something could not be read or done: the run is incomplete.
    Error,
}

impl<'a> JsonReport<'a> {
    fn new(report: &'a Report) -> Self {
        let masks = &report.masks;
        let document = |row: &'a super::DocumentRow| Document { path: &row.name, kind: row.kind };
        JsonReport {
            report: VERSION,
            tool: Tool { name: "plimsoll", version: crate::VERSION },
            status: match report.status {
                Status::Clean => JsonStatus::Clean,
                Status::Failed => JsonStatus::Failed,
                Status::Incomplete => JsonStatus::Incomplete,
            },
            fail_on: report.fail_on.as_str(),
            summary: Summary::new(report),
            documents: report.documents.iter().map(document).collect(),
            rules: report.rules.iter().map(Rule::new).collect(),
            findings: report.decisions.iter().map(|d| Finding::new(d, masks)).collect(),
            outcomes: report.outcomes.iter().map(|row| JsonOutcome::new(row, report)).collect(),
            problems: report.problems.iter().map(|p| Problem::new(p, masks)).collect(),
        }
    }
}

impl Summary {
    fn new(report: &Report) -> Self {
        let of =
            |severity| report.decisions.iter().filter(|d| d.finding.severity == severity).count();
        Summary {
            findings: FindingCounts {
                total: report.decisions.len(),
                failing: report.failures(),
                critical: of(Severity::Critical),
                high: of(Severity::High),
                medium: of(Severity::Medium),
                low: of(Severity::Low),
                info: of(Severity::Info),
            },
            outcomes: OutcomeCounts {
                pass: report.count(Outcome::Pass),
                fail: report.count(Outcome::Fail),
                unknown: report.count(Outcome::Unknown),
                error: report.count(Outcome::Error),
            },
            problems: ProblemCounts {
                error: report.problems(Level::Error),
                warning: report.problems(Level::Warning),
                note: report.problems(Level::Note),
            },
        }
    }
}

impl<'a> Rule<'a> {
    fn new(row: &'a RuleRow) -> Self {
        let meta = &*row.meta;
        Rule {
            id: &meta.id,
            title: &meta.title,
            description: &meta.description,
            severity: row.severity,
            remedy: &meta.remedy,
            references: &meta.references,
            checklist: &meta.checklist,
            cis: &meta.cis,
            nist: &meta.nist,
            equivalents: &meta.equivalents,
        }
    }
}

impl<'a> Finding<'a> {
    fn new(decision: &'a Decision, masks: &Masks) -> Self {
        let finding = &decision.finding;
        let related = |related: &'a Related| Labelled {
            location: Location::new(&related.place),
            message: masks.message(&related.message),
        };
        Finding {
            rule: &finding.rule.id,
            severity: finding.severity,
            verdict: match decision.verdict {
                Verdict::Fail => JsonVerdict::Fail,
                Verdict::Warn => JsonVerdict::Warn,
            },
            message: &finding.message,
            document: &finding.document,
            subject: Subject::new(&finding.subject, masks),
            location: Location::new(&finding.place),
            related: finding.related.iter().map(related).collect(),
            remedy: &finding.rule.remedy,
            fingerprint: &finding.fingerprint.0,
        }
    }
}

impl<'a> Subject<'a> {
    fn new(subject: &'a finding::Subject, masks: &Masks) -> Self {
        Subject { kind: &subject.kind, name: masks.message(&subject.name) }
    }
}

impl<'a> Location<'a> {
    fn new(place: &'a Place) -> Self {
        let position = |offset: u32| {
            let length = u32::try_from(place.source.text().len()).unwrap_or(u32::MAX);
            let at = place.source.line_column(offset);
            Position { line: at.line, column: at.column, offset: offset.min(length) }
        };
        Location {
            path: place.source.name(),
            start: position(place.span.start),
            end: position(place.span.end),
        }
    }
}

impl<'a> JsonOutcome<'a> {
    fn new(row: &'a OutcomeRow, report: &'a Report) -> Self {
        JsonOutcome {
            rule: report.rules.get(row.rule).map_or("", |rule| &rule.meta.id),
            document: report.documents.get(row.document).map_or("", |document| &document.name),
            subject: Subject::new(&row.subject, &report.masks),
            outcome: match row.outcome {
                Outcome::Pass => OutcomeWord::Pass,
                Outcome::Fail => OutcomeWord::Fail,
                Outcome::Unknown => OutcomeWord::Unknown,
                Outcome::Error => OutcomeWord::Error,
            },
            reason: report.masks.message(&row.reason),
        }
    }
}

impl<'a> Problem<'a> {
    fn new(problem: &'a Diagnostic, masks: &Masks) -> Self {
        let labels = problem.labels.iter().map(|label| Labelled {
            location: Location::new(&label.place),
            message: masks.message(&label.text),
        });
        Problem {
            level: match problem.level {
                Level::Note => ProblemLevel::Note,
                Level::Warning => ProblemLevel::Warning,
                Level::Error => ProblemLevel::Error,
            },
            message: masks.message(&problem.message),
            labels: labels.collect(),
            help: problem.help.as_deref().map(|help| masks.message(help)),
        }
    }
}
