use super::*;

const ENV: &[(&str, &str)] = &[
    ("A", "alpha"),
    ("EMPTY", ""),
    ("BLANKS", " b  c "),
    ("PATH", "/usr/local/bin"),
    ("STARS", "a*b?c"),
    ("LINES", "one\ntwo"),
    ("HASHP", "#a"),
    ("SLASHED", "\\"),
];

fn lookup(name: &str) -> Lookup<'static> {
    if name.starts_with('U') {
        return Lookup::Unknown;
    }
    let found = ENV.iter().find(|(key, _)| *key == name);
    found.map_or(Lookup::Unset, |(_, value)| Lookup::Set(Cow::Borrowed(value)))
}

fn value(word: &str) -> Option<String> {
    match Expander::default().word(word, &lookup) {
        Ok(expansion) => expansion.value,
        Err(error) => panic!("{word:?}: {error}"),
    }
}

fn failure(word: &str) -> ExpandError {
    match Expander::default().word(word, &lookup) {
        Ok(expansion) => panic!("{word:?}: {expansion:?}"),
        Err(error) => error,
    }
}

#[test]
fn known_values() {
    let cases = [
        ("", ""),
        ("a b  c", "a b  c"),
        ("$A-${A}", "alpha-alpha"),
        ("$", "$"),
        ("$.", "$."),
        ("$$A", "A"),
        ("$1a", "a"),
        ("${+x}", ""),
        ("'$A'\"$A\"", "$Aalpha"),
        ("\"a'b\\\"c\\d\"", "a'b\"c\\d"),
        ("a\\", "a"),
        // Conditions.
        ("${EMPTY-w}|${EMPTY:-w}|${N-w}|${N:-w}|${A:-w}", "|w|w|w|alpha"),
        ("${EMPTY+w}|${EMPTY:+w}|${N+w}|${N:+w}|${A:+w}", "w||||w"),
        ("${A?m}|${A:?m}|${EMPTY?m}", "alpha|alpha|"),
        ("${N:-${N:-'}'}}", "}"),
        ("${N:-a\\}b}", "a}b"),
        // Patterns.
        ("${PATH#*/}|${PATH##*/}", "usr/local/bin|bin"),
        ("${PATH%/*}|${PATH%%/*}", "/usr/local|"),
        ("${STARS#a\\*}|${STARS%\\?c}|${STARS#?}", "b?c|a*b|*b?c"),
        ("${A#x}|${A%x}|${A#}|${A%%}", "alpha|alpha|alpha|alpha"),
        ("${A#*}|${A##*}|${A%*}|${A%%*}", "alpha||alpha|"),
        // The second # comes from the value.
        ("${A#$HASHP}", "lpha"),
        // The pattern is reversed for %, and a lone backslash then escapes what it precedes.
        ("${STARS%'*'$SLASHED}", "a*b?c"),
        ("${PATH/\\/usr/}", "/local/bin"),
        ("${PATH/l*l/L}|${PATH//?l/L}", "/usr/L/bin|/usrLocL/bin"),
        ("${LINES/*/x}|${LINES//*/x}|${LINES/?t/x}", "x\ntwo|x\nx|one\ntwo"),
        ("${LINES#*t}", "one\ntwo"),
        ("${EMPTY//*/x}|${EMPTY/$EMPTY/x}|${N/a/b}", "x|x|"),
        ("${A//$EMPTY/-}|${A/$EMPTY/-}", "-a-l-p-h-a-|-alpha"),
        // A replacement of all is a template of Go; of one is plain.
        ("${A//a/'<$0$$${0}$1${x}$>'}", "<a$a$>lph<a$a$>"),
        ("${A/a/'$0'}", "$0lpha"),
    ];
    for (word, expected) in cases {
        assert_eq!(value(word).as_deref(), Some(expected), "{word:?}");
    }
}

#[test]
fn unknown_values() {
    // The word, its value, and the variables it waits for.
    let cases: &[(&str, Option<&str>, &[&str])] = &[
        ("$U", None, &["U"]),
        ("a${U:-w}b$U2", None, &["U", "U2"]),
        ("${U-$U2}", None, &["U", "U2"]),
        ("${U:+w}", None, &["U"]),
        ("${U+w}", None, &["U"]),
        ("${U:?m}", None, &["U"]),
        ("${U?$U2}", None, &["U"]),
        ("${A:-$U}", Some("alpha"), &[]),
        ("${A?$U}", Some("alpha"), &[]),
        ("${N:+$U}", Some(""), &[]),
        ("${N:-$U}", None, &["U"]),
        ("${A:+$U}", None, &["U"]),
        ("${U#a}", None, &["U"]),
        ("${A%%$U}", None, &["U"]),
        ("${A/$U/b}", None, &["U"]),
        ("${A/a/$U}", None, &["U"]),
        ("${A/x/$U}", Some("alpha"), &[]),
        ("'$U'\\$U", Some("$U$U"), &[]),
        ("\"$U\"", None, &["U"]),
    ];
    for (word, expected, unknown) in cases {
        let expansion = Expander::default().word(word, &lookup).unwrap();
        assert_eq!(expansion.value.as_deref(), *expected, "{word:?}");
        assert_eq!(expansion.unknown, *unknown, "{word:?}");
    }
}

