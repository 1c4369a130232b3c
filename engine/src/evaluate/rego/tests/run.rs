//! Rules that do what rules do.

use plimsoll_sdk::Loc;
use serde_json::json;

use super::*;
use crate::evaluate::RuleErrorKind;

#[test]
fn every_helper_gives_the_shape_of_a_finding() {
    let bundle = one(
        "levels: {weak: low}",
        r#"
deny contains finding.at(ref, "at") if some ref in input.references
deny contains finding.at_field(ref, "tag", "field") if some ref in input.references
deny contains finding.at_item(cmd, "args", i, "item") if {
	some run in input.build.runs
	some cmd in run.commands
	some i, arg in cmd.args
	arg == "-y"
}
deny contains finding.of(input.images[0], finding.at(input.build, "of"))
deny contains finding.level("weak", finding.at(input.build, "level"))
deny contains finding.related(
	finding.related_field(finding.at(input.build, "related"), input.images[0], "name", "one"),
	input.references[0], "two",
)
unknown contains finding.unknown(input.images[0], "nobody knows")
"#,
    );
    let output = only(&bundle).expect("output");
    let shown = serde_json::to_value((&output.findings, &output.unknowns)).expect("json");
    assert_eq!(
        shown,
        json!([
            [
                {"loc": 4, "message": "level", "level": "weak"},
                {"loc": 4, "message": "of", "subject": 1},
                {"loc": 4, "message": "related", "related": [
                    {"loc": 1, "field": "name", "message": "one"}, {"loc": 20, "message": "two"}]},
                {"loc": 20, "message": "at"},
                {"loc": 20, "field": "tag", "message": "field"},
                {"loc": 21, "message": "at"},
                {"loc": 21, "field": "tag", "message": "field"},
                {"loc": 101, "field": "args", "item": 1, "message": "item"},
                {"loc": 111, "field": "args", "item": 1, "message": "item"},
            ],
            [{"subject": 1, "reason": "nobody knows"}],
        ])
    );
}

/// Pairs of what rules do and what they then find: on both executors.
#[test]
fn both_executors_agree() {
    let cases: &[(&str, &[&str])] = &[
        (
            r#"deny contains finding.at(ref, sprintf("%s is open", [ref.raw])) if {
            some ref in input.references
            ref.tag == null
        }"#,
            &["python is open"],
        ),
        (
            r#"deny contains finding.at(ref, "absent") if {
            some ref in input.references
            ref.stage_index == 7
        }"#,
            &[],
        ),
        (
            r#"wrapped(cmd, all) := all[cmd.wrapped_by] if cmd.wrapped_by != null
        deny contains finding.at(cmd, cmd.name) if {
            some run in input.build.runs
            some cmd in run.commands
            cmd.name in {"sudo", "su"}
            not wrapped(cmd, run.commands)
        }"#,
            &["sudo", "sudo"],
        ),
        (
            r#"names := {cmd.name | some run in input.build.runs; some cmd in run.commands}
        deny contains finding.at(input.build, concat(",", sort(names))) if count(names) == 2"#,
            &["apt-get,sudo"],
        ),
        (
            r#"deny contains finding.at(input.build, "every") if {
            every run in input.build.runs { run.shipped == true }
        }"#,
            &["every"],
        ),
        (
            r#"default limit := 1
        limit := 3 if input.meta.profile == "strict"
        deny contains finding.at(run, sprintf("%d", [limit])) if {
            some i, run in input.build.runs
            i >= limit
        }"#,
            &["1"],
        ),
        (
            r#"deny contains finding.at(ref, "old") if {
            some ref in input.references
            regex.match(`^3\.\d+$`, ref.tag)
            glob.match("*py*", null, ref.raw)
            startswith(ref.raw, "p")
        }"#,
            &["old"],
        ),
        (
            r#"kind(cmd) := "a" if cmd.name == "apt-get" else := "b"
        deny contains finding.at(cmd, kind(cmd)) if {
            cmd := input.build.runs[0].commands[_]
        }"#,
            &["a", "b"],
        ),
        (
            r#"deny contains finding.at(input.build, "x") if to_number(input.references[0].raw) > 1"#,
            &[],
        ),
        (
            r#"deny contains finding.at(input.build, "x") if {
            input.images[0].config.entrypoint != null
            some x in input.images[0].config.entrypoint
        }"#,
            &[],
        ),
        (
            r#"deny contains finding.at(input.build, m) if {
            m := object.get(input.images[0], "platform", "unknown")
        }"#,
            &["unknown"],
        ),
    ];
    for (body, expected) in cases {
        match only(&one("", body)) {
            Ok(output) => assert_eq!(messages(&output.findings), *expected, "{body}"),
            Err(error) => panic!("{error:?} in {body}"),
        }
    }
}

