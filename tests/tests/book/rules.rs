//! A page for each rule, a page for each area, and their part of the table of contents.
//!
//! A rule's page here is what it declares; what it says in prose is included from the page beside the
//! rule when the book is built, so that it is written once.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use plimsoll_engine::bundle::{Checklist, RuleModule};
use plimsoll_engine::checklist::merged;
use plimsoll_tests::{checklist, generated, repository};
use serde_json::Value;

use crate::{NOTE, schema};

/// The heading in the table of contents below which everything is generated.
pub(crate) const HEADING: &str = "# Rules\n";

/// The line of a rule's own page on which its text begins: after the title and an empty line.
const BODY: usize = 3;

/// A rule's page, for a page in a folder `up` the root of the book.
pub(crate) fn link(id: &str, up: &str) -> String {
    format!("[`{id}`]({up}rules/{id}.md)")
}

fn areas(rules: &[RuleModule]) -> BTreeMap<&str, Vec<&RuleModule>> {
    let mut areas: BTreeMap<&str, Vec<&RuleModule>> = BTreeMap::new();
    for rule in rules {
        let (area, _) = rule.id().split_once('/').expect("an id has an area");
        areas.entry(area).or_default().push(rule);
    }
    areas
}

/// The rules' part of the table of contents.
pub(crate) fn contents() -> String {
    let bundle = checklist();
    let mut text = format!("{HEADING}\n- [All rules](reference/rules.md)\n");
    for (name, page) in [
        ("By line of the checklist", "checklist"),
        ("By number of the CIS benchmark", "cis"),
        ("By other tools' ids", "equivalents"),
        ("What is not checked", "not-checked"),
    ] {
        let _ = writeln!(text, "- [{name}](reference/{page}.md)");
    }
    for (area, rules) in areas(bundle.rules()) {
        let _ = writeln!(text, "- [{area}](rules/{area}.md)");
        for rule in rules {
            let _ = writeln!(text, "  - [{0}](rules/{0}.md)", rule.id());
        }
    }
    text
}

#[test]
fn index() {
    let bundle = checklist();
    let rules = bundle.rules();
    let mut page = format!(
        "{NOTE}# Rules\n\nThe {} rules of the default bundle, `checklist`. `plimsoll rules ID` prints the \
         page of one, with its parameters as they are configured. A rule is on in the profiles that have it; \
         without any choice the profile is `baseline`.\n\n",
        rules.len()
    );
    page += &table(rules.iter(), "../");
    generated::file("book/src/reference/rules.md", &page);
}

#[test]
fn areas_have_pages() {
    let bundle = checklist();
    for (area, rules) in areas(bundle.rules()) {
        let page = format!("{NOTE}# {area}\n\n{}", table(rules.into_iter(), "../"));
        generated::file(&format!("book/src/rules/{area}.md"), &page);
    }
}

fn table<'r>(rules: impl Iterator<Item = &'r RuleModule>, up: &str) -> String {
    let mut text = String::from("| rule | severity | profiles | finds |\n|---|---|---|---|\n");
    for rule in rules {
        let meta = rule.meta();
        let off = if meta.profiles.iter().any(|name| name == "baseline") {
            ""
        } else {
            " (off by default)"
        };
        let (link, severity) = (link(&meta.id, up), meta.severity.as_str());
        let (profiles, title) = (meta.profiles.join(", "), schema::cell(&meta.title));
        let _ = writeln!(text, "| {link} | {severity} | {profiles}{off} | {title} |");
    }
    text
}

#[test]
fn rules_have_pages() {
    let bundle = checklist();
    let items = merged(std::slice::from_ref(&bundle));
    let mut expected = Vec::new();
    for rule in bundle.rules() {
        let path = format!("book/src/rules/{}.md", rule.id());
        generated::file(&path, &page(rule, &items));
        expected.push(path);
    }
    for area in areas(bundle.rules()).keys() {
        let folder = format!("book/src/rules/{area}");
        for entry in std::fs::read_dir(repository().join(&folder)).expect("the folder of an area") {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            let path = format!("{folder}/{name}");
            if expected.contains(&path) {
                continue;
            }
            assert!(std::env::var_os("PLIMSOLL_BLESS").is_some(), "{path} is the page of no rule");
            std::fs::remove_file(repository().join(&path)).expect("a page that is not needed");
        }
    }
}