#[test]
fn names_are_in_the_order_in_which_they_are_written() {
    let expansion = Expander::default().word("$N2${A:-$N1$U}$A$N2", &lookup).unwrap();
    assert_eq!(expansion.used, ["A", "U"]);
    assert_eq!(expansion.unset, ["N2", "N1"]);
    assert!(expansion.unknown.is_empty() && !expansion.literal);
    assert!(Expander::default().word("a'$A'$", &lookup).unwrap().literal);
}

#[test]
fn errors() {
    use ExpandErrorKind::{Required, Syntax};
    let cases = [
        ("a${", Syntax, 1..3, "syntax error: missing '}'"),
        ("a${A", Syntax, 1..4, "syntax error: missing '}'"),
        ("a${A:", Syntax, 1..5, "syntax error: missing '}'"),
        ("${A:-'x}", Syntax, 0..8, "syntax error: missing '}'"),
        ("${}", Syntax, 0..2, "syntax error: bad substitution"),
        ("${{A}", Syntax, 0..2, "syntax error: bad substitution"),
        ("${.}", Syntax, 0..3, "unsupported modifier (.) in substitution"),
        ("${A=x}", Syntax, 0..4, "unsupported modifier (=) in substitution"),
        ("${A:=x}", Syntax, 0..7, "unsupported modifier (:=) in substitution"),
        ("${A:#x}", Syntax, 0..5, "unsupported modifier (:#) in substitution"),
        ("${A/x}", Syntax, 0..6, "syntax error: missing '/' in ${}"),
        ("${A/x/y", Syntax, 0..7, "syntax error: missing '}'"),
        ("${U#\\x}", Syntax, 0..7, "invalid pattern (\\x) in substitution: invalid escape '\\x'"),
        (
            "a 'b",
            Syntax,
            2..4,
            "unexpected end of statement while looking for matching single-quote",
        ),
        (
            "é\"b",
            Syntax,
            2..4,
            "unexpected end of statement while looking for matching double-quote",
        ),
        ("x${N?}", Required, 1..6, "N: is not allowed to be unset"),
        ("x${EMPTY:?}", Required, 1..11, "EMPTY: is not allowed to be empty"),
        ("x${N:?no $A} y", Required, 1..12, "N: no alpha"),
        ("${N:?no $U}", Required, 0..11, "N: no $U"),
        // An operand that is not needed is read all the same.
        ("${A:-${N?no}}", Required, 5..12, "N: no"),
        ("${U:-${N?no}}", Required, 5..12, "N: no"),
    ];
    for (word, kind, range, message) in cases {
        let expected = ExpandError { kind, message: message.to_owned(), range };
        assert_eq!(failure(word), expected, "{word:?}");
    }
}

#[test]
fn words_are_split_after_expansion() {
    let split = |expander: Expander, word: &str| -> Vec<Option<String>> {
        let words = expander.words(word, &lookup).unwrap();
        words.into_iter().map(|word| word.value).collect()
    };
    let cases: &[(&str, &[Option<&str>])] = &[
        ("", &[]),
        (" a\tb\n", &[Some("a"), Some("b")]),
        ("x${BLANKS}y", &[Some("x"), Some("b"), Some("c"), Some("y")]),
        ("x\"$BLANKS\"y", &[Some("x b  c y")]),
        ("a\\ b ''\"\" c", &[Some("a b"), Some("c")]),
        ("$EMPTY $N", &[]),
        ("x${N:-a b}y", &[Some("xa"), Some("by")]),
        ("80${N:-80}", &[Some("8080")]),
        ("a$U b", &[None, Some("b")]),
        ("$U", &[None]),
        ("a <<- b << \t<EOF c", &[Some("a"), Some("<<-"), Some("b"), Some("<< \t<EOF"), Some("c")]),
    ];
    for (word, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|word| word.map(str::to_owned)).collect();
        assert_eq!(split(Expander::default(), word), expected, "{word:?}");
    }
}

