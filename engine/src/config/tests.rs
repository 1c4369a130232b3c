use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::params::ParamSpec;

const SAMPLE: &str = "# yaml-language-server: $schema=plimsoll.schema.json
extends: [checklist, acme]
policies:
  - security/policy
  - ../shared
plugins:
  - plugins/licences.wasm
  - path: secrets.wasm
    digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    limits: {fuel: 5, time: 0.5, memory: 1g, table-elements: 2, stack: 65536, output: 2 MiB, findings: 3}
rules:
  image/root-user: { enabled: true, severity: critical }
  image/mutable-tag: off
  image/old: on
  container/privileged: high
  container/memory: false
  image/large:
    params:
      minimal_bases: [scratch, 'gcr.io/distroless/*']
      max_age_days: 90
      labels: {a: b}
fail-on: high
fail-on-unknown: true
unknown-base: unknown
profile: cis
";

fn settings(text: &str) -> Settings {
    parse(&Source::new("plimsoll.yaml", text)).unwrap_or_else(|e| panic!("{}", rendered(&e)))
}

fn problems(text: &str) -> Vec<Diagnostic> {
    parse(&Source::new("plimsoll.yaml", text)).expect_err(text)
}

fn rendered(problems: &[Diagnostic]) -> String {
    let mut out = String::new();
    for problem in problems {
        let _ = writeln!(out, "{}: {}", problem.level.as_str(), problem.message);
        for label in &problem.labels {
            let text = label.place.text().escape_debug().to_string();
            let name = label.place.source.name();
            let _ = writeln!(out, "  {name}:{} [{text}] {}", label.place.start(), label.text);
        }
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "  help: {help}");
        }
    }
    out
}

fn at<T: std::fmt::Debug>(setting: &Spanned<T>) -> String {
    format!("{:?} at {} [{}]", setting.value, setting.place.start(), setting.place.text())
}

fn told(settings: &Settings) -> String {
    let mut out = String::new();
    for name in settings.extends.iter().flatten() {
        let _ = writeln!(out, "extends {}", at(name));
    }
    for folder in &settings.policies {
        let _ = writeln!(out, "policies {}", at(folder));
    }
    for plugin in &settings.plugins {
        let _ = writeln!(out, "plugin {}", at(&plugin.path));
        let _ = writeln!(out, "  digest {:?}", plugin.digest.as_ref().map(at));
        let PluginLimits { fuel, time, memory, table_elements, stack, output, findings } =
            &plugin.limits;
        let _ = writeln!(out, "  time {:?}", time.as_ref().map(at));
        for limit in [fuel, memory, table_elements, stack, output, findings].into_iter().flatten() {
            let _ = writeln!(out, "  limit {}", at(limit));
        }
    }
    for rule in &settings.rules {
        let _ = writeln!(out, "rule {}", at(&rule.id));
        if let Some(enabled) = &rule.enabled {
            let _ = writeln!(out, "  enabled {}", at(enabled));
        }
        if let Some(severity) = &rule.severity {
            let _ = writeln!(out, "  severity {}", at(severity));
        }
        for param in &rule.params {
            let _ = writeln!(out, "  {} = {}", at(&param.name), at(&param.value));
        }
    }
    let _ = writeln!(out, "fail-on {:?}", settings.fail_on.as_ref().map(at));
    let _ = writeln!(out, "fail-on-unknown {:?}", settings.fail_on_unknown.as_ref().map(at));
    let _ = writeln!(out, "unknown-base {:?}", settings.unknown_base.as_ref().map(at));
    let _ = writeln!(out, "profile {:?}", settings.profile.as_ref().map(at));
    out
}

#[test]
fn a_whole_file_is_read_with_its_places() {
    insta::assert_snapshot!(told(&settings(SAMPLE)));
}

#[test]
fn what_is_not_said_is_the_default() {
    for text in ["", "# nothing\n", "---\n", "{}", "rules: {}\npolicies: []\n"] {
        let settings = settings(text);
        assert_eq!(settings.extends(), ["checklist"], "{text:?}");
        assert_eq!(settings.fail_on(), FailOn::AtLeast(Severity::Medium));
        assert_eq!(settings.profile(), Profile::Baseline);
        assert_eq!(settings.unknown_base(), UnknownBase::Assume);
        assert!(!settings.fail_on_unknown() && settings.rules.is_empty());
        assert!(settings.policies.is_empty() && settings.fail_on.is_none());
    }
    assert_eq!(Settings::default().extends(), ["checklist"]);
    assert!(settings("extends: []").extends().is_empty());
}

#[test]
fn what_fails_a_run() {
    assert!(FailOn::default().fails(Severity::Medium));
    assert!(!FailOn::default().fails(Severity::Low));
    assert!(!FailOn::Never.fails(Severity::Critical));
    assert_eq!(settings("fail-on: never").fail_on(), FailOn::Never);
    assert_eq!(settings("fail-on: info").fail_on(), FailOn::AtLeast(Severity::Info));
}

