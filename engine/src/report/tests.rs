//! What holds of every format, and snapshots of each.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::decide::decide;
use crate::diagnostic::Diagnostic;
use crate::finding::Related;
use crate::source::{Place, Source, Span};

const PLAIN: WriteOptions = WriteOptions { color: false, width: None, detail: Detail::Normal };

fn written(report: &Report, name: &str, options: WriteOptions) -> String {
    let mut out = Vec::new();
    report.write(format(name).unwrap(), &mut out, &options).unwrap();
    String::from_utf8(out).unwrap()
}

fn human(report: &Report) -> String {
    written(report, "human", PLAIN)
}

#[test]
fn names_are_unique_and_described() {
    for (at, row) in FORMATS.iter().enumerate() {
        assert!(!row.description.is_empty());
        assert_eq!(FORMATS.iter().position(|other| other.name == row.name), Some(at));
    }
    assert!(format("xml").is_none());
}

#[test]
fn human_snapshots() {
    let report = sample::report();
    insta::assert_snapshot!("human", human(&report));
    let options = WriteOptions { detail: Detail::Verbose, ..PLAIN };
    insta::assert_snapshot!("human_verbose", written(&report, "human", options));
    let options = WriteOptions { detail: Detail::Quiet, ..PLAIN };
    insta::assert_snapshot!("human_quiet", written(&report, "human", options));
}

#[test]
fn json_snapshots() {
    insta::assert_snapshot!("json", unversioned(&written(&sample::report(), "json", PLAIN)));
    let schema = serde_json::to_string_pretty(&json::schema()).unwrap();
    insta::assert_snapshot!("json_schema", schema);
}

#[test]
fn sarif_snapshot() {
    insta::assert_snapshot!("sarif", unversioned(&written(&sample::report(), "sarif", PLAIN)));
}

fn unversioned(text: &str) -> String {
    text.replace(&std::format!("ersion\": \"{}\"", crate::VERSION), "ersion\": \"[version]\"")
}

#[test]
fn no_format_shows_a_secret_or_a_dangerous_character() {
    let report = sample::report();
    for row in FORMATS {
        for detail in [Detail::Quiet, Detail::Normal, Detail::Verbose] {
            let text = written(&report, row.name, WriteOptions { detail, ..PLAIN });
            assert!(!text.contains("s3cr3t"), "{}: {text}", row.name);
            let shown = text.replace('\n', "");
            assert!(!shown.contains(escape::is_dangerous), "{}: {text}", row.name);
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"));
            assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
        }
    }
}

#[test]
fn colour_adds_escape_sequences_and_nothing_else() {
    let report = sample::report();
    for detail in [Detail::Quiet, Detail::Normal, Detail::Verbose] {
        let colored = written(&report, "human", WriteOptions { color: true, width: None, detail });
        assert!(colored.contains('\u{1b}'));
        let mut pieces = colored.split('\u{1b}');
        let mut plain = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (sequence, rest) = piece.split_once('m').unwrap();
            let codes = sequence.strip_prefix('[').unwrap();
            assert!(codes.chars().all(|c| c.is_ascii_digit() || c == ';'), "{codes}");
            plain.push_str(rest);
        }
        let trimmed: String = plain.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
        assert_eq!(trimmed, written(&report, "human", WriteOptions { detail, ..PLAIN }));
    }
}

#[test]
fn the_end_says_what_was_checked_and_what_it_means() {
    let mut report = sample::empty(Status::Clean);
    report.documents.push(DocumentRow { name: "Dockerfile".into(), kind: "dockerfile" });
    report.rules = sample::report().rules;
    assert_eq!(
        human(&report),
        "1 document, 5 rules: 0 critical, 0 high, 0 medium, 0 low; 0 unknown; 0 passed\n\
         clean: no findings\n"
    );
    let last = |report: &Report| human(report).lines().last().unwrap().to_owned();
    let findings = || vec![sample::finding_at(place("USER root", 5, 9), Vec::new())];

    report.fail_on = FailOn::AtLeast(Severity::Critical);
    report.decisions = decide(findings(), report.fail_on);
    assert_eq!(last(&report), "clean: 1 finding, none at or above critical");
    report.fail_on = FailOn::Never;
    report.decisions = decide(findings(), report.fail_on);
    assert_eq!(last(&report), "clean: 1 finding, and findings never fail this run");
    report.status = Status::Failed;
    report.fail_on = FailOn::AtLeast(Severity::Medium);
    report.decisions = decide(findings(), report.fail_on);
    assert_eq!(last(&report), "failed: 1 finding at or above medium");
    report.status = Status::Incomplete;
    let want = "incomplete: not everything could be judged; 1 finding at or above medium";
    assert_eq!(last(&report), want);
    report.decisions.clear();
    report.problems.push(Diagnostic::error("the policy has no rules"));
    let want = "incomplete: not everything could be judged, see the error above";
    assert_eq!(last(&report), want);
}

