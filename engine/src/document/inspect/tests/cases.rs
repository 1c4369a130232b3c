//! Traps of inspected containers: what is written where, and what the facts must say.

use super::*;

/// What is changed in the container, and values of its facts; `None` for what must be unknown.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) changes: Vec<(&'static str, Option<Value>)>,
    pub(super) want: Vec<(&'static str, Option<Value>)>,
}

pub(super) fn check(cases: Vec<Case>) {
    for case in cases {
        let changed = container(&case.changes);
        // Both as one line and with its objects spread out: places differ, facts do not.
        for text in [changed.to_string(), serde_json::to_string_pretty(&changed).unwrap()] {
            let documents = documents(&text);
            let problems = &documents[0].problems;
            assert!(problems.is_empty(), "{}: {problems:?}", case.name);
            let facts = facts(&documents[0]);
            for (path, want) in &case.want {
                let got = facts.pointer(&format!("/containers/0{path}"));
                assert_eq!(got, want.as_ref(), "{}: {path}", case.name);
            }
        }
    }
}

pub(super) fn host(key: &'static str, value: Value) -> (&'static str, Option<Value>) {
    (key, Some(value))
}

#[test]
fn options() {
    let nnp = |option: &str, want: bool| Case {
        name: "no-new-privileges",
        changes: vec![host("/HostConfig/SecurityOpt", json!([option]))],
        want: vec![
            ("/security_opt/no_new_privileges", Some(json!(want))),
            ("/security_opt/no_new_privileges_from", Some(json!("container"))),
            ("/security_opt/options/0/text", Some(json!(option))),
        ],
    };
    let profile = r#"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["a=b"]}]}"#;
    check(vec![
        nnp("no-new-privileges", true),
        nnp("no-new-privileges:true", true),
        nnp("no-new-privileges=true", true),
        nnp("no-new-privileges:false", false),
        Case {
            name: "nothing is said",
            changes: vec![],
            want: vec![
                ("/security_opt/no_new_privileges", Some(json!(false))),
                ("/security_opt/no_new_privileges_from", Some(json!("default"))),
                ("/security_opt/seccomp/mode", Some(json!("default"))),
                ("/security_opt/apparmor/mode", Some(json!("default"))),
                ("/security_opt/selinux/mode", Some(json!("none"))),
                ("/security_opt/systempaths_unconfined", Some(json!(false))),
                ("/masked_paths", Some(json!(["/proc/kcore", "/proc/keys"]))),
            ],
        },
        Case {
            name: "seccomp=unconfined",
            changes: vec![host("/HostConfig/SecurityOpt", json!(["seccomp:unconfined"]))],
            want: vec![
                ("/security_opt/seccomp/mode", Some(json!("unconfined"))),
                ("/security_opt/seccomp/profile", Some(Value::Null)),
            ],
        },
        Case {
            name: "a profile put in by the command line",
            changes: vec![host("/HostConfig/SecurityOpt", json!([format!("seccomp={profile}")]))],
            want: vec![
                ("/security_opt/seccomp/mode", Some(json!("custom"))),
                ("/security_opt/seccomp/default_action", Some(json!("SCMP_ACT_ALLOW"))),
                (
                    "/security_opt/seccomp/profile",
                    Some(json!(
                        "sha256:7b5746fb52ee5a236ef44e46d510c1b45cab6ebfdad5d7aedfe8507fe9715d2c"
                    )),
                ),
            ],
        },
        Case {
            name: "podman keeps the path",
            changes: vec![host("/HostConfig/SecurityOpt", json!(["seccomp=/etc/p.json"]))],
            want: vec![
                ("/security_opt/seccomp/profile", Some(json!("/etc/p.json"))),
                ("/security_opt/seccomp/default_action", None),
            ],
        },
        Case {
            name: "systempaths=unconfined",
            changes: vec![
                host("/HostConfig/MaskedPaths", json!([])),
                host("/HostConfig/ReadonlyPaths", json!([])),
            ],
            want: vec![
                ("/security_opt/systempaths_unconfined", Some(json!(true))),
                ("/masked_paths", Some(json!([]))),
            ],
        },
        Case {
            name: "one list is not empty",
            changes: vec![host("/HostConfig/MaskedPaths", json!([]))],
            want: vec![("/security_opt/systempaths_unconfined", Some(json!(false)))],
        },
        Case {
            name: "a privileged container has null",
            changes: vec![
                host("/HostConfig/Privileged", json!(true)),
                host("/HostConfig/MaskedPaths", Value::Null),
                host("/HostConfig/ReadonlyPaths", Value::Null),
            ],
            want: vec![
                ("/privileged", Some(json!(true))),
                ("/security_opt/systempaths_unconfined", Some(json!(false))),
                ("/incomplete", Some(json!([]))),
            ],
        },
        Case {
            name: "null without privileges",
            changes: vec![
                host("/HostConfig/MaskedPaths", Value::Null),
                host("/HostConfig/ReadonlyPaths", Value::Null),
            ],
            want: vec![("/security_opt/systempaths_unconfined", Some(json!(true)))],
        },
        Case {
            name: "apparmor in force",
            changes: vec![
                host("/AppArmorProfile", json!("unconfined")),
                host("/HostConfig/SecurityOpt", json!(["apparmor=unconfined"])),
            ],
            want: vec![("/security_opt/apparmor/mode", Some(json!("unconfined")))],
        },
        Case {
            name: "no apparmor on the host",
            changes: vec![host("/AppArmorProfile", json!(""))],
            want: vec![("/security_opt/apparmor/mode", Some(json!("none")))],
        },
        Case {
            name: "never started",
            changes: vec![
                host("/AppArmorProfile", json!("")),
                host("/State", json!({"Status": "created", "StartedAt": "0001-01-01T00:00:00Z"})),
            ],
            want: vec![
                ("/security_opt/apparmor/mode", None),
                ("/state/started_at", Some(Value::Null)),
                ("/state/restart_count", Some(json!(0))),
            ],
        },
        Case {
            name: "a custom profile",
            changes: vec![host("/AppArmorProfile", json!("mine"))],
            want: vec![
                ("/security_opt/apparmor/mode", Some(json!("custom"))),
                ("/security_opt/apparmor/profile", Some(json!("mine"))),
            ],
        },
        Case {
            name: "selinux",
            changes: vec![host(
                "/ProcessLabel",
                json!("system_u:system_r:container_t:s0:c57,c482"),
            )],
            want: vec![
                ("/security_opt/selinux/mode", Some(json!("default"))),
                ("/security_opt/selinux/type", Some(json!("container_t"))),
                ("/security_opt/selinux/level", Some(json!("s0:c57,c482"))),
            ],
        },
        Case {
            name: "selinux is switched off",
            changes: vec![host("/HostConfig/SecurityOpt", json!(["label=disable"]))],
            want: vec![("/security_opt/selinux/mode", Some(json!("disabled")))],
        },
        Case {
            name: "selinux with a type",
            changes: vec![host("/HostConfig/SecurityOpt", json!(["label=type:spc_t"]))],
            want: vec![
                ("/security_opt/selinux/mode", Some(json!("custom"))),
                ("/security_opt/selinux/type", Some(json!("spc_t"))),
                ("/security_opt/selinux/level", Some(Value::Null)),
            ],
        },
    ]);
}

