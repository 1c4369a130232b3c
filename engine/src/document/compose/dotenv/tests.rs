use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use super::*;

fn environment(name: &str) -> Option<String> {
    match name {
        "A" => Some("2".into()),
        "FOO" => Some("envfoo".into()),
        _ => None,
    }
}

fn read(text: &str) -> Result<Vec<Pair>, Vec<Diagnostic>> {
    parse(&Source::new("a.env", text), &environment, Unset::Empty)
}

fn show(pairs: &[Pair]) -> String {
    let show = |pair: &Pair| match &pair.value {
        Some(value) => format!("{}={value}", pair.name),
        None => pair.name.clone(),
    };
    pairs.iter().map(show).collect::<Vec<_>>().join("|")
}

/// Each file as the oracle, Docker Compose 5.6.1, read it from an `env_file` with `A=2`.
#[test]
fn files_are_read_as_compose_does_it() {
    for (text, expected) in [
        ("A=1\nFOO", "A=1|=FOO"),
        ("FOO\nA=1", "FOO|A=1"),
        ("FOO=\nA=1", "FOO=|A=1"),
        ("FOO= #x", "FOO=#x"),
        ("FOO=a#b #c", "FOO=a#b"),
        ("A\tB=1", "A\tB=1"),
        ("1A=2", "1A=2"),
        ("export", "=export"),
        ("export A", "=A"),
        ("export\nA=1", "A=1"),
        ("=x", "=x"),
        (":x", "=x"),
        ("A=1\r\nB=\"x\r\ny\"\r\nC=$A\r\n", "A=1|B=x\r\ny|C=2"),
        ("A=\"x\"B=3", "A=x|B=3"),
        ("A=\"x\"  zz", "A=x|=zz"),
        ("A=$X-${X:-y}", "A=-y"),
        ("A=$$X", "A=$X"),
        ("A='$X\\'y'", "A=$X'y"),
        ("A=\"\\$X \\\\$X \\0101 \\08 \\0 \\c\"", "A=$X \\ A \\8 \\ \\c"),
        ("B=1\nC=$B\nD=$A", "B=1|C=1|D=2"),
        ("É=1", "É=1"),
        ("A[0]=x", "A[0]=x"),
        ("A-B=x", "A-B=x"),
        ("A:1", "A=1"),
        ("# c\n\n  #d\nA=1", "A=1"),
        ("\u{feff}A=1", "A=1"),
        ("A\n  B", "A|=B"),
        ("A = 1", "A=1"),
        ("A=\"x\\\"y\"", "A=x\"y"),
        ("A='x\\ny'", "A=x\\ny"),
        ("A=\"\\777 \\0777\"", "A=\\777 \\777"),
        ("A=\"\\a\\b\\f\\n\\r\\t\\v\"", "A=\u{7}\u{8}\u{c}\n\r\t\u{b}"),
        ("A=\u{1}", "A=\u{1}"),
        ("A=x\u{a0}", "A=x"),
        ("A=\"b\" c\nD=1", "A=b|c|D=1"),
        ("A=1\u{85}B=2", "A=1\u{85}B=2"),
        ("A:B=2", "A=B=2"),
    ] {
        let pairs = read(text).unwrap_or_else(|problems| panic!("{text:?}: {problems:?}"));
        assert_eq!(show(&pairs), expected, "{text:?}");
    }
}

#[test]
fn what_compose_refuses_is_told_at_its_place() {
    for (text, message, place) in [
        ("\nA B=1", "a variable's name contains a space", "A B"),
        ("A=1\nexport ", "no variable name after `export`", "export"),
        ("A=${X", "invalid interpolation format", "${X"),
        ("A=\"${X:-\"y\"}\"", "invalid interpolation format", "${X"),
        ("A=\"\\t${X:-\"", "invalid interpolation format", "\"\\t${X:-\""),
        ("A\0=1", "unexpected character `\\0` in a variable's name", "\0"),
        ("A=\"x\\zy\\\"\nB", "unterminated quoted value", "\"x\\zy\\\""),
        ("A=\"${B?msg}\"", "required variable B is missing a value: msg", "${B?msg}"),
    ] {
        let problems = read(text).expect_err(text);
        let place = problems[0].place().map(Place::text) == Some(place);
        assert!(problems.len() == 1 && problems[0].message == message && place, "{problems:?}");
    }
}

