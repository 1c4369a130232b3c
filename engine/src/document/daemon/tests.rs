use std::fmt::Write as _;

use plimsoll_sdk::Loc;
use plimsoll_sdk::finding::RawPlace;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value as Json, json};

use super::*;
use crate::diagnostic::Level;

fn source(name: &str, text: &str) -> Arc<Source> {
    Source::new(name, text)
}

fn all(name: &str, text: &str) -> Vec<Document> {
    read(&Input { source: source(name, text), folder: None }, &ReadOptions::default())
}

fn one(name: &str, text: &str) -> Document {
    let mut documents = all(name, text);
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

fn joined(texts: &[(&str, &str)]) -> Document {
    let sources: Vec<_> = texts.iter().map(|(name, text)| source(name, text)).collect();
    join(&sources).expect("sources")
}

fn facts(document: &Document) -> Json {
    sound(document);
    serde_json::to_value(&document.facts.daemon).expect("facts are JSON")
}

fn evidence(facts: &Json, field: &str) -> Option<String> {
    let list = facts["evidence"].as_array()?;
    let row = list.iter().find(|row| row["field"] == field)?;
    row["from"].as_str().map(String::from)
}

fn is_partial(facts: &Json, field: &str) -> bool {
    facts["incomplete"].as_array().is_some_and(|list| list.contains(&json!(field)))
}

/// Every handle has a place in its text, every labelled place lies in its text, and no field has
/// two sources.
fn sound(document: &Document) {
    let value = serde_json::to_value(&document.facts).expect("facts are JSON");
    locs(&value, &|loc| {
        let place = document.places.place(Loc(loc)).expect("a place");
        assert!(place.source.text().get(place.span.range()).is_some());
    });
    for label in document.problems.iter().flat_map(|problem| &problem.labels) {
        assert!(label.place.source.text().get(label.place.span.range()).is_some());
    }
    let Some(daemon) = &document.facts.daemon else { return };
    let mut fields: Vec<&str> = daemon.evidence.iter().map(|row| row.field.as_str()).collect();
    fields.sort_unstable();
    let count = fields.len();
    fields.dedup();
    assert_eq!(fields.len(), count, "each field once: {:?}", daemon.evidence);
}

fn locs(value: &Json, check: &dyn Fn(u32)) {
    match value {
        Json::Object(map) => {
            if let Some(loc) = map.get("loc") {
                check(u32::try_from(loc.as_u64().expect("a number")).expect("small"));
            }
            map.values().for_each(|value| locs(value, check));
        }
        Json::Array(items) => items.iter().for_each(|value| locs(value, check)),
        _ => {}
    }
}

fn messages(document: &Document) -> String {
    let mut out = String::new();
    for problem in &document.problems {
        let _ = writeln!(out, "  {}: {}", problem.level.as_str(), problem.message);
        for label in &problem.labels {
            let text = label.place.text().escape_debug();
            let _ = writeln!(out, "    «{text}» {}", label.text);
        }
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "    help: {help}");
        }
    }
    out
}

fn text_at(document: &Document, field: &str) -> String {
    let loc = document.facts.daemon.as_ref().expect("a daemon").loc;
    let place = RawPlace { loc, field: Some(field.into()), item: None };
    document.places.resolve(&place).expect("a place").text().to_owned()
}