#[test]
fn limits() {
    let pids = |value: Option<Value>, want: Option<Value>| Case {
        name: "PidsLimit",
        changes: vec![("/HostConfig/PidsLimit", value)],
        want: vec![("/resources/limits/pids", want)],
    };
    check(vec![
        pids(Some(Value::Null), Some(Value::Null)),
        pids(Some(json!(0)), Some(Value::Null)),
        pids(Some(json!(-1)), Some(Value::Null)),
        pids(Some(json!(200)), Some(json!(200))),
        pids(None, None),
        Case {
            name: "no memory limit",
            changes: vec![
                host("/HostConfig/Memory", json!(0)),
                host("/HostConfig/MemorySwap", json!(-1)),
            ],
            want: vec![
                ("/resources/limits/memory_bytes", Some(Value::Null)),
                ("/resources/limits/memory_swap_bytes", Some(json!(-1))),
            ],
        },
        Case {
            name: "a quota",
            changes: vec![
                host("/HostConfig/NanoCpus", json!(0)),
                host("/HostConfig/CpuQuota", json!(50000)),
                host("/HostConfig/CpuPeriod", json!(200_000)),
            ],
            want: vec![
                ("/resources/limits/nano_cpus", Some(json!(250_000_000))),
                ("/resources/cpu_quota", Some(json!(50000))),
            ],
        },
        Case {
            name: "no quota",
            changes: vec![
                host("/HostConfig/NanoCpus", json!(0)),
                host("/HostConfig/CpuQuota", json!(-1)),
            ],
            want: vec![("/resources/limits/nano_cpus", Some(Value::Null))],
        },
        Case {
            name: "limits of processes",
            changes: vec![host(
                "/HostConfig/Ulimits",
                json!([{"Name": "nofile", "Hard": 2048, "Soft": 1024},
                       {"Name": "RLIMIT_NPROC", "Hard": 4, "Soft": -1}]),
            )],
            want: vec![
                ("/resources/ulimits/0/soft", Some(json!(1024))),
                ("/resources/ulimits/1/name", Some(json!("nproc"))),
                ("/resources/ulimits/1/soft", Some(json!(-1))),
            ],
        },
        Case {
            name: "restart for ever",
            changes: vec![host(
                "/HostConfig/RestartPolicy",
                json!({"Name": "always", "MaximumRetryCount": 0}),
            )],
            want: vec![
                ("/restart/policy", Some(json!("always"))),
                ("/restart/max_retries", Some(Value::Null)),
            ],
        },
        Case {
            name: "no restart",
            changes: vec![host("/HostConfig/RestartPolicy", json!({"Name": ""}))],
            want: vec![("/restart/policy", Some(json!("no"))), ("/restart/max_retries", None)],
        },
    ]);
}

