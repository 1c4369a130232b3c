use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value as Json;

use super::*;
use crate::diagnostic::Level;

fn read(text: &str) -> (Arc<Source>, Result<Parsed, Vec<Diagnostic>>) {
    let source = Source::new("test.json", text);
    let parsed = parse(&source, LIMITS);
    (source, parsed)
}

fn good(text: &str) -> Node {
    read(text).1.unwrap_or_else(|problems| panic!("{text:?}: {problems:?}")).node
}

/// Level, message, labels with what they point at, help.
fn render(problems: &[Diagnostic], out: &mut String) {
    for problem in problems {
        let _ = writeln!(out, "  {}: {}", problem.level.as_str(), problem.message);
        for label in &problem.labels {
            let at = label.place.span.start;
            let text = label.place.text().escape_debug();
            let _ = writeln!(out, "    at {at} «{text}» {}", label.text);
        }
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "    help: {help}");
        }
    }
}

#[test]
fn spans_cover_what_is_written() {
    let text = "{\n  \"a\\u0062\" : [1, \"é\", {\"x\": null}],\n  \"c\": {\n    \"d\": -1.5e3 },\n  \"e\": [],\"f\":true}";
    let (source, parsed) = read(text);
    let node = parsed.expect("valid").node;
    let slice = |span: Span| source.slice(span).to_owned();
    let at = |path: &[&str]| path.iter().fold(&node, |node, key| node.get(key).expect("there"));
    assert_eq!(slice(node.span), "{", "several lines");
    let Value::Map(entries) = &node.value else { panic!("a mapping") };
    let keys: Vec<(String, String)> =
        entries.iter().map(|(key, _)| (key.text.clone(), slice(key.span))).collect();
    assert_eq!(keys[0], ("ab".into(), "\"a\\u0062\"".into()));
    assert_eq!(keys[1], ("c".into(), "\"c\"".into()));
    assert_eq!(slice(at(&["ab"]).span), "[1, \"é\", {\"x\": null}]", "one short line");
    let Value::Seq(items) = &at(&["ab"]).value else { panic!("a list") };
    assert_eq!(slice(items[0].span), "1");
    assert_eq!(slice(items[1].span), "\"é\"");
    assert_eq!(items[1].value, Value::Str("é".into()));
    assert_eq!(slice(items[2].get("x").expect("there").span), "null");
    assert_eq!(slice(at(&["c"]).span), "{");
    assert_eq!(slice(at(&["c", "d"]).span), "-1.5e3");
    assert_eq!(slice(at(&["e"]).span), "[]");
    assert_eq!(slice(at(&["f"]).span), "true");
    let long = format!("[{}]", vec!["1"; SHORT].join(","));
    assert_eq!(good(&long).span, Span::new(0, 1));
}

#[test]
fn scalars() {
    let cases = [
        ("0", Value::Int(0)),
        ("-0", Value::Int(0)),
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("-9223372036854775808", Value::Int(i64::MIN)),
        ("18446744073709551615", Value::Float(18_446_744_073_709_551_615.0)),
        ("123456789012345678901234567890", Value::Float(1.234_567_890_123_456_8e29)),
        ("1.0", Value::Float(1.0)),
        ("1E+2", Value::Float(100.0)),
        ("1e-999", Value::Float(0.0)),
        (r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, Value::Str("\"\\/\u{8}\u{c}\n\r\té😀".into())),
        ("\"\u{7f}\u{2028}\"", Value::Str("\u{7f}\u{2028}".into())),
        (" \t\r\nnull ", Value::Null),
    ];
    for (text, expected) in cases {
        assert_eq!(good(text).value, expected, "{text}");
    }
}

