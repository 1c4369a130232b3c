//! Configuration, `rules`, `facts`, `schema` and `completions` as a user meets them.

mod support;

use support::{CLEAN, Project, ROOT};

#[test]
fn a_configuration_is_found_upwards() {
    let project = Project::new("upwards")
        .file("a/b/Dockerfile", ROOT)
        .file("other/.git/HEAD", "")
        .file("other/Dockerfile", ROOT)
        .file("own/Dockerfile", ROOT)
        .file("own/plimsoll.yml", "extends: []\npolicies: [../acme]\nfail-on: critical\n");
    let line = |args: &[&str]| {
        let run = project.run(args);
        run.stdout.lines().next_back().unwrap_or_default().to_owned()
    };
    assert_eq!(line(&["check", "a/b/Dockerfile"]), "failed: 1 finding at or above medium");
    assert_eq!(line(&["check", "a/b", "own"]), "failed: 2 findings at or above medium");
    // The first path decides.
    assert_eq!(line(&["check", "own", "a"]), "clean: 2 findings, none at or above critical");
    // Another repository has nothing to do with it.
    let run = project.run(&["check", "other"]);
    assert!(!run.stdout.contains("acme/"), "{}", run.shown());
    let run = project.run(&["check", "a", "--no-config"]);
    assert!(!run.stdout.contains("acme/"), "{}", run.shown());
    assert_eq!(
        line(&["check", "other", "--config", "plimsoll.yaml"]),
        "failed: 1 finding at or above medium"
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let project = Project::new("wrong")
        .file("Dockerfile", ROOT)
        .file("file", "")
        .file("empty/README.md", "nothing\n")
        .file("broken/a/b.rego", "package broken.a.b\n")
        .file(
            "plimsoll.yaml",
            "extends: [cheklist]\n\
             policies: [acme, nowhere, file, empty, broken]\n\
             fail_on: low\n\
             profile: stict\n\
             rules:\n  \
               acme/image/root-user:\n    \
                 severity: hgh\n    \
                 params: {contact: 7, name: x}\n  \
               acme/image/unpinned: of\n",
        );
    insta::assert_snapshot!(project.run(&["check"]).shown());
}

#[test]
fn rules_that_there_are_not_are_told_with_the_nearest() {
    let project = Project::new("unknown-rules").file("Dockerfile", ROOT).file(
        "plimsoll.yaml",
        "extends: []\npolicies: [acme]\nrules:\n  \
               acme/image/root-users: off\n  acme/image/unpinned: {params: {x: 1}}\n",
    );
    insta::assert_snapshot!(project.run(&["check"]).shown());
}

#[test]
fn a_rule_that_does_not_compile_is_told() {
    let rule = "# METADATA\n# title: T\n# description: D\n# custom:\n#   severity: low\n\
                #   kinds: [dockerfile]\n#   subjects: [image]\n#   profiles: [baseline]\n\
                #   remedy: R\npackage acme.image.bad\n\ndeny contains x if { input.imgaes }\n";
    let project = Project::new("compile")
        .file("Dockerfile", ROOT)
        .file("acme/image/bad.rego", rule)
        .file("acme/image/bad.md", "# T\n");
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("--> acme/image/bad.rego:12"), "{}", run.shown());
}

#[test]
fn no_rule_at_all_is_an_error() {
    let project =
        Project::bare("none").file("Dockerfile", CLEAN).file("plimsoll.yaml", "extends: []\n");
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.stderr.contains("no rule is in force"), "{}", run.shown());
}

