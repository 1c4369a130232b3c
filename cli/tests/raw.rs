//! Rules that ask for a document as it is written: `input.raw`.

mod support;

use support::Project;

/// A rule of a bundle `acme` that asks for the file.
fn rule(kinds: &str, subjects: &str, name: &str, body: &str) -> String {
    format!(
        "# METADATA\n# title: t\n# description: d\n# custom:\n#   severity: low\n\
         #   kinds: [{kinds}]\n#   subjects: [{subjects}]\n#   profiles: [baseline]\n#   remedy: r\n\
         #   raw: true\npackage acme.own[\"{name}\"]\n\nimport data.plimsoll.finding\n\n{body}\n"
    )
}

#[test]
fn a_rule_sees_the_file_in_the_words_of_its_format() {
    // As other tools give a Dockerfile to their policies.
    let dockerfile = rule(
        "dockerfile",
        "build",
        "words",
        r#"deny contains finding.at(input.build, sprintf("%d %d-%d %s %v %v %v", [
	instruction.Stage, instruction.StartLine, instruction.EndLine, instruction.Cmd, instruction.Flags,
	instruction.Value, instruction.JSON,
])) if some instruction in input.raw

deny contains finding.at(input.build, sprintf("%s: %s %v", [only.Cmd, only.SubCmd, only.Heredocs])) if {
	some only in input.raw
	object.get(only, "Stage", 7) == 0
	count(only.Heredocs) + count(only.SubCmd) > 0
}"#,
    );
    let tree = rule(
        "compose, daemon, container",
        "project, daemon, container",
        "tree",
        r#"deny contains finding.at(input.project, sprintf("%v", [input.raw]))

deny contains finding.at(input.daemon, sprintf("%v", [input.raw]))

deny contains finding.at(container, sprintf("%v", [input.raw])) if {
	input.document.kind == "container"
	some container in input.containers
}"#,
    );
    let project = Project::bare("raw")
        .file("plimsoll.yaml", "extends: []\npolicies: [policy]\nfail-on: never\n")
        .file("policy/bundle.yaml", "name: acme\n")
        .file("policy/own/words.rego", dockerfile)
        .file("policy/own/words.md", "# t\n")
        .file("policy/own/tree.rego", tree)
        .file("policy/own/tree.md", "# t\n")
        .file(
            "Dockerfile",
            "ARG V=1\nFROM --platform=$P alpine:$V AS a\nENV A=\"b c\" D=e\nENV OLD way\n\
             ARG X Y=2\nCOPY --from=x [\"a b\", \"/c\"]\nRUN echo \\\n  two\n\
             RUN <<EOF\nline\nEOF\nHEALTHCHECK --interval=5s CMD [\"ok\"]\nONBUILD USER app\n",
        )
        .file("compose.yaml", "services:\n  web:\n    image: nginx:${TAG}\n    x-port: 0x10\n")
        .file("daemon.json", "{\"icc\": false}")
        .file(
            "web.json",
            r#"[{"Id": "c1", "Name": "/web", "Image": "sha256:ab", "Config": {"Image": "a"}, "HostConfig": {}, "Mounts": [], "NetworkSettings": {}}]"#,
        );
    let run = project.run(&["check", ".", "web.json"]);
    let told = |line: &&str| line.starts_with("low[") || line.starts_with("clean:");
    let told: Vec<&str> = run.stdout.lines().filter(told).collect();
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(run.stderr, "");
}

#[test]
fn the_rule_in_the_book_does_what_it_says() {
    let page = include_str!("../../book/src/writing-rules.md");
    let blocks = page.split("```rego\n").skip(1).filter_map(|rest| rest.split("```").next());
    let shown: Vec<&str> = blocks.filter(|block| block.contains("input.raw")).collect();
    assert_eq!(shown.len(), 1);
    let project = |compose: &str| {
        Project::bare("raw-book")
            .file("plimsoll.yaml", "extends: []\npolicies: [policy]\nfail-on: low\n")
            .file("policy/bundle.yaml", "name: acme\n")
            .file("policy/own/team.rego", rule("compose", "project", "team", shown[0]))
            .file("policy/own/team.md", "# t\n")
            .file("compose.yaml", compose)
            .run(&["check"])
    };
    let lacking = project("services:\n  web:\n    image: nginx\n");
    assert!(lacking.stdout.contains("the file has no `x-team`"), "{}", lacking.shown());
    let good = project("x-team: shop\nservices:\n  web:\n    image: nginx\n");
    assert_eq!(good.code, Some(0), "{}", good.shown());
}

#[test]
fn what_cannot_be_given_is_unknown() {
    let body = r#"deny contains finding.at(input.build, "x") if input.raw[0].Cmd == "x""#;
    let project = Project::bare("raw-unknown")
        .file("plimsoll.yaml", "extends: []\npolicies: [policy]\n")
        .file("policy/bundle.yaml", "name: acme\n")
        .file("policy/own/any.rego", rule("dockerfile", "build", "any", body))
        .file("policy/own/any.md", "# t\n")
        .file("Dockerfile", "FROM alpine:3.22\nRUM echo\n");
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    let why = "acme/own/any for build Dockerfile: the file cannot be given as it is written";
    assert!(run.stdout.contains(why), "{}", run.shown());
}
