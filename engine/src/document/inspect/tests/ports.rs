//! Ports and devices, and what old engines do not say.

use super::cases::{Case, check, host};
use super::*;

#[test]
fn ports() {
    let bound = |ip: &str, port: &str| json!([{"HostIp": ip, "HostPort": port}]);
    check(vec![
        Case {
            name: "running",
            changes: vec![
                host("/Config/ExposedPorts", json!({"80/tcp": {}, "9000/udp": {}})),
                host(
                    "/HostConfig/PortBindings",
                    json!({"80/tcp": bound("", "8080"), "81/tcp": bound("127.0.0.1", ""),
                           "82/tcp": null, "83/tcp": bound("", "9000-9010")}),
                ),
                host(
                    "/NetworkSettings/Ports",
                    json!({"80/tcp": [{"HostIp": "192.0.2.1", "HostPort": "8080"},
                                      {"HostIp": "::", "HostPort": "8080"}],
                           "81/tcp": bound("127.0.0.1", "49153"), "9000/udp": null}),
                ),
            ],
            want: vec![
                ("/ports/0/raw", Some(json!("8080:80/tcp"))),
                ("/ports/0/target", Some(json!(80))),
                ("/ports/0/published", Some(json!(8080))),
                ("/ports/0/host_ip", Some(Value::Null)),
                ("/ports/0/effective_host_ip", Some(json!("192.0.2.1"))),
                ("/ports/1/raw", Some(json!("127.0.0.1::81/tcp"))),
                ("/ports/1/published", Some(Value::Null)),
                ("/ports/1/effective_host_ip", Some(json!("127.0.0.1"))),
                ("/ports/2/published", Some(json!(9000))),
                ("/ports/2/published_end", Some(json!(9010))),
                ("/ports/2/effective_host_ip", Some(json!("0.0.0.0"))),
                ("/ports/3", None),
                ("/expose/0/target", Some(json!(9000))),
                ("/expose/1", None),
            ],
        },
        Case {
            name: "all published",
            changes: vec![
                host("/HostConfig/PublishAllPorts", json!(true)),
                host(
                    "/NetworkSettings/Ports",
                    json!({"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "49153"},
                                      {"HostIp": "::", "HostPort": "49153"}]}),
                ),
            ],
            want: vec![
                ("/publish_all", Some(json!(true))),
                ("/ports/0/published", Some(json!(49153))),
                ("/ports/0/effective_host_ip", Some(json!("0.0.0.0"))),
                ("/ports/1", None),
            ],
        },
    ]);
}

#[test]
fn devices() {
    check(vec![Case {
        name: "devices",
        changes: vec![
            host(
                "/HostConfig/Devices",
                json!([{"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/fuse",
                        "CgroupPermissions": "rwm"}]),
            ),
            host("/HostConfig/DeviceCgroupRules", json!(["c *:* rwm"])),
            host(
                "/HostConfig/DeviceRequests",
                json!([{"Driver": "nvidia", "Count": -1, "DeviceIDs": null,
                        "Capabilities": [["gpu", "compute"]], "Options": {}},
                       {"Driver": "cdi", "DeviceIDs": ["vendor.com/gpu=all"]}]),
            ),
            host("/HostConfig/ExtraHosts", json!(["db:::1"])),
            host("/HostConfig/Sysctls", json!({"net.core.somaxconn": "1024"})),
        ],
        want: vec![
            ("/devices/0/source", Some(json!("/dev/fuse"))),
            ("/devices/0/permissions", Some(json!("rwm"))),
            ("/devices/1/cdi", Some(json!("vendor.com/gpu=all"))),
            ("/device_cgroup_rules/0/text", Some(json!("c *:* rwm"))),
            ("/device_requests/0/count", Some(json!(-1))),
            ("/device_requests/0/capabilities", Some(json!(["gpu", "compute"]))),
            ("/extra_hosts/0/text", Some(json!("db=::1"))),
            ("/sysctls/0/key", Some(json!("net.core.somaxconn"))),
        ],
    }]);
}

/// What engine 1.10 (API 1.22) has no word for is unknown, never a default.
#[test]
fn old_engines() {
    let gone = [
        "/Platform",
        "/HostConfig/NanoCpus",
        "/HostConfig/PidsLimit",
        "/HostConfig/CgroupnsMode",
        "/HostConfig/UsernsMode",
        "/HostConfig/MaskedPaths",
        "/HostConfig/ReadonlyPaths",
        "/HostConfig/DeviceCgroupRules",
        "/HostConfig/DeviceRequests",
        "/HostConfig/Runtime",
        "/HostConfig/SecurityOpt",
    ];
    let mut changes: Vec<_> = gone.iter().map(|&path| (path, None)).collect();
    changes.push(host("/HostConfig/IpcMode", json!("")));
    changes.push(host(
        "/Mounts",
        json!([{"Source": "/srv", "Destination": "/srv", "Mode": "", "RW": true},
               {"Name": "v", "Source": "/x", "Destination": "/v", "Driver": "local", "RW": true}]),
    ));
    check(vec![Case {
        name: "1.22",
        changes,
        want: vec![
            ("/resources/limits/pids", None),
            // The quota says it all there.
            ("/resources/limits/nano_cpus", Some(Value::Null)),
            ("/namespaces/cgroup/mode", None),
            ("/namespaces/user/mode", None),
            ("/namespaces/ipc/mode", Some(json!("shareable"))),
            ("/security_opt/systempaths_unconfined", None),
            ("/security_opt/no_new_privileges", None),
            ("/security_opt/no_new_privileges_from", Some(json!("unknown"))),
            ("/security_opt/seccomp/mode", None),
            ("/runtime", None),
            ("/init", None),
            ("/mounts/0/type", Some(json!("bind"))),
            ("/mounts/0/propagation", None),
            ("/mounts/1/type", Some(json!("volume"))),
            (
                "/incomplete",
                Some(json!([
                    "masked_paths",
                    "readonly_paths",
                    "device_cgroup_rules",
                    "device_requests"
                ])),
            ),
        ],
    }]);
}
