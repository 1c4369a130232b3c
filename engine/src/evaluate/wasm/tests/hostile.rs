//! Guests that mean harm: each gives its own clear error, and the others of the run go on.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::guest::Finding;
use super::*;
use crate::evaluate::RuleErrorKind::{self, Limit, Nonsense, Runtime};

/// What a guest with one rule of this word fails with.
fn fails(word: &str, guest: impl FnOnce(Guest) -> Guest) -> (RuleErrorKind, String) {
    let error = failure(&plugin(&guest(zoo(&[word]))));
    (error.kind, error.message)
}

#[test]
fn what_goes_wrong_is_told_in_words() {
    let as_it_is = |guest| guest;
    let cases = [
        ("loop", Limit, "it used up its 1000000000 units of fuel"),
        ("memory", Limit, "it wants more than 64 MiB of memory"),
        ("table", Limit, "it wants tables with more than 10000 elements"),
        ("recursion", Limit, "it needs more than 512 KiB of stack: it recurses too deeply"),
        ("unreachable", Runtime, "it gave up (`unreachable`)"),
        ("panic", Runtime, "it gave up (`unreachable`), and said last: the last words"),
        ("outside", Runtime, "it did what is not possible: out of bounds memory access"),
        ("zero", Runtime, "it did what is not possible: integer divide by zero"),
        ("second", Runtime, "it gave up (`unreachable`)"),
    ];
    for (word, kind, reason) in cases {
        let message = format!("the plugin `zoo` failed: {reason}");
        assert_eq!(fails(word, as_it_is), (kind, message), "{word}");
    }
}

#[test]
fn output_that_is_too_much_or_nonsense_is_told_in_words() {
    let long = "x".repeat(300);
    let finding = |message| Finding { loc: 1, message, ..Finding::default() };
    let cases: Vec<(&str, Guest, RuleErrorKind, &str)> = vec![
        (
            "huge",
            zoo(&["huge"]).answers('h', &[0, 1 << 21, 1_000_000, 0, 0]),
            Limit,
            "the plugin `zoo` failed: it returned more than 8 MiB",
        ),
        (
            "huge",
            zoo(&["huge"]).answers('h', &[1, 0, 60 << 20, 0, 0]),
            Limit,
            "the plugin `zoo` failed: it returned more than 8 MiB",
        ),
        (
            "many",
            zoo(&["many"]).answers('m', &[0, 1 << 20, 10_001, 0, 0]),
            Limit,
            "the rule returned 10001 findings, more than 10000",
        ),
        (
            "unknowns",
            zoo(&["unknowns"]).answers('u', &[0, 0, 0, 1 << 20, 10_001]),
            Limit,
            "the rule returned 10001 unknown subjects, more than 10000",
        ),
        (
            "few",
            zoo(&["few"]).finds('f', &[]),
            Nonsense,
            "the plugin `zoo` failed: it gave 0 answers for 1 rules",
        ),
        (
            "bytes",
            zoo(&["bytes"]).finds('b', &[finding(b"\xff\xfe")]),
            Nonsense,
            "the plugin `zoo` failed: it returned text that is not UTF-8",
        ),
        (
            "empty",
            zoo(&["empty"]).finds('e', &[finding(b" ")]),
            Nonsense,
            "`message` of a finding is not a string with something in it",
        ),
        (
            "level",
            zoo(&["level"]).finds('l', &[Finding { level: Some(b"dire"), ..finding(b"x") }]),
            Nonsense,
            "the rule declares no level `dire`",
        ),
        (
            "item",
            zoo(&["item"]).finds('i', &[Finding { item: Some(1), ..finding(b"x") }]),
            Nonsense,
            "a finding has an `item` without a `field`",
        ),
        (
            "name",
            zoo(&["name"]).finds('n', &[Finding { field: Some(long.as_bytes()), ..finding(b"x") }]),
            Nonsense,
            "`field` of a finding is not a short string",
        ),
        (
            "kind",
            zoo(&["kind"]).answers('k', &[7, 0, 0, 0, 0]),
            Nonsense,
            "the plugin `zoo` failed: it returned what cannot be read: ",
        ),
        (
            "question",
            zoo(&["question"]).answers('q', &[0, 0xffff_fff0, 5, 0, 0]),
            Nonsense,
            "the plugin `zoo` failed: it ",
        ),
        (
            "answer",
            zoo(&["answer"]).refuses('a', "there is no list"),
            Runtime,
            "the plugin `zoo` failed: it says: there is no list",
        ),
    ];
    for (word, guest, kind, message) in cases {
        let error = failure(&plugin(&guest));
        assert_eq!(error.kind, kind, "{word}: {}", error.message);
        assert!(error.message.starts_with(message), "{word}: {}", error.message);
    }
}

