use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use super::template::{MAX_DEPTH, substitute};
use super::*;
use crate::source::Source;
use crate::yaml;

fn table(name: &str) -> Lookup<'static> {
    match name {
        "S" => Lookup::Set(Cow::Borrowed("s")),
        "E" => Lookup::Set(Cow::Borrowed("")),
        "U" => Lookup::Unknown,
        _ => Lookup::Unset,
    }
}

fn run(text: &str, unset: Unset) -> Result<Substituted, TemplateError> {
    substitute(text, &table, unset, &mut (1 << 20))
}

/// Each text as the oracle, Docker Compose 5.6.1, gave it with `S=s` and an empty `E`.
#[test]
fn texts_are_substituted_as_compose_does_it() {
    for (text, expected) in [
        ("${S:-${}", "s"),
        ("${S?${}", "s"),
        ("${A:+x}", ""),
        ("${A+x}", ""),
        ("${S:+$S}", "s"),
        ("$\u{17f}", ""),
        ("${\u{212a}}", ""),
        ("$é", "$é"),
        ("$1", "$1"),
        ("$", "$"),
        ("$}", "$}"),
        ("${S:-}", "s"),
        ("${A:-{}}", "{}"),
        ("${A:-{{x}}}", "{{x}}"),
        ("${A:-{}", "{"),
        ("${A:-x}\n${S}", "x\ns"),
        ("$$$S", "$s"),
        ("$$${S}", "$s"),
        ("${A:-${S}-${B:-q}} t $S", "s-q t s"),
        ("${E?e}", ""),
        ("${E-d}", ""),
        ("${E:-d}", "d"),
        ("${E+d}", "d"),
        ("${E:+d}", ""),
        ("${A:-$$}", "$"),
        ("${A:-}}", "}"),
        ("${A:-x}}", "x}"),
        ("${S:-\"}\"}", "s\"}"),
    ] {
        assert_eq!(run(text, Unset::Empty).map(|found| found.text), Ok(expected.into()), "{text}");
    }
}

#[test]
fn texts_that_compose_refuses_are_refused_at_their_place() {
    for (text, expected) in [
        ("${A:-x\ny}", "${A"),
        ("a ${", "${"),
        ("a${S", "${S"),
        ("${S:}", "${S"),
        ("${S:x}", "${S"),
        ("${A:-{x} ${B}", "${B"),
        ("${A:-x} ${S", "${S"),
        ("${a.b}", "${a"),
        ("${A=x}", "${A"),
        ("x ${A:-y${B:-z ${} }", "${"),
    ] {
        let error = run(text, Unset::Unknown).expect_err(text);
        assert_eq!(error.fault, Fault::Invalid, "{text}");
        assert_eq!(&text[error.range], expected, "{text}");
    }
    for (text, reason) in [("${A?}", ""), ("${A:?no $S}", "no s"), ("${E:?e}", "e")] {
        let error = run(text, Unset::Empty).expect_err(text);
        let variable = text[2..3].to_owned();
        assert_eq!(error.fault, Fault::Required { variable, reason: reason.into() }, "{text}");
        assert_eq!(&text[error.range], text);
    }
    assert!(run("${E:?e}", Unset::Unknown).is_err(), "a value that is known to be wrong");
}

#[test]
fn what_is_not_known_is_named() {
    for (text, variables, missing) in [
        ("a", "", ""),
        ("$$S", "", ""),
        ("$S$S${A}$S", "S A", "A"),
        ("${A?x}${U?x}", "A U", "A U"),
        ("${S:-$B}", "S", ""),
        ("${A:-$B}", "A B", "B"),
        ("${A+$B}", "A", ""),
        ("${U:-x}${U+x}", "U", "U"),
    ] {
        let found = run(text, Unset::Unknown).expect(text);
        let join = |names: indexmap::IndexSet<String>| Vec::from_iter(names).join(" ");
        assert_eq!(join(found.variables), variables, "{text}");
        assert_eq!(join(found.missing), missing, "{text}");
    }
}

