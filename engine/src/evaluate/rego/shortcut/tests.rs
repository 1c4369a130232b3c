use super::super::RegoEvaluator;
use super::super::tests::{check, facts, loaded, one};

fn evaluator(body: &str) -> RegoEvaluator {
    loaded(&one(
        "params:\n  words: {type: list<string>, default: [python, \"py*\"], description: x}",
        body,
    ))
}

/// Whether a rule with this body is settled on the usual facts, and then as the interpreter has it.
fn is_settled(body: &str) -> bool {
    let evaluator = evaluator(body);
    if !evaluator.is_settled(0, &facts()) {
        return false;
    }
    let answer = check(&evaluator, &facts()).remove(0).expect("an answer");
    let expected = check(&evaluator.interpreted(), &facts()).remove(0).expect("an answer");
    assert_eq!(answer, expected, "{body}");
    true
}

/// A rule that finds something where these statements hold, and what else it needs.
fn rule(statements: &str) -> String {
    let (statements, rest) = statements.split_once("---").unwrap_or((statements, ""));
    format!("deny contains finding.at(input.build, \"x\") if {{\n{statements}\n}}\n{rest}")
}

#[test]
fn settled() {
    for statements in [
        "some run in input.build.runs\nrun.needed == false",
        "some run in input.build.runs\nrun.network != null",
        "some ref in input.references\nref.tag == \"latest\"",
        "some i, _ in input.references\ni > 7",
        "input.references[_].tag == \"latest\"",
        "some i\ninput.references[i].tag == \"latest\"",
        "some command in input.build.runs[0].commands\ncommand.name in {\"curl\", \"wget\"}",
        "some command in input.build.runs[0].commands\n\"-y\" in command.args\nstartswith(command.name, \"x\")",
        "not input.build.runs[0].needed",
        "count([run | some run in input.build.runs; run.form == \"exec\"]) > 0",
        "count({run.form | some run in input.build.runs}) != 1",
        "{\"a\", \"b\"} & {name | some name in input.images[0].incomplete} != set()",
        "every run in input.build.runs { run.form == \"exec\" }",
        "some ref in _refs\n_is_old(ref)\n---\n_refs := [ref | some ref in input.references; ref.kind == \"image\"]\n_is_old(ref) if ref.tag == \"2\"\n_is_old(ref) if { is_string(ref.tag); startswith(ref.tag, \"2.\") }",
        "_kind(input.references[0]) == \"b\"\n---\n_kind(ref) := \"a\" if { ref.kind == \"image\" } else := \"b\" if { ref.kind == \"x\" } else := \"c\"",
        "some word in input.params[\"image/fault\"].words\ncontains(word, \"?\")",
        "some word in _wild\nword == \"python\"\n---\n_wild contains word if { some word in input.params[\"image/fault\"].words; contains(word, \"*\") }",
        "regex.match(`^[0-9]+$`, input.references[1].familiar)",
        "x := split(input.references[0].familiar, \"y\")\nx[0] != \"p\"",
        "object.get(input.build.runs[0], \"network\", \"absent\") == \"absent\"",
        "x := \"abc\"\nsubstring(x, 1, -1) != \"bc\"",
        "some x in [1, 2, 3]\nx + 1 == 9",
        "some run in input.build.runs\nrun.needed == true",
        "some ref in input.references\nref.tag == null",
        "some ref in input.references\nnot ref.tag == \"3.12\"",
        "_is(input.references[0])\n---\n_is(ref) if { ref.tag == \"x\" } else := true if { ref.tag == null }",
        "x := sprintf(\"%s is %d%% of %v\", [input.references[0].raw, 7, 8])\nstartswith(x, \"p\")",
        "[a, b] := [1, 2]\na == b",
        "[a, \"image\"] := [1, input.references[0].kind]\na == 1",
        "[a, [_, b]] := [1, [2, 3]]\na + b == 4",
        "x := [1, 2, 3]\n[a, b] := x",
        "some [a, b] in [[1, 2], [3], 4, [5, 6]]\na + b == 11",
        "[[_, x]] := regex.find_all_string_submatch_n(`^(p)`, input.references[0].raw, 1)\nx == \"p\"",
        "regex.find_n(`[a-z]`, input.references[0].raw, 2) == [\"p\", \"y\"]",
        "graph.reachable({\"a\": [\"b\", \"x\"], \"b\": [\"a\"], \"c\": []}, {\"a\", \"y\"}) == {\"a\", \"b\"}",
        "object.union({\"a\": {\"b\": 1}, \"c\": 2}, {\"a\": {\"d\": 3}, \"c\": [4]}) == {\"a\": {\"b\": 1, \"d\": 3}, \"c\": [4]}",
        "object.union_n([{\"a\": {\"b\": 1}}, {\"a\": {\"d\": 3}}, {\"c\": 4}]) == {\"a\": {\"b\": 1, \"d\": 3}, \"c\": 4}\nobject.union_n([]) == {}",
        "regex.replace(input.references[0].raw, `[.+]`, `<$0>\\$0`) == \"python:3<.>\\\\.12\"\nregex.replace(\"ab\", `(a)(b)`, \"$2$1x\") == \"b\"",
        "max([]) == 3",
        "not min({x | some x in input.references; x.kind == \"?\"}) == 3",
        "object.remove({\"a\": 1, \"b\": 2}, [\"b\", \"z\"]) == {\"a\": 1}",
        "object.keys({\"a\": 1, \"b\": 2}) == {\"a\", \"b\"}",
        "{x: y | some x, y in {\"a\": 1, \"b\": 2}} == {\"a\": 1, \"b\": 2}",
        "sort([3, 1, 2]) == [1, 2, 3]\nsort({\"b\", \"a\"}) == [\"a\", \"b\"]\nsum([1, 2]) == 3\nsum([]) == 0",
        "trim(\"xxaxx\", \"x\") == \"a\"\ntrim_left(\"xa\", \"x\") == \"a\"\ntrim_right(\"ax\", \"x\") == \"a\"\ntrim_space(\" a\\n\") == \"a\"",
        "time.add_date(time.parse_rfc3339_ns(\"2024-02-28T23:00:00+02:00\"), 0, 0, 2) == time.parse_rfc3339_ns(\"2024-03-01T21:00:00Z\")",
        "_double(\"x\") == \"xx\"\n_double(\"y\") == \"yy\"\n_double(\"x\") == _double(\"x\")\n---\n_double(x) := concat(\"\", [x, x])",
        // Parts of the facts, which are no values yet.
        "all := array.concat(input.references, input.build.runs)\ncount(all) == count(input.references)",
        "all := array.slice(array.concat([1], input.references), 1, 9)\nall != input.references",
        "rest := array.slice(input.references, 1, 99)\nrest[0] == input.references[0]",
        "is_object(input.build)\nis_array(input.references)\nnot is_string(input.build)\nis_null(input.build)",
        "name := \"build\"\ninput[name] != input.build",
        "pair := [input.build, input.references[0]]\npair == [input.build, input.references[1]]",
        "[build, _] := [input.build, 1]\nbuild.runs == []",
        "object.get(input, \"build\", null) == input.references",
        "name := \"absent\"\nobject.get(input, name, input.build) != input.build",
        "not input.references[0] in input.references",
        "some key, value in input.references[0]\nkey == value",
        "every key, _ in input.references[0] { key == \"kind\" }",
        "chosen := {ref.raw: ref | some ref in input.references}\nchosen.python.kind == \"x\"",
        "{ref | some ref in input.references; ref.kind == \"image\"} == set()",
        "refs := [ref | some ref in input.references]\nrefs != input.references",
        "object.union(input.build, {\"extra\": 1}) == input.build",
        "to_number(\"12\") == 12\nbits.and(6, 3) == 2",
    ] {
        assert!(is_settled(&rule(statements)), "{statements}");
    }
}

