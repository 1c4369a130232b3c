//! Every case on every page of the default bundle, run for real.
//!
//! `PLIMSOLL_BLESS=1` writes the outcomes back into the pages; read them before you commit.
#![allow(clippy::print_stdout)]

use std::fmt::Write as _;

use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::document::FORMATS;
use plimsoll_engine::policy_test::{self, Runner};

fn text(problems: &[Diagnostic]) -> String {
    plimsoll_engine::BuildError(problems.to_vec()).to_string()
}

#[test]
fn every_page_says_what_the_rule_does() {
    let bundle = plimsoll_tests::checklist();
    let kinds: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let bless = std::env::var_os("PLIMSOLL_BLESS").is_some();
    let only = std::env::var("PLIMSOLL_RULE").unwrap_or_default();
    let mut complaints = String::new();
    let mut count = 0;
    for rule in bundle.rules().iter().filter(|rule| rule.id().contains(&only)) {
        let page = match policy_test::parse(rule.page(), &kinds) {
            Ok(page) => page,
            Err(problems) => {
                let _ = writeln!(complaints, "{}: {}", rule.id(), text(&problems));
                continue;
            }
        };
        if page.title != rule.meta().title {
            let (page, meta) = (&page.title, &rule.meta().title);
            let _ = writeln!(complaints, "{}: page `{page}`, METADATA `{meta}`", rule.id());
        }
        let mut runner = Runner::new(vec![plimsoll_tests::alone(&bundle, rule.path())]);
        let mut outcomes = Vec::new();
        for case in &page.cases {
            count += 1;
            let actual = match runner.run(rule.id(), case) {
                Ok(outcome) => outcome.actual,
                Err(problems) => vec![format!("problem {}", text(&problems))],
            };
            if actual != case.expected && !bless {
                let (id, name) = (rule.id(), &case.name);
                let (want, got) = (case.expected.join("\n  "), actual.join("\n  "));
                let _ = writeln!(complaints, "{id}, {name}:\n expected\n  {want}\n got\n  {got}");
            }
            outcomes.push(actual);
        }
        let verdicts = |word: &str| outcomes.iter().flatten().any(|line| line.starts_with(word));
        if !verdicts("fail ") || !verdicts("pass ") {
            let _ = writeln!(complaints, "{}: needs a failing and a passing case", rule.id());
        }
        if bless {
            let path = plimsoll_tests::repository().join("policies/checklist");
            let path = path.join(rule.path()).with_extension("md");
            let blessed = policy_test::bless(rule.page(), &page.cases, &outcomes);
            std::fs::write(&path, blessed).unwrap();
        }
    }
    println!("{count} cases of {} rules", bundle.rules().len());
    assert!(complaints.is_empty(), "{complaints}");
    assert!(count > 0 || !only.is_empty(), "no case was run");
}
