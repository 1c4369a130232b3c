use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> (Arc<Source>, Result<Node, Vec<Diagnostic>>) {
    let source = Source::new("test.yaml", text);
    let node = parse(&source, Limits::default());
    (source, node)
}

fn good(text: &str) -> (Arc<Source>, Node) {
    let (source, node) = read(text);
    (source, node.unwrap_or_else(|problems| panic!("{text:?}: {problems:?}")))
}

fn first_error(text: &str) -> Diagnostic {
    read(text).1.expect_err(text).remove(0)
}

/// One line a node: what it is, and in guillemets the text at its span.
fn dump(source: &Source, node: &Node, depth: usize, out: &mut String) {
    let value = match &node.value {
        Value::Seq(_) | Value::Map(_) => node.value.kind().to_owned(),
        scalar => format!("{scalar:?}"),
    };
    let _ = write!(out, " {value} at {} «{}»", node.span.start, show(source, node.span));
    if let Some(alias) = node.used_at {
        let _ = write!(out, " by «{}» at {}", show(source, alias), alias.start);
    }
    if let Some(tag) = &node.tag {
        let _ = write!(out, " tag {tag}");
    }
    out.push('\n');
    let pad = "  ".repeat(depth + 1);
    match &node.value {
        Value::Seq(items) => {
            for item in items {
                let _ = write!(out, "{pad}-");
                dump(source, item, depth + 1, out);
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                let text = show(source, key.span);
                let _ = write!(out, "{pad}{:?} at {} «{text}»:", key.text, key.span.start);
                dump(source, value, depth + 1, out);
            }
        }
        _ => {}
    }
}

fn show(source: &Source, span: Span) -> String {
    source.slice(span).escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
}

fn render(problems: &[Diagnostic], out: &mut String) {
    for problem in problems {
        let _ = writeln!(out, " error: {}", problem.message);
        for label in &problem.labels {
            let text = show(&label.place.source, label.place.span);
            let _ = writeln!(out, "   {} «{text}» {}", label.place.start(), label.text);
        }
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "   help: {help}");
        }
    }
}

fn dump_all(texts: &[&str]) -> String {
    let mut out = String::new();
    for text in texts {
        let _ = writeln!(out, "=== {text:?}");
        match read(text) {
            (source, Ok(node)) => dump(&source, &node, 0, &mut out),
            (_, Err(problems)) => render(&problems, &mut out),
        }
    }
    out
}

#[test]
fn spans_cover_what_is_written() {
    insta::assert_snapshot!(dump_all(&[
        "a: 1\nb: é \nc: \"é\\n\"\nd: 'it''s'\ne: é one\n  two # no\nf: 2\n",
        "é: \u{1f6a2}\r\nb: é x\r\n  y\r\nc: |\r\n  é1\r\n  2\r\n\r\nd: z\r\n",
        "a: |\n  é\n\n   x\n\nb: >-\n  q\nc: |+\n  r\n\n\nd: |\ne: >\n\n\n  s\nf: |2\n    t",
        "a: [1, é , {x: y, z}, [], {}, [b: c], p: q , # end ] }\n]\nb: {x: , y: [d]\n}\n",
        "- a\n- - é\n  - b\n- k: v\n  l:\n  - m\n-\n  - n\n- \n",
        "\"a b\": {c: d}\n'e':\n  \"f g\": h\n? i\n: j\n? |\n  k\n: l\n80: m\ntrue: n\n~: o\n",
        "a: &x é\nb: *x\nc: [*x, *x ]\n*x : d\ne: &y\n  f: &z [1]\ng: *y\n",
        "a: !reset é\nb: !!str 12\nc: !x\nd: !reset [a]\ne: !reset\n  f: g\nh: &i !j k\nl: !!binary aGk=\n",
        "a:\n- - 1\n  -\nb:\n- -1\nc:\n-\n  é\nd:\n- &x é\ne:\n- \n",
        "a: |+\n\n\nb: >-2 # é\nc: |-\n",
        "a:\nb: ~\nc: null # x\nd: \n",
        "%YAML 1.2\n---\na: 1\n...\n",
        "",
        "\n# only a comment\n",
        "---\n",
        "\u{feff}\u{feff}é: é\n",
        "just text",
        "a: 1\rb: é\rc: 2",
        "\u{85}a: \u{2028}é\n",
    ]));
}

#[test]
fn merge_keys_add_what_is_missing() {
    insta::assert_snapshot!(dump_all(&[
        "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  c: 5\nw: {<<: {d: 6}, <<x: 7}\n",
        "x: &x\n  <<: &w {a: 1}\n  b: 2\ny:\n  <<: *x\n",
        "\"<<\": {a: 1}\n",
        "<<: 5\na: {<<: [{a: 1}, 4]}\nb:\n  <<:\n",
        "x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x\n",
    ]));
}