#[test]
fn hostile_texts_end_soon() {
    let deep = |depth: usize| "${A:-".repeat(depth) + &"}".repeat(depth);
    assert_eq!(run(&deep(MAX_DEPTH), Unset::Empty).map(|found| found.text), Ok(String::new()));
    let error = run(&deep(100_000), Unset::Empty).expect_err("deep");
    assert_eq!(error.fault, Fault::Depth);
    assert_eq!(variables(&deep(100_000)).len(), MAX_DEPTH + 1);

    // Quadratic in the reference implementation.
    let wide = "${A:-x}".repeat(100_000);
    assert_eq!(run(&wide, Unset::Empty).map(|found| found.text), Ok("x".repeat(100_000)));
    let open = "${A:-".repeat(100_000);
    assert_eq!(run(&open, Unset::Empty).expect_err("open").fault, Fault::Invalid);

    let many: String = (0..20_000).map(|n| format!("$V{n}")).collect();
    assert_eq!(run(&many, Unset::Empty).expect_err("many").fault, Fault::Length);

    let lookup = |_: &str| Lookup::Set(Cow::Owned("v".repeat(1000)));
    let mut budget = 10_000;
    let error = substitute(&"$A".repeat(11), &lookup, Unset::Empty, &mut budget);
    assert_eq!(error.expect_err("long").fault, Fault::Length);
}

fn tree(text: &str, unset: Unset) -> (Node, Vec<String>) {
    let source = Source::new("compose.yaml", text);
    let node = yaml::parse(&source, yaml::Limits::default()).expect("YAML");
    let mut node = Node::from_yaml(&source, node);
    let mut variables = Variables::default();
    variables.unset = unset;
    variables.set("N", "8080");
    variables.set("YES", "yes");
    variables.set_unknown("U");
    let mut problems = Vec::new();
    interpolate(&mut node, &variables, &mut problems);
    let tell = |problem: &Diagnostic| {
        let place = problem.place().expect("a place");
        format!("{:?} {} `{}`", problem.level, problem.message, place.text())
    };
    (node, problems.iter().map(tell).collect())
}

fn at<'n>(node: &'n Node, path: &str) -> &'n Node {
    path.split('/').fold(node, |node, key| match key.parse::<usize>() {
        Ok(index) => &node.items()[index],
        Err(_) => node.get(key).unwrap_or_else(|| panic!("no {key} in {path}")),
    })
}

#[test]
fn values_become_what_they_must_be() {
    let text = "\
services:
  $N:
    image: 'a:$N'
    privileged: ${YES}
    read_only: ${A:-true}
    tty: ${A}
    cpus: '1.5'
    x-$N: [$N, '5']
    ports:
      - target: ${N}
        published: ${N}
      - $N:$N
    ulimits: {nofile: '10', core: {soft: '${N}', hard: -1}}
";
    let (root, problems) = tree(text, Unset::Unknown);
    assert_eq!(problems, ["Warning not a boolean of YAML 1.2 `${YES}`"]);
    let service = at(&root, "services/$N");
    for (path, expected) in [
        ("image", Value::Str("a:8080".into())),
        ("privileged", Value::Bool(true)),
        ("read_only", Value::Bool(true)),
        ("cpus", Value::Float(1.5)),
        ("x-$N/0", Value::Str("8080".into())),
        ("x-$N/1", Value::Str("5".into())),
        ("ports/0/target", Value::Int(8080)),
        ("ports/0/published", Value::Str("8080".into())),
        ("ports/1", Value::Str("8080:8080".into())),
        ("ulimits/nofile", Value::Int(10)),
        ("ulimits/core/soft", Value::Int(8080)),
        ("ulimits/core/hard", Value::Int(-1)),
    ] {
        assert_eq!(at(service, path).value, expected, "{path}");
    }
    let tty = at(service, "tty");
    assert_eq!(tty.value, Value::Str("${A}".into()));
    assert!(tty.is_unknown());
    let image = at(service, "image").substitution.as_deref().expect("a substitution");
    assert_eq!((image.raw.as_str(), image.variables.as_slice()), ("a:$N", &["N".to_owned()][..]));
    assert!(at(service, "cpus").substitution.is_none());

    let text = "\
jobs: {j: {tty: 'true', scale: '1'}}
services: {s: {scale: '1', pre_start: [{init: 'true', tty: 'true'}], post_start: [{init: 'true'}]}}
";
    let (root, _) = tree(text, Unset::Unknown);
    for (path, expected) in [
        ("jobs/j/tty", Value::Bool(true)),
        ("jobs/j/scale", Value::Str("1".into())),
        ("services/s/scale", Value::Int(1)),
        ("services/s/pre_start/0/init", Value::Bool(true)),
        ("services/s/pre_start/0/tty", Value::Str("true".into())),
        ("services/s/post_start/0/init", Value::Str("true".into())),
    ] {
        assert_eq!(at(&root, path).value, expected, "{path}");
    }

    let (root, problems) = tree("services: {a: {image: 'b$A', labels: [$A]}}", Unset::Empty);
    assert_eq!(
        problems,
        ["Warning the variable `A` is not set, and stands for an empty text `'b$A'`"]
    );
    let image = at(&root, "services/a/image");
    assert_eq!(image.text(), Some("b"));
    assert!(!image.is_unknown());
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    let text = "\
services:
  a:
    image: \"a${\"
    privileged: '1'
    scale: 99999999999999999999
    pids_limit: '99999999999999999999'
    cpus: '1e999'
    command: ${A?b}
    labels:
      a: ${U}
";
    let (_, problems) = tree(text, Unset::Empty);
    assert_eq!(
        problems,
        [
            "Error invalid interpolation format `${`",
            "Error this must be `true` or `false` `'1'`",
            "Error this must be an integer `'99999999999999999999'`",
            "Error this must be a number within range `'1e999'`",
            "Error required variable A is missing a value: b `${A?b}`",
            "Warning the variable `U` is not set, and stands for an empty text `${U}`",
        ]
    );
    let text = format!("a: [{}]", "'${', ".repeat(1000));
    assert_eq!(tree(&text, Unset::Empty).1.len(), MAX_PROBLEMS + 1);
}