#[test]
fn names_of_words() {
    let words = Expander::default().words("$N x$N2 \"$U\"$A$BLANKS", &lookup).unwrap();
    let names: Vec<_> = words.iter().map(|word| (&word.used[..], &word.unset[..])).collect();
    let strings = |names: &[&str]| -> Vec<String> { names.iter().map(|s| (*s).into()).collect() };
    assert_eq!(
        names,
        [
            (&[][..], &strings(&["N2"])[..]),
            (&strings(&["U", "A"])[..], &[][..]),
            (&strings(&["BLANKS"])[..], &[][..]),
            (&strings(&["BLANKS"])[..], &[][..]),
        ]
    );
    assert_eq!(words[1].unknown, ["U"]);
}

#[test]
fn options() {
    let plain = Expander::default();
    let windows = Expander::new('`');
    let cases = [
        (windows, r"C:\$A\`$A", r"C:\alpha\$A"),
        (windows, r#""`"\`x""#, r#""\`x"#),
        (windows, "${A#al\\*}", "alpha"),
        (Expander { raw_quotes: true, ..plain }, "'a'\"$A\"", "'a'\"alpha\""),
        (Expander { raw_escapes: true, ..plain }, r#"\a"\$""#, r"\a\$"),
        // Both escapes of "\t" are BuildKit's.
        (Expander { raw_escapes: true, ..plain }, r#""\t"${N:-\a}"#, r"\\ta"),
        (Expander { skip_quotes: true, ..plain }, "'$A\"", "'alpha\""),
        (
            Expander { skip_unset: true, ..plain },
            "$N ${N} ${N:-$A} ${N#\\a} ${N/$A/b} ${N//a/b} ${N:?} $A",
            "$N ${N} ${N:-alpha} ${N#\\a} ${N/alpha/b} ${N/a/b} ${N:?} alpha",
        ),
    ];
    // Were the variable unset, its reference would stay, whatever the modifier.
    let kept = Expander { skip_unset: true, ..plain };
    assert_eq!(kept.word("${U:=x}${U#\\x}", &lookup).unwrap().unknown, ["U"]);
    for (expander, word, expected) in cases {
        let expansion = expander.word(word, &lookup).unwrap();
        assert_eq!(expansion.value.as_deref(), Some(expected), "{expander:?} {word:?}");
    }
}

/// Runs with one variable of this value.
fn limited(word: &str, value: &str) -> Result<Expansion, ExpandErrorKind> {
    let lookup = |_: &str| Lookup::Set(Cow::Borrowed(value));
    Expander::default().word(word, &lookup).map_err(|error| error.kind)
}

#[test]
fn limits_hold() {
    let nested = |depth: usize| format!("{}x{}", "${N:-".repeat(depth), "}".repeat(depth));
    assert_eq!(value(&nested(MAX_DEPTH)).as_deref(), Some("x"));
    assert_eq!(failure(&nested(MAX_DEPTH + 1)).kind, ExpandErrorKind::Limit);
    assert_eq!(failure(&"${N:-".repeat(1_000_000)).kind, ExpandErrorKind::Limit);

    let half = "x".repeat(MAX_OUTPUT / 2);
    assert!(limited("$V$V", &half).is_ok());
    assert_eq!(limited("$V$V.", &half), Err(ExpandErrorKind::Limit));
    assert_eq!(limited("${V//x/xxx}", &half), Err(ExpandErrorKind::Limit));
    // Dropped operands count as work.
    assert_eq!(limited(&"${V:-$V}".repeat(100), &half), Err(ExpandErrorKind::Limit));

    let words = |count: usize| Expander::default().words(&"a ".repeat(count), &lookup);
    assert_eq!(words(MAX_WORDS).unwrap().len(), MAX_WORDS);
    assert_eq!(words(MAX_WORDS + 1).unwrap_err().kind, ExpandErrorKind::Limit);
    // Many names, each part of many words.
    let many = format!("${{N:-{}{}}}", "$A$N".repeat(1000), "a ".repeat(MAX_WORDS - 1));
    assert_eq!(Expander::default().words(&many, &lookup).unwrap_err().kind, ExpandErrorKind::Limit);
}

#[test]
fn patterns_do_not_backtrack() {
    let value = "a".repeat(20_000);
    let stars = "*a".repeat(50);
    for operator in ["#", "##", "%", "%%"] {
        let word = format!("${{V{operator}{stars}b}}");
        assert_eq!(limited(&word, &value).unwrap().value.as_deref(), Some(&*value));
    }
    let word = format!("${{V//{stars}b/x}}");
    assert_eq!(limited(&word, &value).unwrap().value.as_deref(), Some(&*value));
    // Too many steps are refused, not taken.
    let word = format!("${{V##{}b}}", "*a".repeat(5000));
    assert_eq!(limited(&word, &value), Err(ExpandErrorKind::Limit));
}

mod properties;
