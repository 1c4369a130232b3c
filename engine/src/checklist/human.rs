//! The page for a terminal: a line for each item, and below it what is to be known.

use std::io;

use annotate_snippets::renderer::{AnsiColor, Effects, Style};

use super::{FormatRow, GuideRows, ItemRow, Page, SectionRows, State};
use crate::report::{Detail, Status, WriteOptions, escape, wrapped};

pub(super) const FORMAT: FormatRow = FormatRow {
    name: "human",
    description: "a line for each item, for people",
    ending: ".txt",
    for_people: true,
    write,
};

/// The longest line, and the shortest that is tried, in columns.
const MEASURE: (usize, usize) = (48, 110);

/// The columns of a state.
const STATE: usize = "not covered".len();

fn write(page: &Page, out: &mut dyn io::Write, options: &WriteOptions) -> io::Result<()> {
    let measure = options.width.unwrap_or(100).clamp(MEASURE.0, MEASURE.1);
    let ids = page.items().map(|row| row.item.id.chars().count()).max().unwrap_or_default();
    let human = Human { options: *options, measure, ids: ids.min(20) };
    for guide in &page.guides {
        human.guide(guide, out)?;
    }
    writeln!(out, "{}", page.totals())?;
    if let Some(run) = &page.run {
        let color = match run.status {
            Status::Clean => AnsiColor::BrightGreen,
            Status::Failed | Status::Incomplete => AnsiColor::BrightRed,
        };
        let style = color.on_default().effects(Effects::BOLD);
        writeln!(out, "{}", human.styled(style, &escape::line(&run.conclusion)))?;
    }
    Ok(())
}

struct Human {
    options: WriteOptions,
    measure: usize,
    /// The columns of an id.
    ids: usize,
}

impl Human {
    fn guide(&self, guide: &GuideRows, out: &mut dyn io::Write) -> io::Result<()> {
        let sections: Vec<&SectionRows> =
            guide.sections.iter().filter(|s| s.items.iter().any(|row| self.shows(row))).collect();
        if sections.is_empty() {
            return Ok(());
        }
        let bold = Style::new().effects(Effects::BOLD | Effects::UNDERLINE);
        writeln!(out, "{}\n", self.styled(bold, &escape::line(&guide.title)))?;
        for section in sections {
            let bold = Style::new().effects(Effects::BOLD);
            writeln!(out, "{}", self.styled(bold, &escape::line(&section.title)))?;
            for row in section.items.iter().filter(|row| self.shows(row)) {
                self.item(row, out)?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn shows(&self, row: &ItemRow) -> bool {
        let grave = matches!(row.state, None | Some(State::Fail | State::Unknown));
        grave || self.options.detail > Detail::Quiet
    }

    fn item(&self, row: &ItemRow, out: &mut dyn io::Write) -> io::Result<()> {
        let id = format!("{:ids$}", escape::line(&row.item.id), ids = self.ids);
        let mut indent = 2 + self.ids + 2;
        let mut line = String::from("  ");
        if let Some(state) = row.state {
            line += &self.styled(style(state), &format!("{:STATE$}", state.as_str()));
            line += "  ";
            indent += STATE + 2;
        }
        line += &self.styled(Style::new().effects(Effects::BOLD), &id);
        line += "  ";
        line += &wrapped(&row.item.title, indent, self.measure);
        writeln!(out, "{line}")?;
        for note in self.notes(row) {
            let text = wrapped(&note, indent, self.measure);
            for (number, text) in text.lines().enumerate() {
                let text = if number == 0 { text } else { text.trim_start() };
                let text = self.styled(Style::new().effects(Effects::DIMMED), text);
                writeln!(out, "{:indent$}{text}", "")?;
            }
        }
        Ok(())
    }

    /// What stands below an item: its rules as far as they matter, and why it is not covered.
    fn notes(&self, row: &ItemRow) -> Vec<String> {
        let Some(state) = row.state else { return self.page_notes(row) };
        let all = self.options.detail == Detail::Verbose;
        let mut notes = Vec::new();
        let told = row.rules.iter().filter(|rule| match state {
            _ if all => true,
            State::Fail => rule.counts.fail > 0,
            State::Unknown => rule.counts.unknown + rule.counts.error > 0,
            State::Pass | State::NotCovered => false,
        });
        let told = told.map(|rule| {
            let words = match rule.enabled {
                true if rule.counts.judged() == 0 => "not applicable".to_owned(),
                true => rule.counts.words(),
                false => "off".to_owned(),
            };
            format!("{}: {words}", rule.meta.id)
        });
        notes.extend(told);
        match &row.uncovered {
            Some(uncovered) => notes.push(uncovered.words()),
            None => {
                let caveat = row.item.reason.iter().map(|reason| format!("in part: {reason}"));
                notes.extend(caveat.filter(|_| state == State::Pass || all));
            }
        }
        notes
    }

    /// The same where nothing was run: all rules, and what cannot be checked.
    fn page_notes(&self, row: &ItemRow) -> Vec<String> {
        let rules = row.rules.iter().map(|rule| {
            let off = if rule.enabled { "" } else { " (off)" };
            format!("{}{off}", rule.meta.id)
        });
        let rules: Vec<String> = rules.collect();
        let mut notes = Vec::new();
        if !rules.is_empty() {
            notes.push(rules.join(", "));
        }
        let word = if rules.is_empty() { "not checked" } else { "in part" };
        notes.extend(row.caveat().map(|caveat| format!("{word}: {caveat}")));
        if notes.is_empty() {
            notes.push("no rule serves it".to_owned());
        }
        notes
    }

    fn styled(&self, style: Style, text: &str) -> String {
        if self.options.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

fn style(state: State) -> Style {
    let color = match state {
        State::Fail => AnsiColor::BrightRed,
        State::Unknown => AnsiColor::Yellow,
        State::Pass => AnsiColor::BrightGreen,
        State::NotCovered => return Style::new().effects(Effects::DIMMED),
    };
    color.on_default().effects(Effects::BOLD)
}