#[test]
fn problems_name_their_places() {
    insta::assert_snapshot!(dump_all(&[
        "a: 1\nb: 2\n\"a\": 3\na: 4\nb: {c: 1, c: 2}\n1: x\n'1': y\n",
        "a: &a {x: 1, x: 2}\nb: *a\nc: {<<: {y: 1, y: 2}}\n",
        "k: &k v\n*k : 1\nv: 2\n",
        "[a]: 1\n? {b: c}\n: 2\n",
        "a\n---\nb\n",
        "---\n---\n",
        "é: b: c",
        "a:\n\t- b",
        "é: [",
        "é: *x",
        "<<: *q\n",
        "- &a [*a]",
        "é: @x",
        "a: 'é",
        "- a\né",
        "a: !!int x\nb: !!bool é",
        "é: \u{1}",
        "a: 1\n\0b: hidden",
        "a: \u{feff}b",
    ]));
}

#[test]
fn scalars_resolve_as_compose_resolves_them() {
    use Value::{Bool, Float, Int, Null};
    let string = |text: &str| Value::Str(text.to_owned());
    let cases = [
        ("yes", string("yes")),
        ("on", string("on")),
        ("off", string("off")),
        ("NO", string("NO")),
        ("true", Bool(true)),
        ("False", Bool(false)),
        ("TRUE", Bool(true)),
        ("'true'", string("true")),
        ("null", Null),
        ("~", Null),
        ("''", string("")),
        ("0", Int(0)),
        ("-7", Int(-7)),
        ("+5", Int(5)),
        ("0644", Int(0o644)),
        ("0o17", Int(15)),
        ("0x1f", Int(31)),
        ("0b11", Int(3)),
        ("08", Float(8.0)),
        ("1_000", Int(1000)),
        ("1.5", Float(1.5)),
        ("1e3", Float(1000.0)),
        ("9223372036854775807", Int(i64::MAX)),
        ("9223372036854775808", Float(9_223_372_036_854_775_808.0)),
        ("-9223372036854775808", Int(i64::MIN)),
        (".inf", Float(f64::INFINITY)),
        ("1e999", Float(f64::INFINITY)),
        ("22:22", string("22:22")),
        ("1.2.3", string("1.2.3")),
        ("2020-01-01", string("2020-01-01")),
        ("10m", string("10m")),
        ("${X:-y}", string("${X:-y}")),
        ("!!str 12", string("12")),
        ("!!float 1", Float(1.0)),
    ];
    for (text, expected) in cases {
        assert_eq!(good(&format!("- {text}")).1.value, Value::Seq(vec![scalar(&expected, text)]));
    }
    assert!(matches!(good(".nan").1.value, Float(value) if value.is_nan()));
}

fn scalar(value: &Value, text: &str) -> Node {
    let tag = text.strip_prefix("!!").and_then(|rest| rest.split(' ').next());
    let tag = tag.map(|tag| format!("tag:yaml.org,2002:{tag}"));
    Node { value: value.clone(), span: Span::default(), used_at: None, tag }
}

#[test]
fn nesting_is_bounded_and_fits_the_stack() {
    let flow = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let block = |depth: usize| {
        (0..depth).fold(String::new(), |mut text, at| {
            let _ = writeln!(text, "{}a:", " ".repeat(at));
            text
        })
    };
    let run = move || {
        assert!(read(&flow(Limits::DEPTH)).1.is_ok());
        assert!(read(&block(Limits::DEPTH)).1.is_ok());
        for text in [flow(Limits::DEPTH + 1), block(Limits::DEPTH + 1), block(1_000)] {
            let message = first_error(&text).message;
            assert_eq!(message, "lists and mappings are nested more than 64 deep");
        }
        for text in ["[".repeat(10_000), "{a: ".repeat(10_000), "- ".repeat(10_000), flow(10_000)] {
            let error = first_error(&text);
            assert!(error.place().is_some(), "{error:?}");
        }
    };
    // A main thread's stack is enough even unoptimised; optimised, 512 KiB are.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(run).unwrap();
    thread.join().unwrap();
}