#[test]
fn a_daemon_json_says_what_it_sets() {
    let text = r#"{
        "icc": false, "userns-remap": "default", "no-new-privileges": true,
        "hosts": ["tcp://0.0.0.0:2376", "unix:///var/run/docker.sock"],
        "tlsverify": true, "tlscacert": "/ca.pem", "tlscert": "/cert.pem", "tlskey": "",
        "log-driver": "local", "log-opts": {"max-size": "10m"}, "log-level": "warn",
        "seccomp-profile": "/p.json", "default-ulimits": {"nofile": {"Hard": 2, "Soft": 1}},
        "insecure-registries": ["10.0.0.0/8"], "metrics-addr": "0.0.0.0:9323",
        "runtimes": {"x": {"path": "/x"}, "y": {"runtimeType": "io.y"}},
        "features": {"cdi": true}, "proxies": {"http-proxy": "http://p"}, "builder": {},
        "default-network-opts": {"bridge": {"a": "1", "b": "2"}, "overlay": {"c": ""}}
    }"#;
    let document = one("etc/daemon.json", text);
    assert_eq!(messages(&document), "");
    let facts = facts(&document);
    let known = [
        ("/sources", json!(["config"])),
        ("/icc", json!(false)),
        ("/userns", json!(true)),
        ("/userns_remap", json!("default")),
        ("/no_new_privileges", json!(true)),
        ("/hosts/0/proto", json!("tcp")),
        ("/hosts/0/address", json!("0.0.0.0")),
        ("/hosts/0/port", json!(2376)),
        ("/hosts/0/tls", json!(true)),
        ("/hosts/0/tls_verify", json!(true)),
        ("/hosts/0/local", json!(false)),
        ("/hosts/1/local", json!(true)),
        ("/plain_tcp", json!(false)),
        ("/unverified_tls", json!(false)),
        ("/tls/ca_cert", json!("/ca.pem")),
        ("/tls/key", json!(null)),
        ("/log/driver", json!("local")),
        ("/log/options/0/key", json!("max-size")),
        ("/log/options/0/value", json!("10m")),
        ("/log/level", json!("warn")),
        ("/seccomp/profile", json!("/p.json")),
        ("/seccomp/enabled", json!(true)),
        ("/default_ulimits/0/name", json!("nofile")),
        ("/default_ulimits/0/soft", json!(1)),
        ("/default_ulimits/0/hard", json!(2)),
        ("/default_network_options/1/driver", json!("bridge")),
        ("/default_network_options/1/key", json!("b")),
        ("/default_network_options/1/value", json!("2")),
        ("/default_network_options/2/value", json!("")),
        ("/registries/insecure/0/address", json!("10.0.0.0/8")),
        ("/listeners/0/address", json!("0.0.0.0")),
        ("/listeners/0/port", json!(9323)),
        ("/runtimes/0/path", json!("/x")),
        ("/runtimes/1/runtime_type", json!("io.y")),
        ("/features/0/enabled", json!(true)),
        // Less safe defaults.
        ("/live_restore", json!(false)),
        ("/userland_proxy", json!(true)),
        ("/authorization_plugins", json!([])),
        ("/debug", json!(false)),
    ];
    for (path, value) in known {
        assert_eq!(facts.pointer(path), Some(&value), "{path}");
    }
    for path in ["/iptables", "/apparmor", "/rootless", "/server_version", "/data_root"] {
        assert_eq!(facts.pointer(path), None, "{path}");
    }
    assert_eq!(evidence(&facts, "icc").as_deref(), Some("config"));
    assert_eq!(evidence(&facts, "live_restore").as_deref(), Some("default"));
    assert_eq!(evidence(&facts, "iptables"), None);
    assert!(!is_partial(&facts, "hosts") && !is_partial(&facts, "authorization_plugins"));
    assert!(is_partial(&facts, "labels") && is_partial(&facts, "warnings"));
    assert_eq!(text_at(&document, "icc"), "false");
    assert_eq!(text_at(&document, "userns_remap"), "\"default\"");
    assert_eq!(text_at(&document, "live_restore"), "{");
}

#[test]
fn an_empty_daemon_json_leaves_the_safe_defaults_open() {
    for text in ["{}", "", " \n"] {
        let facts = facts(&one("daemon.json", text));
        assert_eq!(facts["icc"], json!(true), "{text:?}");
        assert_eq!(facts["userns_remap"], json!(null));
        assert!(facts.get("userns_remap").is_some());
        assert_eq!(facts["log"]["driver"], json!("json-file"));
        assert_eq!(facts["ipc_default"], json!("private"));
        assert_eq!(facts["log"]["incomplete"], json!([]));
        for field in ["iptables", "plain_tcp", "firewall_backend", "default_runtime"] {
            assert_eq!(facts.get(field), None, "{field}");
        }
        assert!(is_partial(&facts, "hosts"));
        assert_eq!(facts["seccomp"].get("profile"), None);
    }
}