const PIECES: &[&str] = &[
    "$", "$$", "$S", "${", "${S", "${E", "${A", "${U", "}", "{", ":-", "-", ":+", "+", ":?", "?",
    "\n", "a", "é", "\u{17f}", "0", "_", " ", "${A:-", "${S:+",
];

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2048,
        rng_seed: RngSeed::Fixed(0x5eed),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_is_substituted_or_refused(text in vec(select(PIECES), 0..24).prop_map(|p| p.concat())) {
        match run(&text, Unset::Unknown) {
            Ok(found) => {
                prop_assert!(found.missing.iter().all(|name| found.variables.contains(name)));
                prop_assert!(!found.missing.contains("S") && !found.missing.contains("E"));
                // What Compose would say differs at most in what is required.
                match run(&text, Unset::Empty) {
                    Ok(other) => prop_assert_eq!(&other.text, &found.text),
                    Err(error) => prop_assert!(!found.missing.is_empty(), "{:?}", error),
                }
            }
            Err(error) => {
                prop_assert!(text.get(error.range.clone()).is_some(), "{:?}", error);
                prop_assert_eq!(run(&text, Unset::Empty).is_err(), true);
            }
        }
        let named: Vec<_> = variables(&text).into_iter().map(|variable| variable.name).collect();
        if let Ok(found) = run(&text, Unset::Unknown) {
            prop_assert!(found.variables.iter().all(|name| named.contains(name)));
        }
    }

    #[test]
    fn what_is_escaped_comes_back(text in "[${}a:?\n-]{0,16}") {
        let found = run(&text.replace('$', "$$"), Unset::Empty);
        prop_assert_eq!(found, Ok(Substituted { text, ..Substituted::default() }));
    }

    #[test]
    fn tokens_cover_the_text(text in vec(select(PIECES), 0..24).prop_map(|p| p.concat())) {
        let mut rest = text.as_str();
        for token in template::Tokens::new(&text) {
            let (part, length) = match token {
                template::Token::Text(part) => (part, part.len()),
                template::Token::Reference(_, range) | template::Token::Invalid(range) => {
                    (&text[range.clone()], range.len())
                }
            };
            // The first dollar of an escaped one is in no token.
            let skipped = usize::from(rest.starts_with("$$"));
            prop_assert!(rest[skipped..].starts_with(part));
            rest = &rest[skipped + length..];
        }
        prop_assert_eq!(rest, "");
    }
}
