//! A table of services and what the facts say of them.

mod mounts;
mod networks;

use serde_json::Value;

use super::{at, check_locs, json, service};

/// A service as a flow mapping, top-level keys, and what stands at JSON pointers below its
/// container (`absent` for what is unknown). A pointer that begins with `//` starts at the facts.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const ISOLATION: &[Case] = &[
    (
        "{image: x, privileged: true, read_only: true, init: true, pid: host, ipc: shareable}",
        "",
        &[
            ("/privileged", "true"),
            ("/read_only", "true"),
            ("/init", "true"),
            ("/namespaces/pid/mode", r#""host""#),
            ("/namespaces/ipc/effective", r#""shareable""#),
            ("/namespaces/uts/mode", r#""private""#),
        ],
    ),
    (
        "{image: x, privileged: '${NOBODY}', read_only: '${NOBODY:-true}'}",
        "",
        &[
            ("/privileged", r#""absent""#),
            ("/read_only", "true"),
            ("//project/missing_variables", r#"["NOBODY"]"#),
        ],
    ),
    (
        "{image: x, cap_add: [CAP_SYS_ADMIN, all, net_admin], cap_drop: [ALL]}",
        "",
        &[
            ("/capabilities/add", r#"["SYS_ADMIN","ALL","NET_ADMIN"]"#),
            ("/capabilities/drop", r#"["ALL"]"#),
            ("/capabilities/incomplete", "[]"),
        ],
    ),
    (
        "{image: x, cap_add: [kill, '${CAP}'], cap_drop: ['${CAP:-chown}']}",
        "",
        &[
            ("/capabilities/add", r#"["KILL"]"#),
            ("/capabilities/drop", r#"["CHOWN"]"#),
            ("/capabilities/incomplete", r#"["add"]"#),
        ],
    ),
    (
        "{image: x, security_opt: [no-new-privileges, 'seccomp:unconfined', apparmor=unconfined]}",
        "",
        &[
            ("/security_opt/no_new_privileges", "true"),
            ("/security_opt/no_new_privileges_from", r#""container""#),
            ("/security_opt/seccomp/mode", r#""unconfined""#),
            ("/security_opt/apparmor/mode", r#""unconfined""#),
            ("/security_opt/systempaths_unconfined", "false"),
        ],
    ),
    (
        "{image: x, security_opt: ['no-new-privileges:true', seccomp=unconfined, 'label:disable']}",
        "",
        &[
            ("/security_opt/no_new_privileges", "true"),
            ("/security_opt/seccomp/mode", r#""unconfined""#),
            ("/security_opt/selinux/mode", r#""disabled""#),
        ],
    ),
    (
        "{image: x, security_opt: [no-new-privileges=false, 'label=type:spc_t', 'label:level:s0']}",
        "",
        &[
            ("/security_opt/no_new_privileges", "false"),
            ("/security_opt/no_new_privileges_from", r#""container""#),
            ("/security_opt/selinux/type", r#""spc_t""#),
            ("/security_opt/selinux/level", r#""s0""#),
        ],
    ),
    (
        "{image: x, security_opt: [label=type:a, label=disable, label=level:s0, label=user:u]}",
        "",
        &[
            ("/security_opt/selinux/mode", r#""disabled""#),
            ("/security_opt/selinux/type", "null"),
            ("/security_opt/selinux/level", "null"),
        ],
    ),
    (
        "{image: x, security_opt: [disable, 'label:type:a']}",
        "",
        &[("/security_opt/selinux/mode", r#""disabled""#)],
    ),
    (
        "{image: x, security_opt: ['label=${NOBODY}', 'label:type:a']}",
        "",
        &[("/security_opt/selinux/mode", r#""absent""#), ("/security_opt/selinux/type", r#""a""#)],
    ),
    (
        "{image: 'ghcr.io/a/b:${NOBODY}'}",
        "",
        &[
            ("/image/name", r#""ghcr.io/a/b""#),
            ("/image/familiar", r#""ghcr.io/a/b""#),
            ("/image/tag", r#""absent""#),
            ("//references/0/registry", r#""ghcr.io""#),
            ("//references/0/repository", r#""a/b""#),
            ("//references/0/kind", r#""absent""#),
            ("//references/0/text", r#""absent""#),
        ],
    ),
    (
        "{image: '${NOBODY:-ghcr.io}/a${MISSING}:1'}",
        "",
        &[
            ("/image/name", r#""absent""#),
            ("//references/0/registry", r#""ghcr.io""#),
            ("//references/0/missing", r#"["MISSING"]"#),
        ],
    ),
    (
        "{image: '${NOBODY}/nginx:1'}",
        "",
        &[("/image/name", r#""absent""#), ("//references/0/registry", r#""absent""#)],
    ),
    (
        "{image: x, security_opt: [systempaths=unconfined, 'apparmor:mine', 'seccomp:p/allow.json']}",
        "",
        &[
            ("/security_opt/systempaths_unconfined", "true"),
            ("/security_opt/apparmor/mode", r#""custom""#),
            ("/security_opt/apparmor/profile", r#""mine""#),
            ("/security_opt/seccomp/mode", r#""custom""#),
            ("/security_opt/seccomp/default_action", r#""SCMP_ACT_ALLOW""#),
        ],
    ),
    (
        "{image: x, security_opt: ['${OPT}', 'seccomp:${PROFILE}', 'apparmor=mine']}",
        "",
        &[
            ("/security_opt/no_new_privileges", r#""absent""#),
            ("/security_opt/no_new_privileges_from", r#""unknown""#),
            ("/security_opt/seccomp/mode", r#""absent""#),
            ("/security_opt/apparmor/mode", r#""custom""#),
            ("/security_opt/systempaths_unconfined", r#""absent""#),
            ("/security_opt/incomplete", r#"["options"]"#),
        ],
    ),
    (
        "{image: x}",
        "",
        &[
            ("/security_opt/no_new_privileges", "false"),
            ("/security_opt/no_new_privileges_from", r#""default""#),
            ("/security_opt/seccomp/mode", r#""default""#),
            ("/incomplete", r#"["masked_paths","readonly_paths"]"#),
        ],
    ),
];

const USERS: &[Case] = &[
    (
        "{image: x, user: '0:0'}",
        "",
        &[("/user/uid", "0"), ("/user/group", r#""0""#), ("/user/is_root", "true")],
    ),
    (
        "{image: x, user: app}",
        "",
        &[("/user/name", r#""app""#), ("/user/is_root", "false"), ("/user/uid", r#""absent""#)],
    ),
    (
        "{image: x, user: '${UID}'}",
        "",
        &[
            ("/user/raw", r#""${UID}""#),
            ("/user/is_root", r#""absent""#),
            ("/user/text", r#""absent""#),
            ("/user/missing", r#"["UID"]"#),
            ("/user/from", r#""container""#),
        ],
    ),
    (
        "{image: x, user: '1000:${GID}'}",
        "",
        &[("/user/is_root", "false"), ("/user/uid", "1000"), ("/user/group", r#""absent""#)],
    ),
    (
        "{image: x}",
        "",
        &[
            ("/user/raw", "null"),
            ("/user/from", r#""unknown""#),
            ("/user/is_root", r#""absent""#),
            ("/user/text", r#""absent""#),
        ],
    ),
];

const RESOURCES: &[Case] = &[
    (
        "{image: x, mem_limit: 0, pids_limit: -1, cpus: 0}",
        "",
        &[
            ("/resources/limits/memory_bytes", "null"),
            ("/resources/limits/pids", "null"),
            ("/resources/limits/nano_cpus", "null"),
        ],
    ),
    (
        "{image: x, mem_limit: 64m, cpus: '0.5', pids_limit: 10, memswap_limit: -1, shm_size: 1g}",
        "",
        &[
            ("/resources/limits/memory_bytes", "67108864"),
            ("/resources/limits/nano_cpus", "500000000"),
            ("/resources/limits/pids", "10"),
            ("/resources/limits/memory_swap_bytes", "-1"),
            ("/resources/shm_size_bytes", "1073741824"),
            ("/resources/conflicts", "[]"),
        ],
    ),
    (
        "{image: x, mem_limit: 1g, deploy: {resources: {limits: {memory: 64m, cpus: '2'}}}}",
        "",
        &[
            ("/resources/limits/memory_bytes", "67108864"),
            ("/resources/limits/nano_cpus", "2000000000"),
            ("/resources/conflicts/0/field", r#""limits.memory_bytes""#),
            (
                "/resources/conflicts/0/message",
                r#""deploy.resources says 67108864, the service itself 1073741824""#,
            ),
        ],
    ),
    (
        "{image: x, mem_limit: '${M}', cpu_quota: 50000, ulimits: {nofile: 5, core: {soft: 0, hard: -1}}}",
        "",
        &[
            ("/resources/limits/memory_bytes", r#""absent""#),
            ("/resources/limits/nano_cpus", "500000000"),
            ("/resources/ulimits/0/hard", "5"),
            ("/resources/ulimits/1/hard", "-1"),
        ],
    ),
    (
        "{image: x, devices: ['/dev/fuse', 'vendor.com/gpu=all', '/dev/a:/dev/b:r'], gpus: all}",
        "",
        &[
            ("/devices/0/permissions", r#""rwm""#),
            ("/devices/1/cdi", r#""vendor.com/gpu=all""#),
            ("/devices/1/target", "null"),
            ("/devices/2/target", r#""/dev/b""#),
            ("/device_requests/0/count", "-1"),
            ("/device_requests/0/capabilities", r#"["gpu"]"#),
        ],
    ),
];

const LIFE: &[Case] = &[
    (
        "{image: x, post_start: [{command: id, user: root, privileged: true}], \
         pre_stop: [{command: [a, b], user: '5'}]}",
        "",
        &[
            ("/hooks/0/phase", r#""post_start""#),
            ("/hooks/0/privileged", "true"),
            ("/hooks/0/is_root", "true"),
            ("/hooks/1/command", r#"["a","b"]"#),
            ("/hooks/1/is_root", "false"),
            ("/hooks/1/privileged", "false"),
        ],
    ),
    (
        "{image: x, restart: 'on-failure:5', healthcheck: {disable: true}, \
         logging: {driver: none}, stop_grace_period: 1m30s}",
        "",
        &[
            ("/restart/policy", r#""on-failure""#),
            ("/restart/max_retries", "5"),
            ("/restart/ignored", "null"),
            ("/healthcheck/disabled", "true"),
            ("/logging/driver", r#""none""#),
            ("/logging/from", r#""container""#),
            ("/stop_grace_period_s", "90.0"),
        ],
    ),
    (
        "{image: x, restart: always, deploy: {mode: global, restart_policy: {condition: any}}, \
         healthcheck: {test: [CMD, a], interval: 5s, retries: 2}}",
        "",
        &[
            ("/restart/policy", r#""always""#),
            ("/restart/max_retries", "null"),
            ("/restart/ignored/policy", r#""always""#),
            ("/restart/ignored/max_retries", "null"),
            ("/deploy/mode", r#""global""#),
            ("/deploy/replicas", "null"),
            ("/healthcheck/form", r#""exec""#),
            ("/healthcheck/test", r#"["a"]"#),
            ("/healthcheck/interval_s", "5.0"),
            ("/healthcheck/retries", "2"),
        ],
    ),
    (
        "{image: x, restart: 'on-failure:9', \
         deploy: {restart_policy: {condition: on-failure, max_attempts: 3}}}",
        "",
        &[
            ("/restart/max_retries", "3"),
            ("/restart/ignored/policy", r#""on-failure""#),
            ("/restart/ignored/max_retries", "9"),
        ],
    ),
    (
        "{image: x, deploy: {replicas: 2}, healthcheck: {interval: 5s}}",
        "",
        &[(
            "/defaulted",
            r#"["privileged","capabilities","security_opt","read_only","namespaces","cgroup_parent","use_api_socket","restart","init","runtime","stop_grace_period_s","publish_all"]"#,
        )],
    ),
    (
        "{image: x, healthcheck: {interval: 5s}, restart: '${R}'}",
        "",
        &[
            ("/healthcheck", r#""absent""#),
            ("/restart/policy", r#""absent""#),
            ("/logging/driver", r#""absent""#),
            ("/logging/from", r#""unknown""#),
        ],
    ),
    (
        "{image: x, healthcheck: {test: [NONE]}, scale: 3, profiles: [debug]}",
        "",
        &[
            ("/healthcheck/disabled", "true"),
            ("/profiles", r#"["debug"]"#),
            ("/deploy/replicas", "3"),
        ],
    ),
];

const IMAGES: &[Case] = &[
    (
        "{image: 'registry:5000/a/b:1.2@sha256:\
         0123456789012345678901234567890123456789012345678901234567890123'}",
        "",
        &[
            ("/image/tag", r#""1.2""#),
            ("/image/build", "null"),
            ("//references/0/role", r#""compose""#),
            ("//references/0/container", r#""s""#),
            ("//references/0/registry", r#""registry:5000""#),
            ("//references/0/needed", "true"),
        ],
    ),
    (
        "{image: 'x:${TAG}', pull_policy: always}",
        "",
        &[
            ("/image/raw", r#""x:${TAG}""#),
            ("/image/tag", r#""absent""#),
            ("/image/pull_policy", r#""always""#),
            ("//references/0/missing", r#"["TAG"]"#),
            ("//references/0/kind", r#""absent""#),
        ],
    ),
    (
        "{image: mine, build: {context: 'https://host/x.git', args: {A: 1, B: , C: '${C}'}, \
         additional_contexts: ['b=docker-image://alpine:3'], privileged: true, \
         entitlements: [security.insecure], network: host, ssh: [default], tags: ['mine:1.2', 'mine:${C}']}}",
        "",
        &[
            ("//references/0/needed", "false"),
            ("//references/1/role", r#""context""#),
            ("//references/1/tag", r#""3""#),
            ("/image/build/args/0/value", r#""1""#),
            ("/image/build/args/1/value", "null"),
            ("/image/build/args/2/value", r#""absent""#),
            ("/image/build/args/2/from", r#""build.args""#),
            ("/image/build/privileged", "true"),
            ("/image/build/entitlements", r#"["security.insecure"]"#),
            ("/image/build/ssh/0/text", r#""default""#),
            ("/image/build/tags/0/text", r#""mine:1.2""#),
            ("/image/build/incomplete", r#"["tags"]"#),
            ("/image/build/dockerfile", "null"),
        ],
    ),
    (
        "{image: x, environment: [A=1, 'B=${NONE}', C], env_file: [{path: e.env}, \
         {path: gone.env, required: false}], labels: {k: v}}",
        "",
        &[
            ("/environment/0/name", r#""F""#),
            ("/environment/0/from", r#""env_file""#),
            ("/environment/1/from", r#""environment""#),
            ("/environment/2/value", r#""absent""#),
            ("/environment/2/missing", r#"["NONE"]"#),
            ("/environment/3/value", "null"),
            ("/env_files/0/exists", "true"),
            ("/env_files/1/exists", "false"),
            ("/labels/0/key", r#""k""#),
        ],
    ),
    (
        "{image: x, volumes_from: ['o:ro'], volumes: ['/own:/own']}",
        "  o: {image: y, volumes: ['/var/run/docker.sock:/d', '/o:/own'], volumes_from: [t]}\n  \
         t: {image: z, volumes: ['/etc:/e'], volumes_from: ['container:gone']}",
        &[
            ("/mounts/0/host_path", r#""/own""#),
            ("/mounts/1/host_path", r#""/run/docker.sock""#),
            ("/mounts/1/origin", r#""volumes_from""#),
            ("/mounts/1/read_only", "true"),
            ("/mounts/2/host_path", r#""/etc""#),
            ("/mounts/3", r#""absent""#),
            ("/incomplete", r#"["masked_paths","readonly_paths","mounts"]"#),
        ],
    ),
];

const FILES: &[(&str, &str)] = &[
    ("deploy/p/allow.json", r#"{"defaultAction": "SCMP_ACT_ALLOW"}"#),
    ("deploy/e.env", "F=from file\nA=2\n"),
];

#[test]
fn services_say_what_they_say() {
    let mut failures = Vec::new();
    for cases in [ISOLATION, USERS, RESOURCES, LIFE, IMAGES, mounts::MOUNTS, networks::NETWORKS] {
        for (body, top, expected) in cases {
            let document = service(body, top, FILES);
            check_locs(&document);
            let facts = json(&document);
            for (pointer, value) in *expected {
                let whole = match pointer.strip_prefix('/') {
                    Some(rest) if rest.starts_with('/') => rest.to_owned(),
                    _ => format!("/containers/0{pointer}"),
                };
                let found = at(&facts, &whole);
                if found != serde_json::from_str::<Value>(value).unwrap() {
                    failures.push(format!("{body}\n  {pointer} is {found}, not {value}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