#[test]
fn what_dockerd_would_refuse_is_a_problem() {
    let mut out = String::new();
    let texts = [
        r#"{"icc": "false"}"#,
        r#"{"hosts": "tcp://0.0.0.0:2375"}"#,
        r#"{"hosts": ["http://x"]}"#,
        r#"{"log-opts": {"max-file": 3}}"#,
        r#"{"log-drivr": "local"}"#,
        r#"{"log_driver": "local"}"#,
        r#"{"nonsense": 1}"#,
        r#"{"host": ["tcp://0.0.0.0:2375"], "insecure-registry": ["x"]}"#,
        r#"{"http-proxy": "http://p"}"#,
        r#"{"proxies": {"ftp-proxy": "x", "http-proxy": 1}}"#,
        r#"{"group-of-things": {"debug": true}}"#,
        r#"{"group-of-things": {"nonsense": true}}"#,
        r#"{"log-level": "loud", "default-ipc-mode": "host"}"#,
        r#"{"host-gateway-ip": "10.0.0.1", "host-gateway-ips": ["10.0.0.1", "10.0.0.2"]}"#,
        r#"{"icc": false, "iptables": false}"#,
        r#"{"debug": true, "debug": false}"#,
        r#"{"debug": true,}"#,
        r#"{} {}"#,
        "[]",
        "dockerd --icc false",
        "dockerd --iccc=false --hots=x -Z",
        "dockerd --icc=perhaps --default-ulimit nofile=a -- x",
        "dockerd --log-level",
        "Restart dockerd now",
        "",
        r#"{"ServerErrors": ["Cannot connect"], "ClientInfo": {"Debug": false}}"#,
        r#"{"Client": {"Version": "1", "ApiVersion": "1", "GoVersion": "1"}, "Server": null}"#,
    ];
    for text in texts {
        let name = if text.starts_with(['{', '[']) && !text.contains("Client") {
            "daemon.json"
        } else {
            "<stdin>"
        };
        let _ = writeln!(out, "{text}");
        for document in all(name, text) {
            sound(&document);
            out.push_str(&messages(&document));
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn command_lines() {
    let unit = "[Unit]\nDescription=Docker\n[Service]\nExecStartPre=/bin/true\n# ExecStart=/x\n\
        ExecStart=\nExecStart=-/usr/bin/dockerd -H fd:// \\\n  --containerd=/run/c.sock \\\n  \
        --icc=false\nExecReload=/bin/kill -s HUP $MAINPID\n";
    let cases: [(&str, &str, Json); 17] = [
        (unit, "/hosts/0/proto", json!("fd")),
        (unit, "/icc", json!(false)),
        ("ExecStart=/usr/bin/dockerd --userland-proxy=0", "/userland_proxy", json!(false)),
        ("dockerd", "/icc", json!(true)),
        ("sudo A=b dockerd -H tcp://0.0.0.0 -D", "/debug", json!(true)),
        ("dockerd -H=tcp://0.0.0.0:1 -Htcp://1.2.3.4:2", "/hosts/1/port", json!(2)),
        ("dockerd -H tcp://0.0.0.0", "/hosts/0/port", json!(2375)),
        ("dockerd -H tcp://0.0.0.0", "/plain_tcp", json!(true)),
        ("dockerd -H tcp://0.0.0.0 --tls", "/unverified_tls", json!(false)),
        ("dockerd -H tcp://0.0.0.0 --tlsverify=false", "/unverified_tls", json!(true)),
        ("dockerd -H tcp://0.0.0.0 --tlsverify", "/hosts/0/port", json!(2376)),
        ("dockerd -Dl 'warn'", "/log/level", json!("warn")),
        ("dockerd --log-opt a=1 --log-opt \"b=2\"", "/log/options/1/value", json!("2")),
        ("dockerd --default-ulimit nofile=1:2", "/default_ulimits/0/hard", json!(2)),
        (
            "dockerd --default-network-opt bridge=mtu=1400",
            "/default_network_options/0/value",
            json!("1400"),
        ),
        ("dockerd --add-runtime=x=/y --feature cdi", "/runtimes/0/path", json!("/y")),
        ("docker daemon --icc=false", "/icc", json!(false)),
    ];
    for (text, path, value) in cases {
        assert!(is_command_line(text), "{text}");
        let document = one("<stdin>", text);
        assert_eq!(messages(&document), "", "{text}");
        assert_eq!(facts(&document).pointer(path), Some(&value), "{text} {path}");
    }
    for text in ["", "# dockerd", "docker ps", "dockerd is great", "ls dockerd", "FROM docker"] {
        assert!(!is_command_line(text), "{text}");
    }
    assert!(!is_command_line("[Service]\nExecStart=/usr/bin/containerd\n"));
}

#[test]
fn variables_leave_open_what_they_may_set() {
    let document = one("docker.service", "ExecStart=/usr/bin/dockerd -H fd:// $DOCKER_OPTS\n");
    let open = facts(&document);
    assert_eq!(open.get("icc"), None, "anything may be in the variable");
    assert_eq!(open["hosts"][0]["proto"], json!("fd"));
    let value = facts(&one("<stdin>", "dockerd --log-driver=${D} --label a=b --label $C"));
    assert_eq!(value["log"].get("driver"), None);
    assert_eq!(value["icc"], json!(true));
    assert!(is_partial(&value, "labels"));
    assert_eq!(value["labels"][0]["value"], json!("b"));
}

const INFO: &str = r#"{"ID": "X", "Name": "host", "ServerVersion": "29.1.3", "Driver": "overlay2",
    "Debug": false, "NCPU": 4, "MemTotal": 1, "OSType": "linux", "KernelVersion": "6.8",
    "DockerRootDir": "/var/lib/docker", "LoggingDriver": "json-file", "CgroupVersion": "2",
    "LiveRestoreEnabled": true, "MemoryLimit": true, "PidsLimit": false, "Containers": 3,
    "Plugins": {"Authorization": null}, "Runtimes": {"runc": {"path": "runc"}},
    "RegistryConfig": {"InsecureRegistryCIDRs": ["::1/128", "127.0.0.0/8"], "Mirrors": null,
      "IndexConfigs": {"docker.io": {"Secure": true}, "r:5000": {"Secure": false}}},
    "SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"],
    "Warnings": ["WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n  Access",
      "WARNING: No swap limit support"],
    "Swarm": {"LocalNodeState": "active", "ControlAvailable": true, "Managers": 3, "Cluster":
      {"Spec": {"CAConfig": {"NodeCertExpiry": 7776000000000000},
      "EncryptionConfig": {"AutoLockManagers": false}}}}}"#;

#[test]
fn docker_info_says_what_runs() {
    let document = one("<stdin>", INFO);
    assert_eq!(messages(&document), "");
    let facts = facts(&document);
    let known = [
        ("/name", json!("host")),
        ("/server_version", json!("29.1.3")),
        ("/seccomp/enabled", json!(true)),
        ("/seccomp/profile", json!("builtin")),
        ("/apparmor", json!(true)),
        ("/selinux", json!(false)),
        ("/userns", json!(false)),
        ("/userns_remap", json!(null)),
        ("/rootless", json!(false)),
        ("/cgroup_ns_default", json!("private")),
        ("/live_restore", json!(true)),
        ("/limits_supported/pids", json!(false)),
        ("/authorization_plugins", json!([])),
        ("/plain_tcp", json!(true)),
        ("/unverified_tls", json!(false)),
        ("/hosts/0/port", json!(2375)),
        ("/hosts/0/from", json!("info")),
        ("/registries/insecure/0/builtin", json!(true)),
        ("/registries/insecure/2/address", json!("r:5000")),
        ("/swarm/state", json!("active")),
        ("/swarm/cert_expiry_s", json!(7_776_000)),
        ("/swarm/autolock", json!(false)),
        ("/counts/containers", json!(3)),
        ("/warnings/1/text", json!("WARNING: No swap limit support")),
    ];
    for (path, value) in known {
        assert_eq!(facts.pointer(path), Some(&value), "{path}");
    }
    for path in ["/icc", "/userland_proxy", "/no_new_privileges", "/iptables", "/ipc_default"] {
        assert_eq!(facts.pointer(path), None, "docker info does not say {path}");
    }
    assert!(is_partial(&facts, "hosts"), "only what is open is told");
    assert!(text_at(&document, "plain_tcp").contains("http://0.0.0.0:2375"));
    assert_eq!(text_at(&document, "live_restore"), "true");
}

#[test]
fn security_options_of_all_times() {
    let info = |version: &str, options: &str| {
        let head = r#""Driver": "x", "DockerRootDir": "/", "NCPU": 1"#;
        let text =
            format!(r#"{{{head}, "ServerVersion": "{version}", "SecurityOptions": {options}}}"#);
        facts(&one("<stdin>", &text))
    };
    let old = info("1.10", r#"["apparmor", "seccomp"]"#);
    assert_eq!((&old["apparmor"], &old["seccomp"]["enabled"]), (&json!(true), &json!(true)));
    assert_eq!(old.get("cgroup_ns_default"), None);
    assert_eq!(old.get("plain_tcp"), None, "it did not warn yet");
    let none = info("29.0", "null");
    assert_eq!((&none["apparmor"], &none["seccomp"]["enabled"]), (&json!(false), &json!(false)));
    assert_eq!(none["cgroup_ns_default"], json!("host"));
    let open = info("29.0", r#"["name=seccomp,profile=unconfined", "name=no-new-privileges"]"#);
    assert_eq!(open["seccomp"]["enabled"], json!(false));
    assert_eq!(open["no_new_privileges"], json!(true));
    let odd = info("29.0", r#"["foo=", "name=userns"]"#);
    assert_eq!(odd.get("apparmor"), None, "an option could not be read");
    assert_eq!(odd["userns"], json!(true));
    assert_eq!(odd.get("userns_remap"), None, "whom is not told");
}

#[test]
fn docker_version_names_components() {
    let text = r#"{"Client": {"Version": "28.0", "ApiVersion": "1.48", "GoVersion": "1"},
        "Server": {"Version": "29.1.3", "ApiVersion": "1.52", "MinAPIVersion": "1.44",
        "GoVersion": "1", "Os": "linux", "KernelVersion": "6.8",
        "Components": [{"Name": "Engine", "Version": "29.1.3"}, {"Name": "runc", "Version": "1.3"}]}}"#;
    let document = one("<stdin>", text);
    let facts = facts(&document);
    assert_eq!(facts["server_version"], json!("29.1.3"));
    assert_eq!(facts["components"][1]["version"], json!("1.3"));
    assert_eq!(evidence(&facts, "server_version").as_deref(), Some("version"));
    let both = format!("{INFO}\n{text}");
    let document = one("<stdin>", &both);
    assert_eq!(document.facts.daemon.as_ref().expect("a daemon").sources, ["info", "version"]);
    assert_eq!(all("<stdin>", &format!("{INFO}{INFO}")).len(), 2);
    assert_eq!(all("<stdin>", &format!("[{INFO}, {INFO}]")).len(), 2);
}

#[test]
fn the_parts_of_a_daemon_are_weighed() {
    let config = ("daemon.json", r#"{"live-restore": false, "icc": false, "userns-remap": "me"}"#);
    let flags = ("docker.service", "ExecStart=/usr/bin/dockerd -H fd:// --debug\n");
    let document = joined(&[config, flags, ("info", INFO)]);
    let all = facts(&document);
    let expected = [
        ("icc", json!(false), "config"),
        ("debug", json!(true), "flag"),
        ("live_restore", json!(false), "config"),
        ("userns_remap", json!("me"), "config"),
        ("iptables", json!(true), "default"),
        ("apparmor", json!(true), "info"),
        ("plain_tcp", json!(false), "flag"),
    ];
    for (field, value, from) in expected {
        assert_eq!(all[field], value, "{field}");
        assert_eq!(evidence(&all, field).as_deref(), Some(from), "{field}");
    }
    assert_eq!(text_at(&document, "debug"), "--debug");
    assert_eq!(text_at(&document, "icc"), "false");
    assert_eq!(text_at(&document, "server_version"), "\"29.1.3\"");
    let levels: Vec<Level> = document.problems.iter().map(|problem| problem.level).collect();
    assert_eq!(levels, [Level::Warning; 3], "{}", messages(&document));

    let refused = joined(&[("daemon.json", r#"{"hosts": ["fd://"]}"#), flags]);
    assert!(messages(&refused).contains("`hosts` is set on the command line and in daemon.json"));
    let runtimes = joined(&[
        ("daemon.json", r#"{"runtimes": {"a": {"path": "/a"}}}"#),
        ("<stdin>", "dockerd --add-runtime=b=/b"),
    ]);
    assert_eq!(messages(&runtimes), "");
    assert_eq!(facts(&runtimes)["runtimes"][1]["path"], json!("/a"));
    let twice = joined(&[config, config]);
    assert!(messages(&twice).contains("described twice"));
    assert!(join(&[]).is_none());
}

#[test]
fn forms_are_told_apart() {
    let node = |text: &str| json::parse(&source("x", text), json::LIMITS).expect("JSON").node;
    let config = node(r#"{"log-driver": "local", "debug": true}"#);
    let version = node(r#"{"Version": "1", "ApiVersion": "1", "GoVersion": "1"}"#);
    let others = [
        "{}",
        "[]",
        r#"{"debug": true}"#,
        r#"{"log-driver": "x", "name": "y"}"#,
        r#"{"Id": "x", "Config": {}, "HostConfig": {}}"#,
        r#"{"services": {}}"#,
        r#"{"Driver": "bridge", "Name": "x", "Scope": "local"}"#,
    ];
    let tests: [fn(&Node) -> bool; 3] = [has_daemon_json, is_info, is_version];
    let told = |node: &Node| tests.map(|test| test(node));
    assert_eq!(told(&config), [true, false, false]);
    assert_eq!(told(&node(INFO)), [false, true, false]);
    assert_eq!(told(&version), [false, false, true]);
    for text in others {
        assert_eq!(told(&node(text)), [false; 3], "{text}");
    }
}

fn texts() -> impl Strategy<Value = String> {
    let keys: Vec<&str> = options::OPTIONS.iter().map(|option| option.key).collect();
    let values = prop::sample::select(vec![
        "true",
        "false",
        "null",
        "1",
        "-1",
        "\"\"",
        "\"x\"",
        "[]",
        "[\"tcp://0.0.0.0:1\"]",
        "{}",
        "{\"a\":\"b\"}",
        "{\"a\":{}}",
        "[null]",
        "[1]",
        "{\"a\":{\"Soft\":1}}",
        "{\"a\":true}",
    ]);
    let config =
        prop::collection::vec((prop::sample::select(keys), values), 0..8).prop_map(|entries| {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            format!("{{{}}}", entries.join(","))
        });
    let flags: Vec<String> = options::OPTIONS
        .iter()
        .flat_map(|option| {
            ["", "=true", "=a=b", "=$X", "=tcp://:1"].map(|v| format!("--{}{v}", option.flag))
        })
        .chain(["-D", "-H", "-lx", "$Y", "\"", "'", "\\", "x", "--", "-"].map(String::from))
        .collect();
    let line = prop::collection::vec(prop::sample::select(flags), 0..8)
        .prop_map(|words| format!("dockerd {}", words.join(" ")));
    let info = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), ".{0,8}").prop_map(
        |(from, to, new)| {
            // A piece of the text replaced by anything.
            let (from, to) = (from.index(INFO.len()), to.index(INFO.len()));
            format!("{}{new}{}", &INFO[..from.min(to)], &INFO[from.max(to)..])
        },
    );
    prop_oneof![config, line, info, any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(3),
        failure_persistence: None,
        cases: 512,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_texts_make_sound_documents(first in texts(), second in texts()) {
        for name in ["daemon.json", "<stdin>"] {
            for document in all(name, &first) {
                sound(&document);
            }
        }
        sound(&joined(&[("daemon.json", &first), ("<stdin>", &second)]));
    }
}
