//! Guests that mean well.

use super::guest::Finding;
use super::*;
use crate::bundle::Shipped;
use crate::evaluate::Several;
use crate::policy::Policy;

#[test]
fn findings_are_sorted_and_said_once() {
    let at = |loc, message| Finding { loc, message, ..Finding::default() };
    let long = "ä".repeat(3000);
    let guest = zoo(&["good"]).verdict(
        'g',
        &[at(2, b"b"), at(1, b"a"), at(2, b"b"), at(1, long.as_bytes())],
        &[(9, "why"), (9, "why"), (3, "who")],
    );
    let answers = judge(&plugin(&guest));
    let output = answers[0].1.as_ref().unwrap();
    let found: Vec<(u32, usize)> =
        output.findings.iter().map(|raw| (raw.place.loc.0, raw.message.len())).collect();
    // Cut at a character, with an ellipsis.
    assert_eq!(found, [(1, 1), (1, 4099), (2, 1)]);
    let unknown: Vec<u32> = output.unknowns.iter().map(|raw| raw.subject.0).collect();
    assert_eq!(unknown, [3, 9]);
}

#[test]
fn everything_of_a_finding_arrives() {
    let guest = zoo(&["good"]).finds(
        'g',
        &[Finding {
            loc: 7,
            field: Some(b"user"),
            item: Some(2),
            message: "naïve".as_bytes(),
            subject: Some(3),
            level: Some(b"minor"),
        }],
    );
    let answers = judge(&plugin(&guest));
    let raw = &answers[0].1.as_ref().unwrap().findings[0];
    let text = serde_json::to_string(raw).unwrap();
    assert_eq!(
        text,
        r#"{"loc":7,"field":"user","item":2,"message":"naïve","subject":3,"level":"minor"}"#
    );
}

#[test]
fn answers_come_in_the_order_of_the_questions() {
    let guest = zoo(&["good", "also"]).finds('g', &[]).refuses('a', "no");
    let plugin = plugin(&guest);
    let load = || WasmEvaluator::load(std::slice::from_ref(&plugin), &json!({})).unwrap();
    let evaluator = load();
    let mut session = evaluator.session();
    let facts = dockerfile().facts;
    let order = |answers: Vec<(usize, Result<RuleOutput, RuleError>)>| -> Vec<(usize, bool)> {
        answers.into_iter().map(|(rule, answer)| (rule, answer.is_ok())).collect()
    };
    assert_eq!(order(session.check(&facts, &[1, 0, 1, 99])), [(1, true), (0, false), (1, true)]);
    assert_eq!(order(session.check(&facts, &[])), []);
    let twice = Several::new(vec![Box::new(load()), Box::new(load())]);
    let answers = twice.session().check(&facts, &[3, 0, 2, 7, 1]);
    assert_eq!(order(answers), [(3, true), (0, false), (2, false), (1, true)]);
    assert_eq!((twice.executor(3), twice.executor(4)), ("webassembly", ""));
}

#[test]
fn the_clock_runs_only_while_somebody_may_be_waiting() {
    let evaluator =
        WasmEvaluator::load(&[plugin(&zoo(&["good"]).finds('g', &[]))], &json!({})).unwrap();
    let facts = dockerfile().facts;
    for _ in 0..3 {
        let (mut one, mut two) = (evaluator.session(), evaluator.session());
        assert!(!evaluator.ticker.is_running());
        one.check(&facts, &[0]);
        two.check(&facts, &[0]);
        drop(one);
        assert!(evaluator.ticker.is_running());
        drop(two);
        assert!(!evaluator.ticker.is_running());
    }
}

