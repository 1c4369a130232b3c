//! Shortcuts, the bytecode machine and the interpreter give the same on every rule of the default
//! bundle, over the cases on its pages, of all kinds, and over what the conformance suites have of
//! each kind.
//!
//! The machine is known to misread some rules without a word, and shortcuts are an evaluator of our
//! own. This test is what allows the default bundle to be run by them.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use plimsoll_engine::bundle::merged_tables;
use plimsoll_engine::document::{Document, KINDS};
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::evaluate::rego::{Limits, RegoEvaluator};
use plimsoll_tests::documents;

/// Prints which rules are often not settled by their shortcuts, and wants most to be.
fn settled<'d>(evaluator: &RegoEvaluator, documents: impl Iterator<Item = &'d Document>) {
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    // One in five is enough to tell.
    for document in documents.step_by(5) {
        for (rule, meta) in evaluator.rules().iter().enumerate() {
            if meta.kinds.iter().any(|kind| kind == document.kind) {
                let (settled, all) = counts.entry(rule).or_default();
                *settled += usize::from(evaluator.is_settled(rule, &document.facts));
                *all += 1;
            }
        }
    }
    let mut sum = (0, 0);
    for (rule, (settled, all)) in counts {
        sum = (sum.0 + settled, sum.1 + all);
        if settled * 10 < all * 9 {
            println!("settled: {settled} of {all}: {}", evaluator.rules()[rule].id);
        }
    }
    println!("settled: {} of {}", sum.0, sum.1);
    assert!(sum.0 * 100 >= sum.1 * 95, "shortcuts settle {} of {}", sum.0, sum.1);
}

#[test]
fn all_ways_to_run_a_rule_agree() {
    let bundle = plimsoll_tests::checklist();
    let engine = documents::linking(&bundle);
    let load = || {
        let data = merged_tables(&[&bundle]);
        RegoEvaluator::load(&[&bundle], engine.policy().params(), data, Limits::default())
            .expect("the bundle loads")
    };
    let (shortest, machine) = (load(), load().without_shortcuts());
    let interpreter = load().interpreted();
    let compiled =
        (0..machine.rules().len()).filter(|&r| machine.executor(r) == "bytecode").count();
    let wanted: Vec<usize> = (0..machine.rules().len()).collect();
    for &rule in &wanted {
        if let Some(why) = machine.why_interpreted(rule) {
            println!("interpreted: {}: {why}", machine.rules()[rule].id);
        }
    }
    let mut sessions = [shortest.session(), machine.session(), interpreter.session()];
    let mut complaints = String::new();
    let mut documents = documents::of_pages(&bundle.shipped());
    documents.extend(documents::of_suites());
    documents.iter_mut().for_each(|run| engine.link(run));
    for document in documents.iter().flatten() {
        let [short, fast, slow] =
            sessions.each_mut().map(|session| session.check(&document.facts, &wanted));
        for (((rule, short), (_, fast)), (_, slow)) in short.into_iter().zip(fast).zip(slow) {
            let same = matches!((&short, &fast, &slow), (Ok(short), Ok(fast), Ok(slow))
                if short == slow && fast == slow);
            if !same && complaints.len() < 20_000 {
                let (id, name) = (&machine.rules()[rule].id, &document.name);
                let _ = writeln!(
                    complaints,
                    "{id}, {name}:\n shortcut {short:?}\n bytecode {fast:?}\n interpreter {slow:?}"
                );
            }
        }
    }
    settled(&shortest, documents.iter().flatten());
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for document in documents.iter().flatten() {
        *kinds.entry(document.kind).or_default() += 1;
    }
    println!("{kinds:?}, {} rules, {compiled} as bytecode", wanted.len());
    assert!(complaints.is_empty(), "{complaints}");
    assert!(compiled > 0 && documents.len() > 300 && kinds.len() == KINDS.len());
}