#[test]
fn problems_name_their_places() {
    let mut out = String::new();
    let texts = [
        "",
        " \n",
        "{",
        "[1, 2",
        "{\"a\"",
        "{\"a\":",
        "{\"a\": 1",
        "{\"a\": \"x",
        "{\"a\": \"x\n\"}",
        "[1,]",
        "{\"a\": 1,\n}",
        "[,1]",
        "[1 2]",
        "{\"a\": 1 \"b\": 2}",
        "{\"a\" 1}",
        "{a: 1}",
        "{'a': 1}",
        "{1: 1}",
        "// x\n{}",
        "{} // x",
        "[1 # x\n]",
        "{\"a\": /* x */ 1}",
        "True",
        "[None]",
        "[NaN]",
        "[-Infinity]",
        "[word]",
        "[}",
        "[01]",
        "[-]",
        "[+1]",
        "[.5]",
        "[1.]",
        "[1e]",
        "[1e400]",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "{} {}",
        "{}}",
        "1 é",
        "\u{0}",
        "[\u{a0}]",
        "é",
        "\"\\é\"",
        "{\"a\": 1, \"b\": 2, \"a\": 3, \"a\": 4}",
    ];
    for text in texts {
        let _ = writeln!(out, "{text:?}");
        match read(text).1 {
            Ok(parsed) => render(&parsed.warnings, &mut out),
            Err(problems) => render(&problems, &mut out),
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn the_last_of_equal_keys_counts() {
    let text = r#"{"a": 1, "b": {"c": 1, "c": 2}, "a": 3, "d": 0, "a": 4}"#;
    let parsed = read(text).1.expect("valid");
    assert_eq!(json(&parsed.node).to_string(), r#"{"b":{"c":2},"d":0,"a":4}"#);
    assert_eq!(parsed.warnings.len(), 3);
    assert!(parsed.warnings.iter().all(|warning| warning.level == Level::Warning));
    let many = format!("{{{}\"x\":1}}", "\"x\":0,".repeat(10_000));
    let parsed = read(&many).1.expect("valid");
    assert_eq!(json(&parsed.node).to_string(), r#"{"x":1}"#);
    assert_eq!(parsed.warnings.len(), MAX_PROBLEMS);
}

#[test]
fn streams() {
    let cases: [(&str, usize, bool); 12] = [
        ("", 0, true),
        (" \n", 0, true),
        ("{}", 1, true),
        ("{}\n{}\n", 2, true),
        ("[1]{}[2]\"a\"\"b\" 1 2", 7, true),
        ("1 2\ttrue\nnull", 4, true),
        ("{},{}", 1, false),
        ("{}\n{", 1, false),
        ("[1]\n[2,]\n[3]", 1, false),
        ("12true", 0, false),
        ("true false x", 2, false),
        ("true[]", 0, false),
    ];
    for (text, count, fine) in cases {
        let stream = parse_stream(&Source::new("test.json", text), LIMITS);
        assert_eq!(stream.nodes.len(), count, "{text:?}");
        assert_eq!(stream.problems.is_empty(), fine, "{text:?}: {:?}", stream.problems);
    }
}

#[test]
fn limits() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    // What an unoptimised build takes, twice over.
    let work = move || {
        good(&nested(LIMITS.depth));
        let problems = read(&nested(LIMITS.depth + 1)).1.expect_err("too deep");
        assert!(problems[0].message.contains("more than 128 deep"), "{problems:?}");
        read(&"[".repeat(1_000_000)).1.expect_err("too deep");
        read(&"{\"a\":".repeat(1_000_000)).1.expect_err("too deep");
    };
    let thread = std::thread::Builder::new().stack_size(400 << 10).spawn(work);
    thread.expect("a thread").join().expect("the depth fits the stack");

    let source = Source::new("test.json", "[1, [2], 3]");
    assert!(parse(&source, Limits { depth: 2, nodes: 5 }).is_ok());
    let problems = parse(&source, Limits { depth: 2, nodes: 4 }).expect_err("too many");
    assert_eq!(problems[0].place().map(|place| place.text()), Some("3"));
    let source = Source::new("test.json", "[1] [2]");
    assert_eq!(parse_stream(&source, Limits { depth: 2, nodes: 3 }).nodes.len(), 1);
}

/// Megabytes of whatever could be quadratic.
#[test]
fn time_is_linear() {
    let keys: String = (0..100_000).map(|n| format!("\"{n}\":0,")).collect();
    let texts = [
        format!("{{{keys}\"x\":0}}"),
        format!("[{}1]", "1,".repeat(1_000_000)),
        format!("[1{}]", " ".repeat(4_000_000)),
        format!("[1,{}]", " ".repeat(4_000_000)),
        format!("\"{}\"", "\\n".repeat(2_000_000)),
        format!("\"{}", "x".repeat(4_000_000)),
        format!("-{}", "9".repeat(4_000_000)),
        format!("0.{}", "1".repeat(4_000_000)),
        format!("1e{}", "9".repeat(4_000_000)),
        "x".repeat(4_000_000),
        format!("[{}]", "{},".repeat(700_000)),
        format!("{{{}", "\"x\":0,".repeat(500_000)),
    ];
    for text in &texts {
        let start = Instant::now();
        let _ = read(text);
        let took = start.elapsed();
        // A hundred times what it takes.
        assert!(took < Duration::from_secs(20), "{took:?}: {}", text.get(..20).unwrap_or(text));
    }
}

fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Str(value) => value.clone().into(),
        Value::Seq(items) => items.iter().map(json).collect(),
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| (key.text.clone(), json(value))).collect()
        }
    }
}