#[test]
fn mounts() {
    let bind = |text: &str, path: &str, read_only: bool| Case {
        name: "a bind that was asked for",
        changes: vec![host("/HostConfig/Binds", json!([text])), ("/Mounts", None)],
        want: vec![
            ("/mounts/0/type", Some(json!("bind"))),
            ("/mounts/0/raw", Some(json!(text))),
            ("/mounts/0/host_path", Some(json!(path))),
            ("/mounts/0/read_only", Some(json!(read_only))),
            ("/incomplete", Some(json!(["mounts"]))),
        ],
    };
    let anonymous = "8140a838303144125b4f54653b47ede0486282c623c3551fbc7f390cdc3e9cf5";
    check(vec![
        bind("/var/run/docker.sock:/var/run/docker.sock", "/run/docker.sock", false),
        bind("//run/docker.sock:/d:ro", "/run/docker.sock", true),
        bind(r"C:\data:C:\app:ro", r"C:\data", true),
        Case {
            name: "the socket in Mounts and in Binds is one mount",
            changes: vec![
                host("/HostConfig/Binds", json!(["/var/run/docker.sock:/var/run/docker.sock:ro"])),
                host(
                    "/Mounts",
                    json!([{"Type": "bind", "Source": "/var/run/docker.sock",
                        "Destination": "/var/run/docker.sock", "Mode": "ro,Z", "RW": false,
                        "Propagation": "rprivate"}]),
                ),
            ],
            want: vec![
                ("/mounts/0/source", Some(json!("/var/run/docker.sock"))),
                ("/mounts/0/host_path", Some(json!("/run/docker.sock"))),
                ("/mounts/0/target", Some(json!("/var/run/docker.sock"))),
                ("/mounts/0/read_only", Some(json!(true))),
                ("/mounts/0/selinux", Some(json!("Z"))),
                ("/mounts/0/propagation", Some(json!("rprivate"))),
                ("/mounts/0/driver", Some(Value::Null)),
                ("/mounts/1", None),
            ],
        },
        Case {
            name: "the socket in HostConfig.Mounts of a container that never started",
            changes: vec![host(
                "/HostConfig/Mounts",
                json!([{"Type": "bind", "Source": "/run/docker.sock", "Target": "/s",
                    "ReadOnly": true, "BindOptions": {"Propagation": "rshared",
                        "NonRecursive": false, "ReadOnlyNonRecursive": true}}]),
            )],
            want: vec![
                ("/mounts/0/recursive", Some(json!("writable"))),
                ("/mounts/0/host_path", Some(json!("/run/docker.sock"))),
                ("/mounts/0/propagation", Some(json!("rshared"))),
                ("/mounts/0/read_only", Some(json!(true))),
                ("/incomplete", Some(json!([]))),
            ],
        },
        Case {
            name: "what becomes of mounts below a bind is in what was asked for",
            changes: vec![
                host(
                    "/Mounts",
                    json!([{"Type": "bind", "Source": "/a", "Destination": "/a", "RW": false},
                           {"Type": "bind", "Source": "/b", "Destination": "/b", "RW": false}]),
                ),
                host(
                    "/HostConfig/Mounts",
                    json!([{"Type": "bind", "Source": "/a", "Target": "/a/", "ReadOnly": true,
                        "BindOptions": {"ReadOnlyForceRecursive": true}}]),
                ),
            ],
            want: vec![
                ("/mounts/0/recursive", Some(json!("readonly"))),
                ("/mounts/1/recursive", Some(Value::Null)),
                ("/mounts/2", None),
            ],
        },
        Case {
            name: "volumes",
            changes: vec![host(
                "/Mounts",
                json!([{"Type": "volume", "Name": "data", "Source": "/var/lib/docker/volumes/data/_data",
                        "Destination": "/data/", "Driver": "local", "Mode": "z", "RW": true,
                        "Propagation": ""},
                       {"Type": "volume", "Name": anonymous, "Source": "/x", "Destination": "/a",
                        "Driver": "local", "Mode": "", "RW": true, "Propagation": ""}]),
            )],
            want: vec![
                ("/mounts/0/source", Some(json!("data"))),
                ("/mounts/0/volume", Some(json!("data"))),
                ("/mounts/0/host_path", Some(Value::Null)),
                ("/mounts/0/target", Some(json!("/data"))),
                ("/mounts/0/raw", Some(json!("data:/data"))),
                ("/mounts/0/driver", Some(json!("local"))),
                ("/mounts/0/selinux", Some(json!("z"))),
                ("/mounts/1/source", Some(Value::Null)),
                ("/mounts/1/volume", Some(json!(anonymous))),
            ],
        },
        Case {
            name: "a volume that binds a path",
            changes: vec![host(
                "/HostConfig/Mounts",
                json!([{"Type": "volume", "Source": "etc", "Target": "/e", "VolumeOptions":
                    {"DriverConfig": {"Name": "local", "Options":
                        {"type": "none", "o": "bind", "device": "/etc"}}}}]),
            )],
            want: vec![
                ("/mounts/0/type", Some(json!("volume"))),
                ("/mounts/0/host_path", Some(json!("/etc"))),
                ("/mounts/0/origin", Some(json!("volume_options"))),
            ],
        },
        Case {
            name: "tmpfs of both kinds",
            changes: vec![
                host("/HostConfig/Tmpfs", json!({"/run/": "rw,noexec,size=64m", "/tmp": ""})),
                host(
                    "/HostConfig/Mounts",
                    json!([{"Type": "tmpfs", "Target": "/cache", "TmpfsOptions":
                        {"SizeBytes": 1024, "Options": [["uid", "1000"], ["noexec"]]}}]),
                ),
                host(
                    "/Mounts",
                    json!([{"Type": "tmpfs", "Source": "", "Destination": "/cache", "Mode": "",
                        "RW": true, "Propagation": ""}]),
                ),
            ],
            want: vec![
                ("/mounts", Some(json!([]))),
                ("/tmpfs/0/target", Some(json!("/cache"))),
                ("/tmpfs/0/size_bytes", Some(json!(1024))),
                ("/tmpfs/0/options", Some(json!(["uid=1000", "noexec"]))),
                ("/tmpfs/1/target", Some(json!("/run"))),
                ("/tmpfs/1/size_bytes", Some(json!(64 << 20))),
                ("/tmpfs/1/options", Some(json!(["rw", "noexec", "size=64m"]))),
                ("/tmpfs/2/size_bytes", Some(Value::Null)),
                ("/tmpfs/3", None),
            ],
        },
    ]);
}

