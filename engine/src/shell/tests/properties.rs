//! For any text: no panic, places in bounds, limits kept, quoting undone.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::super::{Command, Dialect, MAX_COMMANDS, MAX_LENGTH, Script, Word, commands, packages};

fn sound(script: &Script, text: &str) {
    let check = |range: &std::ops::Range<usize>| {
        assert!(text.get(range.clone()).is_some(), "{range:?} is no range of {text:?}");
    };
    assert_eq!(script.complete, script.problem.is_none());
    script.problem.iter().for_each(|(range, _)| check(range));
    let count = script.commands.len();
    assert!(count <= MAX_COMMANDS);
    for (index, command) in script.commands.iter().enumerate() {
        check(&command.range);
        assert!(command.pipe_from.is_none_or(|from| from < count && from != index), "{text:?}");
        assert!(command.pipe_to.is_none_or(|to| to < count && to != index), "{text:?}");
        assert!(command.wrapped_by.is_none_or(|by| by < index), "{text:?}");
        for word in words(command) {
            check(&word.range);
            for at in word.text.char_indices().map(|(at, _)| at) {
                check(&word.place(at..word.text.len()));
                check(&word.place(0..at));
            }
        }
        for redirect in &command.redirects {
            check(&redirect.range);
            redirect.body.iter().for_each(check);
        }
        if let Some(operation) = packages::package_operation(command) {
            for package in &operation.packages {
                check(&package.range);
                assert!(package.arg_index < command.args.len());
            }
        }
    }
}

fn words(command: &Command) -> impl Iterator<Item = &Word> {
    let values = command.assignments.iter().map(|assignment| &assignment.value);
    let targets = command.redirects.iter().map(|redirect| &redirect.target);
    command.name.iter().chain(&command.args).chain(values).chain(targets)
}

/// Pieces that meet in scripts, so that random texts reach the grammar.
const PIECES: &[&str] = &[
    "if ",
    "then ",
    "else ",
    "fi ",
    "case ",
    "in ",
    "esac ",
    ";;",
    "for ",
    "do ",
    "done ",
    "while ",
    "{ ",
    "} ",
    "(",
    ")",
    "$(",
    "$((",
    "))",
    "`",
    "\\`",
    "\"",
    "'",
    "$'",
    "\\",
    "\n",
    "\r\n",
    ";",
    "&",
    "&&",
    "||",
    "|",
    "<<EOF\n",
    "EOF\n",
    "<<-'X' ",
    "X\n",
    "<",
    ">",
    "2>&1 ",
    "<(",
    "[[ ",
    "]] ",
    "((",
    "${",
    "}",
    "$x",
    "!",
    "#",
    " ",
    "a",
    "é",
    "=",
    "A=",
    "A=(",
    "sh -c ",
    "bash -c \"",
    "eval ",
    "sudo ",
    "env ",
    "xargs ",
    "find . -exec ",
    "\\;",
    "apt-get install ",
    "apk add -t .v ",
    "pip ",
    "-",
    "--",
    "\u{1f600}",
    "%",
    "^",
    "cmd /c ",
    "powershell -c ",
    "su -c ",
    "*",
    "\\x4",
    "@(",
    "time ",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x5e11),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_read(text in prop_oneof![pieces(), ".{0,60}"]) {
        for dialect in [Dialect::Posix, Dialect::Cmd, Dialect::PowerShell, Dialect::Exec] {
            let script = commands(&text, dialect);
            sound(&script, &text);
            let operations: Vec<_> =
                script.package_operations().into_iter().map(|(_, operation)| operation).collect();
            for removal in packages::removed(&operations) {
                assert!(operations[removal.installed_by].packages.len() > removal.package);
                assert!(removal.installed_by < removal.removed_by);
            }
        }
    }

    #[test]
    fn a_quoted_word_comes_back(word in "\\PC{0,20}") {
        let single = format!("echo '{}'", word.replace('\'', r"'\''"));
        let double: String = word
            .chars()
            .map(|c| if "\"\\$`".contains(c) { format!("\\{c}") } else { c.to_string() })
            .collect();
        for text in [single, format!("echo \"{double}\"")] {
            let script = commands(&text, Dialect::Posix);
            prop_assert!(script.complete);
            prop_assert_eq!(script.commands.len(), 1);
            let found = &script.commands[0].args[0];
            prop_assert_eq!(found.value(), Some(word.as_str()));
            prop_assert!(found.literal);
            prop_assert_eq!(&text[found.range.clone()], &text[5..]);
        }
    }

    #[test]
    fn a_word_in_a_script_in_a_script_has_its_place(word in "[a-zé]{1,8}") {
        let text = format!("sh -c \"bash -c \\\"echo '{word}' x\\\"\"");
        let script = commands(&text, Dialect::Posix);
        let echo = script.commands.last().unwrap();
        prop_assert_eq!(&text[echo.args[0].range.clone()], &format!("'{word}'"));
        prop_assert_eq!(&text[echo.args[0].place(0..word.len())], &word);
    }
}

