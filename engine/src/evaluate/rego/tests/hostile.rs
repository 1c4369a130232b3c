//! Policies that try to take the process down.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::super::Way;
use super::*;
use crate::evaluate::RuleErrorKind;

/// The message that a rule with this body is refused with.
fn refused(body: &str) -> String {
    let start = Instant::now();
    let problems = load(&one("", body)).err().expect("refused");
    assert!(start.elapsed() < Duration::from_secs(5), "refusing took {:?}", start.elapsed());
    problems[0].message.clone()
}

const DENY: &str = "deny contains finding.at(input.build, \"x\") if x\n";

#[test]
fn nesting_and_chains_never_reach_the_parser() {
    let deep = format!("{DENY}x := {}1{}", "[".repeat(30), "]".repeat(30));
    assert_eq!(refused(&deep), "brackets are nested deeper than 12 levels");
    let sum = format!("{DENY}x := 1{}", " +\n1".repeat(15_000));
    assert_eq!(refused(&sum), "the expression has more than 40 operators");
    let minus = format!("{DENY}x := {}1", "- ".repeat(400));
    assert_eq!(refused(&minus), "the expression has more than 40 operators");
}

#[test]
fn recursion_is_refused() {
    for body in [
        "f(n) := f(n + 1)\nx := f(0)",
        "f(n) := g(n)\ng(n) := h(n)\nh(n) := f(n)\nx := f(0)",
        "f(n) := [y | y := f(n)]\nx := f(0)",
        "x if { every y in [1] { f(y) } }\nf(n) if x",
        "x := data.checklist.image.fault.x",
        "f(n) := n if not f(n)\nx := f(0)",
        "f(n) := 1 if { n == 2 } else := f(n)\nx := f(0)",
    ] {
        let message = refused(&format!("{DENY}{body}"));
        assert!(message.ends_with("refers to itself"), "{message} in {body}");
    }
    // The same names as arguments and variables are something else.
    let body = "user(name) := name\nname := user(\"a\")\nx if name";
    assert!(only(&one("", &format!("{DENY}{body}"))).is_ok());
}

#[test]
fn long_chains_of_rules_are_refused() {
    let mut body = format!("{DENY}x := r0\n");
    for i in 0..900 {
        writeln!(body, "r{i} := r{}", i + 1).expect("a string");
    }
    body.push_str("r900 := 1\n");
    assert!(refused(&body).ends_with("begins a chain of more than 32 rules and functions"));
    let many: String = (0..6000).map(|i| format!("r{i} := {i}\n")).collect();
    assert_eq!(
        refused(&format!("{DENY}x := 1\n{many}")),
        "the file has more than 1000 definitions"
    );
}

/// The deepest that is allowed, on a quarter of the stack that is asked for: 30 functions, each with
/// the brackets and operators that fit.
#[test]
fn the_deepest_policy_that_is_let_through_runs() {
    let sum = " + 1".repeat(36);
    let each = |inner: &str, i: usize| match i % 4 {
        0 => format!("[[[[[[{inner}][0]][0]][0]][0]][0]][0]"),
        1 => format!("count([1 | some y in [n]; count([1 | some z in [y]; {inner} > 0]) > 0])"),
        2 => format!("n if {{\n\tevery y in [n] {{ every z in [y] {{ not {inner} == 0 }} }}\n}}"),
        _ => format!("object.get({{\"k\": {{\"k\": {inner}}}}}, [\"k\", \"k\"], 0)"),
    };
    for sorts in [0..4, 0..1, 1..2, 2..3, 3..4] {
        let mut body = format!("{DENY}x := f0(1)\n");
        for i in 0..29 {
            let inner = format!("f{}(n{sum})", i + 1);
            let sort = sorts.start + i % sorts.len();
            writeln!(body, "f{i}(n) := {}", each(&inner, sort)).expect("a string");
        }
        body.push_str("f29(n) := n\n");
        let run = move || only(&one("", &body)).map(|output| output.findings.len());
        let thread =
            std::thread::Builder::new().stack_size(super::super::STACK_BYTES / 4).spawn(run);
        assert_eq!(thread.expect("a thread").join().expect("no panic").expect("output"), 1);
    }
}