#[test]
fn values_have_places_and_what_is_unknown_is_said() {
    let source = Source::new(".env", "B = 'x' \nC=\"a$B$X\" # d\nD=${C:-d}\nE");
    let pairs = parse(&source, &environment, Unset::Unknown).expect("pairs");
    let places: Vec<_> =
        pairs.iter().map(|pair| (pair.name_place.text(), pair.place.text())).collect();
    assert_eq!(places, [("B", "'x'"), ("C", "\"a$B$X\""), ("D", "${C:-d}"), ("", "E")]);
    let missing = |index: usize| pairs[index].substitution.as_ref().map(|s| s.missing.join(" "));
    assert_eq!(missing(0), None);
    assert_eq!(missing(1).as_deref(), Some("X"));
    assert_eq!(missing(2).as_deref(), Some("C"));
    assert_eq!(pairs[1].value.as_deref(), Some("a$B$X"));
    assert!(pairs[2].is_unknown() && !pairs[0].is_unknown());
}

#[test]
fn raw_files_are_taken_as_they_are() {
    let source = Source::new("a.env", "A='$x' # y \r\n  # c\n\n \tB\nC==\n");
    let pairs = parse_raw(&source).expect("pairs");
    assert_eq!(show(&pairs), "A='$x' # y |B|C==");
    assert_eq!(pairs[0].place.text(), "'$x' # y ");
    assert_eq!(pairs[1].place.text(), "B");
    for text in ["=x", "A B=1", "A =1"] {
        assert!(parse_raw(&Source::new("a.env", text)).is_err(), "{text}");
    }
}

#[test]
fn values_that_grow_without_end_are_refused() {
    let lines = (1..40).map(|n| format!("A{n}=$A{}$A{}\n", n - 1, n - 1));
    let text: String = std::iter::once("A0=xxxxxxxx\n".to_owned()).chain(lines).collect();
    let problems = read(&text).expect_err("too much");
    assert_eq!(problems[0].message, "variables expand to too much text");
    let source = Source::new(".env", "A\n".repeat(MAX_PAIRS + 1));
    for read in [parse(&source, &environment, Unset::Unknown), parse_raw(&source)] {
        assert_eq!(read.expect_err("too many")[0].message, "too many variables in a file");
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2048,
        rng_seed: RngSeed::Fixed(0x5eed),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

const PIECES: &[&str] = &[
    "A", "B", "=", ":", "\n", "\r\n", " ", "\t", "#", "export ", "\"", "'", "\\", "$", "${", "}",
    "${A:-", "é", "\u{85}", "\u{2028}", "\\0", "1", "7", "\0",
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_is_read_or_refused(text in vec(select(PIECES), 0..32).prop_map(|p| p.concat())) {
        let source = Source::new("a.env", text.as_str());
        for result in [parse(&source, &environment, Unset::Unknown), parse_raw(&source)] {
            let places: Vec<Place> = match result {
                Ok(pairs) => pairs.into_iter().flat_map(|p| [p.name_place, p.place]).collect(),
                Err(problems) => problems.iter().filter_map(|p| p.place().cloned()).collect(),
            };
            for place in places {
                prop_assert!(text.get(place.span.range()).is_some(), "{:?}", place);
            }
        }
    }

    #[test]
    fn quoted_values_come_back(value in "[a$\"'\\\\\n\t #={}é-]{0,16}") {
        let escaped: String = value.chars().flat_map(|ch| match ch {
            '"' | '\\' | '$' => vec!['\\', ch],
            ch => vec![ch],
        }).collect();
        let pairs = read(&format!("X=\"{escaped}\" # a\nY=1\n"));
        let pairs = pairs.unwrap_or_else(|problems| panic!("{problems:?}"));
        prop_assert_eq!(pairs[0].value.as_deref(), Some(value.as_str()));
        prop_assert_eq!(pairs.len(), 2);
    }
}