#[test]
fn what_it_logs_is_passed_on() {
    let lines = Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let options = PluginOptions {
        log: Some(Arc::new(move |line| sink.lock().unwrap().push(format!("{line:?}")))),
        ..PluginOptions::default()
    };
    judge(&load(&zoo(&["panic"]).build(), &options).unwrap());
    assert_eq!(*lines.lock().unwrap(), [r#"LogLine { level: Error, message: "the last words" }"#]);
}

#[test]
fn rules_of_plugins_are_rules_like_others() {
    let mut limit = rule("zoo/a/good");
    limit["params"] =
        json!({"limit": {"type": "integer", "default": 3, "description": "How many."}});
    let description = description(&[limit, rule("zoo/a/other")]).to_string();
    let found = [Finding { loc: image_loc(), message: b"wrong", ..Finding::default() }];
    let guest = Guest::new(&description).finds('g', &found).finds('o', &found);
    let text = "rules:\n  zoo/a/good: {severity: high, params: {limit: 5}}\n  zoo/a/other: off\n";
    let settings = crate::config::parse(&Source::new("plimsoll.yaml", text)).unwrap();
    let plugin = plugin(&guest);
    let build = |settings| {
        crate::Engine::builder().plugin(plugin.clone()).settings(settings).threads(1).build()
    };
    let engine = build(settings).unwrap();
    let rule = engine.policy().rule("zoo/a/good").unwrap();
    assert_eq!((rule.bundle.as_str(), rule.from), ("zoo", "plugin"));
    assert_eq!(rule.params["limit"], 5);
    assert!(rule.page.starts_with("# Something is wrong\n"));
    assert_eq!(engine.executor("zoo/a/good"), Some("webassembly"));
    let report = engine.check(vec![dockerfile()]);
    let findings: Vec<String> = (report.decisions.iter())
        .map(|decision| {
            let finding = &decision.finding;
            format!("{} {} {}", finding.rule.id, finding.severity, finding.place.start())
        })
        .collect();
    assert_eq!(findings, ["zoo/a/good high 1:1"]);
    let text = "rules: {zoo/a/good: {params: {limit: many}}}\n";
    let settings = crate::config::parse(&Source::new("plimsoll.yaml", text)).unwrap();
    let error = build(settings).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("expected an integer, found the string `many`"), "{error}");
}

#[test]
fn parameters_reach_the_plugin() {
    // A rule that traps unless its parameters are as long as `{"limit":12345}`.
    let mut limit = rule("zoo/a/good");
    limit["params"] =
        json!({"limit": {"type": "integer", "default": 3, "description": "How many."}});
    let guest = Guest::new(&description(&[limit]).to_string()).finds('g', &[]);
    let check = "(local.set $letter (i32.load8_u";
    let asserted = format!(
        "(if (i32.ne (i32.load offset=12 (local.get $rules)) (i32.const 15)) (then (unreachable))) {check}"
    );
    let plugin =
        load(&component(&guest.core().replace(check, &asserted)), &PluginOptions::default());
    let plugin = [plugin.unwrap()];
    let facts = dockerfile().facts;
    let works = |params: Value| {
        let evaluator = WasmEvaluator::load(&plugin, &params).unwrap();
        evaluator.session().check(&facts, &[0])[0].1.is_ok()
    };
    assert!(works(json!({"zoo/a/good": {"limit": 12345}})));
    assert!(!works(json!({})));
    let wrong = WasmEvaluator::load(&plugin, &json!({"zoo/a/good": {"limit": "x"}}));
    assert!(wrong.is_err());
}

#[test]
fn names_and_ids_are_taken_once() {
    let one = plugin(&zoo(&["good"]).finds('g', &[]));
    let bytes = zoo(&["other"]).build();
    let two = Plugin::from_bytes("b/zoo.wasm", &bytes, &PluginOptions::default(), &vocabulary());
    let built = crate::Engine::builder().plugin(one).plugin(two.unwrap()).build();
    let problems = built.map(|_| ()).unwrap_err().0;
    assert_eq!(problems[0].message, "two plugins are called `zoo`");
    let help = "one is the file `zoo.wasm`, the other the file `b/zoo.wasm`";
    assert_eq!(problems[0].help.as_deref(), Some(help));
    let shipped = plugin(&zoo(&["good"])).shipped();
    let bundle = Shipped { what: "bundle", file: "the bundle `zoo`".into(), ..shipped.clone() };
    let problems = Policy::of(&[bundle, shipped], None).map(|_| ()).unwrap_err();
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["a bundle and a plugin are called `zoo`"]);
}

#[test]
fn what_is_used_up_is_counted() {
    let fuel = 1_000_000;
    let guest = zoo(&["good", "loop"]).finds('g', &[]);
    let plugin = load(&guest.build(), &limits(|limits| limits.fuel = fuel)).unwrap();
    let evaluator = WasmEvaluator::load(&[plugin], &json!({})).unwrap();
    let facts = dockerfile().facts;
    let usage = |wanted: &[usize]| evaluator.usage(&facts, wanted);
    let good = usage(&[0]);
    assert!(good.fuel > 0 && good.fuel < 10_000, "{good:?}");
    // A table of its own, and one of the component's wiring.
    assert_eq!((good.memory, good.table_elements), (32 << 16, 2));
    assert_eq!(usage(&[0]), good);
    // What fails has used up what it had.
    assert_eq!(usage(&[0, 1]).fuel, fuel);
    assert_eq!((usage(&[]), usage(&[7])), (Usage::default(), Usage::default()));
}

#[test]
fn nothing_is_left_of_a_call_for_the_next() {
    let plugin = plugin(&zoo(&["keep"]).finds('k', &[]));
    let is_pooled = wasmtime::PoolingAllocationConfig::is_pagemap_scan_available();
    assert_eq!(plugin.is_pooled(), is_pooled);
    let evaluator = WasmEvaluator::load(std::slice::from_ref(&plugin), &json!({})).unwrap();
    let facts = dockerfile().facts;
    let work = || {
        let mut session = evaluator.session();
        for _ in 0..3 {
            let answer = session.check(&facts, &[0]).remove(0).1;
            assert!(answer.is_ok(), "{:?}", answer.err());
        }
    };
    // More at once than there are places in a pool.
    std::thread::scope(|scope| (0..80).for_each(|_| drop(scope.spawn(work))));
}

#[test]
fn what_does_not_fit_into_a_pool_runs_without() {
    let guest = zoo(&["good"]).finds('g', &[]);
    let large = limits(|limits| limits.table_elements = 1_000_000);
    let plugin = load(&guest.build(), &large).unwrap();
    assert!(!plugin.is_pooled() && judge(&plugin)[0].1.is_ok());
    // What is refused there is refused with the reason.
    let none = load(&guest.build(), &limits(|limits| limits.table_elements = 0)).unwrap_err();
    assert!(none[0].message.ends_with("it wants tables with more than 0 elements"), "{none:?}");
}
