//! Indexes of the rules: by line of the checklist, by CIS number, by other tools' ids; and what is not
//! checked, and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use plimsoll_engine::bundle::Item;
use plimsoll_engine::checklist::{GuideRows, ItemRow, Page};
use plimsoll_engine::policy::Policy;
use plimsoll_tests::{checklist, generated};

use crate::rules::{anchor, link};
use crate::{NOTE, schema};

const UP: &str = "../";

fn page() -> Page {
    let bundle = checklist();
    let policy = Policy::new(std::slice::from_ref(&bundle), None).expect("a policy");
    Page::new(&[bundle], &policy, None)
}

fn links(row: &ItemRow) -> String {
    let links: Vec<String> = row.rules.iter().map(|rule| link(&rule.meta.id, UP)).collect();
    links.join(" ")
}

#[test]
fn by_checklist() {
    let page = page();
    let mut text = format!(
        "{NOTE}# The checklist, line by line\n\nThe {} items of the guides that the default bundle is made for, \
         in their order, with titles in words of our own, and the rules that serve each. `plimsoll checklist .` \
         says what came of each of them for documents of yours. [What is not checked](not-checked.md) says why \
         an item has no rule.\n",
        page.items().count()
    );
    for guide in &page.guides {
        text += &guide_text(guide);
    }
    generated::file("book/src/reference/checklist.md", &text);
}

fn guide_text(guide: &GuideRows) -> String {
    let mut text = format!("\n## {}\n", guide.title);
    for section in &guide.sections {
        let _ = write!(
            text,
            "\n### {}\n\n| item | what is asked for | rules |\n|---|---|---|\n",
            section.title
        );
        for row in &section.items {
            let (id, title) = (&row.item.id, schema::cell(&row.item.title));
            let mut rules = links(row);
            if rules.is_empty() {
                rules = "[not checked](not-checked.md)".to_owned();
            } else if row.item.reason.is_some() {
                rules += " ([in part](not-checked.md))";
            }
            let _ = writeln!(text, "| <a id=\"{}\"></a>{id} | {title} | {rules} |", anchor(id));
        }
    }
    text
}

#[test]
fn not_checked() {
    let page = page();
    let mut text = format!(
        "{NOTE}# What is not checked, and why\n\nNot everything that a checklist asks for can be told from \
         documents. Such an item is never passed: `plimsoll checklist` calls it *not covered*.\n\n\
         ## No rule\n\n"
    );
    let none = |row: &&ItemRow| row.rules.is_empty();
    text += &reasons(page.items().filter(none).map(|row| (&row.item, String::new())));
    text += "\n## Only a part\n\nRules serve these, and see a part of them only.\n\n";
    let part = |row: &&ItemRow| !row.rules.is_empty() && row.item.reason.is_some();
    text += &reasons(page.items().filter(part).map(|row| (&row.item, links(row))));
    text += "\n## Other catalogues\n\n| | what is asked for | why it is not checked | instead |\n|---|---|---|---|\n";
    for limit in plimsoll_engine::checklist::merged(&[checklist()]).limits {
        let instead = schema::cell(&limit.instead.unwrap_or_default());
        let (of, title, reason) =
            (&limit.of, schema::cell(&limit.title), schema::cell(&limit.reason));
        let _ = writeln!(text, "| {of} | {title} | {reason} | {instead} |");
    }
    generated::file("book/src/reference/not-checked.md", &text);
}

fn reasons<'i>(items: impl Iterator<Item = (&'i Item, String)>) -> String {
    let mut text =
        String::from("| item | what is asked for | why | instead |\n|---|---|---|---|\n");
    for (item, rules) in items {
        let id = format!("[{}](checklist.md#{})", item.id, anchor(&item.id));
        let reason = schema::cell(item.reason.as_deref().unwrap_or("There is no rule yet."));
        let instead = item.instead.as_deref().map(schema::cell).unwrap_or_default();
        let instead = format!("{instead} {rules}");
        let (title, instead) = (schema::cell(&item.title), instead.trim());
        let _ = writeln!(text, "| {id} | {title} | {reason} | {instead} |");
    }
    text
}

#[test]
fn by_cis() {
    let bundle = checklist();
    let mut numbers: BTreeMap<Vec<u32>, Vec<String>> = BTreeMap::new();
    for rule in bundle.rules() {
        for number in &rule.meta().cis {
            let parts =
                number.split('.').map(|part| part.parse().expect("a number of the benchmark"));
            numbers.entry(parts.collect()).or_default().push(link(rule.id(), UP));
        }
    }
    let mut text = format!(
        "{NOTE}# Rules by number of the CIS Docker Benchmark\n\nNumbers are those of version 1.6; its text is not \
         ours to copy. `--profile cis` turns on the rules that have one.\n\n| number | rules |\n|---|---|\n"
    );
    for (number, rules) in numbers {
        let number: Vec<String> = number.iter().map(u32::to_string).collect();
        let _ = writeln!(text, "| {} | {} |", number.join("."), rules.join(" "));
    }
    generated::file("book/src/reference/cis.md", &text);
}

#[test]
fn by_other_tools() {
    let bundle = checklist();
    let mut tools: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for rule in bundle.rules() {
        for (tool, ids) in &rule.meta().equivalents {
            for id in ids {
                let rules = tools.entry(tool).or_default().entry(id).or_default();
                rules.push(link(rule.id(), UP));
            }
        }
    }
    let mut text = format!(
        "{NOTE}# Rules by other tools' ids\n\nWhich rule looks for what another tool looks for. They do not always \
         agree: a page of a rule says what it does.\n"
    );
    for (tool, ids) in tools {
        let _ = write!(text, "\n## {tool}\n\n| id | rules |\n|---|---|\n");
        for (id, rules) in ids {
            let _ = writeln!(text, "| {} | {} |", schema::cell(id), rules.join(" "));
        }
    }
    generated::file("book/src/reference/equivalents.md", &text);
}