#[test]
fn users_and_health() {
    let user = |value: Option<Value>, root: bool, from: &str| Case {
        name: "user",
        changes: vec![("/Config/User", value)],
        want: vec![("/user/is_root", Some(json!(root))), ("/user/from", Some(json!(from)))],
    };
    let health = |value: Value, want: Value| Case {
        name: "health",
        changes: vec![host("/Config/Healthcheck", value)],
        want: vec![("/healthcheck", Some(want))],
    };
    check(vec![
        user(Some(json!("")), true, "default"),
        user(None, true, "default"),
        user(Some(json!("00:1")), true, "container"),
        user(Some(json!("app")), false, "container"),
        user(Some(json!(":app")), true, "container"),
        Case {
            name: "no configuration",
            changes: vec![("/Config", Some(Value::Null))],
            want: vec![
                ("/user/is_root", None),
                ("/user/from", Some(json!("unknown"))),
                ("/healthcheck", None),
                ("/project", None),
                (
                    "/incomplete",
                    Some(json!(["labels", "expose", "environment", "entrypoint", "command"])),
                ),
            ],
        },
        health(Value::Null, Value::Null),
        health(json!({"Test": []}), Value::Null),
        Case {
            name: "a check",
            changes: vec![
                host(
                    "/Config/Healthcheck",
                    json!({"Test": ["CMD-SHELL", "curl -f x"], "Interval": 1_500_000_000_i64,
                        "Retries": 3}),
                ),
                host("/State", json!({"Health": {"Status": "Unhealthy"}})),
            ],
            want: vec![
                ("/healthcheck/form", Some(json!("shell"))),
                ("/healthcheck/test", Some(json!(["curl -f x"]))),
                ("/healthcheck/interval_s", Some(json!(1.5))),
                ("/healthcheck/timeout_s", Some(Value::Null)),
                ("/healthcheck/retries", Some(json!(3))),
                ("/healthcheck/from", Some(json!("container"))),
                ("/state/health", Some(json!("unhealthy"))),
                ("/state/status", None),
            ],
        },
        Case {
            name: "switched off",
            changes: vec![host("/Config/Healthcheck", json!({"Test": ["NONE"]}))],
            want: vec![
                ("/healthcheck/disabled", Some(json!(true))),
                ("/healthcheck/form", Some(json!("none"))),
            ],
        },
        Case {
            name: "environment",
            changes: vec![host("/Config/Env", json!(["A=b=c", "B", "C=", "=C:=C:\\x"]))],
            want: vec![
                ("/environment/0/value", Some(json!("b=c"))),
                ("/environment/1/value", Some(Value::Null)),
                ("/environment/2/value", Some(json!(""))),
                ("/environment/3/name", Some(json!("=C:"))),
            ],
        },
    ]);
}