#[test]
fn only_the_guilty_rules_have_no_answer() {
    let words =
        ["good", "loop", "memory", "table", "recursion", "panic", "second", "few", "huge", "again"];
    let found = [Finding { loc: 1, message: b"wrong", ..Finding::default() }];
    let guest = zoo(&words)
        .finds('g', &found)
        .finds('a', &found)
        .finds('s', &found)
        .finds('f', &found)
        .answers('h', &[0, 1 << 21, 1_000_000, 0, 0]);
    let plugin = load(&guest.build(), &limits(|limits| limits.fuel = 50_000_000)).unwrap();
    let answers = judge(&plugin);
    let failed = |(word, answer): &(String, Result<RuleOutput, RuleError>)| match answer {
        Ok(output) => {
            assert_eq!(output.findings.len(), 1, "{word}");
            None
        }
        Err(_) => Some(word.clone()),
    };
    let failed: Vec<String> = answers.iter().filter_map(failed).collect();
    assert_eq!(failed, ["few", "huge", "loop", "memory", "panic", "recursion", "second", "table"]);
    // And the same once more.
    let messages = |answers: &[(String, Result<RuleOutput, RuleError>)]| -> Vec<String> {
        answers.iter().map(|(word, answer)| format!("{word} {answer:?}")).collect()
    };
    assert_eq!(messages(&answers), messages(&judge(&plugin)));
}

#[test]
fn time_ends_what_fuel_does_not() {
    let options = limits(|limits| {
        limits.fuel = u64::MAX;
        limits.time = Duration::from_millis(50);
    });
    let plugin = load(&zoo(&["loop"]).build(), &options).unwrap();
    let start = Instant::now();
    let error = failure(&plugin);
    assert_eq!(error.message, "the plugin `zoo` failed: it took longer than 0.05 s");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn others_who_use_the_plugin_do_not_take_its_time_away() {
    let time = Duration::from_millis(300);
    let options = limits(|limits| (limits.fuel, limits.time) = (u64::MAX, time));
    let plugin = load(&zoo(&["loop"]).build(), &options).unwrap();
    let evaluator = || WasmEvaluator::load(std::slice::from_ref(&plugin), &json!({})).unwrap();
    let others: Vec<_> = (0..20).map(|_| evaluator()).collect();
    let _ticking: Vec<_> = others.iter().map(|other| other.ticker.start()).collect();
    let start = Instant::now();
    assert!(failure(&plugin).message.contains("it took longer than 0.3 s"));
    assert!(start.elapsed() >= time, "{:?}", start.elapsed());
}

#[test]
fn describing_has_the_same_limits() {
    let cases = [
        ("(loop $on (br $on))", "it used up its 1000000000 units of fuel"),
        ("(unreachable)", "it gave up (`unreachable`)"),
        ("(drop (call $deep (i32.const 0)))", "it recurses too deeply"),
        ("(drop (memory.grow (i32.const 2000)))", "it wants more than 64 MiB of memory"),
    ];
    for (describing, reason) in cases {
        let mut guest = zoo(&["good"]);
        guest.describing = describing;
        let said = wrong(&guest.build()).join("\n");
        let begin = "the plugin `zoo.wasm` cannot be used: it does not say what it is: ";
        assert!(said.starts_with(begin) && said.contains(reason), "{said}");
    }
}

#[test]
fn what_it_starts_with_has_the_same_limits() {
    let start = "(start $forever) (func $forever (loop $on (br $on)))";
    let mut guest = zoo(&["good"]);
    guest.start = start;
    assert!(wrong(&guest.build()).join("\n").contains("units of fuel"));
    // More memory than there may be, from the beginning.
    let text = zoo(&["good"]).core().replace("\"memory\") 32)", "\"memory\") 2000)");
    assert!(wrong(&component(&text)).join("\n").contains("more than 64 MiB of memory"));
}

#[test]
fn a_place_that_the_document_has_not_is_an_error_of_the_rule() {
    let found = [Finding { loc: 4_000_000, message: b"wrong", ..Finding::default() }];
    let good = [Finding { loc: image_loc(), message: b"wrong", ..Finding::default() }];
    let guest = zoo(&["good", "alien"]).finds('a', &found).finds('g', &good);
    let engine = crate::Engine::builder().plugin(plugin(&guest)).threads(1).build().unwrap();
    let report = engine.check(vec![dockerfile()]);
    assert_eq!(report.status, crate::report::Status::Incomplete);
    let problems: Vec<&str> = report.problems.iter().map(|p| p.message.as_str()).collect();
    let message =
        "rule `zoo/a/alien` could not judge Dockerfile: `loc` 4000000 is no fact of this document";
    assert_eq!(problems, [message]);
    assert_eq!(report.decisions.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_output_is_findings_or_an_error(
        words in proptest::collection::vec(0_u32..20_000, 5..80),
        kind in 0_u32..3,
    ) {
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        bytes[..4].copy_from_slice(&kind.to_le_bytes());
        let plugin = plugin(&zoo(&["good"]).raw('g', &bytes));
        let said = || format!("{:?}", judge(&plugin));
        prop_assert_eq!(said(), said());
    }

    #[test]
    fn any_damage_is_told_or_does_nothing(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let mut bytes = zoo(&["good"]).build();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        match load(&bytes, &limits(|limits| limits.fuel = 1_000_000)) {
            Ok(plugin) => prop_assert_eq!(judge(&plugin).len(), plugin.rules().len()),
            Err(problems) => {
                prop_assert!(problems.iter().all(|problem| problem.message.contains("`zoo.wasm`")));
            }
        }
    }
}
