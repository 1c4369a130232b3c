//! `daemon.json`, `docker info` and `docker version` of Docker's own tests and documentation: all of
//! them are read, and what the facts say is what stands at a path of the JSON.
//!
//! The lists of paths here are written from Docker's documentation, apart from the reader.

use plimsoll_engine::document::{Input, ReadOptions, daemon};
use plimsoll_engine::source::Source;
use plimsoll_tests::{ratchet, suites};
use serde_json::Value;

type Outcome = Result<(), String>;

/// A path in the sample, and the path of the fact that must equal it where it says anything.
type Paths = &'static [(&'static str, &'static str)];

const CONFIG: Paths = &[
    ("/debug", "/debug"),
    ("/icc", "/icc"),
    ("/iptables", "/iptables"),
    ("/ip6tables", "/ip6tables"),
    ("/ipv6", "/ipv6"),
    ("/allow-direct-routing", "/allow_direct_routing"),
    ("/experimental", "/experimental"),
    ("/live-restore", "/live_restore"),
    ("/no-new-privileges", "/no_new_privileges"),
    ("/selinux-enabled", "/selinux_enabled"),
    ("/userland-proxy", "/userland_proxy"),
    ("/userns-remap", "/userns_remap"),
    ("/seccomp-profile", "/seccomp/profile"),
    ("/log-driver", "/log/driver"),
    ("/log-level", "/log/level"),
    ("/default-cgroupns-mode", "/cgroup_ns_default"),
    ("/default-runtime", "/default_runtime"),
    ("/storage-driver", "/storage_driver"),
    ("/data-root", "/data_root"),
    ("/cgroup-parent", "/cgroup_parent"),
    ("/tlscacert", "/tls/ca_cert"),
    ("/tlsverify", "/tls/verify"),
    ("/default-ulimits/nofile/Hard", "/default_ulimits/0/hard"),
    ("/default-ulimits/nofile/Soft", "/default_ulimits/0/soft"),
    ("/insecure-registries/0", "/registries/insecure/0/address"),
    ("/registry-mirrors/0", "/registries/mirrors/0/text"),
    ("/features/containerd-snapshotter", "/features/0/enabled"),
    ("/features/cdi", "/features/0/enabled"),
    ("/runtimes/runc/path", "/runtimes/0/path"),
    ("/runtimes/gvisor/runtimeType", "/runtimes/0/runtime_type"),
];

const INFO: Paths = &[
    ("/ID", "/id"),
    ("/Name", "/name"),
    ("/Containers", "/counts/containers"),
    ("/ContainersRunning", "/counts/running"),
    ("/ContainersPaused", "/counts/paused"),
    ("/ContainersStopped", "/counts/stopped"),
    ("/Images", "/counts/images"),
    ("/Driver", "/storage_driver"),
    ("/DockerRootDir", "/data_root"),
    ("/Debug", "/debug"),
    ("/MemoryLimit", "/limits_supported/memory"),
    ("/SwapLimit", "/limits_supported/swap"),
    ("/PidsLimit", "/limits_supported/pids"),
    ("/CpuCfsQuota", "/limits_supported/cpu_cfs"),
    ("/LoggingDriver", "/log/driver"),
    ("/CgroupDriver", "/cgroup_driver"),
    ("/CgroupVersion", "/cgroup_version"),
    ("/KernelVersion", "/kernel_version"),
    ("/OperatingSystem", "/os"),
    ("/OSVersion", "/os_version"),
    ("/OSType", "/os_type"),
    ("/Architecture", "/architecture"),
    ("/RegistryConfig/InsecureRegistryCIDRs/0", "/registries/insecure/0/address"),
    ("/RegistryConfig/Mirrors/0", "/registries/mirrors/0/text"),
    ("/RegistryConfig/Mirrors/1", "/registries/mirrors/1/text"),
    ("/Plugins/Authorization/0", "/authorization_plugins/0/text"),
    ("/ExperimentalBuild", "/experimental"),
    ("/ServerVersion", "/server_version"),
    ("/DefaultRuntime", "/default_runtime"),
    ("/LiveRestoreEnabled", "/live_restore"),
    ("/FirewallBackend/Driver", "/firewall_backend"),
    ("/Warnings/0", "/warnings/0/text"),
    ("/Swarm/LocalNodeState", "/swarm/state"),
    ("/Swarm/ControlAvailable", "/swarm/manager"),
    ("/Swarm/Managers", "/swarm/managers"),
    ("/Swarm/Nodes", "/swarm/nodes"),
    ("/Swarm/Cluster/Spec/EncryptionConfig/AutoLockManagers", "/swarm/autolock"),
];

const VERSION: Paths = &[
    ("/Version", "/server_version"),
    ("/ApiVersion", "/api_version"),
    ("/MinAPIVersion", "/min_api_version"),
    ("/KernelVersion", "/kernel_version"),
    ("/Os", "/os_type"),
    ("/Experimental", "/experimental"),
    ("/Components/0/Name", "/components/0/name"),
    ("/Components/0/Version", "/components/0/version"),
];

