//! What is listed for realistic lines, and properties that hold for any text.

mod packages;
mod properties;

use std::fmt::Write as _;

use super::{Command, Dialect, Script, Separator, commands, exec_form};

/// One line per command, with every field that is not at its default.
fn render(script: &Script, text: &str) -> String {
    let mut out = String::new();
    for (index, command) in script.commands.iter().enumerate() {
        let _ = writeln!(out, "  {index}{}", line(command));
        let _ = writeln!(out, "     at {:?}", text.get(command.range.clone()).unwrap_or("BAD"));
    }
    if let Some((range, message)) = &script.problem {
        let _ = writeln!(out, "  problem: {message}: {:?}", text.get(range.clone()));
    }
    assert_eq!(script.complete, script.problem.is_none(), "{text}");
    out
}

fn line(command: &Command) -> String {
    let mut out = String::new();
    for assignment in &command.assignments {
        let _ = write!(out, " {}={:?}", assignment.name, assignment.value.text);
    }
    for word in command.name.iter().chain(&command.args) {
        let _ = write!(out, " {:?}", word.text);
        let mark = if word.expands {
            "$"
        } else if word.literal {
            ""
        } else {
            "*"
        };
        out.push_str(mark);
    }
    for redirect in &command.redirects {
        let fd = redirect.fd.map_or(String::new(), |fd| fd.to_string());
        let _ = write!(out, " ({fd}{} {:?})", redirect.operator, redirect.target.text);
    }
    let index =
        |name: &str, at: Option<usize>| at.map_or(String::new(), |at| format!(" {name}{at}"));
    out += &index("<-", command.pipe_from);
    out += &index("->", command.pipe_to);
    out += &index("by", command.wrapped_by);
    for (set, name) in [
        (command.subshell, " subshell"),
        (command.substitution, " substitution"),
        (command.conditional, " conditional"),
        (command.negated, " negated"),
    ] {
        out += if set { name } else { "" };
    }
    let _ = write!(out, " {:?}", command.separator);
    out
}

#[test]
fn realistic_lines() {
    let mut out = String::new();
    for text in include_str!("commands.txt").split("\n---\n") {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let _ = writeln!(out, "{text}\n{}", render(&commands(text, Dialect::Posix), text));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn windows_lines() {
    let mut out = String::new();
    for (dialect, text) in [
        (Dialect::Cmd, "cd C:\\x && del \"a & b.txt\" | find ^& > out.txt 2>&1 & echo %PATH%"),
        (Dialect::Cmd, "if exist \\out exit /b 1"),
        (Dialect::Cmd, "cmd /S /C \"echo a & echo b\""),
        (
            Dialect::PowerShell,
            "$ErrorActionPreference = 'Stop'; Invoke-WebRequest \"http://$env:H/x\" `\n -OutFile y.zip",
        ),
        (Dialect::PowerShell, "& 'C:\\a b.exe' -x 'it''s'; ls | Remove-Item -Force # gone"),
        (Dialect::PowerShell, "if (Test-Path x) { rm x }"),
        (Dialect::Exec, r#"["sh", "-c", "apt-get update && apt-get install -y \"x\" $Y"]"#),
        (Dialect::Exec, "echo hi"),
    ] {
        let _ = writeln!(out, "{dialect:?} {text}\n{}", render(&commands(text, dialect), text));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn places_inside_a_quoted_script_are_exact() {
    let text = r#"bash -c "apt-get install \"libé\" 'x y'""#;
    let script = commands(text, Dialect::Posix);
    let inner = &script.commands[1];
    assert_eq!(inner.wrapped_by, Some(0));
    let at = |index: usize| &text[inner.args[index].range.clone()];
    assert_eq!(at(0), "install");
    assert_eq!(inner.args[1].value(), Some("libé"));
    assert_eq!(at(1), "\"libé\\\"", "from the quote on; its backslash is before it");
    assert_eq!(at(2), "'x y'");
    let part = inner.args[1].place(3.."libé".len());
    assert_eq!(&text[part], "é");
}

#[test]
fn an_exec_form_has_the_places_it_was_given() {
    let script = exec_form(&[("sh", 10..12), ("-c", 16..18), ("a && b", 22..28)]);
    let found: Vec<_> =
        script.commands.iter().map(|command| (command.program(), command.range.clone())).collect();
    assert_eq!(found, [("sh", 10..28), ("a", 22..23), ("b", 27..28)]);
    let escaped = exec_form(&[("sh", 1..3), ("-c", 6..8), ("a\nb", 10..14)]);
    assert_eq!(escaped.commands[2].range, 10..14, "the argument, where an escape hides the place");
    assert!(exec_form::<&str>(&[]).commands.is_empty());
}

#[test]
fn variables_and_values_are_told_apart() {
    let script = commands(r#"x "$A-${B:-$C}" '$D' \$E f* "g*" $1"#, Dialect::Posix);
    let words = &script.commands[0].args;
    assert_eq!(words[0].variables, ["A", "B", "C"]);
    assert_eq!(words[0].value(), None);
    assert_eq!(words[0].text, "$A-${B:-$C}");
    for (index, value, literal) in
        [(1, "$D", true), (2, "$E", true), (3, "f*", false), (4, "g*", true)]
    {
        assert_eq!((words[index].value(), words[index].literal), (Some(value), literal));
        assert!(words[index].variables.is_empty());
    }
    assert_eq!(words[5].variables, ["1"]);
    let continued = commands("x $\\\nA", Dialect::Posix);
    assert_eq!(continued.commands[0].args[0].value(), None);
}

#[test]
fn a_separator_is_what_follows() {
    let script = commands("a && b || c; d | e & f\ng", Dialect::Posix);
    let found: Vec<_> = script.commands.iter().map(|command| command.separator).collect();
    use Separator::{And, Background, End, Newline, Or, Pipe, Sequence};
    assert_eq!(found, [And, Or, Sequence, Pipe, Background, Newline, End]);
}
