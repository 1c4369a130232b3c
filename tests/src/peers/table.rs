//! The comparison as a table, and the disagreements below it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::reasons::Reasons;
use super::{Compared, Comparison, PRESETS};

/// How often both agree and do not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Both find something.
    pub both: usize,
    /// Only we do.
    pub ours: usize,
    /// Only they do.
    pub theirs: usize,
}

impl Counts {
    /// How much of what we find they find, in per cent; none when we find nothing.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        percent(self.both, self.both + self.ours)
    }

    /// How much of what they find we find, in per cent; none when they find nothing.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        percent(self.both, self.both + self.theirs)
    }
}

#[allow(clippy::cast_precision_loss)]
fn percent(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

#[derive(Clone, Debug, Default)]
struct Row {
    ids: Vec<String>,
    files: usize,
    by_file: Counts,
    by_line: Counts,
}

impl Row {
    fn add(&mut self, compared: &Compared) {
        let fixture = &compared.fixture;
        if !self.ids.contains(&fixture.rule) {
            self.ids.push(fixture.rule.clone());
        }
        self.files += 1;
        match (fixture.positive, compared.found.is_empty()) {
            (true, false) => self.by_file.both += 1,
            (true, true) => self.by_file.theirs += 1,
            (false, false) => self.by_file.ours += 1,
            (false, true) => {}
        }
        let lines = fixture.lines.as_ref().map_or(0, Vec::len);
        self.by_line.both += lines.saturating_sub(compared.missed.len());
        self.by_line.theirs += compared.missed.len();
        self.by_line.ours += compared.extra.len();
    }
}

/// The whole as text.
#[must_use]
pub fn text(comparison: &Comparison, reasons: &Reasons) -> String {
    let mut text = String::new();
    for (tool, rule, param, value) in PRESETS {
        let _ = writeln!(text, "for {tool}: {rule}.{param} = {value}");
    }
    let mut rows: BTreeMap<(String, &str), Row> = BTreeMap::new();
    let mut all: BTreeMap<&str, Row> = BTreeMap::new();
    for compared in &comparison.compared {
        let tool = compared.fixture.tool;
        rows.entry((compared.rules.join(" + "), tool)).or_default().add(compared);
        all.entry(tool).or_default().add(compared);
    }
    let _ = writeln!(
        text,
        "\nrule | tool | files | true + | false + | false - | precision | recall | lines: true + | \
         false + | false - | precision | recall | their rules"
    );
    for ((rules, tool), row) in &rows {
        let _ = writeln!(text, "{rules} | {tool} | {} | {}", cells(row), row.ids.join(", "));
    }
    for (tool, row) in &all {
        let _ = writeln!(text, "all | {tool} | {} |", cells(row));
    }
    for ((tool, rule), files) in &comparison.uncovered {
        let _ = writeln!(text, "not covered yet | {tool} | {files} | {rule}");
    }
    let _ = writeln!(text, "\nDisagreements");
    for compared in &comparison.compared {
        let Some(what) = compared.disagreement() else { continue };
        let fixture = &compared.fixture;
        let (tool, rule, file) = (fixture.tool, &fixture.rule, &fixture.file);
        let _ =
            writeln!(text, "\n{tool} {rule} {file}\n    {}: {what}", compared.rules.join(" + "));
        let reason = reasons.of(compared).unwrap_or("NO REASON IS GIVEN");
        let _ = writeln!(text, "    {reason}");
    }
    text
}

fn cells(row: &Row) -> String {
    let share = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{share:.0} %"));
    let counts = |counts: &Counts| {
        let (precision, recall) = (share(counts.precision()), share(counts.recall()));
        format!("{} | {} | {} | {precision} | {recall}", counts.both, counts.ours, counts.theirs)
    };
    format!("{} | {} | {}", row.files, counts(&row.by_file), counts(&row.by_line))
}