/// Samples that dockerd refuses, each for the reason that stands in one of our messages.
const REFUSED: &[(&str, &str)] = &[
    ("config_test.go:TestConfigInvalidDNS:751", "`1.1.1.1o` is no IP address"),
    ("config_linux_test.go:TestDaemonConfigurationFeatures:163", "`features` must be"),
    ("config_linux_test.go:TestDaemonConfigurationHostGatewayIP:286", "one address of IPv4"),
    ("config_linux_test.go:TestDaemonConfigurationHostGatewayIP:291", "one of IPv6"),
    ("config_linux_test.go:TestDaemonConfigurationHostGatewayIP:301", "`hello` is no IP address"),
    ("config_linux_test.go:TestDaemonConfigurationHostGatewayIP:306", "must be a list of strings"),
    ("config_linux_test.go:TestDaemonConfigurationHostGatewayIP:311", "are both set"),
    ("daemon_test.go:TestLoadDaemonCliConfigWithInvalidLogFormat:165", "no value of `log-format`"),
    // A line of the daemon's log, and a part of a file, that the documentation shows.
    ("dockerd-L901.daemon-json.json", "`level` is no option of dockerd"),
    ("dockerd-L1421.daemon-json.json", "`com.docker.network.driver.mtu` is no option of dockerd"),
];

/// Reads a sample and compares what the paths name.
fn check(id: &str, name: &str, text: &str, paths: Paths, within: &str) -> Outcome {
    let input = Input { source: Source::new(name, text), folder: None };
    let mut documents = daemon::read(&input, &ReadOptions::default());
    let document = documents.pop().filter(|_| documents.is_empty()).ok_or("not one document")?;
    let messages: Vec<&str> = document.problems.iter().map(|p| p.message.as_str()).collect();
    if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| id.ends_with(refused)) {
        let found = messages.iter().any(|message| message.contains(reason));
        return if found { Ok(()) } else { Err(format!("not refused: {messages:?}")) };
    }
    if !messages.is_empty() {
        return Err(format!("problems: {messages:?}"));
    }
    let facts = serde_json::to_value(&document.facts.daemon).map_err(|e| e.to_string())?;
    let sample: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let sample = sample.pointer(within).ok_or("no server")?;
    let mut compared = 0;
    for (from, to) in paths {
        // Go writes an empty text for what is not set.
        let Some(value) = sample.pointer(from).filter(|v| **v != Value::Null && **v != "") else {
            continue;
        };
        compared += 1;
        let fact = facts.pointer(to);
        if fact != Some(value) {
            return Err(format!("{from} is {value}, but {to} is {fact:?}"));
        }
    }
    if compared == 0 && paths != CONFIG {
        return Err("nothing was compared".into());
    }
    Ok(())
}

/// What the security options name, in the spelling of any engine, is what the facts say.
fn security(text: &str) -> Outcome {
    let input = Input { source: Source::new("info.json", text), folder: None };
    let documents = daemon::read(&input, &ReadOptions::default());
    let facts = documents.first().and_then(|document| document.facts.daemon.as_ref());
    let facts = facts.ok_or("no daemon")?;
    let sample: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let Some(options) = sample.get("SecurityOptions") else { return Ok(()) };
    let options = options.to_string();
    let rows = [
        ("apparmor", facts.apparmor),
        ("selinux", facts.selinux),
        ("userns", facts.userns),
        ("rootless", facts.rootless),
        ("seccomp", facts.seccomp.enabled),
    ];
    for (name, fact) in rows {
        let expected = options.contains(name);
        // One of the samples has an option that no engine prints: then nothing is ruled out.
        if fact != Some(expected) && !(options.contains("foo=") && fact.is_none()) {
            return Err(format!("{name}: {fact:?} of {options}"));
        }
    }
    Ok(())
}

#[test]
fn daemon_json() {
    let Some(rows) = suites::rows("05-inspect-daemon/daemon_json.jsonl") else { return };
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let outcomes = rows.iter().map(|row| {
        let id = text(row, "id");
        let outcome = check(&id, "daemon.json", &text(row, "daemon_json"), CONFIG, "");
        (id, outcome)
    });
    ratchet::check("05-daemon-json", outcomes);
}

#[test]
fn samples() {
    let Some(rows) = suites::rows("05-inspect-daemon/index.jsonl") else { return };
    let Some(folder) = suites::folder() else { return };
    let mut outcomes = Vec::new();
    for row in &rows {
        let file = row["file"].as_str().unwrap_or_default();
        let path = folder.join("05-inspect-daemon").join(file);
        let kind = row["kind"].as_str().unwrap_or_default();
        let config = file.contains(".daemon-json.");
        if !config && kind != "info" && kind != "version" {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a sample");
        let outcome = match kind {
            "info" => check(file, "info.json", &text, INFO, "").and_then(|()| security(&text)),
            "version" if text.contains("\"Server\"") => {
                check(file, "version.json", &text, VERSION, "/Server")
            }
            "version" => check(file, "version.json", &text, VERSION, ""),
            _ => check(file, "daemon.json", &text, CONFIG, ""),
        };
        outcomes.push((file.to_owned(), outcome));
    }
    ratchet::check("05-daemon-samples", outcomes);
}
