//! Bundles in memory, run over facts from JSON.

mod hostile;
mod load;
mod run;
mod schema;
mod storage;

use std::sync::Arc;

use plimsoll_sdk::facts::Facts;
use plimsoll_sdk::finding::RawFinding;
use serde_json::{Value as Json, json};

use super::{Limits, RegoEvaluator};
use crate::bundle::{Bundle, Vocabulary};
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Evaluator, RuleError, RuleOutput};
use crate::source::Source;

pub(super) const VOCABULARY: Vocabulary<'static> = Vocabulary {
    kinds: &["dockerfile", "compose"],
    subjects: &["image", "build", "stage", "reference"],
    profiles: &["baseline", "strict"],
};

/// METADATA that is in order, with more lines under `custom`.
pub(super) fn metadata(custom: &str) -> String {
    let mut text = "# METADATA\n# title: A fault\n# description: It is one.\n# custom:\n\
        #   severity: high\n#   kinds: [dockerfile]\n#   subjects: [image]\n\
        #   profiles: [baseline]\n#   remedy: Do something.\n"
        .to_owned();
    for line in custom.lines() {
        text.push_str(&format!("#   {line}\n"));
    }
    text
}

/// A rule of the default bundle: METADATA, package, the import of findings, and `body`.
pub(super) fn rule(path: &str, custom: &str, body: &str) -> (String, String) {
    let (area, name) = path.split_once('/').expect("area/name");
    let metadata = metadata(custom);
    let text = format!(
        "{metadata}package checklist.{area}[\"{name}\"]\n\nimport data.plimsoll.finding\n\n{body}\n"
    );
    (format!("{path}.rego"), text)
}

/// The files, with a page for each rule.
pub(super) fn bundle_of(files: Vec<(String, String)>) -> Result<Bundle, Vec<Diagnostic>> {
    let pages: Vec<(String, String)> = files
        .iter()
        .filter(|(path, _)| !path.starts_with("lib/") && !path.ends_with("_test.rego"))
        .filter_map(|(path, _)| Some((format!("{}.md", path.strip_suffix(".rego")?), "#".into())))
        .collect();
    let files = files.into_iter().chain(pages);
    let files = files.map(|(path, text)| (path.clone(), Source::new(path, text))).collect();
    Bundle::from_sources("checklist", files, &VOCABULARY).map(Bundle::verified)
}

/// One rule `image/fault` with this body.
pub(super) fn one(custom: &str, body: &str) -> Bundle {
    bundle_of(vec![rule("image/fault", custom, body)]).expect("a bundle")
}

pub(super) fn load(bundle: &Bundle) -> Result<RegoEvaluator, Vec<Diagnostic>> {
    RegoEvaluator::load(&[bundle], Json::Null, Json::Null, Limits::default())
}

pub(super) fn loaded(bundle: &Bundle) -> RegoEvaluator {
    load(bundle).unwrap_or_else(|problems| panic!("{}", render(&problems)))
}

pub(super) fn render(problems: &[Diagnostic]) -> String {
    let mut text = String::new();
    for problem in problems {
        text.push_str(&format!("{}: {}\n", problem.level.as_str(), problem.message));
        for label in &problem.labels {
            let place = &label.place;
            let (name, at) = (place.source.name(), place.start());
            let shown = place.text().lines().next().unwrap_or_default();
            text.push_str(&format!("  --> {name}:{at} `{shown}`\n"));
        }
        if let Some(help) = &problem.help {
            text.push_str(&format!("  help: {help}\n"));
        }
    }
    text
}

/// Facts of a Dockerfile with a few instructions.
pub(super) fn facts() -> Facts {
    facts_with(2)
}

