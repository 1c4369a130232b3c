//! SARIF 2.1.0 (OASIS Standard, with Errata 01), for code scanning and editors.
//!
//! Owns the mapping of a report to SARIF. Source text is never embedded: what a secret stands in
//! must not leave the machine with a report. Every result has an empty `suppressions`: by §3.27.23
//! that says that it is known not to be suppressed, where leaving it out would say nothing.

mod log;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io;

use plimsoll_sdk::Severity;

use self::log::{
    Artifact, ArtifactLocation, Configuration, Descriptor, Driver, Invocation, Location, Log,
    Message, Multiformat, Notification, PhysicalLocation, Region, ResultProperties, RuleProperties,
    Run, RunProperties, SarifResult, Subject, Tool,
};
use super::{FormatRow, Outcome, Report, RuleRow, Status, WriteOptions, pretty, uri};
use crate::decide::{Decision, Verdict};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::Related;
use crate::source::Place;

/// The row of this format.
pub(super) const FORMAT: FormatRow = FormatRow {
    name: "sarif",
    description: "SARIF 2.1.0, for code scanning services and editors",
    for_people: false,
    write,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Stands for the root of the project, which only whoever reads the report knows.
const ROOT: &str = "%SRCROOT%";

/// The name of our fingerprints; its version changes when they are computed in another way.
const FINGERPRINT: &str = "plimsoll/v1";

fn write(report: &Report, out: &mut dyn io::Write, _: &WriteOptions) -> io::Result<()> {
    let run = Converter::new(report).run();
    pretty::write(out, &Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

struct Converter<'a> {
    report: &'a Report,
    /// Every source by its name; the documents come first.
    artifacts: Vec<&'a str>,
    index: HashMap<&'a str, usize>,
}

impl<'a> Converter<'a> {
    fn new(report: &'a Report) -> Self {
        let mut converter = Converter { report, artifacts: Vec::new(), index: HashMap::new() };
        for document in &report.documents {
            converter.add(&document.name);
        }
        for decision in &report.decisions {
            converter.add(decision.finding.place.source.name());
            for related in &decision.finding.related {
                converter.add(related.place.source.name());
            }
        }
        for label in report.problems.iter().flat_map(|problem| &problem.labels) {
            converter.add(label.place.source.name());
        }
        converter
    }

    fn add(&mut self, name: &'a str) {
        let next = self.artifacts.len();
        if *self.index.entry(name).or_insert(next) == next {
            self.artifacts.push(name);
        }
    }

    fn run(&self) -> Run<'a> {
        let report = self.report;
        let rules: HashMap<&str, usize> =
            report.rules.iter().enumerate().map(|(at, r)| (r.meta.id.as_str(), at)).collect();
        let root = Message::new("the root of the project".into());
        Run {
            tool: Tool {
                driver: Driver {
                    name: "Plimsoll",
                    semantic_version: crate::VERSION,
                    rules: report.rules.iter().map(descriptor).collect(),
                },
            },
            invocations: [self.invocation()],
            original_uri_base_ids: BTreeMap::from([(ROOT, ArtifactLocation::described(root))]),
            artifacts: self.artifacts.iter().map(|&name| self.artifact(name)).collect(),
            results: report.decisions.iter().map(|d| self.result(d, &rules)).collect(),
            column_kind: "unicodeCodePoints",
            properties: RunProperties {
                status: report.status.as_str(),
                fail_on: report.fail_on.as_str(),
                passed: report.count(Outcome::Pass),
                unknown: report.count(Outcome::Unknown),
            },
        }
    }

    fn invocation(&self) -> Invocation<'a> {
        let report = self.report;
        Invocation {
            exit_code: report.status.exit_code(),
            exit_code_description: report.status.as_str(),
            tool_execution_notifications: report
                .problems
                .iter()
                .map(|problem| self.notification(problem))
                .collect(),
            execution_successful: report.status != Status::Incomplete,
        }
    }

    fn notification(&self, problem: &'a Diagnostic) -> Notification<'a> {
        let masks = &self.report.masks;
        let mut text = masks.message(&problem.message);
        if let Some(help) = &problem.help {
            text = Cow::Owned(format!("{text}\n{}", masks.message(help)));
        }
        let labels = problem.labels.iter();
        Notification {
            level: match problem.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "note",
            },
            message: Message::new(text),
            locations: labels.map(|l| self.location(&l.place, None, &l.text)).collect(),
        }
    }

    fn artifact(&self, name: &'a str) -> Artifact<'a> {
        let judged = self.index.get(name).is_some_and(|&at| at < self.report.documents.len());
        Artifact {
            location: self.artifact_location(name, false),
            roles: if judged { &["analysisTarget"] } else { &[] },
        }
    }

    fn artifact_location(&self, name: &str, with_index: bool) -> ArtifactLocation<'a> {
        let uri = uri::of(name);
        ArtifactLocation {
            uri: Some(uri.uri),
            uri_base_id: uri.below_root.then_some(ROOT),
            index: self.index.get(name).copied().filter(|_| with_index),
            description: None,
        }
    }

    fn result(&self, decision: &'a Decision, rules: &HashMap<&str, usize>) -> SarifResult<'a> {
        let finding = &decision.finding;
        let related = |(number, related): (usize, &'a Related)| {
            self.location(&related.place, Some(number + 1), &related.message)
        };
        SarifResult {
            rule_id: &finding.rule.id,
            rule_index: rules.get(finding.rule.id.as_str()).copied(),
            kind: "fail",
            level: level(finding.severity),
            message: Message::new(Cow::Borrowed(&finding.message)),
            locations: [self.location(&finding.place, None, "")],
            related_locations: finding.related.iter().enumerate().map(related).collect(),
            partial_fingerprints: BTreeMap::from([(FINGERPRINT, &*finding.fingerprint.0)]),
            suppressions: [],
            properties: ResultProperties {
                severity: finding.severity,
                verdict: match decision.verdict {
                    Verdict::Fail => "fail",
                    Verdict::Warn => "warn",
                },
                document: &finding.document,
                subject: Subject {
                    kind: &finding.subject.kind,
                    name: self.report.masks.message(&finding.subject.name),
                },
            },
        }
    }

    fn location(&self, place: &Place, id: Option<usize>, message: &'a str) -> Location<'a> {
        let (start, end) = (place.start(), place.end());
        let message = Some(message).filter(|message| !message.is_empty());
        Location {
            id,
            physical_location: PhysicalLocation {
                artifact_location: self.artifact_location(place.source.name(), true),
                region: Region {
                    start_line: start.line,
                    start_column: start.column,
                    end_line: end.line,
                    end_column: end.column,
                },
            },
            message: message.map(|text| Message::new(self.report.masks.message(text))),
        }
    }
}

fn descriptor(row: &RuleRow) -> Descriptor<'_> {
    let meta = &*row.meta;
    let is_url =
        |reference: &&String| reference.starts_with("https://") || reference.starts_with("http://");
    let page = row.page.as_ref();
    Descriptor {
        id: &meta.id,
        name: pascal_case(&meta.id),
        short_description: Message::new(Cow::Borrowed(&meta.title)),
        full_description: Message::new(Cow::Borrowed(&meta.description)),
        help: Multiformat {
            text: meta.remedy.clone(),
            markdown: page.map(|page| format!("**Fix:** {}\n\n{page}", meta.remedy)),
        },
        help_uri: meta.references.iter().find(is_url).map(String::as_str),
        default_configuration: Configuration { level: level(row.severity) },
        properties: RuleProperties {
            tags: tags(&meta.id),
            precision: "high",
            security_severity: security_severity(row.severity),
            severity: row.severity,
            checklist: &meta.checklist,
            cis: &meta.cis,
            nist: &meta.nist,
            equivalents: &meta.equivalents,
            references: &meta.references,
        },
    }
}

/// `security`, without which GitHub ignores `security-severity`, and the rule's area.
fn tags(id: &str) -> Vec<&str> {
    let area = id.rsplit('/').nth(1).filter(|&area| area != "security");
    ["security", "container"].into_iter().chain(area.filter(|&area| area != "container")).collect()
}

/// A rule's id as the name that SARIF wants: `image/root-user` is `ImageRootUser`.
fn pascal_case(id: &str) -> String {
    let words = id.split(|c: char| !c.is_alphanumeric());
    let capitalize = |word: &str| {
        let mut characters = word.chars();
        characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
    };
    words.map::<String, _>(capitalize).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The score by which GitHub sorts: over 9.0 is critical, from 7.0 high, from 4.0 medium. None is
/// not a weakness.
fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.5"),
        Severity::Info => None,
    }
}