#[test]
fn anchors_and_merge_keys_work() {
    let text = "rules:\n  a/b: &x {severity: low}\n  a/c: *x\n  a/d: {<<: *x, enabled: true}\n";
    insta::assert_snapshot!(told(&settings(text)));
}

#[test]
fn everything_wrong_is_told_at_once() {
    let texts = [
        "fial-on: high\nfail_on: high\nquux: 1\nRules: {}\n1: 2\n",
        "fail-on: hihg\nprofile: CIS\nunknown-base: maybe\nfail-on-unknown: yes\n",
        "fail-on: 3\nprofile: [cis]\nunknown-base: true\nfail-on-unknown: {}\n",
        "extends: checklist\npolicies: 5\nrules: [image/root-user]\n",
        "extends:\npolicies:\nrules:\nfail-on:\nprofile:\n",
        "extends: [5, '', checklist, [], checklist]\npolicies:\n  - a\n  - ' '\n  -\n  - {b: c}\n  - a\n",
        "rules:\n  a/b: offf\n  a/c: 5\n  a/d: {severty: high, enabled: on, severity: High}\n  a/e:\n  '': off\n  A/B: off\n",
        "rules:\n  a/b:\n    severity: worst\n    params: [1]\n  a/c: {params: {x: .inf, y: [1, .nan], '': 1}}\n",
        "rules:\n  a/b: off\n  a/b: on\n",
        "plugins: a.wasm\n",
        "plugins: [5, '', {}, {path: 7}, {path: a, pth: b}, a, {digest: x}]\n",
        "plugins:\n- {path: a, digest: 'sha256:00', limits: [1]}\n- path: b\n  limits: {fuel: 0, time: 0, memory: 1k, stack: 5m, output: x, findings: 1.5, table-elements: -1, tables: 4}\n",
        "- a\n",
        "just text",
        "é: ü\nprofile: !x cis\nrules: !reset {}\n",
        "a: [",
        "a: 1\n---\nb: 1\n",
        "\"a\\e[31mb\\n\": 1\nrules: {\"x\\u202ey\": {\"\\t\": 1}}\n",
        "rules:\r\n  é/b: offf # ü\r\n",
    ];
    let mut out = String::new();
    for text in texts {
        let _ = writeln!(out, "=== {text:?}\n{}", rendered(&problems(text)));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn what_needs_the_rules_is_worded_here() {
    let text = "rules:\n  image/rootuser: off\n  acme/quux: on\n  image/large:\n    params:\n      max_age_day: 1\n      zzz: 2\n      bases:\n        - a\n        - 5\n      labels: {a: [1]}\n      max_age_days:\n";
    let settings = settings(text);
    let spec = |name: &str, ty: &str, default: serde_json::Value| {
        let meta = json!({"type": ty, "default": default, "description": "d"});
        ParamSpec::new(name, &serde_json::from_value(meta).unwrap()).unwrap()
    };
    let declared = [
        spec("bases", "list<string>", json!([])),
        spec("labels", "map<string>", json!({})),
        spec("max_age_days", "integer", json!(1)),
    ];
    let mut told: Vec<Diagnostic> = settings.rules[..2]
        .iter()
        .map(|rule| unknown_rule(rule, &["image/root-user", "image/large"]))
        .collect();
    let rule = &settings.rules[2];
    for param in &rule.params {
        match declared.iter().find(|spec| spec.name == param.name.value) {
            Some(spec) => {
                let mismatch = spec.check(&param.value.value).unwrap_err();
                told.push(wrong_param(rule, param, &mismatch));
            }
            None => told.push(unknown_param(rule, param, &declared)),
        }
    }
    told.push(unknown_param(rule, &rule.params[0], &[]));
    insta::assert_snapshot!(rendered(&told));
}

#[test]
fn the_schema_is_published() {
    insta::assert_json_snapshot!(schema());
}

/// The schema's types and the reader know the same keys and words, and have the same defaults.
#[test]
fn the_schema_says_what_is_read() {
    let schema = schema();
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let mut known = read::KEYS.to_vec();
    known.sort_unstable();
    let mut properties = keys(&schema["properties"]);
    properties.sort_unstable();
    assert_eq!(properties, known);
    let mut known = read::RULE_KEYS.to_vec();
    known.sort_unstable();
    let mut properties = keys(&schema["definitions"]["RuleOptions"]["properties"]);
    properties.sort_unstable();
    assert_eq!(properties, known);

    let of = |name: &str| {
        let mut keys = keys(&schema["definitions"][name]["properties"]);
        keys.sort_unstable();
        keys
    };
    let sorted = |keys: &[&str]| {
        let mut keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        keys.sort_unstable();
        keys
    };
    assert_eq!(of("PluginOptions"), sorted(&plugins::PLUGIN_KEYS));
    assert_eq!(of("LimitOptions"), sorted(&plugins::LIMIT_KEYS));
    // The defaults that are published are those that are used.
    let limits = serde_json::to_value(LimitOptions::default()).unwrap();
    let text = json!({"plugins": [{"path": "a", "limits": limits}]}).to_string();
    let published = crate::evaluate::wasm::Limits::of(&settings(&text).plugins[0].limits);
    assert_eq!(published, crate::evaluate::wasm::Limits::default());

    let default = serde_json::to_value(Config::default()).unwrap();
    for (key, property) in schema["properties"].as_object().unwrap() {
        assert_eq!(property["default"], default[key], "{key}");
        assert!(property["description"].is_string(), "{key}");
    }
    let written = settings(&default.to_string());
    let unset = Settings::default();
    assert_eq!(written.extends(), unset.extends());
    assert_eq!(written.fail_on(), unset.fail_on());
    assert_eq!(written.fail_on_unknown(), unset.fail_on_unknown());
    assert_eq!(written.unknown_base(), unset.unknown_base());
    assert_eq!(written.profile(), unset.profile());

    for word in RuleWord::ALL {
        assert_eq!(serde_json::to_value(word).unwrap(), word.as_str());
        let severity =
            settings(&format!("rules: {{a/b: {}}}", word.as_str())).rules.remove(0).severity;
        assert_eq!(severity.map(|severity| severity.value), word.severity());
    }
    for word in Profile::ALL {
        assert_eq!(serde_json::to_value(word).unwrap(), word.as_str());
    }
    for word in UnknownBase::ALL {
        assert_eq!(serde_json::to_value(word).unwrap(), word.as_str());
    }
}

#[test]
fn hostile_files_are_bounded() {
    let keys = |count: usize, line: &dyn Fn(usize) -> String| {
        (0..count).fold(String::new(), |mut text, at| {
            text.push_str(&line(at));
            text
        })
    };
    let texts = [
        keys(90_000, &|at| format!("unknown-key-number-{at:06}: {at}\n")),
        format!("rules:\n{}", keys(60_000, &|at| format!("  area/rule-{at}: offf\n"))),
        format!("rules:\n{}", keys(300_000, &|at| format!("  area/rule-{at}: off\n"))),
        format!("policies:\n{}", "- ''\n".repeat(90_000)),
        format!("extends: {}", "[".repeat(10_000)),
        format!("profile: {}", "x".repeat(5 << 20)),
        format!("{}: 1", "x".repeat(900)),
        format!(
            "policies: &a [x]\nrules:\n  a/b:\n    params:\n{}",
            keys(60_000, &|at| format!("      p{at}: *a\n"))
        ),
    ];
    for text in texts {
        let start = Instant::now();
        let result = parse(&Source::new("plimsoll.yaml", text.as_str()));
        let head: String = text.chars().take(40).collect();
        assert!(start.elapsed() < Duration::from_secs(20), "{head}: {:?}", start.elapsed());
        if let Err(problems) = result {
            assert!(problems.len() <= 51, "{head}");
            assert!(rendered_size(&problems) < 50_000, "{head}");
        }
    }
    let many = problems(&keys(100, &|at| format!("unknown-key-{at}: 1\n")));
    assert_eq!(
        many.last().map(|last| last.message.as_str()),
        Some("50 more problems are not shown")
    );
}

fn rendered_size(problems: &[Diagnostic]) -> usize {
    let texts = |problem: &Diagnostic| {
        problem.message.len()
            + problem.help.as_deref().map_or(0, str::len)
            + problem.labels.iter().map(|label| label.text.len()).sum::<usize>()
    };
    problems.iter().map(texts).sum()
}

fn check_any(text: &str) {
    let source = Source::new("plimsoll.yaml", text);
    let inside = |place: &Place| {
        let text = place.source.text();
        assert!(text.get(place.span.range()).is_some(), "{:?} in {text:?}", place.span);
    };
    match parse(&source) {
        Ok(settings) => {
            settings.extends.iter().flatten().for_each(|name| inside(&name.place));
            settings.policies.iter().for_each(|name| inside(&name.place));
            for rule in &settings.rules {
                inside(&rule.id.place);
                for param in &rule.params {
                    inside(&param.name.place);
                    inside(&param.place_of(&[Step::Index(0), Step::Key("a".into())]));
                }
            }
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in &problems {
                problem.labels.iter().for_each(|label| inside(&label.place));
                assert!(!problem.message.ends_with('.'), "{}", problem.message);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        check_any(&text);
    }

    #[test]
    fn any_config_like_text_is_read_or_refused(
        parts in proptest::collection::vec(
            prop::sample::select(vec![
                "extends", "policies", "rules", "fail-on", "profile", "params", "severity", "a/b", "é", "high",
                "off", "true", "5", ".nan", "plugins", "path", "limits", "fuel", ": ", ":\n  ", ":\n    ", "\n", "\r\n", "- ", "[", "]", "{", "}", ", ",
                "&x ", "*x", "<<: ", "!t ", "''", "# ü\n",
            ]),
            0..30,
        )
    ) {
        check_any(&parts.concat());
    }
}
