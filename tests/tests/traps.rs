//! Cases that linters of Dockerfiles are known to judge wrongly: `tests/cases/traps.md`.
//!
//! `PLIMSOLL_BLESS=1` writes the outcomes back; read them before you commit.

use std::fmt::Write as _;

use plimsoll_engine::BuildError;
use plimsoll_engine::policy_test::{self, Runner};
use plimsoll_engine::source::Source;

#[test]
fn traps_come_out_right() {
    let path = plimsoll_tests::repository().join("tests/cases/traps.md");
    let source = Source::new("traps.md", std::fs::read_to_string(&path).unwrap());
    let page = policy_test::parse(&source, &["dockerfile"]).unwrap_or_else(|problems| {
        panic!("{}", BuildError(problems));
    });
    let mut runner = Runner::new(vec![plimsoll_tests::checklist()]);
    let mut complaints = String::new();
    let mut outcomes = Vec::new();
    for case in &page.cases {
        let (rule, _) = case.name.split_once(": ").expect("a heading names its rule");
        let actual = match runner.run(rule, case) {
            Ok(outcome) => outcome.actual,
            Err(problems) => vec![format!("problem {}", BuildError(problems))],
        };
        if actual != case.expected {
            let (want, got) = (case.expected.join("\n  "), actual.join("\n  "));
            let _ = writeln!(complaints, "{}:\n expected\n  {want}\n got\n  {got}", case.name);
        }
        outcomes.push(actual);
    }
    if std::env::var_os("PLIMSOLL_BLESS").is_some() {
        std::fs::write(&path, policy_test::bless(&source, &page.cases, &outcomes)).unwrap();
        return;
    }
    assert!(page.cases.len() > 20 && complaints.is_empty(), "{complaints}");
}