#[test]
fn unknown_verdicts_are_listed_up_to_a_bound() {
    let mut report = sample::report();
    let row = report.outcomes[0].clone();
    report.outcomes = vec![row; 25];
    let lines = |detail| {
        let text = written(&report, "human", WriteOptions { detail, ..PLAIN });
        text.lines().filter(|line| line.contains("is not resolved")).count()
    };
    assert_eq!(lines(Detail::Quiet), 0);
    assert_eq!(lines(Detail::Normal), 20);
    assert_eq!(lines(Detail::Verbose), 25);
    assert!(human(&report).contains("25 verdicts are unknown:\n"));
    assert!(human(&report).contains("\n  … and 5 more\n"));
}

#[test]
fn only_so_many_related_places_are_shown() {
    let source = Source::new("Dockerfile", "x\n".repeat(1000));
    let at = |line: usize| Place::new(&source, Span::new(2 * line, 2 * line + 1));
    for (related, want) in [(8, None), (9, Some("note: 1 more related place\n")), (500, None)] {
        let places = (1..=related).map(|n| Related { place: at(n), message: "here".to_owned() });
        let mut report = sample::empty(Status::Failed);
        report.decisions =
            decide(vec![sample::finding_at(at(0), places.collect())], report.fail_on);
        let text = human(&report);
        assert_eq!(text.matches("- here").count(), 8, "{text}");
        assert!(want.is_none_or(|want| text.contains(want)), "{text}");
        assert_eq!(text.contains("492 more related places\n"), related == 500, "{text}");
    }
}

#[test]
fn huge_input_gives_a_bounded_report() {
    let line = std::format!("ENV A={} B={}", "x".repeat(1 << 20), "\u{301}".repeat(1 << 20));
    let lines = "RUN x\n".repeat(200_000);
    for (text, spans) in [
        (&line, [(0, 3), (0, line.len()), (1 << 20, (1 << 20) + 5)]),
        (&line, [(line.len(), line.len()), (6, 1 << 20), (7, 3 << 20)]),
        (&lines, [(0, lines.len()), (6, lines.len() - 7), (600_000, 600_003)]),
    ] {
        let source = Source::new("Dockerfile", text.as_str());
        let findings = spans.map(|(start, end)| {
            let all = Place::new(&source, Span::new(0, text.len()));
            let related = Related { place: all, message: "all of it".to_owned() };
            sample::finding_at(Place::new(&source, Span::new(start, end)), vec![related])
        });
        let mut report = sample::empty(Status::Failed);
        report.decisions = decide(findings.into(), report.fail_on);
        let written = human(&report);
        assert!(written.len() < 3 * 3000, "{}", written.len());
        assert!(written.lines().all(|line| line.chars().count() < 300), "{written}");
    }
}

fn place(text: &str, start: usize, end: usize) -> Place {
    Place::new(&Source::new("Dockerfile", text), Span::new(start, end))
}

/// Text in which everything that is treated specially is likely.
fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z ]{0,8}",
        2 => Just("\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("\t".to_owned()),
        1 => Just("\u{1b}[31m\u{202e}\u{1}".to_owned()),
        1 => "\\PC{0,6}",
        1 => any::<char>().prop_map(String::from),
        1 => Just("x".repeat(300)),
        1 => Just("日".repeat(200)),
        1 => Just("\n".repeat(60)),
    ];
    proptest::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

fn hostile_report() -> impl Strategy<Value = Report> {
    let span = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>());
    let spans = proptest::collection::vec(span, 1..12);
    (hostile_text(), spans, hostile_text(), any::<bool>()).prop_map(
        |(text, spans, message, masked)| {
            let name = message.clone();
            let source = Source::new(name, text.as_str());
            let length = source.text().len();
            // Some spans reach past the end, and some cut characters.
            let mut places = spans.iter().map(|(a, b, near)| {
                let start = a.index(length + 2);
                let end = if *near { start + b.index(20) } else { b.index(length + 5) };
                Place::new(&source, Span::new(start, end))
            });
            let first = places.next().unwrap();
            let related = |place| Related { place, message: message.clone() };
            let mut report = sample::empty(Status::Failed);
            let mut problem = Diagnostic::error(message.as_str()).help(message.as_str());
            let rest: Vec<Place> = places.collect();
            for place in &rest {
                problem = problem.label(place.clone(), message.as_str());
            }
            if masked {
                report.masks.add(&first);
            }
            let rest = rest.into_iter().map(related).collect();
            let mut finding = sample::finding_at(first, rest);
            finding.message = message.clone();
            finding.subject.name = message.clone();
            report.decisions = decide(vec![finding], report.fail_on);
            report.problems.push(problem);
            report
        },
    )
}

