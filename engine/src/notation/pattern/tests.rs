use proptest::prelude::*;

use super::*;

fn excludes(file: &str, path: &str) -> bool {
    let (patterns, errors) = Patterns::parse(file);
    assert_eq!(errors, [], "{file}");
    patterns.excludes(path)
}

#[test]
fn a_file_is_read_line_by_line() {
    let text = "\u{feff}# comment\n\n  # no comment \r\n/docs/\n! /docs/./README.md\n!\n[\n../up\n";
    let (patterns, errors) = Patterns::parse(text);
    let read: Vec<_> =
        patterns.patterns().iter().map(|p| (p.line(), p.negated(), p.as_str())).collect();
    assert_eq!(
        read,
        [
            (3, false, "# no comment"),
            (4, false, "docs"),
            (5, true, "docs/README.md"),
            (8, false, "../up")
        ]
    );
    let errors: Vec<_> = errors.iter().map(|e| (e.line, e.kind)).collect();
    assert_eq!(
        errors,
        [(6, PatternErrorKind::LoneExclamationMark), (7, PatternErrorKind::Malformed)]
    );
    assert!(patterns.has_exceptions());
}

#[test]
fn a_line_that_docker_cannot_read_is_an_error() {
    let line = "a".repeat(LINE_LIMIT + 1);
    let (patterns, errors) = Patterns::parse(&line);
    assert!(patterns.patterns().is_empty());
    assert_eq!(errors, [PatternError { line: 1, kind: PatternErrorKind::TooLong }]);
    assert_eq!(Patterns::parse(&line[1..]).0.patterns().len(), 1);
}

#[test]
fn what_is_excluded() {
    let cases = [
        (".git", ".git/config", true),
        (".git", "sub/.git", false),
        ("**/.git", "sub/.git/config", true),
        ("*\n!Dockerfile", "Dockerfile", false),
        ("*\n!Dockerfile", "sub/Dockerfile", true),
        ("docs\n!docs/README.md", "docs/README.md", false),
        ("docs\n!docs/README.md", "docs/x", true),
        ("!a\na", "a", true),
        ("a\n!a\na", "./a/", true),
        ("**", ".", false),
        ("**", "..", true),
        ("a?b", "a/b", false),
        ("a*", "ab/c", true),
        ("**/*.go", "a/b/c.go", true),
        ("**/*.go", "c.go/x", true),
        ("**foo", "xfoo", true),
        ("**/foo", "xfoo", false),
        ("foo**", "foobar/x", true),
        ("foo/**", "foo", false),
        ("a/**/b", "a/b", true),
        ("a/**/b", "a/x/y/b", true),
        ("a/**/b", "axb", false),
        ("[^a]", "b", true),
        ("é?", "éü", true),
    ];
    for (file, path, expected) in cases {
        assert_eq!(excludes(file, path), expected, "{file:?} {path}");
    }
}

/// The regular expression behind the patterns shows through; the results are those of Go's
/// `regexp` for the expression given.
#[test]
fn accidents_of_the_translation() {
    let cases = [
        (r"a\d", "a5", true),
        (r"a\d", "ad", false),
        (r"[\w]x", "_x", true),
        (r"a\.b", "a.b", true),
        (r"a\.b", "axb", false),
        ("a^b", "a^b", true),
        ("a^*", "a^", false),
        ("^*", "a", true),
        ("[*]", "*", false),
        ("[*]", "^/]", true),
        ("[[:digit:]]", "5", true),
        ("[[:digit:]]", "d", false),
        ("[[:^digit:]]", "d", true),
        ("[!a]", "!", true),
        ("[!a]", "b", false),
        ("a]", "a]", true),
    ];
    for (file, path, expected) in cases {
        let (patterns, errors) = Patterns::parse(file);
        assert_eq!(errors, [], "{file}");
        let matched = patterns.patterns()[0].matches(path, false);
        assert_eq!(matched, expected, "{file:?} {path}");
    }
    for bad in ["[z-a]", r"a\8", "[[:nope:]]"] {
        let (_, errors) = Patterns::parse(bad);
        assert_eq!(errors.first().map(|e| e.kind), Some(PatternErrorKind::Unusable), "{bad}");
    }
}