/// Facts with this many RUN instructions.
pub(super) fn facts_with(runs: u32) -> Facts {
    let user = json!({"loc": 8, "raw": null, "name": null, "uid": null,
        "group": null, "is_root": true, "from": "assumed",
        "created_in_build": null, "system": null, "variables": [], "missing": []});
    let command = |loc: u32, name: &str, args: &[&str]| {
        json!({"loc": loc, "name": name, "args": args, "assignments": [], "redirects": [],
            "pipe_from": null, "pipe_to": null, "wrapped_by": null, "separator": "end",
            "conditional": false, "subshell": false})
    };
    let runs: Vec<Json> = (0..runs)
        .map(|i| {
            let loc = 100 + 10 * i;
            json!({"loc": loc, "stage": 0, "needed": true, "shipped": true, "form": "shell", "shell": [],
                "commands": [command(loc + 1, "apt-get", &["install", "-y", "curl"]),
                    command(loc + 2, "sudo", &["rm", "-rf", "/"])],
                "shell": [], "variables": [], "mounts": [], "network": null, "security": null, "devices": [],
                "instruction": 0, "working_dir": null, "devices": [], "instruction": 0,
                "incomplete": []})
        })
        .collect();
    let reference = |loc: u32, raw: &str, tag: Json| {
        json!({"loc": loc, "role": "from", "stage": 0, "container": null, "needed": true, "shipped": true,
            "raw": raw, "text": raw, "kind": "image", "problem": null, "stage_index": null,
            "registry": "docker.io", "repository": "library/python", "name": "docker.io/library/python",
            "familiar": "python", "tag": tag, "digest": null, "official": true, "literal": true,
            "variables": [], "missing": []})
    };
    let files = plimsoll_sdk::facts::ImageFiles::unknown(plimsoll_sdk::Loc(5));
    let facts = json!({
        "facts": "0",
        "document": {"kind": "dockerfile", "name": "Dockerfile"},
        "meta": {"now": "2026-11-22T00:00:00Z", "profile": "baseline"},
        "images": [{"loc": 1, "name": "stage 0", "source_type": "dockerfile", "refs": [],
            "annotations": [], "layers": [], "history": [], "files": files, "packages": [],
            "attestations": [],
            "base": {"loc": 2, "raw": "python", "kind": "image", "chain": [], "evidence": "assumed"},
            "config": {"loc": 3, "user": user, "env": [], "exposed_ports": [], "volumes": [],
                "entrypoint": [], "entrypoint_form": null, "cmd": ["python"], "cmd_form": "exec",
                "working_dir": null, "labels": [], "stop_signal": null, "healthcheck": null,
                "healthcheck_supported": true, "shell": [], "onbuild": [], "incomplete": []},
            "installs": [], "incomplete": []}],
        "references": [reference(20, "python", Json::Null), reference(21, "python:3.12", json!("3.12"))],
        "secrets": [], "swarm_secrets": [], "containers": [], "networks": [], "volumes": [],
        "linked": {"images": {}, "networks": []},
        "build": {"loc": 4, "target": 0, "stages": [], "instructions": [], "variables": [],
            "runs": runs, "package_operations": [], "copies": [], "exposes": [], "workdirs": [],
            "directives": [], "comments": [], "undeclared": [], "labels": []},
    });
    serde_json::from_value(facts).expect("facts")
}

/// What every rule says, in the order of the rules.
pub(super) fn check(
    evaluator: &RegoEvaluator,
    facts: &Facts,
) -> Vec<Result<RuleOutput, RuleError>> {
    let wanted: Vec<usize> = (0..evaluator.rules().len()).collect();
    let answers = evaluator.session().check(facts, &wanted);
    assert!(answers.iter().map(|(rule, _)| *rule).eq(wanted), "one answer for each, in order");
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// What the only rule says, the same in every way to run it.
pub(super) fn only(bundle: &Bundle) -> Result<RuleOutput, RuleError> {
    let mut evaluator = loaded(bundle);
    assert_eq!(evaluator.executor(0), "bytecode", "{:?}", evaluator.why_interpreted(0));
    let shortest = check(&evaluator, &facts()).remove(0);
    evaluator = evaluator.without_shortcuts();
    let machine = check(&evaluator, &facts()).remove(0);
    evaluator = evaluator.interpreted();
    assert_eq!(evaluator.executor(0), "interpreter");
    let interpreter = check(&evaluator, &facts()).remove(0);
    match (&machine, &interpreter) {
        (Ok(machine), Ok(interpreter)) => assert_eq!(machine, interpreter),
        (Err(machine), Err(interpreter)) => assert_eq!(machine.kind, interpreter.kind),
        different => panic!("the executors disagree: {different:?}"),
    }
    match (&shortest, &machine) {
        (Ok(shortest), Ok(machine)) => assert_eq!(shortest, machine),
        (Err(shortest), Err(machine)) => assert_eq!(shortest.kind, machine.kind),
        different => panic!("the shortcut disagrees: {different:?}"),
    }
    machine
}

pub(super) fn messages(findings: &[RawFinding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.message.as_str()).collect()
}

pub(super) fn shared(evaluator: RegoEvaluator) -> Arc<RegoEvaluator> {
    Arc::new(evaluator)
}