proptest! {
    // Each case draws a dozen excerpts.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_and_any_place_can_be_written(report in hostile_report(), width in 0..400_usize) {
        for detail in [Detail::Quiet, Detail::Verbose] {
            let options = WriteOptions { width: Some(width), detail, color: false };
            let text = written(&report, "human", options);
            prop_assert!(!text.replace('\n', "").contains(escape::is_dangerous), "{text:?}");
            prop_assert!(text.len() < 400_000, "{}", text.len());
        }
        for row in FORMATS.iter().filter(|row| !row.for_people) {
            let text = written(&report, row.name, PLAIN);
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert!(value.is_object());
        }
    }

    #[test]
    fn a_place_is_named_as_its_source_counts(text in hostile_text(), start in 0..400_usize) {
        let source = Source::new("Dockerfile", text);
        let place = Place::new(&source, Span::new(start, start + 3));
        let want = std::format!(" --> Dockerfile:{}\n", place.start());
        let mut report = sample::empty(Status::Failed);
        report.decisions =
            decide(vec![sample::finding_at(place, Vec::new())], report.fail_on);
        let written = human(&report);
        prop_assert!(written.contains(&want), "{want} in {written}");
    }
}

#[test]
fn every_field_that_json_writes_is_in_the_schema_and_the_other_way_round() {
    let schema = json::schema();
    let value: serde_json::Value =
        serde_json::from_str(&written(&sample::report(), "json", PLAIN)).unwrap();
    check(&schema, &schema, &value, "");
}

/// Checks a value against the part of JSON Schema that our schema uses.
fn check(
    root: &serde_json::Value,
    schema: &serde_json::Value,
    value: &serde_json::Value,
    at: &str,
) {
    use serde_json::Value;
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.strip_prefix('#').unwrap()).unwrap();
        return check(root, target, value, at);
    }
    match value {
        Value::Object(fields) => {
            let properties = schema["properties"].as_object();
            for (name, field) in fields {
                let inner = properties.map_or(&schema["additionalProperties"], |p| &p[name]);
                assert!(inner.is_object(), "{at}/{name} is not described");
                let described = properties.is_none() || inner["description"].is_string();
                assert!(described, "{at}/{name} has no description");
                check(root, inner, field, &std::format!("{at}/{name}"));
            }
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(fields.contains_key(name.as_str().unwrap()), "{at}: {name} is missing");
            }
        }
        Value::Array(items) => {
            for item in items {
                check(root, &schema["items"], item, &std::format!("{at}/*"));
            }
        }
        Value::String(word) if schema["oneOf"].is_array() => {
            let words = schema["oneOf"].as_array().unwrap();
            assert!(words.iter().any(|w| w["const"] == **word), "{at}: {word}");
        }
        Value::String(_) => {
            let types = &schema["type"];
            let is_string = types == "string" || types.as_array().is_some_and(|t| t[0] == "string");
            assert!(is_string, "{at} is {types}");
        }
        Value::Number(_) => assert_eq!(schema["type"], "integer", "{at}"),
        other => panic!("{at} is {other}"),
    }
}

#[test]
fn sarif_says_what_the_specification_asks_for() {
    let report = sample::report();
    let log: serde_json::Value = serde_json::from_str(&written(&report, "sarif", PLAIN)).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let artifacts = run["artifacts"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), report.decisions.len());
    for (result, decision) in results.iter().zip(&report.decisions) {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(result["suppressions"], serde_json::json!([]));
        assert_eq!(result["kind"], "fail");
        let location = &result["locations"][0]["physicalLocation"];
        let artifact = location["artifactLocation"]["index"].as_u64().unwrap();
        let artifact = &artifacts[usize::try_from(artifact).unwrap()]["location"];
        assert_eq!(artifact["uri"], location["artifactLocation"]["uri"]);
        let (start, end) = (decision.finding.place.start(), decision.finding.place.end());
        let region = &location["region"];
        assert_eq!(
            (region["startLine"] == start.line, region["endLine"] == end.line),
            (true, true)
        );
        assert_eq!(region["startColumn"], start.column);
        assert_eq!(region["endColumn"], end.column);
        assert!(location["region"]["snippet"].is_null());
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(run["invocations"][0]["exitCode"], 2);
    let clean: serde_json::Value =
        serde_json::from_str(&written(&sample::empty(Status::Clean), "sarif", PLAIN)).unwrap();
    assert_eq!(clean["runs"][0]["results"], serde_json::json!([]), "an empty list, not none");
    assert_eq!(clean["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = sample::report();
    for row in FORMATS {
        assert_eq!(written(&report, row.name, PLAIN), written(&report.clone(), row.name, PLAIN));
    }
}

#[test]
fn a_writer_that_fails_fails_the_report() {
    let report = Arc::new(sample::report());
    for row in FORMATS {
        let mut full: &mut [u8] = &mut [0; 10];
        assert!(report.write(row, &mut full, &PLAIN).is_err(), "{}", row.name);
    }
}