/// Runs on the stack a thread has by default.
fn on_a_small_stack(text: String) {
    let run = move || {
        let script = commands(&text, Dialect::Posix);
        assert!(!script.complete);
        assert!(script.problem.is_some());
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn deep_nesting_is_given_up_on() {
    for open in [
        "$(",
        "( ",
        "`\\",
        "${x:-",
        "\"$(",
        "{ ",
        "if ",
        "while ",
        "f() ",
        "case x in a) ",
        "$((",
        "<(",
        "A=$(",
        "function f ",
        "time ( ",
        "\"${x:-",
        "for i in a; do ",
        "[[ $(",
        "cat <<E $(",
        "@($(",
    ] {
        on_a_small_stack(open.repeat(100_000));
    }
}

#[test]
fn every_wrapper_is_bounded() {
    for open in ["sudo ", "eval ", "env A=b ", "xargs ", "sudo eval "] {
        on_a_small_stack(format!("{}x", open.repeat(20_000)));
    }
}

#[test]
fn a_long_text_is_read_up_to_the_limit() {
    let text = format!("echo first; {}é", "a".repeat(MAX_LENGTH));
    let script = commands(&text, Dialect::Posix);
    assert!(!script.complete);
    assert_eq!(script.commands[0].args[0].text, "first");
    sound_range(&script, &text);
    let script = commands(&"x;".repeat(MAX_COMMANDS + 5), Dialect::Posix);
    assert_eq!((script.commands.len(), script.complete), (MAX_COMMANDS, false));
}

fn sound_range(script: &Script, text: &str) {
    for command in &script.commands {
        assert!(text.get(command.range.clone()).is_some());
    }
}

/// In linear time these take a tenth of a second unoptimised; in quadratic time minutes.
#[test]
fn time_is_linear_in_the_text() {
    for piece in [
        "\\",
        "'",
        "\"\\\"",
        "$((",
        "$((a #'\n))",
        "$(( # (\n ))",
        "${",
        "`a` ",
        "`\\`",
        "a[",
        "a[0",
        "(",
        ")",
        "a|",
        "a||",
        "<<E\n",
        "<<E ",
        "$x",
        "{",
        "{,",
        "@(",
        "((",
        "((a)",
        "#",
        "!",
        "! ",
        "&",
        ";;",
        "case ",
        "in ",
        "fi ",
        "(a) | ",
        "{ a; } | b | ",
        "x=",
        "\r",
        "sh -c '",
        "eval a;",
        "sh -c 'a';",
        "\u{1f600}",
    ] {
        let text = piece.repeat((1 << 17) / piece.len());
        for dialect in [Dialect::Posix, Dialect::Cmd, Dialect::PowerShell] {
            let start = std::time::Instant::now();
            let _ = commands(&text, dialect);
            let elapsed = start.elapsed();
            assert!(elapsed.as_secs() < 8, "{piece:?} {dialect:?} took {elapsed:?}");
        }
    }
}
