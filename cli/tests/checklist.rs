//! `plimsoll checklist` as a user meets it.

mod support;

use serde_json::Value;
use support::{CLEAN, Project, ROOT};

const CHECKLIST: &str = "\
guides:
- id: own
  title: Acme's checklist
  sections:
  - title: Images
    id: images
    items:
    - {id: 'A:1-4', title: Run as a user of its own}
    - {id: 'A:5', title: Pin digests}
    - {id: 'A:6', title: Train the people, reason: It is a process.}
  - title: Hosts
    items:
    - {id: 'A:9', title: Configure the daemon}
";

const RULE: &str = r#"# METADATA
# title: Fault
# description: Looks.
# custom:
#   severity: high
#   kinds: [KIND]
#   subjects: [SUBJECT]
#   profiles: [PROFILE]
#   checklist: [CODE]
#   remedy: Fix it.
package acme.PACKAGE

import data.plimsoll.finding

deny contains finding.at(fact, "it is wrong") if {
	some fact in input.FACTS
	fact.name == "stage 0"
	fact.WRONG == true
}
"#;

fn rule(path: &str, kind: &str, subject: &str, profile: &str, code: &str) -> String {
    let (facts, wrong) = match subject {
        "image" => ("images", "config.user.is_root"),
        _ => ("containers", "privileged"),
    };
    let words = [
        ("KIND", kind),
        ("SUBJECT", subject),
        ("PROFILE", profile),
        ("CODE", code),
        ("PACKAGE", path),
        ("FACTS", facts),
        ("WRONG", wrong),
    ];
    words.iter().fold(RULE.to_owned(), |text, (word, value)| text.replace(word, value))
}

fn project(name: &str) -> Project {
    let digest = rule("image.digest", "dockerfile", "image", "strict", "'A:5'");
    let daemon = rule("host.daemon", "container", "container", "baseline", "'A:9'");
    Project::bare(name)
        .file("plimsoll.yaml", "extends: []\npolicies: [acme]\n")
        .file("acme/checklist.yaml", CHECKLIST)
        .file(
            "acme/image/user.rego",
            rule("image.user", "dockerfile", "image", "baseline", "'A:2'"),
        )
        .file("acme/image/user.md", "# Fault\n")
        .file("acme/image/digest.rego", digest)
        .file("acme/image/digest.md", "# Fault\n")
        .file("acme/host/daemon.rego", daemon)
        .file("acme/host/daemon.md", "# Fault\n")
        .file("root/Dockerfile", ROOT)
        .file("clean/Dockerfile", CLEAN)
}

#[test]
fn the_checklist_is_shown() {
    let project = project("checklist-shown");
    let mut text = String::new();
    for args in [
        &["checklist"][..],
        &["checklist", "--profile", "strict", "--view", "images"],
        &["checklist", "clean"],
        &["checklist", "root", "clean"],
        &["checklist", "root", "--quiet"],
        &["checklist", "root", "--fail-on", "critical", "--verbose"],
        &["checklist", "root", "--output", "markdown", "--view", "images"],
        &["checklist", "missing"],
        &["checklist", "--view", "image", "root"],
        &["checklist", "-o", "htm"],
        &["checklist", "--profile", "stict"],
    ] {
        text += &format!("$ plimsoll {}\n{}\n", args.join(" "), project.run(args).shown());
    }
    insta::assert_snapshot!(text);
}

#[test]
fn it_is_written_to_files() {
    let project = project("checklist-files");
    let args = ["checklist", "root", "-o", "page.html", "-o", "json=out.json", "-o", "markdown"];
    let run = project.run(&args);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.stdout.starts_with("# Container security checklist\n"), "{}", run.shown());
    assert!(project.read("page.html").starts_with("<!doctype html>\n"));
    let json: Value = serde_json::from_str(&project.read("out.json")).unwrap();
    assert_eq!(json["summary"]["fail"], 1);
    assert_eq!(json["run"]["documents"][0]["path"], "root/Dockerfile");
    // The same documents, judged the same.
    let check = project.run(&["check", "root"]);
    assert_eq!(check.code, Some(1), "{}", check.shown());
    let twice = project.run(&["checklist", "-o", "json", "-o", "html"]);
    assert_eq!(twice.code, Some(2), "{}", twice.shown());
}

#[test]
fn documents_with_hostile_names_are_harmless() {
    let name = "x\"><script>alert(1)<script>|`*[a](b)";
    let project = project("checklist-hostile").file(&format!("{name}/Dockerfile"), ROOT);
    for (format, sign) in [("html", "&lt;script&gt;"), ("markdown", "&lt;script&gt;")] {
        let run = project.run(&["checklist", name, "-o", format]);
        assert_eq!(run.code, Some(1), "{}", run.shown());
        assert!(run.stdout.contains(sign) && !run.stdout.contains("<script"), "{}", run.shown());
    }
}

#[test]
fn rules_that_name_no_item_are_told() {
    let project = project("checklist-strays").file(
        "acme/image/user.rego",
        rule("image.user", "dockerfile", "image", "baseline", "'A:7'"),
    );
    let run = project.run(&["checklist", "-o", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(run.stderr.contains("serves `A:7`, which is no item"), "{}", run.shown());
    assert!(serde_json::from_str::<Value>(&run.stdout).is_ok());
}

#[test]
fn the_default_bundle_has_its_checklist() {
    let project = Project::bare("checklist-default").file("Dockerfile", ROOT);
    let run = project.run(&["checklist", "--view", "verification", "-o", "json", "."]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let page: Value = serde_json::from_str(&run.stdout).unwrap();
    let items = page["guides"][0]["sections"][0]["items"].as_array().unwrap();
    let state = |id: &str| {
        let item = items.iter().find(|item| item["id"] == id).unwrap();
        item["state"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!((items.len(), state("V3"), state("V10")), (10, "fail".into(), "not_covered".into()));
    let item = items.iter().find(|item| item["id"] == "V10").unwrap();
    assert_eq!(item["not_covered"]["why"], "not_given");
}