/// What is left to the Rego engine.
#[test]
fn unclear() {
    for statements in [
        // Rego binds `i` by the last statement first.
        "some i\ncount([1 | input.references[i].tag == null]) == 1\ninput.references[i].kind == \"image\"\ncount(input.references) == 2\ninput.references[i].raw == \"python\"",
        "some i\nnot input.references[i].tag == null\ninput.references[i].kind == \"image\"",
        "not input.references[i].tag == null\ninput.references[i].kind == \"image\"",
        "_same(1, 2) == false\n---\n_same(a, a) := true\n_same(1, 2) := false",
        // Not known here.
        "time.parse_ns(\"2006-01-02\", \"2026-01-02\") == 0",
        "time.add_date(0, 0, 1, 0) == 0",
        "input.document.name == \"other\" with input.document as {\"name\": \"other\"}",
        "glob.match(\"a\", [], \"b\")",
        // Types that the two ways to run a rule may see differently.
        "input.references[0].tag < 3",
        "input.build < 3",
        "\"x\" in input.document.name",
        "count(1) == 5",
    ] {
        assert!(!is_settled(&rule(statements)), "{statements}");
    }
}

/// A rule without a condition, and one that is sure only of `deny`.
#[test]
fn every_body_counts() {
    assert!(is_settled("deny contains finding.at(input.build, \"x\")"));
    let never = rule("input.document.kind == \"other\"");
    let unknown = "unknown contains finding.unknown(input.build, \"why\") if ";
    assert!(is_settled(&format!("{never}\n{unknown}input.document.kind == \"another\"")));
    assert!(is_settled(&format!("{never}\n{unknown}input.document.kind == \"dockerfile\"")));
    assert!(!is_settled(&format!("{never}\n{unknown}glob.match(\"a\", [], \"a\")")));
}

/// What doubles a text, or a list, comes to its end.
#[test]
fn sizes_are_bounded() {
    for (first, double) in [("\"x\"", "concat(\"\", [x, x])"), ("[1]", "array.concat(x, x)")] {
        let mut statements = format!("x0 := {first}\n");
        for n in 0..22 {
            let double = double.replace('x', &format!("x{n}"));
            statements.push_str(&format!("x{} := {double}\n", n + 1));
        }
        assert!(!is_settled(&rule(&statements)), "{statements}");
    }
}

/// What takes too long is unclear, and ends.
#[test]
fn steps_are_bounded() {
    let loops: String = (0..9).map(|n| format!("some x{n} in _many\n")).collect();
    let many: Vec<String> = (0..60).map(|n| n.to_string()).collect();
    let body = format!("{loops}x0 + x8 == 1000\n---\n_many := [{}]", many.join(", "));
    assert!(!is_settled(&rule(&body)));
}
