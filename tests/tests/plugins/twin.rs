//! A rule that there is in Rego and in Rust: both say the same of every document.

use std::fmt::Write as _;
use std::sync::Arc;

use plimsoll_engine::document::Document;
use plimsoll_engine::evaluate::rego::{Limits, RegoEvaluator};
use plimsoll_engine::evaluate::wasm::WasmEvaluator;
use plimsoll_engine::evaluate::{Evaluator, RuleOutput};
use plimsoll_engine::finding::{self, Judged, Subjects};
use plimsoll_engine::sdk::rule::RuleMeta;
use plimsoll_tests::{alone, checklist};
use serde_json::{Value, json};

use super::{documents, loaded};

const REGO: &str = "image/mutable-tag";
const RUST: &str = "typosquat/image/mutable-tag";

/// What is said of a document, in the end: each finding with its place, and the verdict on each subject.
fn placed(document: &Document, rule: &Arc<RuleMeta>, output: &RuleOutput) -> (String, [usize; 3]) {
    let subjects = Subjects::of(&document.facts);
    let placed = finding::place(document, rule, rule.severity, &subjects, output);
    let (findings, judged) = placed.unwrap_or_else(|why| panic!("{}: {why}", document.name));
    let mut text = String::new();
    for finding in findings {
        let related: Vec<String> =
            finding.related.iter().map(|r| format!("{:?} {}", r.place.span, r.message)).collect();
        let (severity, span, subject) = (finding.severity, finding.place.span, &finding.subject);
        let message = &finding.message;
        let _ = writeln!(text, "{severity} {span:?} {subject} {message} {related:?}");
    }
    let mut counts = [0; 3];
    for judged in judged {
        let _ = writeln!(text, "{judged:?}");
        counts[match judged {
            Judged::Pass(_) => 0,
            Judged::Unknown(..) => 1,
            Judged::Fail(..) => 2,
        }] += 1;
    }
    (text, counts)
}

/// Compares the two with these parameters, and counts the verdicts: pass, unknown, fail.
fn compare(params: &Value) -> [usize; 3] {
    let bundle = alone(&checklist(), "image/mutable-tag.rego");
    let rego = RegoEvaluator::load(&[&bundle], json!({REGO: params}), json!({}), Limits::default());
    let rego = rego.expect("the rule in Rego");
    let rust = WasmEvaluator::load(&loaded(), &json!({RUST: params})).expect("the examples");
    let index = |rules: &[Arc<RuleMeta>], id: &str| {
        rules.iter().position(|rule| rule.id == id).expect("the rule")
    };
    let (in_rego, in_rust) = (index(rego.rules(), REGO), index(rust.rules(), RUST));
    let (rego_meta, rust_meta) = (&rego.rules()[in_rego], &rust.rules()[in_rust]);
    let defaults = |rule: &RuleMeta| -> Vec<(String, String, Value)> {
        let params = rule.params.iter();
        params.map(|(name, is)| (name.clone(), is.ty.clone(), is.default.clone())).collect()
    };
    assert_eq!(defaults(rego_meta), defaults(rust_meta));
    assert_eq!((&rego_meta.kinds, &rego_meta.needs), (&rust_meta.kinds, &rust_meta.needs));
    let (mut rego_session, mut rust_session) = (rego.session(), rust.session());
    let (mut counts, mut complaints) = ([0; 3], String::new());
    for document in documents::all() {
        let (_, said) = rego_session.check(&document.facts, &[in_rego]).remove(0);
        let (_, twin) = rust_session.check(&document.facts, &[in_rust]).remove(0);
        let (said, twin) = (said.expect("an answer in Rego"), twin.expect("an answer in Rust"));
        let (said_placed, verdicts) = placed(document, rego_meta, &said);
        let (twin_placed, _) = placed(document, rust_meta, &twin);
        if (said != twin || said_placed != twin_placed) && complaints.len() < 20_000 {
            let name = &document.name;
            let _ = writeln!(complaints, "{name}:\nRego\n{said_placed}Rust\n{twin_placed}");
        }
        for (count, more) in counts.iter_mut().zip(verdicts) {
            *count += more;
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
    counts
}

#[test]
fn the_twin_says_what_the_rule_in_rego_says() {
    if !loaded().iter().any(|plugin| plugin.name() == "typosquat") {
        return;
    }
    let other = json!({"min_version_components": 2, "mutable_tags": ["latest", "*-slim"]});
    for params in [json!({}), other] {
        let [pass, unknown, fail] = compare(&params);
        println!("pass {pass}, unknown {unknown}, fail {fail}");
        assert!(pass > 100 && unknown > 10 && fail > 50);
    }
}