/// Equal but for what numbers are kept in: integers beyond `i64` are floats here, `-0` is no float,
/// and `serde_json` may miss the last bit of a float.
fn same(ours: &Json, theirs: &Json) -> bool {
    match (ours, theirs) {
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            (a - b).abs() <= a.abs() * 1e-15
        }
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => ours == theirs,
    }
}

fn sound(source: &Source, node: &Node) {
    assert!(!node.span.is_empty() && source.text().get(node.span.range()).is_some());
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| sound(source, item)),
        Value::Map(entries) => entries.iter().for_each(|(key, value)| {
            assert_eq!(
                serde_json::from_str::<String>(source.slice(key.span)).ok().as_ref(),
                Some(&key.text)
            );
            sound(source, value);
        }),
        scalar => {
            let written: Json = serde_json::from_str(source.slice(node.span)).expect("a scalar");
            assert!(same(&json(node), &written), "{scalar:?} is written {written}");
        }
    }
}

fn values() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

/// Pieces that make JSON, and what people and machines get wrong.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"", "\\", "\\n", "\\u0041", "\\ud83d",
        "\\ude00", "\\u", "\\x", "1", "0", "-", "+", ".", "e", "E", "12", "true", "false", "null",
        "nul", " ", "\n", "\t", "\r", "\u{a0}", "é", "😀", "'", "//", "#", "\u{0}", "\u{1f}", "/*",
    ]);
    prop_oneof![
        prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat()),
        any::<String>(),
        // Valid text with one piece cut out or put in.
        (values(), any::<prop::sample::Index>(), any::<Option<char>>()).prop_map(
            |(value, at, c)| {
                let mut text: Vec<char> = value.to_string().chars().collect();
                let at = at.index(text.len().max(1));
                match c {
                    Some(c) => text.insert(at, c),
                    None => {
                        text.drain(at..(at + 1).min(text.len()));
                    }
                }
                text.into_iter().collect()
            }
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        cases: 2_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_printed_is_read(value in values()) {
        let pretty = serde_json::to_string_pretty(&value).expect("JSON");
        for text in [value.to_string(), pretty] {
            let (source, parsed) = read(&text);
            let node = parsed.expect("valid").node;
            prop_assert!(same(&json(&node), &value), "{} but {}", json(&node), value);
            sound(&source, &node);
        }
    }

    #[test]
    fn any_text_is_judged_as_by_serde_json(text in texts()) {
        // A byte order mark is dropped by the source.
        prop_assume!(!text.starts_with('\u{feff}'));
        let (source, ours) = read(&text);
        match (ours, serde_json::from_str::<Json>(&text)) {
            (Ok(ours), Ok(theirs)) => {
                prop_assert!(same(&json(&ours.node), &theirs), "{:?}", text);
                sound(&source, &ours.node);
            }
            (Err(problems), Err(_)) => {
                let last = problems.last().expect("a reason");
                prop_assert_eq!(last.level, Level::Error);
                for label in problems.iter().flat_map(|problem| &problem.labels) {
                    prop_assert!(text.get(label.place.span.range()).is_some());
                }
            }
            (ours, theirs) => prop_assert!(false, "{:?}: {:?} but {:?}", text, ours, theirs),
        }
    }
}
