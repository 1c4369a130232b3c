//! The report that a developer reads in a terminal or in the log of a build.
//!
//! Owns its wording and its order: findings, problems, verdicts that are unknown, totals, status.
//! The excerpts are drawn by `annotate-snippets` from text that [`super::excerpt`] has cut, masked
//! and escaped; every other text passes through [`super::escape`].

use std::fmt::Write as _;
use std::io;

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use annotate_snippets::{AnnotationKind, Group, Level as Mood, Renderer, Snippet, Title};
use plimsoll_sdk::Severity;

use super::excerpt::{Excerpt, Mark, Texts, excerpts};
use super::{Detail, FormatRow, Outcome, OutcomeRow, Report, Status, WriteOptions, escape};
use crate::decide::{Decision, FailOn, Verdict};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::Finding;
use crate::mask::Masks;
use crate::source::Place;

/// The row of this format.
pub(super) const FORMAT: FormatRow = FormatRow {
    name: "human",
    description: "findings with the lines they are about, for people",
    for_people: true,
    write,
};

/// The columns of an excerpt when nobody says how many there are.
const WIDTH: usize = 120;

/// The columns that the line number and the marks of places of several lines may take.
const GUTTER: usize = 12;

/// The most characters of one message.
const LONGEST_MESSAGE: usize = 2000;

/// The most places that are shown besides the first.
const MOST_RELATED: usize = 8;

/// The most unknown verdicts that are listed unless the user wants all.
const MOST_UNKNOWN: usize = 20;

fn write(report: &Report, out: &mut dyn io::Write, options: &WriteOptions) -> io::Result<()> {
    let mut human = Human::new(report, *options);
    for decision in &report.decisions {
        if options.detail > Detail::Quiet || decision.verdict == Verdict::Fail {
            writeln!(out, "{}\n", human.decision(decision))?;
        }
    }
    for problem in &report.problems {
        if options.detail > Detail::Quiet || problem.level == Level::Error {
            writeln!(out, "{}\n", human.problem(problem))?;
        }
    }
    if options.detail > Detail::Quiet {
        out.write_all(human.unjudged().as_bytes())?;
    }
    writeln!(out, "{}\n{}", human.totals(), human.status())
}

/// Problems alone, without totals and status.
pub(super) fn write_problems(
    problems: &[Diagnostic],
    masks: &Masks,
    out: &mut dyn io::Write,
    options: &WriteOptions,
) -> io::Result<()> {
    let report = Report {
        status: Status::Incomplete,
        documents: Vec::new(),
        rules: Vec::new(),
        decisions: Vec::new(),
        outcomes: Vec::new(),
        problems: problems.to_vec(),
        fail_on: FailOn::Never,
        masks: masks.clone(),
    };
    let mut human = Human::new(&report, *options);
    report.problems.iter().try_for_each(|problem| writeln!(out, "{}\n", human.problem(problem)))
}

struct Human<'a> {
    report: &'a Report,
    options: WriteOptions,
    texts: Texts<'a>,
    renderer: Renderer,
    width: usize,
}

impl<'a> Human<'a> {
    fn new(report: &'a Report, options: WriteOptions) -> Self {
        let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
        let width = options.width.unwrap_or(WIDTH).clamp(GUTTER + 28, 1000);
        Human {
            report,
            options,
            texts: Texts::new(&report.masks),
            // Lines are cut before they are drawn: the renderer shows the whole of a long place.
            renderer: renderer.hyperlink(false).term_width(1_000_000),
            width: width - GUTTER,
        }
    }

    fn decision(&mut self, decision: &'a Decision) -> String {
        let finding = &decision.finding;
        let mut marks = vec![mark(&finding.place, String::new(), true)];
        for related in finding.related.iter().take(MOST_RELATED) {
            marks.push(mark(&related.place, self.message(&related.message), false));
        }
        let mut notes = Vec::new();
        if let Some(more) = finding.related.len().checked_sub(MOST_RELATED + 1) {
            notes.push(("note", counted(more + 1, "more related place")));
        }
        notes.push(("fix", bounded(&finding.rule.remedy)));
        if self.options.detail >= Detail::Verbose {
            notes.extend(self.background(finding));
        }
        let title = mood(finding.severity)
            .with_name(finding.severity.as_str())
            .primary_title(bounded(&finding.message))
            .id(bounded(&finding.rule.id));
        self.draw(title, marks, notes)
    }