#[test]
fn parameters_and_tables_are_read_from_the_input() {
    let files = vec![
        rule(
            "image/fault",
            "params:\n  limit: {type: integer, default: 2, description: The limit.}\n  \
             names: {type: list<string>, default: [a], description: Names.}",
            r#"deny contains finding.at(input.build, sprintf("%d %s %s", [p.limit, n, t])) if {
                p := input.params["image/fault"]
                some n in p.names
                some t in input.data["bases"].names
            }"#,
        ),
        ("data/bases.yaml".to_owned(), "as_of: 2026-01-31\nnames: [alpine, busybox]\n".to_owned()),
    ];
    let bundle = bundle_of(files).expect("a bundle");
    let tables = crate::bundle::merged_tables(&[&bundle]);
    let run = |params: Json| {
        RegoEvaluator::load(&[&bundle], params, tables.clone(), Limits::default())
            .map(|evaluator| check(&evaluator, &facts()).remove(0).expect("output"))
    };
    let output = run(Json::Null).expect("loaded");
    assert_eq!(messages(&output.findings), ["2 a alpine", "2 a busybox"]);
    let output = run(json!({"image/fault": {"limit": 7}})).expect("loaded");
    assert_eq!(messages(&output.findings), ["7 a alpine", "7 a busybox"]);
    let problems = run(json!({"image/fault": {"limit": "7", "limt": 1}, "image/falt": {}}))
        .expect_err("refused");
    insta::assert_snapshot!(render(&problems));
}

