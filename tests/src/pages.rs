//! Rules' pages as tests: every case on them, run for real.
//!
//! `PLIMSOLL_BLESS=1` writes the outcomes back into the pages; `PLIMSOLL_RULE` chooses rules by a part
//! of their ids.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use plimsoll_engine::BuildError;
use plimsoll_engine::document::FORMATS;
use plimsoll_engine::policy_test::{self, Runner};
use plimsoll_engine::sdk::rule::RuleMeta;
use plimsoll_engine::source::Source;

/// What came of pages.
pub struct Pages {
    kinds: Vec<&'static str>,
    bless: bool,
    only: String,
    count: usize,
    complaints: String,
}

impl Default for Pages {
    fn default() -> Self {
        Pages {
            kinds: FORMATS.iter().map(|format| format.name).collect(),
            bless: std::env::var_os("PLIMSOLL_BLESS").is_some(),
            only: std::env::var("PLIMSOLL_RULE").unwrap_or_default(),
            count: 0,
            complaints: String::new(),
        }
    }
}

impl Pages {
    /// Whether a rule was chosen.
    #[must_use]
    pub fn wants(&self, rule: &str) -> bool {
        rule.contains(&self.only)
    }

    /// Runs the cases on the page of a rule, which lies in `file`. Some of them have to give each of
    /// the `verdicts`: `fail`, `pass`, `unknown`.
    pub fn run(
        &mut self,
        rule: &RuleMeta,
        page: &Arc<Source>,
        file: &Path,
        verdicts: &[&str],
        runner: &mut Runner,
    ) {
        let id = &rule.id;
        let read = match policy_test::parse(page, &self.kinds) {
            Ok(page) => page,
            Err(problems) => return self.complain(id, &BuildError(problems).to_string()),
        };
        if read.title != rule.title {
            let what = format!("page `{}`, rule `{}`", read.title, rule.title);
            self.complain(id, &what);
        }
        let mut outcomes = Vec::new();
        for case in &read.cases {
            self.count += 1;
            let actual = match runner.run(id, case) {
                Ok(outcome) => outcome.actual,
                Err(problems) => vec![format!("problem {}", BuildError(problems))],
            };
            if actual != case.expected && !self.bless {
                let (want, got) = (case.expected.join("\n  "), actual.join("\n  "));
                let what = format!("{}:\n expected\n  {want}\n got\n  {got}", case.name);
                self.complain(id, &what);
            }
            outcomes.push(actual);
        }
        for verdict in verdicts {
            let is_it = |line: &String| line.split(' ').next() == Some(verdict);
            if !outcomes.iter().flatten().any(is_it) {
                self.complain(id, &format!("no case on its page has the verdict `{verdict}`"));
            }
        }
        if self.bless {
            let blessed = policy_test::bless(page, &read.cases, &outcomes);
            std::fs::write(file, blessed).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        }
    }

    fn complain(&mut self, rule: &str, what: &str) {
        let _ = writeln!(self.complaints, "{rule}: {what}");
    }

    /// Says how many cases were run.
    ///
    /// # Panics
    ///
    /// When a page does not say what its rule does, or when there was none.
    pub fn finish(self) {
        println!("{} cases", self.count);
        assert!(self.complaints.is_empty(), "{}", self.complaints);
        assert!(self.count > 0 || !self.only.is_empty(), "no case was run");
    }
}
