//! Fields that the facts do not have.

use super::*;

fn problems(custom: &str, body: &str) -> String {
    match load(&one(custom, body)) {
        Ok(_) => String::new(),
        Err(problems) => problems.iter().map(|p| format!("{}\n", p.message)).collect(),
    }
}

/// What is wrong in each, empty for nothing. All within a `deny` that finds nothing.
#[test]
fn fields_are_checked_as_far_as_types_are_known() {
    let cases = [
        ("input.imges", "the facts have no field `imges`"),
        ("input[\"imges\"]", "the facts have no field `imges`"),
        ("input.images[0].nmae", "`Image` has no field `nmae`"),
        ("input.images[_].config.user.is_rot", "`User` has no field `is_rot`"),
        ("some i in input.images; i.config.usr", "`ImageConfig` has no field `usr`"),
        ("some k, i in input.images; i.config.usr; k == 0", "`ImageConfig` has no field `usr`"),
        ("some n; input.images[n].nmae", "`Image` has no field `nmae`"),
        ("i := input.images[0]; i.nmae", "`Image` has no field `nmae`"),
        ("i = input.images[0]; i.nmae", "`Image` has no field `nmae`"),
        ("input.images[0] = i; i.nmae", "`Image` has no field `nmae`"),
        ("i.nmae; i := input.images[0]", "`Image` has no field `nmae`"),
        ("every i in input.images { i.nmae == \"x\" }", "`Image` has no field `nmae`"),
        ("not input.images[0].nmae", "`Image` has no field `nmae`"),
        ("x := [i | some i in input.images]; x[0].nmae", "`Image` has no field `nmae`"),
        ("x := {i | some i in input.images}; some y in x; y.nmae", "`Image` has no field `nmae`"),
        ("x := {k: i | some k, i in input.images}; x[1].nmae", "`Image` has no field `nmae`"),
        ("x := [input.images[0], input.images[1]]; x[_].nmae", "`Image` has no field `nmae`"),
        ("x := array.concat(input.images, input.images); x[_].nmae", "`Image` has no field `nmae`"),
        ("count([1 | some r in input.build.runs; r.comands])", "`Run` has no field `comands`"),
        ("input.build.runs[0].commands[0].args[0].text", "a plain value has no field `text`"),
        ("input.images.name", "a list has no field `name`"),
        ("input.images[0].name.x", "a plain value has no field `x`"),
        (
            "input.images[0].config.healthcheck.intervall_s",
            "`Healthcheck` has no field `intervall_s`",
        ),
        ("object.get(input.images[0], \"nmae\", 1)", "`Image` has no field `nmae`"),
        ("finding.at_field(input.images[0], \"nmae\", \"m\")", "`Image` has no field `nmae`"),
        (
            "finding.at_item(input.build.runs[0].commands[0], \"arg\", 0, \"m\")",
            "`Command` has no field `arg`",
        ),
        (
            "finding.related_field(finding.at(input.build, \"m\"), input.images[0], \"nmae\", \"m\")",
            "`Image` has no field `nmae`",
        ),
        ("targets[0].nmae", "`Image` has no field `nmae`"),
        ("some t in sources; t.nmae", "`Run` has no field `nmae`"),
        ("typed(input.build.runs[0].commands[0], [])", ""),
        ("first(input.images).nmae", ""),
        ("given(input.images).nmae", "`Image` has no field `nmae`"),
        ("input.params[\"image/fault\"].limit > 1", ""),
        ("input.params[\"image/fault\"].limt > 1", "`image/fault` declares no parameter `limt`"),
        ("input.params[\"image/falt\"].limit > 1", "the bundle has no rule `image/falt`"),
        (
            "p := input.params[\"image/fault\"]; some n in p.names; n.x",
            "a plain value has no field `x`",
        ),
        ("input.data[\"bases\"]", "there is no table `bases`"),
        ("input.raw", "only rules that say so may read `input.raw`"),
        ("some i in input.images; i[input.meta.profile]", ""),
        ("walk(input.build, [p, v]); v.whatever", ""),
        ("i := json.unmarshal(\"{}\"); i.whatever", ""),
        ("some input_like in [1]; input_like == 1", ""),
        ("input.build.dockerignore.present == true; input.build.context.files[0].ignored", ""),
        ("input.references[0].tag == null; input.meta.now", ""),
    ];
    let params = "params:\n  limit: {type: integer, default: 2, description: The limit.}\n  \
        names: {type: list<string>, default: [], description: Names.}";
    let rest = r#"
targets := [i | some i in input.images]
sources contains r if some r in input.build.runs
first(list) := list[0]

# METADATA
# custom:
#   types: {list: [Image]}
given(list) := list[0]

# METADATA
# custom:
#   types:
#     cmd: Command
#     rest: any
typed(cmd, rest) if {
	cmd.name == rest
}
"#;
    for (body, expected) in cases {
        let body =
            format!("deny contains finding.at(input.build, \"x\") if {{\n\t{body}\n}}\n{rest}");
        assert_eq!(problems(params, &body).trim_end(), expected, "{body}");
    }
}

#[test]
fn declared_types_of_parameters_are_checked() {
    let body = r#"deny contains finding.at(input.build, "x") if f(input.build, [])
# METADATA
# custom:
#   types: {b: Build, c: [Comand]}
f(b, c) if {
	b.rnus
	c[0].x
}
"#;
    assert_eq!(
        problems("", body),
        "the facts have no type `Comand`\n`Build` has no field `rnus`\n"
    );
}

#[test]
fn raw_is_for_rules_that_ask_for_it() {
    let body = "deny contains finding.at(input.build, \"x\") if input.raw.anything.at.all";
    assert_eq!(problems("raw: true", body), "");
}

#[test]
fn errors_point_at_the_field() {
    let body = "deny contains finding.at(i, \"x\") if {\n\tsome i in input.images\n\ti.config.user.is_rooot == true\n}";
    let problems = load(&one("", body)).err().expect("refused");
    insta::assert_snapshot!(render(&problems));
}

#[test]
fn fields_of_library_functions_are_checked() {
    let files = vec![
        rule(
            "image/a",
            "",
            "deny contains finding.at(input.build, \"x\") if data.checklist.lib.images.all[0].nmae",
        ),
        (
            "lib/images.rego".into(),
            "package checklist.lib.images\n\nall := input.images\n\nbad := all[0].nmae\n".into(),
        ),
    ];
    let problems = load(&bundle_of(files).expect("a bundle")).err().expect("refused");
    insta::assert_snapshot!(render(&problems));
}

#[test]
fn not_on_facts_is_linted() {
    let cases = [
        ("not i.name", 1),
        ("not i.config.user.is_root", 1),
        ("not i.platform.os == \"linux\"", 1),
        ("not i.name == \"x\"", 0),
        ("i.config.user.is_root == false", 0),
        ("not i.name in {\"x\"}", 0),
        ("not startswith(i.name, \"x\")", 0),
        ("not input.params[\"image/fault\"]", 0),
        ("not known(i)", 0),
        ("x := object.get(i, \"platform\", null); not x", 0),
    ];
    for (body, expected) in cases {
        let body = format!(
            "deny contains finding.at(i, \"x\") if {{\n\tsome i in input.images\n\t{body}\n}}\nknown(i) if i.name"
        );
        let found = super::super::lint(&one("", &body), &Json::Null).expect("loads");
        assert_eq!(found.len(), expected, "{body}\n{}", render(&found));
    }
}