#[test]
fn endless_work_runs_out_of_budget() {
    let list = "x if {\n\tsome a in l\n\tsome b in l\n\tsome c in l\n\tsome d in l\n\ta + b + c + d == -1\n}\nl := numbers.range(1, 200)\n";
    let bundle = one("", &format!("{DENY}{list}"));
    let limits =
        Limits { time: Duration::from_millis(300), instructions: 100_000, ..Limits::default() };
    let load = || {
        RegoEvaluator::load(&[&bundle], Json::Null, Json::Null, limits)
            .unwrap_or_else(|p| panic!("{}", render(&p)))
    };
    for (evaluator, message) in [
        (load(), "the rule used up its 100000 instructions"),
        (load().interpreted(), "the rule took too long"),
    ] {
        let start = Instant::now();
        let error = check(&evaluator, &facts()).remove(0).expect_err("a limit");
        assert_eq!((error.kind, error.message.as_str()), (RuleErrorKind::Limit, message));
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
}

/// 2^26 calls without recursion.
#[test]
fn calls_that_double_run_out_of_budget() {
    let mut body = format!("{DENY}x if f0(1)\n");
    for i in 0..26 {
        let next = i + 1;
        writeln!(body, "f{i}(n) if {{\n\tf{next}(n + 1)\n\tf{next}(n + 2)\n}}").expect("a string");
    }
    body.push_str("f26(n) if n > 0\n");
    let bundle = one("", &body);
    let limits =
        Limits { time: Duration::from_millis(300), instructions: 100_000, ..Limits::default() };
    for interpret in [false, true] {
        let evaluator = RegoEvaluator::load(&[&bundle], Json::Null, Json::Null, limits)
            .unwrap_or_else(|p| panic!("{}", render(&p)));
        let evaluator = if interpret { evaluator.interpreted() } else { evaluator };
        let error = check(&evaluator, &facts()).remove(0).expect_err("a limit");
        assert_eq!(error.kind, RuleErrorKind::Limit, "{}", error.message);
    }
}

#[test]
fn builtins_that_explode_or_look_around_are_refused() {
    let cases = [
        (
            "numbers.range(1, 20000000)",
            "`numbers.range` takes two literal numbers at most 10000 apart",
        ),
        (
            "numbers.range(1, count(input.build.runs))",
            "`numbers.range` takes two literal numbers at most 10000 apart",
        ),
        ("numbers.range_step(1, 10, 1)", "`numbers.range_step` is not available to rules"),
        ("net.cidr_expand(\"0.0.0.0/0\")", "`net.cidr_expand` is not available to rules"),
        ("graph.reachable_paths({}, [])", "`graph.reachable_paths` is not available to rules"),
        ("bits.lsh(1, 1000000000)", "`bits.lsh` is not available to rules"),
        ("sprintf(\"%9999999999d\", [1])", "the format of `sprintf` has a width of more than 999"),
        ("sprintf(\"%½d\", [1])", "the format of `sprintf` has a width of more than 999"),
        ("sprintf(\"%.9999f\", [1])", "the format of `sprintf` has a width of more than 999"),
        (
            "sprintf(input.build.comments[0].text, [1])",
            "the format of `sprintf` has to be a literal string",
        ),
        ("time.now_ns()", "`time.now_ns` is not available to rules"),
        ("rand.intn(\"x\", 5)", "`rand.intn` is not available to rules"),
        ("http.send({})", "`http.send` is not available to rules"),
        ("opa.runtime()", "`opa.runtime` is not available to rules"),
        ("uuid.rfc4122(\"x\")", "`uuid.rfc4122` is not available to rules"),
        ("net.lookup_ip_addr(\"x\")", "`net.lookup_ip_addr` is not available to rules"),
        ("units.parse(\"1e999999999\")", "`units.parse` is not available to rules"),
        ("units.parse_bytes(\"1e999999999\")", "`units.parse_bytes` is not available to rules"),
        ("trace(\"x\")", "`trace` is not available to rules"),
        ("print(\"x\")", "`print` is not available to rules"),
    ];
    for (call, expected) in cases {
        assert_eq!(refused(&format!("{DENY}x := {call}")), expected);
        let unreached = format!("{DENY}x if {{\n\tfalse\n\ty := {call}\n}}");
        assert_eq!(refused(&unreached), expected, "also where it is never reached");
    }
}

/// What the static check keeps from rules, so that there is something to panic.
#[test]
fn a_panic_is_an_error_of_its_rule() {
    let panics =
        rule("image/b", "", "deny contains finding.at(input.build, sprintf(\"%½d\", [1]))");
    let bundle = bundle_of(vec![
        rule("image/a", "", r#"deny contains finding.at(input.build, "a")"#),
        panics,
        rule("image/c", "", r#"deny contains finding.at(input.build, "c")"#),
    ])
    .expect("a bundle");
    for way in [Way::Shortest, Way::Machine, Way::Interpreter] {
        let evaluator = super::super::unchecked(&bundle, way);
        let mut session = evaluator.session();
        for _ in 0..2 {
            let answers = session.check(&facts(), &[0, 1, 2, 0]);
            let error = answers[1].1.as_ref().expect_err("a panic");
            assert_eq!(error.message, "the rule made the Rego engine panic");
            for (at, message) in [(0, "a"), (2, "c"), (3, "a")] {
                let output = answers[at].1.as_ref().expect("output");
                assert_eq!(messages(&output.findings), [message], "the others go on");
            }
        }
    }
}

#[test]
fn output_is_bounded() {
    let many = "deny contains finding.at(input.build, sprintf(\"%d %d\", [a, b])) if {\n\tsome a in numbers.range(1, 101)\n\tsome b in numbers.range(1, 100)\n}";
    let error = only(&one("", many)).expect_err("too many");
    assert_eq!(error.kind, RuleErrorKind::Limit);
    assert_eq!(error.message, "the rule returned 10100 findings, more than 10000");
    let long = "deny contains finding.at(input.build, concat(\"é\", [\"\" | some a in numbers.range(1, 9000)]))";
    let output = only(&one("", long)).expect("output");
    assert_eq!(output.findings[0].message.len(), 4096 + "…".len());
    assert!(output.findings[0].message.ends_with("é…"));
}

#[test]
fn numbers_in_texts_are_not_expanded() {
    for text in ["1e100000000", "1e-100000000", "1e9999999999999999999"] {
        for call in ["to_number(s)", "json.unmarshal(s)", "yaml.unmarshal(s)"] {
            let body = format!(
                "s := \"{text}\"\ndeny contains finding.at(input.build, \"x\") if {call} > 1"
            );
            let start = Instant::now();
            let evaluator = loaded(&one("", &body));
            let _either_way = check(&evaluator, &facts());
            assert!(
                start.elapsed() < Duration::from_secs(2),
                "{call} of {text}: {:?}",
                start.elapsed()
            );
        }
    }
}

/// Rules put together from pieces at random: refused or not, but quickly and in one piece.
#[test]
fn no_text_takes_the_loader_down() {
    let pieces = [
        "x",
        " := ",
        " = ",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "|",
        " | ",
        ",",
        ".",
        "\n",
        " if ",
        "some ",
        " in ",
        "every ",
        "not ",
        "1",
        "-",
        "\"s\"",
        "`r`",
        "input",
        "data",
        ".images",
        "[_]",
        "else",
        " with ",
        " as ",
        "default ",
        "f(x)",
        "contains ",
        "null",
        "{\"k\": ",
        "#",
        "\\",
        "1e9",
        "é",
    ];
    let mut state = 7_u64;
    let start = Instant::now();
    for _ in 0..1500 {
        let mut body = "deny contains finding.at(input.build, \"x\") if x\nx".to_owned();
        for _ in 0..10 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            body.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let Ok(bundle) = bundle_of(vec![rule("image/fault", "", &body)]) else { continue };
        if let Ok(evaluator) = load(&bundle) {
            let _either_way = check(&evaluator, &facts());
        }
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
