//! A report built by hand, for the tests of the formats.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_sdk::Severity;
use plimsoll_sdk::rule::RuleMeta;

use super::{DocumentRow, Outcome, OutcomeRow, Report, RuleRow, Status};
use crate::decide::{FailOn, decide};
use crate::diagnostic::Diagnostic;
use crate::finding::{Finding, Fingerprint, Related, Subject};
use crate::mask::Masks;
use crate::source::{Place, Source, Span};

const API: &str = "\
# syntax=docker/dockerfile:1
FROM node:20 AS build
ENV API_TOKEN=s3cr3t-t0ken
RUN\tnpm ci\t&& echo \"größe 日本\"\t&& curl -k https://example.test
RUN <<EOF
set -e
apt-get update
apt-get install -y curl
EOF
FROM ${BASE}
CMD [\"node\", \"server.js\"]
";

const WEB: &str = "FROM nginx:latest\r\nUSER root \u{202e}\u{1b}[31m\r\n";

const PUSHED: &str = "registry.example.test/api: latest\n";

/// Every kind of thing that a report can hold.
pub(super) fn report() -> Report {
    let sources = Sources {
        api: Source::new("services/api/Dockerfile", API),
        web: Source::new("web front/Dockerfile", WEB),
        other: Source::new("../shared/images.txt", PUSHED),
    };
    let rules = rules();
    let mut masks = Masks::default();
    masks.add(&place(&sources.api, "s3cr3t-t0ken"));
    Report {
        status: Status::Incomplete,
        documents: ["services/api/Dockerfile", "web front/Dockerfile"]
            .map(|name| DocumentRow { name: name.into(), kind: "dockerfile" })
            .into(),
        decisions: decide(findings(&rules, &sources), FailOn::AtLeast(Severity::Medium)),
        outcomes: outcomes(),
        problems: problems(&sources),
        fail_on: FailOn::AtLeast(Severity::Medium),
        rules,
        masks,
    }
}

/// A report without documents, rules and findings.
pub(super) fn empty(status: Status) -> Report {
    Report {
        status,
        documents: Vec::new(),
        rules: Vec::new(),
        decisions: Vec::new(),
        outcomes: Vec::new(),
        problems: Vec::new(),
        fail_on: FailOn::AtLeast(Severity::Medium),
        masks: Masks::default(),
    }
}

/// A finding of the first rule of [`report`] at a place.
pub(super) fn finding_at(place: Place, related: Vec<Related>) -> Finding {
    let document = place.source.name().into();
    let rule = Arc::clone(&rules()[0].meta);
    Finding {
        severity: rule.severity,
        rule,
        message: "image runs as root".to_owned(),
        document,
        subject: Subject { kind: "image".to_owned(), name: "app".to_owned() },
        place,
        related,
        fingerprint: Fingerprint("0".repeat(32)),
    }
}

struct Sources {
    api: Arc<Source>,
    web: Arc<Source>,
    other: Arc<Source>,
}

/// The first place in a source where this text stands.
fn place(source: &Arc<Source>, text: &str) -> Place {
    let start = source.text().find(text).unwrap();
    Place::new(source, Span::new(start, start + text.len()))
}

fn rules() -> Vec<RuleRow> {
    let row = |id: &str, title: &str, severity| RuleRow {
        meta: Arc::new(meta(id, title, severity)),
        severity,
        page: None,
    };
    let mut root = row("image/root-user", "Image runs as root", Severity::High);
    let meta = Arc::make_mut(&mut root.meta);
    meta.references = vec!["CIS 4.1".to_owned(), "https://example.test/user".to_owned()];
    meta.checklist = vec!["S1:12".to_owned()];
    meta.cis = vec!["4.1".to_owned()];
    meta.nist = vec!["4.1.1".to_owned()];
    meta.equivalents = BTreeMap::from([("hadolint".to_owned(), vec!["DL3002".to_owned()])]);
    root.page = Some("# Image runs as root\n\nRoot in a container is root.\n".into());
    vec![
        root,
        row("image/secret-in-env", "Secret in ENV", Severity::Critical),
        row("acme/build/script", "Script is long", Severity::Low),
        row("image/healthcheck", "No health check", Severity::Info),
        row("build/insecure-download", "Download is not verified", Severity::Medium),
    ]
}

fn meta(id: &str, title: &str, severity: Severity) -> RuleMeta {
    RuleMeta {
        id: id.to_owned(),
        title: title.to_owned(),
        description: format!("Looks for this: {}.", title.to_lowercase()),
        severity,
        levels: BTreeMap::new(),
        kinds: vec!["dockerfile".to_owned()],
        subjects: vec!["image".to_owned()],
        profiles: vec!["baseline".to_owned()],
        needs: Vec::new(),
        checklist: Vec::new(),
        cis: Vec::new(),
        nist: Vec::new(),
        equivalents: BTreeMap::new(),
        remedy: format!("repair it as {id} says"),
        references: Vec::new(),
        params: BTreeMap::new(),
        since: None,
        raw: false,
    }
}

fn findings(rules: &[RuleRow], sources: &Sources) -> Vec<Finding> {
    let Sources { api, web, other } = sources;
    let related = |place: Place, message: &str| Related { place, message: message.to_owned() };
    let end = Span::new(API.len(), API.len());
    let script = place(api, "<<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF");
    let rows: [(usize, &str, Place, Vec<Related>); 6] = [
        (
            1,
            "environment variable API_TOKEN holds a secret (***)",
            place(api, "s3cr3t-t0ken"),
            vec![related(place(api, "node:20"), "s3cr3t-t0ken is readable in this stage")],
        ),
        (4, "`curl -k` accepts any certificate", place(api, "-k"), vec![]),
        (4, "`npm ci` runs scripts", place(api, "npm ci\t&& echo \"größe 日本\""), vec![]),
        (2, "script of 3 lines", script, vec![]),
        (
            3,
            "image has no health check",
            Place::new(api, end),
            vec![related(place(other, "latest"), "published [here](https://evil.test)")],
        ),
        (
            0,
            "image runs as root\u{1b}[2J\nfor sure",
            place(web, "root"),
            vec![
                related(place(web, "nginx:latest"), "the base image has no user"),
                related(place(other, "registry.example.test/api"), "pushed as"),
                related(place(api, "CMD"), ""),
            ],
        ),
    ];
    let finding = |(number, (rule, message, place, related)): (usize, (usize, &str, _, _))| {
        let document: &str = if number == 5 { web.name() } else { api.name() };
        Finding {
            rule: Arc::clone(&rules[rule].meta),
            severity: rules[rule].severity,
            message: message.to_owned(),
            document: document.into(),
            subject: Subject { kind: "image".to_owned(), name: "app".to_owned() },
            place,
            related,
            fingerprint: Fingerprint(format!("{number:032x}")),
        }
    };
    rows.into_iter().enumerate().map(finding).collect()
}

fn outcomes() -> Vec<OutcomeRow> {
    let row = |rule, document, outcome, reason: &str| OutcomeRow {
        rule,
        document,
        subject: Subject { kind: "image".to_owned(), name: "app".to_owned() },
        outcome,
        reason: reason.to_owned(),
    };
    vec![
        row(0, 0, Outcome::Unknown, "base image is not resolved (missing BASE)"),
        row(1, 0, Outcome::Fail, ""),
        row(2, 0, Outcome::Fail, ""),
        row(3, 0, Outcome::Fail, ""),
        row(4, 0, Outcome::Fail, ""),
        row(0, 1, Outcome::Fail, ""),
        row(1, 1, Outcome::Pass, ""),
        row(2, 1, Outcome::Pass, ""),
        row(3, 1, Outcome::Unknown, "token s3cr3t-t0ken\u{9b} hides it"),
        row(4, 1, Outcome::Error, "the rule ran out of its budget"),
    ]
}

fn problems(sources: &Sources) -> Vec<Diagnostic> {
    let Sources { api, web, .. } = sources;
    vec![
        Diagnostic::error("unknown instruction `USR`")
            .label(place(web, "USER"), "not an instruction, given s3cr3t-t0ken")
            .label(place(web, "FROM"), "in this stage")
            .help("write `USER`"),
        Diagnostic::warning("variable BASE has no value").at(place(api, "${BASE}")),
        Diagnostic::error("rule build/insecure-download ran out of its budget")
            .help("raise the budget"),
        Diagnostic::note("nothing was read from standard input"),
    ]
}