    fn background(&self, finding: &Finding) -> Vec<(&'static str, String)> {
        let rule = &finding.rule;
        let subject = self.message(&finding.subject.to_string());
        let mut notes = vec![("subject", subject), ("rule", bounded(&rule.title))];
        notes.push(("why", bounded(&flowing(&rule.description))));
        notes.extend(rule.references.iter().map(|reference| ("docs", bounded(reference))));
        notes
    }

    fn problem(&mut self, problem: &'a Diagnostic) -> String {
        let mut marks = Vec::new();
        for (number, label) in problem.labels.iter().take(MOST_RELATED + 1).enumerate() {
            marks.push(mark(&label.place, self.message(&label.text), number == 0));
        }
        let mut notes = Vec::new();
        if let Some(more) = problem.labels.len().checked_sub(MOST_RELATED + 2) {
            notes.push(("note", counted(more + 1, "more place")));
        }
        notes.extend(problem.help.iter().map(|help| ("help", self.message(help))));
        let mood = match problem.level {
            Level::Error => Mood::ERROR,
            Level::Warning => Mood::WARNING,
            Level::Note => Mood::NOTE,
        };
        let title = mood.primary_title(self.message(&problem.message));
        self.draw(title, marks, notes)
    }

    fn draw(
        &mut self,
        title: Title<'static>,
        marks: Vec<Mark<'a>>,
        notes: Vec<(&'static str, String)>,
    ) -> String {
        let excerpts = excerpts(marks, &mut self.texts, self.width);
        let mut group = Group::with_title(title);
        for (number, excerpt) in excerpts.iter().enumerate() {
            group = group.element(snippet(number, excerpt));
        }
        for (name, text) in notes {
            let mood = if name == "fix" || name == "help" { Mood::HELP } else { Mood::NOTE };
            group = group.element(mood.with_name(name).message(text));
        }
        let drawn = name_places(&self.renderer.render(&[group]), &excerpts);
        if self.options.color {
            return drawn;
        }
        // The renderer leaves blanks at the end of lines, and editors take them away.
        let lines: Vec<&str> = drawn.lines().map(str::trim_end).collect();
        lines.join("\n")
    }

    /// The verdicts that could not be reached, one a line.
    fn unjudged(&self) -> String {
        let rows = |outcome| {
            self.report.outcomes.iter().filter(move |row| row.outcome == outcome).collect()
        };
        let unknown: Vec<&OutcomeRow> = rows(Outcome::Unknown);
        let mut text = match unknown.len() {
            0 => String::new(),
            1 => self.list("1 verdict is unknown:", &unknown),
            many => self.list(&format!("{many} verdicts are unknown:"), &unknown),
        };
        let failed: Vec<&OutcomeRow> = rows(Outcome::Error);
        if self.options.detail >= Detail::Verbose && !failed.is_empty() {
            text += &self.list("these verdicts could not be reached:", &failed);
        }
        text
    }

    fn list(&self, head: &str, rows: &[&OutcomeRow]) -> String {
        let most = if self.options.detail >= Detail::Verbose { rows.len() } else { MOST_UNKNOWN };
        let mut text = format!("{}\n", self.bold(head));
        for row in rows.iter().take(most) {
            let rule = self.report.rules.get(row.rule).map_or("?", |rule| &rule.meta.id);
            let subject = row.subject.to_string();
            let _ = write!(text, "  {} for {}", escape::line(rule), self.message(&subject));
            if let [_, _, ..] = self.report.documents[..]
                && let Some(document) = self.report.documents.get(row.document)
                && !subject.ends_with(&*document.name)
            {
                let _ = write!(text, " in {}", bounded(&document.name));
            }
            if !row.reason.is_empty() {
                let _ = write!(text, ": {}", self.message(&row.reason));
            }
            text.push('\n');
        }
        if rows.len() > most {
            let _ = writeln!(text, "  … and {} more", rows.len() - most);
        }
        text.push('\n');
        text
    }

    fn totals(&self) -> String {
        let report = self.report;
        let of = |severity: Severity| {
            report.decisions.iter().filter(|d| d.finding.severity == severity).count()
        };
        let mut text = format!(
            "{}, {}: {} critical, {} high, {} medium, {} low",
            counted(report.documents.len(), "document"),
            counted(report.rules.len(), "rule"),
            of(Severity::Critical),
            of(Severity::High),
            of(Severity::Medium),
            of(Severity::Low),
        );
        if of(Severity::Info) > 0 {
            let _ = write!(text, ", {} info", of(Severity::Info));
        }
        let _ = write!(text, "; {} unknown", report.count(Outcome::Unknown));
        if report.count(Outcome::Error) > 0 {
            let _ = write!(text, "; {} not judged", report.count(Outcome::Error));
        }
        let _ = write!(text, "; {} passed", report.count(Outcome::Pass));
        text
    }

    fn status(&self) -> String {
        let color = match self.report.status {
            Status::Clean => AnsiColor::BrightGreen,
            Status::Failed | Status::Incomplete => AnsiColor::BrightRed,
        };
        let bold = color.on_default().effects(Effects::BOLD);
        self.styled(bold, &conclusion(self.report))
    }

    /// Text that may hold secrets or come from a scanned file, safe to show.
    fn message(&self, text: &str) -> String {
        bounded(&self.report.masks.message(text))
    }

    fn bold(&self, text: &str) -> String {
        self.styled(Style::new().effects(Effects::BOLD), text)
    }

    fn styled(&self, style: Style, text: &str) -> String {
        if self.options.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// How a run ended, in words.
pub(super) fn conclusion(report: &Report) -> String {
    match report.status {
        Status::Clean => clean(report),
        Status::Failed => format!("failed: {}", failures(report)),
        Status::Incomplete => incomplete(report),
    }
}

fn clean(report: &Report) -> String {
    let findings = report.decisions.len();
    match report.fail_on {
        _ if findings == 0 => "clean: no findings".to_owned(),
        FailOn::Never => {
            format!("clean: {}, and findings never fail this run", findings_of(findings))
        }
        FailOn::AtLeast(threshold) => {
            format!("clean: {}, none at or above {threshold}", findings_of(findings))
        }
    }
}

fn failures(report: &Report) -> String {
    // Without a finding that fails it, a run has failed because of what is unknown.
    if report.failures() == 0 {
        return format!("{} unknown", counted(report.count(Outcome::Unknown), "verdict"));
    }
    let threshold = match report.fail_on {
        FailOn::AtLeast(threshold) => format!(" at or above {threshold}"),
        FailOn::Never => String::new(),
    };
    format!("{}{threshold}", findings_of(report.failures()))
}

fn incomplete(report: &Report) -> String {
    let mut text = "incomplete: not everything could be judged".to_owned();
    match report.problems(Level::Error) {
        0 => {}
        1 => text.push_str(", see the error above"),
        _ => text.push_str(", see the errors above"),
    }
    if report.failures() > 0 {
        let _ = write!(text, "; {}", failures(report));
    }
    text
}

fn bounded(text: &str) -> String {
    escape::bounded(text, LONGEST_MESSAGE).into_owned()
}

/// A text that its author broke into lines, as one line.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn mark(place: &Place, label: String, primary: bool) -> Mark<'_> {
    Mark { place, label, primary }
}

/// The renderer's level whose colour a severity has.
fn mood(severity: Severity) -> Mood<'static> {
    match severity {
        Severity::Critical | Severity::High => Mood::ERROR,
        Severity::Medium => Mood::WARNING,
        Severity::Low => Mood::INFO,
        Severity::Info => Mood::NOTE,
    }
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn findings_of(number: usize) -> String {
    counted(number, "finding")
}

/// Stands for the place of an excerpt in what the renderer draws. No other text has this character
/// in it: it would have been escaped.
const PLACEHOLDER: char = '\u{1}';

fn snippet(number: usize, excerpt: &Excerpt) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let marks = excerpt.marks.iter().map(|(range, label, primary)| {
        let kind = if *primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let label = Some(label.as_str()).filter(|label| !label.is_empty());
        kind.span(range.clone()).label(label)
    });
    let context = excerpt.context.iter().map(|r| AnnotationKind::Visible.span(r.clone()));
    Snippet::source(excerpt.text.as_str())
        .path(format!("{PLACEHOLDER}{number}"))
        .line_start(excerpt.first_line as usize)
        .annotations(marks.chain(context))
}

/// Puts the places of the excerpts where the renderer has put `PLACEHOLDER number:line:column`.
/// Its own columns are of no use: it counts them in text that is cut and escaped.
fn name_places(drawn: &str, excerpts: &[Excerpt]) -> String {
    let mut text = String::with_capacity(drawn.len() + 64);
    let mut pieces = drawn.split(PLACEHOLDER);
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(piece.len());
        let (place, rest) = piece.split_at(end);
        let number = place.split(':').next().and_then(|number| number.parse::<usize>().ok());
        if let Some(excerpt) = number.and_then(|number| excerpts.get(number)) {
            let _ = write!(text, "{}:{}", excerpt.name, excerpt.at);
        }
        text.push_str(rest);
    }
    text
}
