//! Texts of any bytes as compose files and as files of variables: substituting, reading and
//! bringing to long forms never panic, every place lies in its text and on character boundaries,
//! and what was brought to its long form stays as it is.
//!
//! An input is: a byte of options, which says what is read, and of what a variable is that nobody
//! set; then the text.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::document::compose::dotenv;
use plimsoll_engine::document::compose::interpolate::interpolate;
use plimsoll_engine::document::compose::short::canonicalise;
use plimsoll_engine::document::compose::tree::Node;
use plimsoll_engine::document::compose::variables::{Unset, Variables};
use plimsoll_engine::source::{Place, Source};
use plimsoll_engine::yaml;

fn check(place: &Place) {
    assert!(place.source.text().get(place.span.range()).is_some(), "{place:?}");
}

fn check_problems(problems: &[Diagnostic]) {
    problems.iter().flat_map(|problem| &problem.labels).for_each(|label| check(&label.place));
}

fn check_tree(node: &Node) {
    check(&node.place);
    for entry in node.map().into_iter().flat_map(|map| map.values()) {
        check(&entry.key);
        check_tree(&entry.node);
    }
    node.items().iter().for_each(check_tree);
}

fn variables(unset: Unset) -> Variables {
    let mut variables = Variables::default();
    variables.unset = unset;
    variables.set("A", "a:b=c/d");
    variables.set("E", "");
    variables.set("N", "80");
    variables.set_unknown("U");
    variables
}

fn pairs(source: &Arc<Source>, unset: Unset) {
    let known = variables(unset);
    let lookup = |name: &str| known.get(name).map(str::to_owned);
    for read in [dotenv::parse(source, &lookup, unset), dotenv::parse_raw(source)] {
        match read {
            Ok(pairs) => pairs.iter().for_each(|pair| {
                check(&pair.name_place);
                check(&pair.place);
                assert!(unset == Unset::Unknown || !pair.is_unknown());
            }),
            Err(problems) => check_problems(&problems),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&options, bytes)) = bytes.split_first() else { return };
    let unset = if options & 1 == 0 { Unset::Unknown } else { Unset::Empty };
    let source = Source::from_bytes("compose.yaml", bytes.to_vec());
    if options & 2 != 0 {
        return pairs(&source, unset);
    }
    let Ok(node) = yaml::parse(&source, yaml::Limits::default()) else { return };
    let mut node = Node::from_yaml(&source, node);
    let mut problems = Vec::new();
    interpolate(&mut node, &variables(unset), &mut problems);
    check_tree(&node);
    canonicalise(&mut node, &mut problems);
    check_tree(&node);
    check_problems(&problems);
    let before = node.clone();
    canonicalise(&mut node, &mut problems);
    assert_eq!(node, before);
});