#[test]
fn rules_are_listed() {
    let project = Project::new("rules").file(
        "over.yaml",
        "extends: []\npolicies: [acme]\nrules:\n  acme/image/unpinned: medium\n",
    );
    let mut text = String::new();
    for args in [
        &["rules"][..],
        &["rules", "--all"],
        &["rules", "--profile", "strict", "--config", "over.yaml"],
        &["rules", "--json"],
    ] {
        text += &format!("$ plimsoll {}\n{}\n", args.join(" "), project.run(args).shown());
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_rule_has_a_page() {
    let project = Project::new("page").file(
        "plimsoll.yaml",
        "extends: []\npolicies: [acme]\nrules:\n  \
           acme/image/root-user: {severity: low, params: {names: [a, b]}}\n",
    );
    let shown = project.run(&["rules", "acme/image/root-user"]).shown();
    // Which of the two executors runs it is not this test's business.
    insta::assert_snapshot!(shown.replace("bytecode", "interpreter"));
    let all = project.run(&["rules", "acme/image/root-user", "--all"]);
    assert!(all.stdout.contains("Examples\n"), "{}", all.shown());
    let unknown = project.run(&["rules", "acme/image/root-usr"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("did you mean `acme/image/root-user`?"), "{}", unknown.shown());
    // A rule that is off has a page, too.
    let off = project.run(&["rules", "acme/image/unpinned"]);
    assert_eq!(off.code, Some(0), "{}", off.shown());
    assert!(off.stdout.contains("off with the profile `baseline`"), "{}", off.shown());
}

#[test]
fn facts_are_printed_without_credentials() {
    // A table of the bundle says what credentials look like.
    let project = Project::new("facts")
        .file(
            "Dockerfile",
            "FROM alpine:3.20\nENV TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345\n",
        )
        .file("sub/Dockerfile", CLEAN)
        .file("broken", "FROM alpine:3.20\nHEALTHCHECK\n")
        .file("acme/data/secrets.yaml", SECRETS);
    let one = project.run(&["facts", "Dockerfile"]);
    assert_eq!((one.code, one.stderr.as_str()), (Some(0), ""), "{}", one.shown());
    assert!(!one.stdout.contains("ghp_"), "{}", one.shown());
    assert!(one.stdout.contains("***"), "{}", one.shown());
    let shown = project.run(&["facts", "Dockerfile", "--show-secrets", "--now", "2026-01-31"]);
    assert!(shown.stdout.contains("ghp_0123"), "{}", shown.shown());
    assert!(shown.stdout.contains("\"now\": \"2026-01-31T00:00:00Z\""), "{}", shown.shown());
    let several = project.run(&["facts", "."]);
    let facts: serde_json::Value = serde_json::from_str(&several.stdout).unwrap();
    let names: Vec<_> = facts.as_array().unwrap().iter().map(|f| &f["document"]["name"]).collect();
    assert_eq!(names, ["Dockerfile", "broken", "sub/Dockerfile"]);
    assert_eq!(several.code, Some(2), "{}", several.shown());
    assert!(several.stderr.contains("HEALTHCHECK requires"), "{}", several.shown());
    let nothing = project.run(&["facts", "nowhere"]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(2), ""));
    assert_eq!(project.run(&["facts"]).code, Some(2));
}

const SECRETS: &str = "names: {words: [token]}\nvalues:\n  - {id: github, title: GitHub token, pattern: 'ghp_[0-9A-Za-z]{36}'}\n";

#[test]
fn schemas_and_completions_are_printed() {
    let project = Project::bare("schemas");
    for (of, title) in
        [("facts", "Facts"), ("report", "Plimsoll report"), ("config", "plimsoll.yaml")]
    {
        let run = project.run(&["schema", of]);
        let schema: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(schema["title"], title);
        assert!(schema["$schema"].is_string());
    }
    assert_eq!(project.run(&["schema", "nothing"]).code, Some(2));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = project.run(&["completions", shell]);
        assert_eq!(run.code, Some(0));
        assert!(run.stdout.contains("fail-on-unknown"), "{shell}");
        assert!(run.stdout.contains("bless"), "{shell}: of a subcommand of a subcommand");
    }
}

#[test]
fn help_is_complete() {
    let project = Project::bare("help");
    let mut text = String::new();
    for args in [
        &["--help"][..],
        &["check", "--help"],
        &["checklist", "--help"],
        &["facts", "--help"],
        &["rules", "--help"],
        &["plugin", "--help"],
        &["plugin", "new", "--help"],
        &["plugin", "build", "--help"],
        &["plugin", "inspect", "--help"],
        &["plugin", "bench", "--help"],
        &["schema", "--help"],
        &["completions", "--help"],
    ] {
        text += &format!("$ plimsoll {}\n{}\n", args.join(" "), project.run(args).stdout);
    }
    insta::assert_snapshot!(text);
}