fn page(rule: &RuleModule, items: &Checklist) -> String {
    let meta = rule.meta();
    let own = rule.page().text();
    let lines: Vec<&str> = own.lines().take(BODY).collect();
    assert!(
        matches!(lines.as_slice(), [title, "", body] if title.starts_with("# ") && !body.is_empty()),
        "{}: a page begins with its title, an empty line, and text",
        rule.id()
    );
    let mut text = format!("{NOTE}# {}\n\n`{}`\n\n", meta.title, meta.id);
    let _ =
        writeln!(text, "{}\n", meta.description.split_whitespace().collect::<Vec<_>>().join(" "));
    let _ = writeln!(text, "**Fix:** {}\n", meta.remedy.trim());
    text += &facts(rule, items);
    if !meta.params.is_empty() {
        text += "\n## Parameters\n\n| parameter | type | default | meaning |\n|---|---|---|---|\n";
    }
    for (name, param) in &meta.params {
        let (ty, default) = (schema::cell(&param.ty), shortened(&param.default));
        let mut meaning = schema::cell(&param.description);
        if let Some(allowed) = &param.allowed {
            let allowed: Vec<String> = allowed.iter().map(shortened).collect();
            let _ = write!(meaning, " One of {}.", allowed.join(", "));
        }
        let _ = writeln!(text, "| `{name}` | {ty} | {default} | {meaning} |");
    }
    let source = rule.path().replace(".rego", ".md");
    let _ = writeln!(
        text,
        "\n## Why\n\n{{{{#include ../../../../policies/checklist/{source}:{BODY}:}}}}"
    );
    text
}

/// What the rule declares, as a table.
fn facts(rule: &RuleModule, items: &Checklist) -> String {
    let meta = rule.meta();
    let mut severity = meta.severity.to_string();
    for (level, of) in &meta.levels {
        let _ = write!(severity, ", {of} for {level}");
    }
    let default =
        if meta.profiles.iter().any(|name| name == "baseline") { "" } else { "; off by default" };
    let served = meta.checklist.iter().map(|code| match items.item(code) {
        Some(item) => {
            format!("[{code}](../../reference/checklist.md#{}) {}", anchor(&item.id), item.title)
        }
        None => code.clone(),
    });
    let served: Vec<String> = served.collect();
    let cis = meta.cis.iter().map(|number| format!("[{number}](../../reference/cis.md)"));
    let tools = meta.equivalents.iter().map(|(tool, ids)| {
        format!("[{tool}](../../reference/equivalents.md#{tool}) {}", ids.join(", "))
    });
    let code = |words: &[String]| {
        words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
    };
    let rows = [
        ("severity", severity),
        ("profiles", format!("{}{default}", meta.profiles.join(", "))),
        ("judges", meta.subjects.join(", ")),
        ("in", meta.kinds.join(", ")),
        ("unknown without", code(&meta.needs)),
        ("checklist", served.join("<br>")),
        ("CIS Docker Benchmark", cis.collect::<Vec<_>>().join(", ")),
        ("NIST SP 800-190", meta.nist.join(", ")),
        ("in other tools", tools.collect::<Vec<_>>().join("<br>")),
        (
            "read more",
            meta.references.iter().map(|url| format!("<{url}>")).collect::<Vec<_>>().join("<br>"),
        ),
        ("since", meta.since.clone().unwrap_or_default()),
    ];
    let mut text = String::from("| | |\n|---|---|\n");
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let value = value.replace('|', "\\|");
        let _ = writeln!(text, "| {name} | {value} |");
    }
    text
}

/// What an item is called in an address.
pub(crate) fn anchor(item: &str) -> String {
    item.to_lowercase().replace(':', "-")
}

/// A value as a table shows it: whole if it is short.
fn shortened(value: &Value) -> String {
    match value {
        Value::Array(items) if items.len() > 6 => {
            let some: Vec<String> = items.iter().take(4).map(Value::to_string).collect();
            format!("`{}`, … ({} in all)", some.join("`, `"), items.len())
        }
        Value::Object(fields) if fields.len() > 4 => format!("{} entries", fields.len()),
        other => format!("`{}`", other.to_string().replace('|', "\\|")),
    }
}
