//! A real Docker engine as the subject and the judge.
//!
//! It prints what our readers read, and refuses what we say it refuses. `tests/docker/install` puts
//! it below `target/docker`; without it, or where it cannot run, the tests say that they are skipped.
#![allow(clippy::print_stdout)]

mod configuration;
mod containers;
mod engine;

use plimsoll_engine::document::daemon;
use plimsoll_engine::source::Source;
use serde_json::{Value, json};

use engine::{CONFIG, Engine};

#[test]
fn a_running_engine_is_what_its_texts_say() {
    let Some(engine) = Engine::start() else { return };
    let info = engine.docker(&["info", "--format", "{{json .}}"]);
    let version = engine.docker(&["version", "--format", "{{json .}}"]);
    let sources = [
        Source::new("daemon.json", CONFIG),
        Source::new("dockerd", engine.command_line()),
        Source::new("info", info.clone()),
        Source::new("version", version),
    ];
    let document = daemon::join(&sources).expect("texts");
    let messages: Vec<&str> = document.problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(messages, [""; 0]);
    let facts = serde_json::to_value(&document.facts.daemon).expect("facts are JSON");
    let info: Value = serde_json::from_str(&info).expect("JSON");
    // What is configured is what the engine prints.
    let printed = [
        ("/live_restore", "/LiveRestoreEnabled", json!(true)),
        ("/log/driver", "/LoggingDriver", json!("local")),
        ("/labels/0/value", "/Labels/0", json!("test")),
        (
            "/registries/insecure/0/address",
            "/RegistryConfig/InsecureRegistryCIDRs/0",
            json!("10.1.2.0/24"),
        ),
        (
            "/registries/mirrors/0/text",
            "/RegistryConfig/Mirrors/0",
            json!("https://mirror.example/"),
        ),
        ("/debug", "/Debug", json!(true)),
        ("/default_runtime", "/DefaultRuntime", json!("other")),
    ];
    for (fact, path, value) in printed {
        let fact = facts.pointer(fact).unwrap_or_else(|| panic!("no {fact} in {facts:#}"));
        let said = info.pointer(path).unwrap_or_else(|| panic!("no {path} in {info:#}"));
        let text = |value: &Value| value.to_string().trim_matches(['"', '/']).to_owned();
        assert_eq!(text(fact), text(&value), "{path}");
        assert!(text(said).ends_with(&text(&value)), "{path} is {said}");
    }
    let known = [
        ("/icc", json!(true)),
        ("/userland_proxy", json!(false)),
        ("/no_new_privileges", json!(true)),
        ("/iptables", json!(false)),
        ("/plain_tcp", json!(false)),
        ("/hosts/0/proto", json!("unix")),
        ("/default_ulimits/0/hard", json!(2048)),
        ("/swarm/state", json!("inactive")),
        ("/userns", json!(false)),
        ("/sources", json!(["flags", "config", "info", "version"])),
    ];
    for (path, value) in known {
        assert_eq!(facts.pointer(path), Some(&value), "{path}");
    }
    let names: Vec<&str> = facts["components"]
        .as_array()
        .map(|list| list.iter().filter_map(|c| c["name"].as_str()).collect())
        .unwrap_or_default();
    // The engine names the default runtime as it is configured, whatever its program.
    assert!(["Engine", "containerd", "other"].iter().all(|name| names.contains(name)), "{names:?}");

    containers::check(&engine);
}