#[test]
fn paths_are_cleaned_as_go_does() {
    let cases = [
        ("", "."),
        (".", "."),
        ("a//b/", "a/b"),
        ("a/../b", "b"),
        ("a/..", "."),
        ("../../a", "../../a"),
        ("a/../../b", "../b"),
        ("/../a", "/a"),
        ("/", "/"),
        ("/..", "/"),
    ];
    for (path, expected) in cases {
        assert_eq!(clean(path), expected, "{path}");
    }
}

#[test]
fn hostile_patterns_are_not_slow() {
    let path = format!("{}b", "a/".repeat(500));
    for pattern in ["**/".repeat(500) + "x", "a**".repeat(300) + "x", "*a".repeat(500) + "x"] {
        let start = std::time::Instant::now();
        assert!(!excludes(&pattern, &path));
        // Millions of steps, where backtracking would need more than the age of the universe.
        assert!(start.elapsed().as_secs() < 30);
    }
}

/// The meaning of a pattern of letters, `/`, `?`, `*` and `**`, by exhaustive search.
fn naive(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*'] | [b'*', b'*', b'/'] => true,
        [b'*', b'*', rest @ ..] => {
            let rest = rest.strip_prefix(b"/").unwrap_or(rest);
            naive(rest, path)
                || (0..path.len()).any(|at| path[at] == b'/' && naive(rest, &path[at + 1..]))
        }
        [b'*', rest @ ..] => (0..=path.len())
            .take_while(|at| *at == 0 || path[at - 1] != b'/')
            .any(|at| naive(rest, &path[at..])),
        [b'?', rest @ ..] => path.first().is_some_and(|c| *c != b'/') && naive(rest, &path[1..]),
        [c, rest @ ..] => path.first() == Some(c) && naive(rest, &path[1..]),
    }
}

fn naive_with_parents(pattern: &str, path: &str) -> bool {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.into_iter().any(|end| {
        let path = &path[..end];
        match pattern.strip_prefix("**") {
            // `**` and a literal is a comparison of the end, and not of a whole component.
            Some(suffix) if !suffix.contains(['*', '?']) => {
                path.ends_with(suffix) || suffix.strip_prefix('/') == Some(path)
            }
            _ => naive(pattern.as_bytes(), path.as_bytes()),
        }
    })
}

proptest! {
    #[test]
    fn agrees_with_exhaustive_search(pattern in "[ab/*?]{1,8}", path in "[ab]{1,2}(/[ab]{1,2}){0,3}") {
        let (patterns, _) = Patterns::from_list([pattern.as_str()]);
        for pattern in patterns.patterns() {
            let expected = naive_with_parents(pattern.as_str(), &path);
            prop_assert_eq!(patterns.excludes(&path), expected, "{}", pattern.as_str());
        }
    }

    #[test]
    fn later_patterns_decide(
        lines in prop::collection::vec("!?[ab*]{1,2}(/[ab*]{1,2})?", 1..5),
        path in "[ab]{1,2}(/[ab]{1,2}){0,2}",
    ) {
        let (patterns, errors) = Patterns::parse(&lines.join("\n"));
        prop_assert!(errors.is_empty());
        let last = patterns
            .patterns()
            .iter()
            .rev()
            .find(|pattern| naive_with_parents(pattern.as_str(), &path));
        prop_assert_eq!(patterns.excludes(&path), last.is_some_and(|pattern| !pattern.negated()));
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*", path in "\\PC*") {
        let (patterns, _) = Patterns::parse(&text);
        let _ = patterns.excludes(&path);
    }

    #[test]
    fn brackets_and_escapes_never_panic(text in "[\\[\\]\\\\a:^*?/!.é-]{0,16}", path in "[a/é.\\]]{0,8}") {
        let (patterns, errors) = Patterns::parse(&text);
        prop_assert!(patterns.patterns().len() + errors.len() <= 1);
        let _ = patterns.excludes(&path);
    }
}
