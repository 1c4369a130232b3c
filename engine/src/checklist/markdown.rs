//! The page as Markdown: a table for each section.

use std::io;

use super::escape::Markdown;
use super::{FormatRow, ItemRow, Page, RuleOfItem, SectionRows};
use crate::report::WriteOptions;

pub(super) const FORMAT: FormatRow = FormatRow {
    name: "markdown",
    description: "tables, for a wiki or a merge request",
    ending: ".md",
    for_people: false,
    write,
};

/// The most documents that are named.
const MOST_DOCUMENTS: usize = 50;

fn write(page: &Page, out: &mut dyn io::Write, _: &WriteOptions) -> io::Result<()> {
    writeln!(out, "# Container security checklist\n")?;
    writeln!(out, "Profile `{}`. {}.\n", page.profile, page.totals())?;
    if let Some(run) = &page.run {
        writeln!(out, "**{}**\n", Markdown(&run.conclusion))?;
        for (name, kind) in run.documents.iter().take(MOST_DOCUMENTS) {
            writeln!(out, "- {} ({kind})", Markdown(name))?;
        }
        if run.documents.len() > MOST_DOCUMENTS {
            writeln!(out, "- and {} more", run.documents.len() - MOST_DOCUMENTS)?;
        }
        if !run.documents.is_empty() {
            writeln!(out)?;
        }
    }
    let mut first = true;
    for guide in &page.guides {
        if !std::mem::take(&mut first) {
            writeln!(out)?;
        }
        writeln!(out, "## {}", Markdown(&guide.title))?;
        for section in guide.sections.iter().filter(|section| !section.items.is_empty()) {
            table(section, page.run.is_some(), out)?;
        }
    }
    Ok(())
}

fn table(section: &SectionRows, has_run: bool, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n### {}\n", Markdown(&section.title))?;
    let (state, line) = if has_run { ("state | ", "---|") } else { ("", "") };
    writeln!(out, "| item | what is asked for | {state}rules |\n|---|---|{line}---|")?;
    for row in &section.items {
        let (id, title) = (Markdown(&row.item.id), Markdown(&row.item.title));
        let state = row.state.map_or(String::new(), |state| format!(" {} |", state.as_str()));
        writeln!(out, "| {id} | {title} |{state} {} |", rules(row))?;
    }
    Ok(())
}

fn rules(row: &ItemRow) -> String {
    let mut lines: Vec<String> = row.rules.iter().map(|r| rule(r, row.state.is_some())).collect();
    if let Some(uncovered) = &row.uncovered {
        lines.push(Markdown(&uncovered.words()).to_string());
    } else if let Some(caveat) = row.caveat() {
        let word = if row.rules.is_empty() { "Not checked" } else { "In part" };
        lines.push(format!("{word}: {}", Markdown(&caveat)));
    }
    lines.join("<br>")
}

fn rule(rule: &RuleOfItem, has_run: bool) -> String {
    // An id has letters, digits, hyphens and slashes only.
    let id = &rule.meta.id;
    match (rule.enabled, has_run) {
        (false, _) => format!("`{id}` (off)"),
        (true, false) => format!("`{id}`"),
        (true, true) if rule.counts.judged() == 0 => format!("`{id}` not applicable"),
        (true, true) => format!("`{id}` {}", rule.counts.words()),
    }
}
