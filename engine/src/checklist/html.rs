//! The page as one HTML file: no script, nothing from elsewhere, and nothing of it is markup that came
//! with a name.

use std::io;

use super::escape::Html;
use super::{FormatRow, GuideRows, ItemRow, Page, RuleOfItem, SectionRows, State};
use crate::report::WriteOptions;

pub(super) const FORMAT: FormatRow = FormatRow {
    name: "html",
    description: "one file, to print or to pass on",
    ending: ".html",
    for_people: false,
    write,
};

/// The most documents that are named.
const MOST_DOCUMENTS: usize = 500;

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Container security checklist</title>
<style>
:root { color-scheme: light dark; --text: #1b1b1b; --back: #fff; --line: #c8c8c8; --dim: #595959;
  --fail: #b3001b; --unknown: #7a5200; --pass: #00662f; --head: #f2f2f2; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e8e8; --back: #171717; --line: #4a4a4a;
  --dim: #b0b0b0; --fail: #ff8a8a; --unknown: #ffc861; --pass: #7ddc9b; --head: #262626; } }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; color: var(--text); background: var(--back);
  font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; margin: 0 0 1.5rem; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--head); }
tbody th { font-weight: normal; white-space: nowrap; }
td ul { margin: 0; padding-left: 1.1rem; }
td p { margin: .2rem 0 0; }
.state { font-weight: bold; white-space: nowrap; }
.fail { color: var(--fail); } .unknown { color: var(--unknown); } .pass { color: var(--pass); }
.not-covered, .note { color: var(--dim); }
@media print { body { max-width: none; padding: 0; font-size: 9pt; } tr { break-inside: avoid; }
  thead { display: table-header-group; } h2, h3 { break-after: avoid; } }
</style>
</head>
<body>
<main>
<h1>Container security checklist</h1>
"#;

fn write(page: &Page, out: &mut dyn io::Write, _: &WriteOptions) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    writeln!(out, "<p>Profile <code>{}</code>. {}.</p>", Html(page.profile), page.totals())?;
    if let Some(run) = &page.run {
        let class = run.status.as_str();
        let class = if class == "clean" { "pass" } else { "fail" };
        writeln!(out, "<p class=\"state {class}\">{}</p>", Html(&run.conclusion))?;
        documents(&run.documents, out)?;
    }
    for guide in &page.guides {
        self::guide(guide, page.run.is_some(), out)?;
    }
    let version = crate::VERSION;
    writeln!(out, "<p class=\"note\">Written by Plimsoll {version}.</p>\n</main>\n</body>\n</html>")
}

fn documents(documents: &[(String, &str)], out: &mut dyn io::Write) -> io::Result<()> {
    if documents.is_empty() {
        return Ok(());
    }
    writeln!(out, "<details>\n<summary>Documents: {}</summary>\n<ul>", documents.len())?;
    for (name, kind) in documents.iter().take(MOST_DOCUMENTS) {
        writeln!(out, "<li>{} ({})</li>", Html(name), Html(kind))?;
    }
    if documents.len() > MOST_DOCUMENTS {
        writeln!(out, "<li>and {} more</li>", documents.len() - MOST_DOCUMENTS)?;
    }
    writeln!(out, "</ul>\n</details>")
}

fn guide(guide: &GuideRows, has_run: bool, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "<section>\n<h2>{}</h2>", Html(&guide.title))?;
    for section in guide.sections.iter().filter(|section| !section.items.is_empty()) {
        table(section, has_run, out)?;
    }
    writeln!(out, "</section>")
}

fn table(section: &SectionRows, has_run: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let state = if has_run { "<th scope=\"col\">State</th>" } else { "" };
    let title = Html(&section.title);
    writeln!(out, "<h3>{title}</h3>\n<table aria-label=\"{title}\">\n<thead>")?;
    writeln!(
        out,
        "<tr><th scope=\"col\">Item</th><th scope=\"col\">What is asked for</th>{state}\
         <th scope=\"col\">Rules</th></tr>\n</thead>\n<tbody>"
    )?;
    for row in &section.items {
        item(row, out)?;
    }
    writeln!(out, "</tbody>\n</table>")
}

fn item(row: &ItemRow, out: &mut dyn io::Write) -> io::Result<()> {
    let (id, title) = (Html(&row.item.id), Html(&row.item.title));
    write!(out, "<tr><th scope=\"row\">{id}</th><td>{title}</td>")?;
    if let Some(state) = row.state {
        let class = match state {
            State::NotCovered => "not-covered",
            other => other.as_str(),
        };
        write!(out, "<td class=\"state {class}\">{}</td>", state.as_str())?;
    }
    write!(out, "<td>")?;
    if !row.rules.is_empty() {
        write!(out, "<ul>")?;
        for rule in &row.rules {
            write!(out, "<li>{}</li>", self::rule(rule, row.state.is_some()))?;
        }
        write!(out, "</ul>")?;
    }
    if let Some(uncovered) = &row.uncovered {
        write!(out, "<p class=\"note\">{}</p>", Html(&uncovered.words()))?;
    } else if let Some(caveat) = row.caveat() {
        let word = if row.rules.is_empty() { "Not checked" } else { "In part" };
        write!(out, "<p class=\"note\">{word}: {}</p>", Html(&caveat))?;
    }
    writeln!(out, "</td></tr>")
}

fn rule(rule: &RuleOfItem, has_run: bool) -> String {
    let said = match (rule.enabled, has_run) {
        (false, _) => " (off)".to_owned(),
        (true, false) => String::new(),
        (true, true) if rule.counts.judged() == 0 => ": not applicable".to_owned(),
        (true, true) => format!(": {}", rule.counts.words()),
    };
    format!("<code title=\"{}\">{}</code>{said}", Html(&rule.meta.title), Html(&rule.meta.id))
}
