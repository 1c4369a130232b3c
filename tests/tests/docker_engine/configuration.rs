//! What dockerd refuses, we refuse, and the other way round.
//!
//! dockerd reads its whole configuration before it looks at its pidfile. Given the pidfile of a
//! process that runs, it ends there, and starts nothing.

use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::document::{Input, ReadOptions, daemon};
use plimsoll_engine::source::Source;
use plimsoll_tests::repository;

use crate::engine::{program, remove, root};

/// Texts of `daemon.json` and command lines. Engine 20.10 knows all of their options.
const CASES: &[(&str, &str)] = &[
    ("{}", ""),
    ("", ""),
    (" \n", ""),
    (r#"{"icc": false, "log-opts": {"max-size": "1m"}, "labels": ["a=b"]}"#, ""),
    (r#"{"icc": "false"}"#, ""),
    (r#"{"hosts": ["fd://"], "debug": null}"#, ""),
    (r#"{"hosts": "fd://"}"#, ""),
    (r#"{"hosts": ["http://x"]}"#, ""),
    (r#"{"hosts": ["tcp://1.2.3.4:99999"]}"#, ""),
    (r#"{"host": ["fd://"]}"#, ""),
    (r#"{"log-opts": {"max-file": 3}}"#, ""),
    (r#"{"log-level": "loud"}"#, ""),
    (r#"{"log-level": "WARN"}"#, ""),
    (r#"{"nonsense": 1}"#, ""),
    (r#"{"Debug": true}"#, ""),
    (r#"{"group-of-things": {"debug": true}}"#, ""),
    (r#"{"group-of-things": {"nonsense": true}}"#, ""),
    (r#"{"group-of-things": {}}"#, ""),
    (r#"{"debug": true, "debug": false}"#, ""),
    (r#"{"debug": true,}"#, ""),
    (r#"{"debug": true} x"#, ""),
    (r#"{"debug": true} {}"#, ""),
    (r#"// {}"#, ""),
    ("[]", ""),
    (r#"{"labels": ["a"]}"#, ""),
    (r#"{"labels": ["=a"]}"#, ""),
    (r#"{"dns": ["1.1.1.1"]}"#, ""),
    (r#"{"dns": ["1.1.1.1o"]}"#, ""),
    (r#"{"mtu": 1500}"#, ""),
    (r#"{"mtu": 1500.5}"#, ""),
    (r#"{"mtu": "1500"}"#, ""),
    (r#"{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1, "Hard": 2}}}"#, ""),
    (r#"{"default-ulimits": ["nofile=1:2"]}"#, ""),
    (r#"{"default-ipc-mode": "shareable"}"#, ""),
    (r#"{"default-ipc-mode": "host"}"#, ""),
    (r#"{"default-cgroupns-mode": "other"}"#, ""),
    (r#"{"default-shm-size": "64M"}"#, ""),
    (r#"{"default-shm-size": 64}"#, ""),
    (r#"{"default-address-pools": [{"base": "10.0.0.0/8", "size": 24}]}"#, ""),
    (r#"{"features": {"buildkit": true}}"#, ""),
    (r#"{"features": {"buildkit": "yes"}}"#, ""),
    (r#"{"builder": {"gc": {"enabled": true}}}"#, ""),
    (r#"{"runtimes": {"a": {"path": "/a"}}}"#, "--add-runtime=b=/b"),
    (r#"{"icc": false}"#, "--icc=false"),
    (r#"{"hosts": ["fd://"]}"#, "-H fd://"),
    (r#"{"labels": ["a=b"]}"#, "--label c=d"),
    ("{}", "--icc false"),
    ("{}", "--icc=0 --debug -l warn --log-opt max-size=1m"),
    ("{}", "--icc=perhaps"),
    ("{}", "--iccc"),
    ("{}", "-Dl warn"),
    ("{}", "-DZ"),
    ("{}", "-lwarn"),
    ("{}", "-l=warn"),
    ("{}", "--log-level"),
    ("{}", "--log-opt max-size"),
    ("{}", "--default-ulimit nofile=1:2"),
    ("{}", "--default-ulimit nofile=a"),
    ("{}", "--host http://x"),
    ("{}", "--label a"),
    ("{}", "--mtu=x"),
    ("{}", "--add-runtime=b"),
    ("{}", "something"),
    ("{}", "-- something"),
];

/// What engine 20.10 takes, or does not, other than engines of today (moby's `daemon/config` of
/// version 29), which we follow.
const CHANGED: &[(&str, &str)] = &[
    ("", "an empty file was no JSON"),
    (" \n", "an empty file was no JSON"),
    (r#"{"hosts": ["http://x"]}"#, "addresses were looked at when the engine listened"),
    (r#"{"hosts": ["tcp://1.2.3.4:99999"]}"#, "addresses were looked at when the engine listened"),
    (r#"{"debug": true} x"#, "only the first value was read"),
    (r#"{"debug": true} {}"#, "only the first value was read"),
];

/// Whether dockerd takes the texts, and what it says.
fn dockerd(config: &str, arguments: &str) -> Option<(bool, String)> {
    let root = root()?;
    let folder = repository().join(format!("target/docker/check-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("daemon.json"), config).expect("a file");
    std::fs::write(folder.join("pid"), std::process::id().to_string()).expect("a file");
    let mut command = program(&root, "dockerd");
    command
        .arg(format!("--config-file={}", folder.join("daemon.json").display()))
        .arg(format!("--pidfile={}", folder.join("pid").display()))
        .arg(format!("--data-root={}", folder.join("data").display()))
        .arg(format!("--exec-root={}", folder.join("exec").display()))
        .args(arguments.split_whitespace());
    let output = command.output().expect("dockerd runs");
    remove(&folder);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "it should have ended at its pidfile: {said}");
    Some((said.contains("pid file found"), said))
}

/// Whether we take the texts, and what we say.
fn plimsoll(config: &str, arguments: &str) -> (bool, Vec<String>) {
    let sources = [
        Source::new("daemon.json", config),
        Source::new("dockerd", format!("dockerd {arguments}")),
    ];
    let document = daemon::join(&sources).expect("texts");
    let alone = Input { source: sources[0].clone(), folder: None };
    assert_eq!(daemon::read(&alone, &ReadOptions::default()).len(), 1, "{config}");
    let errors = document.problems.iter().filter(|problem| problem.level == Level::Error);
    let errors: Vec<String> = errors.map(|problem| problem.message.clone()).collect();
    (errors.is_empty(), errors)
}

#[test]
fn dockerd_refuses_what_we_refuse() {
    let mut different = String::new();
    for (config, arguments) in CASES {
        let Some((theirs, said)) = dockerd(config, arguments) else { return };
        let (ours, errors) = plimsoll(config, arguments);
        let changed = CHANGED.iter().any(|(text, _)| text == config);
        if changed {
            // When an engine of today is installed the list has to go.
            assert_ne!(ours, theirs, "no longer different: {config}");
        } else if ours != theirs {
            let line = said.lines().last().unwrap_or_default();
            different +=
                &format!("{config} {arguments}\n  dockerd: {theirs}: {line}\n  we: {errors:?}\n");
        }
    }
    println!("{} configurations judged as dockerd does", CASES.len() - CHANGED.len());
    assert!(different.is_empty(), "\n{different}");
}
