use super::super::tests::{facts, loaded, one};
use super::super::value::{self, Converter};
use super::{Fixed, Memory, Screening};

/// Whether a rule with this body is sure to say nothing of the usual facts.
fn is_silent(body: &str) -> bool {
    let evaluator = loaded(&one(
        "params:\n  words: {type: list<string>, default: [python, \"py*\"], description: x}",
        body,
    ));
    let (_, rule) = evaluator.rule(0).expect("a rule");
    let mut input = Converter::default().convert(&facts()).expect("a value");
    let fields = input.as_object_mut().expect("an object");
    fields.insert(value::string("params"), evaluator.params.clone());
    let program = rule.screen.program().expect("a screen");
    let given = (&input, &evaluator.params, &evaluator.data);
    let (mut memory, mut fixed) = (Memory::default(), Fixed::default());
    let mut screening = Screening::new(program, given, &mut memory, &mut fixed);
    screening.is_silent()
}

/// A rule that finds something where these statements hold, and what else it needs.
fn rule(statements: &str) -> String {
    let (statements, rest) = statements.split_once("---").unwrap_or((statements, ""));
    format!("deny contains finding.at(input.build, \"x\") if {{\n{statements}\n}}\n{rest}")
}

/// What certainly does not hold: the rule is not run.
#[test]
fn silent() {
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
        "not input.build.runs[_].needed",
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
    ] {
        assert!(is_silent(&rule(statements)), "{statements}");
    }
}

/// What holds, or may hold for all that the screen knows.
#[test]
fn run() {
    for statements in [
        "some run in input.build.runs\nrun.needed == true",
        "some ref in input.references\nref.tag == null",
        "some ref in input.references\nnot ref.tag == \"3.12\"",
        "not input.build.runs[_].mounts[_]",
        "_is(input.references[0])\n---\n_is(ref) if { ref.tag == \"x\" } else := true if { ref.tag == null }",
        // Rego binds `i` by the last statement first.
        "some i\ncount([1 | input.references[i].tag == null]) == 1\ninput.references[i].kind == \"image\"\ncount(input.references) == 2\ninput.references[i].raw == \"python\"",
        "some i\nnot input.references[i].tag == null\ninput.references[i].kind == \"image\"",
        "not input.references[i].tag == null\ninput.references[i].kind == \"image\"",
        "_same(1, 2) == false\n---\n_same(a, a) := true\n_same(1, 2) := false",
        // Not known here.
        "some ref in input.references\ntime.parse_rfc3339_ns(input.meta.now) == 0",
        "x := sprintf(\"%s\", [input.document.name])\nx == \"nothing\"",
        "input.document.name == \"other\" with input.document as {\"name\": \"other\"}",
        "[a, b] := [1, 2]\na == b",
        "glob.match(\"a\", [], \"b\")",
        // Types that the two ways to run a rule may see differently.
        "input.references[0].tag < 3",
        "\"x\" in input.document.name",
        "count(1) == 5",
    ] {
        assert!(!is_silent(&rule(statements)), "{statements}");
    }
}

/// A rule without a condition, and one that is sure only of `deny`.
#[test]
fn every_body_counts() {
    assert!(!is_silent("deny contains finding.at(input.build, \"x\")"));
    let never = rule("input.document.kind == \"other\"");
    let unknown = "unknown contains finding.unknown(input.build, \"why\") if ";
    assert!(is_silent(&format!("{never}\n{unknown}input.document.kind == \"another\"")));
    assert!(!is_silent(&format!("{never}\n{unknown}input.document.kind == \"dockerfile\"")));
}

/// What takes too long is unclear, and ends.
#[test]
fn steps_are_bounded() {
    let loops: String = (0..9).map(|n| format!("some x{n} in _many\n")).collect();
    let many: Vec<String> = (0..60).map(|n| n.to_string()).collect();
    let body = format!("{loops}x0 + x8 == 1000\n---\n_many := [{}]", many.join(", "));
    assert!(!is_silent(&rule(&body)));
}
