//! What is refused when a bundle is loaded, with its places.

use super::*;

fn problems(files: Vec<(String, String)>) -> String {
    render(&load(&bundle_of(files).expect("a bundle")).err().expect("refused"))
}

#[test]
fn laws_of_rules() {
    let files = vec![
        rule("image/a", "", "deny := {1}\nunknown contains 1"),
        rule("image/b", "", "allow := true"),
        rule("image/c", "", "deny contains finding.att(input.build, \"x\")"),
        rule("image/d", "", "deny contains finding.at(input.build)"),
        rule("image/e", "", "deny contains finding.at(input.build, concta(\",\", [])) if false"),
        rule("image/f", "", "deny contains finding.at(input.build, upper(\"x\", 1, 2)) if false"),
        rule("image/g", "", "deny contains finding.at(input.build, data.checklist.image.a.deny)"),
        rule("image/h", "", "deny contains finding.at(input.build, data.tables.x)"),
        rule("image/i", "", "deny contains data.plimsoll.finding"),
        rule(
            "image/j",
            "",
            "deny contains finding.at(input.build, data.checklist.lib.words.first)",
        ),
        rule(
            "image/k",
            "",
            "import data.checklist.lib.wrods\nimport data.acme.lib\nimport future.keywords\n\ndeny contains finding.at(input.build, \"x\")",
        ),
        rule("image/l", "", "deny contains words(\"x\")\nwords := 1"),
        rule(
            "image/m",
            "",
            "deny contains finding.at(input.build, \"x\") if {\n\tnot startswith(input.references[_].raw, \"x\")\n\tnot count([1 | input.references[_].raw == \"x\"]) == 0\n}",
        ),
        ("lib/words.rego".into(), "package checklist.lib.words\n\nfrist := \"a\"\n".into()),
    ];
    insta::assert_snapshot!(problems(files));
}

#[test]
fn what_regorus_refuses_has_a_place() {
    let text = problems(vec![
        rule("image/a", "", "deny contains finding.at(input.build, \"x\") if {"),
        rule("image/b", "", "deny contains x if { 1 == 1 }}"),
    ]);
    insta::assert_snapshot!(text);
    let text = problems(vec![rule("image/a", "", "deny contains finding.at(nobody, \"x\")")]);
    insta::assert_snapshot!(text);
}