#[test]
fn bombs_are_stopped_quickly() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    let mut merges = String::from("a0: &a0 {k0: x}\n");
    for at in 1..20 {
        let alias = format!("*a{}", at - 1);
        let aliases = [alias.as_str(); 10].join(", ");
        let _ = writeln!(laughs, "a{at}: &a{at} [{aliases}]");
        let _ = writeln!(merges, "a{at}: &a{at} {{<<: [{aliases}], k{at}: x}}");
    }
    let blanks = format!("a: &a [x,{}]\nb:\n{}", " ".repeat(1 << 20), "- *a\n".repeat(90_000));
    let big = [
        ("laughs", laughs),
        ("merges", merges),
        ("keys", (0..400_000).fold(String::new(), |text, at| text + &format!("key{at}: 1\n"))),
        ("twice", "k: 1\n".repeat(90_000)),
        ("blanks", blanks),
        ("scalar", format!("a: |\n  {}", "x".repeat(5 << 20))),
        ("spaces", format!("a:{}b", " ".repeat(5 << 20))),
        ("comments", "#\n".repeat(2 << 20)),
        ("anchors", (0..60_000).fold(String::new(), |text, at| text + &format!("- &a{at} x\n"))),
        ("quotes", "- \"\\u00e9\"\n".repeat(90_000)),
        ("documents", "---\n".repeat(1 << 20)),
        ("tags", "- !x y\n".repeat(90_000)),
        ("brackets", "[],".repeat(1 << 20)),
        ("questions", "? ".repeat(1 << 20)),
    ];
    for (name, text) in big {
        let start = Instant::now();
        let (_, result) = read(&text);
        let took = start.elapsed();
        // Optimised they all take less than half a second; this is for a busy machine.
        assert!(took < Duration::from_secs(20), "{name} took {took:?}");
        if let Err(problems) = result {
            assert!(problems.len() <= MAX_PROBLEMS, "{name}");
            assert!(problems.iter().all(|problem| problem.message.len() < 300), "{name}");
        }
    }
    assert!(first_error(&"k: 1\n".repeat(9)).labels.len() == 2);
}

#[test]
fn what_aliases_repeat_is_counted() {
    let text =
        "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\nb: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n";
    let source = Source::new("test.yaml", text);
    assert!(parse(&source, Limits { depth: 8, nodes: 130 }).is_ok());
    let problems = parse(&source, Limits { depth: 8, nodes: 100 }).unwrap_err();
    assert_eq!(problems[0].message, "the document is too large: it holds more than 100 values");
}

#[test]
fn many_aliases_of_one_anchor_are_good_style() {
    let services = (0..300)
        .fold(String::from("x: &x {a: 1}\n"), |text, at| text + &format!("s{at}:\n  <<: *x\n"));
    let (_, node) = good(&services);
    assert_eq!(node.get("s299").and_then(|s| s.get("a")).map(|a| &a.value), Some(&Value::Int(1)));
}

/// Every span lies in the text, on character boundaries; only nothing has no width.
fn check_spans(source: &Source, node: &Node) {
    let check = |span: Span| {
        assert!(source.text().get(span.range()).is_some(), "{span:?} in {:?}", source.text());
    };
    check(node.span);
    node.used_at.into_iter().for_each(check);
    let blank = matches!(&node.value, Value::Null)
        || matches!(&node.value, Value::Str(text) if text.trim().is_empty())
        || matches!(&node.value, Value::Map(entries) if entries.iter().any(|(key, _)| key.text.is_empty()));
    assert!(blank || !node.span.is_empty(), "{node:?} in {:?}", source.text());
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| check_spans(source, item)),
        Value::Map(entries) => entries.iter().for_each(|(key, value)| {
            check(key.span);
            check_spans(source, value);
        }),
        _ => {}
    }
}

fn check_any(text: &str) {
    match read(text) {
        (source, Ok(node)) => check_spans(&source, &node),
        (source, Err(problems)) => {
            assert!(!problems.is_empty());
            for label in problems.iter().flat_map(|problem| &problem.labels) {
                let span = label.place.span;
                assert!(source.text().get(span.range()).is_some(), "{span:?} in {text:?}");
            }
        }
    }
}

#[test]
fn a_comment_is_no_block_scalar() {
    check_any("#|+\n: !t ");
    check_any("a: 1 #>\n: x");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        check_any(&text);
    }

    #[test]
    fn any_yaml_like_text_is_read_or_refused(
        parts in proptest::collection::vec(
            prop::sample::select(vec![
                "a", "é", "\u{1f6a2}", ": ", ":", "- ", "? ", "\n", "\n  ", "\n    ", "\r\n", "\r", "\t", " ",
                "[", "]", "{", "}", ", ", "&x ", "*x", "*x ", "<<: ", "!t ", "!!str ", "|", ">-", "|+\n",
                "\"", "'", "\\", "#", " # é", "---\n", "...", "%YAML 1.2\n", "1", "~", "\u{feff}", "\0", "\u{85}",
            ]),
            0..40,
        )
    ) {
        check_any(&parts.concat());
    }
}
