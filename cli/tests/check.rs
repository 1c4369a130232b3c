//! `plimsoll check` as a user meets it: exit statuses, inputs, outputs.

mod support;

use support::{CLEAN, Project, ROOT, documents, finish};

/// Arguments, the exit status, and a part of what is said on standard output or error.
type Case<'a> = (&'a [&'a str], i32, &'a str);

fn all(project: &Project, cases: &[Case<'_>]) {
    for (args, code, said) in cases {
        let run = project.run(args);
        let text = run.shown();
        assert_eq!(run.code, Some(*code), "{args:?}\n{text}");
        assert!(text.contains(said), "{args:?} does not say {said:?}\n{text}");
        assert!(!text.contains("panicked"), "{args:?}\n{text}");
    }
}

#[test]
fn the_exit_status_says_how_it_went() {
    let project = Project::new("exit")
        .file("bad/Dockerfile", ROOT)
        .file("good/Dockerfile", CLEAN)
        .file("broken/Dockerfile", "FROM alpine:3.20\nUSER 1000\nHEALTHCHECK\n")
        .file("unknown/Dockerfile", "FROM alpine:3.20\nARG U\nUSER ${U}\n")
        .file("none/README.md", "nothing\n")
        .file("text.txt", "just a text\n");
    all(
        &project,
        &[
            (&["check", "good"], 0, "clean: no findings"),
            (&["check", "bad"], 1, "failed: 1 finding at or above medium"),
            (&["check", "--fail-on", "critical", "bad"], 0, "none at or above critical"),
            (&["check", "--fail-on", "never", "bad"], 0, "findings never fail this run"),
            (&["check", "--profile", "strict", "good"], 0, "1 low"),
            (&["check", "--profile", "strict", "--fail-on=low", "good"], 1, "low[acme/image/unpin"),
            (&["check", "unknown"], 0, "1 verdict is unknown"),
            (&["check", "--fail-on-unknown", "unknown"], 1, "1 verdict is unknown"),
            (&["check", "--build-arg", "U=7", "--fail-on-unknown", "unknown"], 0, "1 passed"),
            (&["check", "--build-arg", "U=0", "unknown"], 1, "runs as root"),
            // Incomplete goes before failed.
            (&["check", "broken", "bad"], 2, "HEALTHCHECK requires at least one argument"),
            (&["check", "none"], 2, "there is nothing to check in `none`"),
            (&["check", "none", "good"], 2, "there is nothing to check in `none`"),
            (&["check", "nowhere"], 2, "there is no `nowhere`"),
            (&["check", "nowhere", "bad"], 2, "high[acme/image/root-user]"),
            (&["check", "text.txt"], 2, "cannot tell what `text.txt` is"),
            (&["check", ""], 2, "a path is empty"),
            // Rules.
            (&["check", "--rule", "acme/image/unpinned", "--fail-on=low", "bad"], 1, "1 rule:"),
            (&["check", "--rule", "acme/image/unpined", "bad"], 2, "did you mean `acme/image/unp"),
            (&["check", "--no-config", "--config", "x", "bad"], 2, "cannot be used with"),
            (&["check", "--config", "nowhere.yaml", "bad"], 2, "cannot read `nowhere.yaml`"),
            (&["check", "--config", "good", "bad"], 2, "it is no regular file"),
            // Misuse.
            (&[], 2, "Usage"),
            (&["chekc"], 2, "unrecognized subcommand"),
            (&["check", "--fail-on", "hihg"], 2, "did you mean `high`?"),
            (&["check", "--profile", "everything"], 2, "it is one of baseline, cis, strict, lint"),
            (&["check", "--now", "tomorrow"], 2, "it is no time"),
            (&["check", "--platform", "a/b/c/d"], 2, "write it like linux/arm64"),
            (&["check", "--build-arg", "=x"], 2, "write KEY=VALUE"),
            (&["check", "--threads", "0"], 2, "invalid value '0'"),
            (&["check", "-q", "-v"], 2, "cannot be used with"),
            (&["check", "-o", "jsn"], 2, "did you mean `json`?"),
            (&["check", "-o", "json="], 2, "write json=FILE"),
            (&["check", "-o", "json", "-o", "sarif"], 2, "would both go to standard output"),
            (&["check", "-o", "json=x", "-o", "sarif=x"], 2, "would both go to `x`"),
            (&["check", "-o", "json=no/folder/x", "good"], 2, "cannot write `no/folder/x`"),
            (&["--help"], 0, "Exit status"),
            (&["check", "--help"], 0, "Examples:"),
            (&["--version"], 0, "plimsoll 0"),
            (&["version"], 0, "plimsoll 0"),
        ],
    );
}

#[test]
fn findings_look_like_this() {
    let project = Project::new("look").file("Dockerfile", ROOT).file("api/Dockerfile.dev", ROOT);
    insta::assert_snapshot!(project.run(&["check"]).shown());
}

#[test]
fn files_are_found_by_name_and_by_content() {
    let project = Project::new("found")
        .file("Dockerfile", ROOT)
        .file("api.dockerfile", ROOT)
        .file("image", ROOT)
        .file("my-docker-build.txt", ROOT)
        .file("notes.txt", ROOT)
        .file("Makefile", "all:\n\ttrue\n")
        .file("program", b"\x7fELF\0\0FROM alpine\n")
        .file("large", [ROOT.as_bytes(), &vec![b'#'; 1 << 20]].concat())
        .file(".devcontainer/Dockerfile", ROOT)
        .file(".devcontainer/image", ROOT)
        .file(".git/Dockerfile", ROOT)
        .file("ignored/Dockerfile", ROOT)
        .file("sub/.gitignore", "Dockerfile.local\n")
        .file("sub/Dockerfile.local", ROOT)
        .file("sub/Containerfile", ROOT)
        .file(".gitignore", "/ignored/\n");
    let found = |args: &[&str]| documents(&project.run(args).stdout);
    let all = [
        ".devcontainer/Dockerfile",
        "Dockerfile",
        "api.dockerfile",
        "image",
        "my-docker-build.txt",
        "sub/Containerfile",
    ];
    assert_eq!(found(&["check", "-o", "json"]), all);
    // The same names wherever it is started from, and each file once.
    let absolute = project.path("").display().to_string();
    assert_eq!(found(&["check", "-o", "json", "./", "./sub/", "Dockerfile", &absolute]), all);
    assert_eq!(found(&["check", "-o", "json", "sub"]), ["sub/Containerfile"]);
    assert_eq!(
        found(&["check", "-o", "json", "--no-ignore", "sub", "ignored"]),
        ["ignored/Dockerfile", "sub/Containerfile", "sub/Dockerfile.local"],
    );
    // What is named is read, ignored or not.
    assert_eq!(
        found(&["check", "-o", "json", "notes.txt", "sub/Dockerfile.local", "dockerfile:large"]),
        ["large", "notes.txt", "sub/Dockerfile.local"],
    );
}

#[test]
fn a_gitignore_around_a_folder_counts_in_a_repository_only() {
    let project = Project::new("around")
        .file(".gitignore", "Dockerfile.local\n")
        .file("sub/Dockerfile.local", ROOT)
        .file("sub/Dockerfile", ROOT);
    let run = project.run(&["check", "-o", "json", "sub"]);
    assert_eq!(documents(&run.stdout), ["sub/Dockerfile"]);
    // The tests' own folder lies in a repository when they are run in a working copy, so this is
    // done elsewhere.
    let outside = std::env::temp_dir().join(format!("plimsoll-around-{}", std::process::id()));
    std::fs::create_dir_all(outside.join("sub")).unwrap();
    std::fs::write(outside.join(".gitignore"), "*\n").unwrap();
    std::fs::write(outside.join("sub/.gitignore"), "Dockerfile.local\n").unwrap();
    std::fs::write(outside.join("sub/Dockerfile"), ROOT).unwrap();
    std::fs::write(outside.join("sub/Dockerfile.local"), ROOT).unwrap();
    let config = project.path("plimsoll.yaml").display().to_string();
    let mut command = project.command(&["check", "-o", "json", "sub", "--config", &config]);
    command.current_dir(&outside);
    let run = finish(command, "");
    std::fs::remove_dir_all(&outside).unwrap();
    assert_eq!(documents(&run.stdout), ["sub/Dockerfile"]);
}

#[test]
fn standard_input_is_read() {
    let project = Project::new("stdin").file("Dockerfile", CLEAN);
    for (args, input, code, said) in [
        (&["check", "-"][..], ROOT, 1, "--> <stdin>:1:1"),
        (&["check", "-", "Dockerfile"], CLEAN, 0, "2 documents"),
        (&["check", "-"], "USER root\n", 2, "as in `dockerfile:-`"),
        (&["check", "dockerfile:-"], "USER root\n", 2, "no build stage in current context"),
        (&["check", "-"], "", 2, "`<stdin>` is empty"),
        (&["check", "-", "-"], ROOT, 2, "standard input is named twice"),
        (&["check", "-"], "FROM alpine\0\n", 2, "`<stdin>` is binary"),
    ] {
        let run = project.run_with_input(args, input);
        assert_eq!(run.code, Some(code), "{args:?} {input:?}\n{}", run.shown());
        assert!(run.shown().contains(said), "{args:?} {input:?}\n{}", run.shown());
    }
}

#[test]
fn what_is_no_text_is_told() {
    let project = Project::new("garbage")
        .file("nul/Dockerfile", b"FROM alpine\nRUN \0\n")
        .file("wide/Dockerfile", b"\xff\xfeF\0R\0O\0M\0 \0a\0\n\0")
        .file("latin/Dockerfile", b"FROM alpine:3.20\nLABEL a=\"gr\xfc\xdfe\"\nUSER 1000\n")
        .file("image.bin", b"\x7fELF\x02\x01\0\0")
        .file("empty/Dockerfile", "")
        .file("large/Dockerfile", vec![b'#'; (16 << 20) + 1]);
    all(
        &project,
        &[
            (&["check", "nul"], 2, "`nul/Dockerfile` is binary, not text"),
            (&["check", "wide"], 2, "`wide/Dockerfile` is UTF-16"),
            (&["check", "latin"], 0, "`latin/Dockerfile` is not UTF-8 throughout"),
            (&["check", "image.bin"], 2, "`image.bin` is binary, not text"),
            (&["check", "dockerfile:image.bin"], 2, "`image.bin` is binary, not text"),
            (&["check", "empty"], 2, "error"),
            (&["check", "large"], 2, "more than 16 MiB are not read"),
        ],
    );
}

#[test]
fn a_kind_may_be_said() {
    let project = Project::new("kind")
        .file("build.txt", "# a comment\n\nFROM alpine:3.20 as a b\n")
        .file("c:build", ROOT)
        .file("dockerfile:x", ROOT)
        .file("sub/Dockerfile", ROOT);
    all(
        &project,
        &[
            (&["check", "build.txt"], 2, "say what it is, as in `dockerfile:build.txt`"),
            (&["check", "dockerfile:build.txt"], 2, "--> build.txt:3"),
            (&["check", "c:build"], 1, "--> c:build:1:1"),
            (&["check", "./dockerfile:x"], 1, "--> dockerfile:x:1:1"),
            (&["check", "dockerfile:x"], 2, "there is no `x`"),
            (&["check", "dockerfile:sub"], 2, "`sub` is a folder"),
            (&["check", "dockerfile:"], 2, "a path is empty"),
        ],
    );
}

#[test]
fn reports_go_to_several_places_at_once() {
    let project = Project::new("outputs").file("Dockerfile", ROOT).file("old.json", "old");
    let run = project.run(&["check", "-o", "human", "-o", "json=old.json", "-o=sarif=new.sarif"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("failed: 1 finding"), "{}", run.shown());
    assert_eq!(run.stderr, "");
    let json: serde_json::Value = serde_json::from_str(&project.read("old.json")).unwrap();
    assert_eq!(json["status"], "failed");
    let sarif: serde_json::Value = serde_json::from_str(&project.read("new.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let left: Vec<_> = std::fs::read_dir(project.path("")).unwrap().flatten().collect();
    let left = left.iter().filter(|e| e.file_name().to_string_lossy().ends_with(".tmp"));
    assert_eq!(left.count(), 0, "temporary files are left");

    // Without a report for people, they learn on standard error why it is incomplete.
    let run = project.run(&["check", "-o", "json", "nowhere", "Dockerfile"]);
    assert_eq!(run.code, Some(2));
    assert!(serde_json::from_str::<serde_json::Value>(&run.stdout).is_ok());
    assert_eq!(run.stderr, "error: there is no `nowhere`\n\n");
    let run = project.run(&["check", "-q", "-o", "human=human.txt", "Dockerfile"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(1), "", ""));
    assert!(project.read("human.txt").contains("failed: 1 finding"));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut project = Project::new("threads");
    for number in 0..40 {
        let text = format!("FROM alpine:3.{number}\nENV A={number}\n");
        project = project.file(&format!("{}/Dockerfile.{number}", number % 3), text);
    }
    let report = |threads| {
        let args = ["check", "-o", "json", "--now", "2026-01-31", "--threads", threads];
        project.run(&args).stdout
    };
    assert_eq!(documents(&report("1")).len(), 40);
    assert_eq!(report("1"), report("4"));
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let project = Project::new("colour").file("Dockerfile", ROOT);
    for (args, variables, coloured) in [
        (&["check"][..], &[][..], false),
        (&["check"], &[("CLICOLOR_FORCE", "1")], true),
        (&["check"], &[("CLICOLOR_FORCE", "0")], false),
        (&["check"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&["check"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        (&["check", "--color", "always"], &[("NO_COLOR", "1")], true),
        (&["--color", "never", "check"], &[("CLICOLOR_FORCE", "1")], false),
        (&["rules", "--color=always"], &[], true),
        (&["rules"], &[], false),
        (&["check", "-o", "json", "--color=always"], &[], false),
    ] {
        let mut command = project.command(args);
        command.envs(variables.iter().copied());
        let run = finish(command, "");
        assert_eq!(run.stdout.contains('\u{1b}'), coloured, "{args:?} {variables:?}");
    }
}

#[test]
fn build_arguments_come_from_the_environment_when_they_have_no_value() {
    let project =
        Project::new("arguments").file("Dockerfile", "ARG VERSION=1\nFROM alpine:${VERSION}\n");
    for (args, value, tag) in [
        (&["facts", "Dockerfile"][..], None, "1"),
        (&["facts", "Dockerfile", "--build-arg", "VERSION=2"], None, "2"),
        (&["facts", "Dockerfile", "--build-arg", "VERSION"], Some("3"), "3"),
        (&["facts", "Dockerfile", "--build-arg", "VERSION"], None, "1"),
        (&["facts", "Dockerfile"], Some("3"), "1"),
    ] {
        let mut command = project.command(args);
        command.envs(value.map(|value| ("VERSION", value)));
        let facts: serde_json::Value = serde_json::from_str(&finish(command, "").stdout).unwrap();
        assert_eq!(facts["references"][0]["tag"], tag, "{args:?} {value:?}");
    }
}

#[test]
fn the_dockerignore_above_counts_whatever_was_named() {
    let project = Project::new("context")
        .file(".dockerignore", "secret\n")
        .file("api/Dockerfile", "FROM alpine:3.20\nCOPY . /app\n");
    for path in [".", "api", "api/Dockerfile"] {
        let run = project.run(&["facts", path]);
        let facts: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(facts["build"]["dockerignore"]["file"], ".dockerignore", "{path}");
    }
}
