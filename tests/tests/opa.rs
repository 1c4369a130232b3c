//! OPA as an oracle: on every case of every page, it finds what our evaluator finds.
//!
//! `tests/opa/install` puts the library below `target/opa`; without it the test says that it is
//! skipped.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll_engine::bundle::{Bundle, RuleModule};
use plimsoll_engine::evaluate::rego::{FINDING_LIBRARY, Limits, RegoEvaluator};
use plimsoll_engine::evaluate::{Evaluator, RuleOutput};
use plimsoll_engine::policy_test::{self, Case, Page, Runner};
use plimsoll_tests::checklist;
use serde_json::{Value, json};

/// The Python that has the library, or `None` after saying that there is none.
fn oracle() -> Option<(PathBuf, PathBuf)> {
    let folder = plimsoll_tests::repository().join("target/opa");
    if !folder.join("done").exists() {
        plimsoll_tests::skipped("opa", "target/opa is missing, which tests/opa/install makes");
        return None;
    }
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    Some((PathBuf::from(python), folder.join("site")))
}

/// A rule by itself, with what its page's cases become: what OPA needs, and what we say.
struct Work<'b> {
    rule: &'b RuleModule,
    bundle: Bundle,
    tables: Value,
    /// Evaluators by the parameters they were loaded with, since cases set parameters.
    evaluators: BTreeMap<String, RegoEvaluator>,
    cases: Vec<Value>,
}

impl<'b> Work<'b> {
    fn of(all: &Bundle, rule: &'b RuleModule, page: &Page) -> Self {
        let bundle = plimsoll_tests::alone(all, rule.path());
        let tables = plimsoll_tests::tables_of(&bundle);
        let mut runner = Runner::new(vec![bundle.clone()]);
        let (evaluators, cases) = (BTreeMap::new(), Vec::new());
        let mut work = Work { rule, bundle, tables, evaluators, cases };
        for case in &page.cases {
            work.add(case, &mut runner);
        }
        work
    }

    fn add(&mut self, case: &Case, runner: &mut Runner) {
        let id = self.rule.id();
        let outcome = runner.run(id, case);
        // Pages are tested elsewhere; here a case that cannot be run is none.
        let outcome = outcome.unwrap_or_else(|e| panic!("{id}, {}: {e:?}", case.name));
        let overridden = params(case);
        let evaluator = self.evaluators.entry(overridden.to_string()).or_insert_with(|| {
            let (given, tables) = (json!({ id: overridden }), self.tables.clone());
            RegoEvaluator::load(&[&self.bundle], given, tables, Limits::default())
                .unwrap_or_else(|problems| panic!("{problems:?}"))
        });
        let at = evaluator.rules().iter().position(|rule| rule.id == id).expect("the rule");
        let mut session = evaluator.session();
        for document in &outcome.documents {
            let meta = self.rule.meta();
            if !meta.kinds.iter().any(|kind| kind == document.kind) {
                continue;
            }
            let (_, output) = session.check(&document.facts, &[at]).remove(0);
            let RuleOutput { findings, unknowns } =
                output.unwrap_or_else(|e| panic!("{id}, {}: {e:?}", case.name));
            let mut input = serde_json::to_value(&document.facts).expect("facts are JSON");
            if !meta.raw
                && let Some(fields) = input.as_object_mut()
            {
                fields.remove("raw");
            }
            input["params"] = in_force(&self.bundle, id, &overridden);
            input["data"] = self.tables.clone();
            self.cases.push(json!({
                "name": format!("{id}, {}", case.name),
                "package": self.rule.package(),
                "input": input,
                "deny": findings,
                "unknown": unknowns,
            }));
        }
    }

    fn json(self) -> Value {
        let module = |name: &str, text: &str| json!({"name": name, "text": text});
        let libraries = self.bundle.libraries().iter();
        let libraries = libraries.map(|file| module(file.path(), file.source().text()));
        let rules = self.bundle.rules().iter();
        let rules = rules.map(|rule| module(rule.path(), rule.source().text()));
        let library = module("plimsoll/finding.rego", FINDING_LIBRARY);
        let modules: Vec<Value> = std::iter::once(library).chain(libraries).chain(rules).collect();
        json!({"modules": modules, "cases": self.cases})
    }
}

/// The parameters that a case sets.
fn params(case: &Case) -> Value {
    let Some(config) = &case.config else { return json!({}) };
    let config: Value = serde_yaml::from_str(config.text()).expect("a config fence is YAML");
    config.get("params").cloned().unwrap_or_else(|| json!({}))
}

/// Every parameter of every rule, with those of one rule overridden.
fn in_force(bundle: &Bundle, id: &str, overridden: &Value) -> Value {
    let rules = bundle.rules().iter().map(|rule| {
        let params = rule.meta().params.iter().map(|(name, param)| {
            let own = overridden.get(name).filter(|_| rule.id() == id);
            (name.clone(), own.unwrap_or(&param.default).clone())
        });
        (rule.id().to_owned(), params.collect::<Value>())
    });
    rules.collect()
}

#[test]
fn opa_finds_what_we_find() {
    let Some((python, site)) = oracle() else { return };
    let bundle = checklist();
    let kinds: Vec<&str> = plimsoll_engine::document::FORMATS.iter().map(|row| row.name).collect();
    let work: Vec<Value> = (bundle.rules().iter())
        .map(|rule| {
            let page = policy_test::parse(rule.page(), &kinds);
            let page = page.unwrap_or_else(|e| panic!("{}: {e:?}", rule.id()));
            let work = Work::of(&bundle, rule, &page);
            assert!(!work.cases.is_empty(), "{}: no case is judged", rule.id());
            work.json()
        })
        .collect();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opa.json");
    std::fs::write(&path, json!(work).to_string()).expect("the temporary folder can be written");
    let output = Command::new(python)
        .arg(plimsoll_tests::repository().join("tests/opa/oracle.py"))
        .arg(&path)
        .env("PYTHONPATH", site)
        .output()
        .expect("python runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "OPA and we differ:\n{said}{failed}");
    println!("{}", said.trim());
}
