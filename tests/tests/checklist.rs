//! The checklist of the default bundle and its rules fit together.

use std::collections::BTreeSet;

use plimsoll_engine::checklist::{Page, strays};
use plimsoll_engine::policy::Policy;
use plimsoll_tests::checklist;

fn page() -> Page {
    let bundle = checklist();
    let policy = Policy::new(std::slice::from_ref(&bundle), None).expect("a policy");
    Page::new(&[bundle], &policy, None)
}

#[test]
fn every_code_of_a_rule_names_an_item() {
    let told: Vec<String> = strays(&[checklist()], &[])
        .into_iter()
        .map(|stray| {
            let help = stray.help.map(|help| format!(" ({help})")).unwrap_or_default();
            let at = stray.labels.first().map(|label| label.place.source.name().to_owned());
            format!("{}: {}{help}", at.unwrap_or_default(), stray.message)
        })
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_item_has_a_rule_or_a_reason() {
    let without: Vec<String> = page()
        .items()
        .filter(|row| row.rules.is_empty() && row.item.reason.is_none())
        .map(|row| format!("{} {}", row.item.id, row.item.title))
        .collect();
    assert!(without.is_empty(), "no rule, and no reason:\n{}", without.join("\n"));
}

#[test]
fn the_guides_are_whole() {
    let page = page();
    let count = |view: &str| page.clone().view(view).expect("a view").items().count();
    assert_eq!((count("guide1"), count("guide2"), count("krol3")), (30, 26, 75));
    let verification = page.clone().view("verification").expect("a view");
    let ids: Vec<&str> = verification.items().map(|row| row.item.id.as_str()).collect();
    let expected: Vec<String> = (1..=10).map(|number| format!("V{number}")).collect();
    assert_eq!(ids, expected);
}

/// Lines of one guide do not run backwards, and what contains a line stands before it.
#[test]
fn items_stand_in_the_order_of_the_guides() {
    for guide in page().guides {
        let lines: Vec<(u32, String)> = guide
            .sections
            .iter()
            .flat_map(|section| &section.items)
            .filter_map(|row| {
                let (_, lines) = row.item.id.split_once(':')?;
                Some((lines.split('-').next()?.parse().ok()?, row.item.id.clone()))
            })
            .collect();
        let sorted: BTreeSet<&(u32, String)> = lines.iter().collect();
        assert!(lines.iter().eq(sorted), "{}: {lines:?}", guide.id);
    }
}

/// What the guides say is theirs: no title is a line of theirs, which these words begin.
#[test]
fn titles_are_short() {
    for row in page().items() {
        let title = &row.item.title;
        assert!(title.chars().count() <= 72 && !title.ends_with('.'), "{title}");
        for sentence in row.item.reason.iter().chain(&row.item.instead) {
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }
}