#[test]
fn one_rule_that_fails_leaves_the_others_alone() {
    let bundle = bundle_of(vec![
        rule("image/a", "", r#"deny contains finding.at(input.build, "a")"#),
        rule("image/b", "", "deny contains finding.at(input.build, x)\nx := \"b\" if input.build\nx := \"c\" if input.images"),
        rule("image/c", "", "deny contains {\"location\": 4, \"message\": \"c\"}"),
        rule("image/d", "", r#"deny contains finding.at(input.build, "d")"#),
    ])
    .expect("a bundle");
    for evaluator in [loaded(&bundle), loaded(&bundle).interpreted()] {
        let answers = check(&evaluator, &facts());
        assert_eq!(messages(&answers[0].as_ref().expect("a").findings), ["a"]);
        assert_eq!(answers[1].as_ref().expect_err("b").kind, RuleErrorKind::Runtime);
        assert_eq!(answers[2].as_ref().expect_err("c").kind, RuleErrorKind::Nonsense);
        assert_eq!(messages(&answers[3].as_ref().expect("d").findings), ["d"]);
    }
}

#[test]
fn only_wanted_rules_are_run_and_unknown_indices_left_out() {
    let bundle = bundle_of(vec![
        rule("image/a", "", r#"deny contains finding.at(input.build, "a")"#),
        rule("image/b", "", r#"deny contains finding.at(input.build, "b")"#),
    ])
    .expect("a bundle");
    let evaluator = loaded(&bundle);
    let answers = evaluator.session().check(&facts(), &[1, 9, 1]);
    let rules: Vec<usize> = answers.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules, [1, 1]);
    assert!(evaluator.session().check(&facts(), &[]).is_empty());
    assert_eq!(evaluator.executor(9), "");
}

#[test]
fn what_is_no_finding_is_named() {
    let cases = [
        (r#"deny contains "text""#, "a finding is no object"),
        (r#"deny contains {"message": "m"}"#, "a finding lacks `loc`"),
        (r#"deny contains {"loc": 1}"#, "a finding lacks `message`"),
        (
            r#"deny contains {"loc": "1", "message": "m"}"#,
            "`loc` of a finding is not a whole number",
        ),
        (
            r#"deny contains {"loc": -1, "message": "m"}"#,
            "`loc` of a finding is not a whole number",
        ),
        (
            r#"deny contains {"loc": 1.5, "message": "m"}"#,
            "`loc` of a finding is not a whole number",
        ),
        (
            r#"deny contains {"loc": 1, "message": 1}"#,
            "`message` of a finding is not a string with something in it",
        ),
        (
            r#"deny contains {"loc": 1, "message": " "}"#,
            "`message` of a finding is not a string with something in it",
        ),
        (
            r#"deny contains {"loc": 1, "message": "m", "item": 0}"#,
            "a finding has an `item` without a `field`",
        ),
        (r#"deny contains {"loc": 1, "message": "m", "fild": "x"}"#, "a finding has no `fild`"),
        (
            r#"deny contains {"loc": 1, "message": "m", 1: "x"}"#,
            "a finding has a key that is no string",
        ),
        (
            r#"deny contains {"loc": 1, "message": "m", "level": "x"}"#,
            "the rule declares no level `x`",
        ),
        (
            r#"deny contains {"loc": 1, "message": "m", "related": {}}"#,
            "`related` of a finding is not a list",
        ),
        (r#"deny contains {"loc": 1, "message": "m", "related": [1]}"#, "a finding is no object"),
    ];
    for (body, expected) in cases {
        let error = only(&one("", body)).expect_err(body);
        assert_eq!((error.kind, error.message.as_str()), (RuleErrorKind::Nonsense, expected));
    }
    let body = "deny contains finding.at(input.build, \"x\")\nunknown contains {\"subject\": 1}";
    let error = only(&one("", body)).expect_err(body);
    assert_eq!(error.message, "an unknown subject lacks `reason`");
}

/// Where evaluation has to fail, and the machine would not notice.
#[test]
fn conflicts_are_left_to_the_interpreter_which_fails() {
    let deny = "deny contains finding.at(input.build, sprintf(\"%v\", [x]))\n";
    let fail = [
        "x := 1 if input.build\nx := 2 if input.images",
        "x := f(1)\nf(n) := n if input.build\nf(n) := n + 1 if input.images",
        "x := {k: i | some i in [1, 2]; k := \"same\"}",
        "x[k] := i if {\n\tsome i in [1, 2]\n\tk := \"same\"\n}",
    ];
    let hold = [
        ("x := 1 if input.build\nx := 1 if input.images", "1"),
        ("x if input.build\nx if input.images", "true"),
        ("default x := 2\nx := 1 if input.build.target == 7", "2"),
        ("x := 1 if {\n\tinput.build.target == 7\n} else := 3", "3"),
        ("x := f(\"b\")\nf(\"a\") := 1\nf(\"b\") := 2", "2"),
    ];
    for body in fail {
        let evaluator = loaded(&one("", &format!("{deny}{body}")));
        assert_eq!(evaluator.executor(0), "interpreter", "{body}");
        assert!(evaluator.why_interpreted(0).expect("why").contains("may"), "{body}");
        let error = check(&evaluator, &facts()).remove(0).expect_err(body);
        assert_eq!(error.kind, RuleErrorKind::Runtime);
        let place = error.place.expect("a place");
        assert_eq!(place.source.name(), "image/fault.rego");
        assert!(place.start().line >= 14, "{}", error.message);
    }
    for (body, expected) in hold {
        let output = only(&one("", &format!("{deny}{body}"))).expect(body);
        assert_eq!(messages(&output.findings), [expected], "{body}");
    }
}

#[test]
fn a_loop_before_else_is_left_to_the_interpreter() {
    let deny = "deny contains finding.at(input.build, f([1])) if true\n";
    for (body, executor) in [
        ("f(xs) := \"one\" if {\n\tsome x in xs\n\tx > 1\n} else := \"two\"", "interpreter"),
        ("f(xs) := \"one\" if xs[_] > 1 else := \"two\"", "interpreter"),
        (
            "f(xs) := \"one\" if xs[0] > 1 else := \"two\" if {\n\tsome x in xs\n\tx > 0\n}",
            "bytecode",
        ),
    ] {
        let evaluator = loaded(&one("", &format!("{deny}{body}")));
        assert_eq!(evaluator.executor(0), executor, "{body}");
        let output = check(&evaluator, &facts()).remove(0).expect(body);
        assert_eq!(messages(&output.findings), ["two"], "{body}");
    }
}

#[test]
fn an_error_of_the_machine_says_where() {
    let body = "deny contains finding.at(input.build, \"x\") if {\n\tsome a in numbers.range(1, 9000)\n\ta < 0\n}";
    let limits = Limits { instructions: 1000, ..Limits::default() };
    let evaluator = RegoEvaluator::load(&[&one("", body)], Json::Null, Json::Null, limits);
    let evaluator = evaluator.unwrap_or_else(|problems| panic!("{}", render(&problems)));
    let error = check(&evaluator, &facts()).remove(0).expect_err("a limit");
    let place = error.place.expect("a place");
    assert_eq!(place.source.name(), "image/fault.rego");
    assert!((14..=18).contains(&place.start().line), "{place:?}");
}

#[test]
fn the_number_of_threads_and_the_history_change_nothing() {
    let files = (0..12)
        .map(|i| {
            let body = format!(
                r#"deny contains finding.at(cmd, sprintf("{i} %v %s", [cmd.loc, cmd.args])) if {{
                    some run in input.build.runs
                    some cmd in run.commands
                    cmd.loc % {} == 0
                }}"#,
                i + 1
            );
            rule(&format!("image/rule-{i}"), "", &body)
        })
        .collect();
    let evaluator = shared(loaded(&bundle_of(files).expect("a bundle")));
    let documents: Vec<_> = (1..9).map(facts_with).collect();
    let wanted: Vec<usize> = (0..evaluator.rules().len()).collect();
    let run = |documents: &[Facts]| {
        let mut session = evaluator.session();
        let answers = documents.iter().map(|facts| format!("{:?}", session.check(facts, &wanted)));
        answers.collect::<Vec<_>>()
    };
    let alone = run(&documents);
    let together: Vec<String> = std::thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> =
            documents.chunks(2).map(|part| scope.spawn(move || run(part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
    });
    assert_eq!(alone, together);
    let mut backwards: Vec<_> = documents.iter().rev().cloned().collect();
    let mut answers = run(&backwards);
    answers.reverse();
    backwards.clear();
    assert_eq!(alone, answers);
    assert!(alone[0].contains(&format!("{:?}", Loc(101))), "there are findings to compare");
}

#[test]
fn hyphens_in_ids_and_other_bundles() {
    let text = format!(
        "{}package acme.image[\"debug-port\"]\n\nimport data.acme.lib.ports\nimport data.plimsoll.finding\n\n\
         deny contains finding.at(input.build, ports.text)\n",
        metadata("")
    );
    let files = [
        ("bundle.yaml", "name: acme\n"),
        ("image/debug-port.rego", text.as_str()),
        ("image/debug-port.md", "# Debug port"),
        ("lib/ports.rego", "package acme.lib.ports\n\ntext := \"from the library\"\n"),
        ("image/debug-port_test.rego", "package whatever\n\nthis is not even Rego"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), Source::new(path, text)));
    let acme = Bundle::from_sources("folder", files.into(), &VOCABULARY).expect("a bundle");
    let acme = acme.verified();
    let own = one("", r#"deny contains finding.at(input.build, "own")"#);
    let evaluator = RegoEvaluator::load(&[&own, &acme], Json::Null, Json::Null, Limits::default())
        .unwrap_or_else(|problems| panic!("{}", render(&problems)));
    let ids: Vec<&str> = evaluator.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["image/fault", "acme/image/debug-port"]);
    let answers = check(&evaluator, &facts());
    assert_eq!(messages(&answers[0].as_ref().expect("own").findings), ["own"]);
    assert_eq!(messages(&answers[1].as_ref().expect("acme").findings), ["from the library"]);
    let twice = RegoEvaluator::load(&[&own, &own], Json::Null, Json::Null, Limits::default());
    let problems = twice.err().expect("refused");
    assert_eq!(problems[0].message, "two bundles have a rule `image/fault`");
}

#[test]
fn a_rule_that_the_machine_does_not_know_is_interpreted() {
    let files = vec![
        rule("image/a", "", r#"deny contains finding.at(input.build, "a")"#),
        rule(
            "image/b",
            "",
            r#"profile := input.meta.profile
deny contains finding.at(input.build, p) if p := profile with input.meta.profile as "other""#,
        ),
        rule("image/c", "", r#"deny contains finding.at(input.build, "c")"#),
    ];
    let evaluator = loaded(&bundle_of(files).expect("a bundle"));
    let executors: Vec<&str> = (0..3).map(|rule| evaluator.executor(rule)).collect();
    assert_eq!(executors, ["bytecode", "interpreter", "bytecode"]);
    let why = evaluator.why_interpreted(1).expect("a reason");
    assert!(why.contains("`with` keyword is not supported"), "{why}");
    let answers = check(&evaluator, &facts());
    let found: Vec<_> =
        answers.iter().map(|a| messages(&a.as_ref().expect("ok").findings)).collect();
    assert_eq!(found, [["a"], ["other"], ["c"]]);
}
