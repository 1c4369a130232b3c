//! What README and book show of the program is what it prints. `PLIMSOLL_BLESS=1` shows it anew.

use std::fmt::Write as _;
use std::process::Command;

use plimsoll_tests::{generated, repository};

/// What the program prints, and how it ends.
fn plimsoll(arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(arguments)
        .current_dir(repository())
        // Neither the width of this terminal nor its colours belong into a page.
        .env_remove("COLUMNS")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program runs");
    (String::from_utf8(output.stdout).expect("it prints text"), output.status.code())
}

/// A finding of a report for people: the paragraph that names rule and file.
fn finding<'r>(report: &'r str, rule: &str, file: &str) -> &'r str {
    let of_it = |paragraph: &&str| paragraph.contains(rule) && paragraph.contains(file);
    let found = report.split("\n\n").find(of_it);
    found.unwrap_or_else(|| panic!("no finding of {rule} in {file}:\n{report}"))
}

/// The arguments of the command that README tells everybody to run.
fn first_command(readme: &str) -> Vec<&str> {
    let line = readme.lines().find_map(|line| line.strip_prefix("cargo run --release -q -- "));
    line.expect("README's first command").split_whitespace().collect()
}

#[test]
fn readme_shows_real_output() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("README.md");
    let (report, code) = plimsoll(&first_command(&readme));
    assert_eq!(code, Some(1), "{report}");
    let mut shown = String::from("```text\n");
    for (rule, file) in [
        ("image/mutable-tag", "api/Dockerfile"),
        ("secret/named-in-build", "api/Dockerfile"),
        ("build/unverified-download", "worker/Dockerfile"),
        ("container/root-user", "compose.yaml"),
        ("container/docker-socket", "compose.yaml"),
    ] {
        let _ = writeln!(shown, "{}\n", finding(&report, rule, file));
    }
    let end: Vec<&str> = report.trim_end().lines().rev().take(2).collect();
    let _ = writeln!(shown, "[…]\n\n{}\n{}\n```", end[1], end[0]);
    generated::part("README.md", "output", &shown);
}

#[test]
fn getting_started_shows_a_real_finding() {
    let (report, _) = plimsoll(&["check", "examples/shop"]);
    let shown = finding(&report, "image/root-user", "api/Dockerfile");
    let shown = format!("```text\n{shown}\n```\n");
    generated::part("book/src/getting-started.md", "finding", &shown);
}

/// The names of the subcommands in a help text.
fn subcommands(help: &str) -> Vec<&str> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let list = list.take_while(|line| !line.is_empty());
    let names = list.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}

#[test]
fn the_reference_is_the_help() {
    let (help, _) = plimsoll(&["--help"]);
    let mut page = String::from(
        "<!-- Generated. PLIMSOLL_BLESS=1 cargo test -p plimsoll --test documents -->\n\n\
         # Command line\n\n",
    );
    let _ = writeln!(page, "```text\n{}\n```", help.trim_end());
    let commands = subcommands(&help);
    assert!(commands.contains(&"check") && commands.contains(&"rules"), "{help}");
    for command in commands {
        let (help, code) = plimsoll(&[command, "--help"]);
        assert_eq!(code, Some(0), "{help}");
        let _ = writeln!(page, "\n## plimsoll {command}\n\n```text\n{}\n```", help.trim_end());
        for below in subcommands(&help) {
            let (help, code) = plimsoll(&[command, below, "--help"]);
            assert_eq!(code, Some(0), "{help}");
            let help = help.trim_end();
            let _ = writeln!(page, "\n### plimsoll {command} {below}\n\n```text\n{help}\n```");
        }
    }
    generated::file("book/src/reference/cli.md", &page);
}

/// The two commands of README: what runs on a fresh machine.
#[test]
fn readme_has_two_commands() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("README.md");
    let fence = readme.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
    let commands: Vec<&str> = fence.expect("a fence of commands").lines().collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    assert_eq!(first_command(&readme), ["check", "examples/shop"]);
    let test = commands[1].split_whitespace().next().unwrap_or_default();
    assert!(repository().join(test).is_file(), "{test}");
    let ci = std::fs::read_to_string(repository().join(".ci/run")).expect(".ci/run");
    assert!(ci.contains(&format!("step {test}\n")), ".ci/run calls {test}");
}
