//! What only systems with pipes, links and odd names can do to the program.
#![cfg(unix)]
#![allow(clippy::print_stdout)]

mod support;

use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use support::{CLEAN, Project, ROOT, finish};

#[test]
fn a_closed_pipe_ends_quietly_with_the_status_of_the_run() {
    let mut project = Project::new("pipe").file("Dockerfile", ROOT);
    for number in 0..300 {
        // More than a pipe holds.
        project = project.file(&format!("many/Dockerfile.{number}"), ROOT);
    }
    for (args, code) in [
        (&["check"][..], 1),
        (&["check", "--fail-on=never"], 0),
        (&["check", "nowhere", "many"], 2),
        (&["check", "-o", "json"], 1),
        (&["facts", "many"], 0),
        (&["rules", "--all"], 0),
        (&["schema", "facts"], 0),
        (&["completions", "bash"], 0),
        (&["--help"], 0),
    ] {
        let mut child = project.command(args).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?}\n{stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("pipe"), "{args:?}\n{stderr}");
    }
}

#[test]
fn a_full_disk_is_told() {
    let full = "/dev/full";
    let Ok(device) = std::fs::OpenOptions::new().write(true).open(full) else {
        println!("skipped: there is no {full} here");
        return;
    };
    let project = Project::new("full").file("Dockerfile", CLEAN);
    let mut command = project.command(&["check"]);
    command.stdout(device);
    let run = finish(command, "");
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.stderr.contains("cannot write to standard output"), "{}", run.shown());
    // A device is written as it is, not replaced by a file.
    let run = project.run(&["check", "-o", "json=/dev/full"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    let run = project.run(&["check", "-o", "json=/dev/stdout"]);
    assert!(run.stdout.starts_with('{'), "{}", run.shown());
}

#[test]
fn pipes_and_devices_are_refused_at_once() {
    let project = Project::new("fifo").file("good/Dockerfile", CLEAN);
    let fifo = project.path("good/Dockerfile.pipe");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    for (path, code) in [("good/Dockerfile.pipe", 2), ("dockerfile:/dev/zero", 2), ("good", 0)] {
        let run = project.run(&["check", path]);
        assert_eq!(run.code, Some(code), "{path}\n{}", run.shown());
        assert_eq!(run.stdout.contains("is no regular file"), code == 2, "{}", run.shown());
    }
    let run = project.run(&["check", "good", "--config", "good/Dockerfile.pipe"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
}

#[test]
fn links_are_followed_within_what_is_checked_only() {
    let project = Project::new("links")
        .file("out/Dockerfile.far", ROOT)
        .file("in/Dockerfile", CLEAN)
        .link("in/loop", "..")
        .link("in/Dockerfile.near", "Dockerfile")
        .link("in/Dockerfile.d", "../out")
        .link("named", "out/Dockerfile.far")
        .link("folder", "out");
    let run = project.run(&["check", "in"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(run.stdout.contains("2 documents"), "{}", run.shown());
    // Named by the user, links are followed wherever they lead.
    for path in ["named", "folder", "dockerfile:named"] {
        let run = project.run(&["check", path]);
        assert_eq!(run.code, Some(1), "{path}\n{}", run.shown());
        assert!(run.stdout.contains("1 document,"), "{path}\n{}", run.shown());
    }
    let project = project
        .link("in/Dockerfile.out", "../out/Dockerfile.far")
        .link("in/Dockerfile.gone", "nowhere")
        .link("in/Dockerfile.loop", "Dockerfile.loop");
    insta::assert_snapshot!(project.run(&["check", "in"]).shown());
}

#[test]
fn names_that_are_not_utf8_are_read_and_shown() {
    let project = Project::new("names");
    for name in [b"Dockerfile.\xff", b"Dockerfile.\xfe"] {
        std::fs::write(project.path("").join(OsStr::from_bytes(name)), ROOT).unwrap();
    }
    let folder = project.path("").join(OsStr::from_bytes(b"\xf0\x9f"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("Dockerfile"), "FROM alpine:3.20\nCOPY . /\n").unwrap();
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.stdout.contains("3 documents"), "{}", run.shown());
    assert!(run.stdout.contains("Dockerfile.\u{fffd}:1:1"), "{}", run.shown());
    let mut command = project.command(&["check", "-o", "sarif"]);
    command.arg(OsStr::from_bytes(b"Dockerfile.\xff"));
    assert_eq!(finish(command, "").code, Some(1));
}

#[test]
fn what_may_not_be_read_is_told() {
    let project = Project::new("permission")
        .file("a/Dockerfile", CLEAN)
        .file("a/closed/Dockerfile", CLEAN)
        .file("b/Dockerfile", CLEAN);
    let close = |path: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(project.path(path), permissions).unwrap();
    };
    close("a/closed", 0);
    close("b/Dockerfile", 0);
    if std::fs::read(project.path("b/Dockerfile")).is_ok() {
        println!("skipped: this user may read everything");
    } else {
        for (path, said) in [
            ("a", "cannot read `a/closed`: Permission denied"),
            ("b", "no permission to read `b/Dockerfile`"),
            ("b/Dockerfile", "no permission to read `b/Dockerfile`"),
        ] {
            let run = project.run(&["check", path]);
            assert_eq!(run.code, Some(2), "{path}\n{}", run.shown());
            assert!(run.stdout.contains(said), "{path}\n{}", run.shown());
        }
    }
    close("a/closed", 0o755);
}

#[test]
fn nothing_is_read_from_a_closed_standard_input() {
    let project = Project::new("closed");
    let shell = format!("'{}' check - <&-", support::PLIMSOLL);
    let mut command = Command::new("sh");
    command.args(["-c", &shell]).current_dir(project.path(""));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let run = finish(command, "");
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(!run.shown().contains("panicked"), "{}", run.shown());
}
