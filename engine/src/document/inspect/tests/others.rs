//! Shared namespaces, references, services, images, networks, volumes.

use super::*;

fn named(name: &str, id: char, network: &str) -> Value {
    container(&[
        ("/Name", Some(json!(format!("/{name}")))),
        ("/Id", Some(json!(id.to_string().repeat(64)))),
        ("/HostConfig/NetworkMode", Some(json!(network))),
    ])
}

#[test]
fn shared_networks_are_followed() {
    let full = |id: char| format!("container:{}", id.to_string().repeat(64));
    let all = [
        named("vpn", 'a', "host"),
        named("by-id", 'b', &full('a')),
        named("by-name", 'c', "container:by-id"),
        named("by-start", 'd', "container:cccccccccccc"),
        named("gone", 'e', &full('9')),
        named("round-1", 'f', "container:round-2"),
        named("round-2", '0', "container:round-1"),
        named("into-round", '1', "container:round-1"),
        named("self", '2', "container:self"),
        named("bridge", '3', "default"),
        named("none", '4', "none"),
    ];
    let documents = documents(&json!(all).to_string());
    let networks: Vec<(&str, Option<&str>, Option<&str>)> = documents[0]
        .facts
        .containers
        .iter()
        .map(|it| {
            let network = &it.namespaces.network;
            (it.name.as_str(), network.mode.as_deref(), network.effective.as_deref())
        })
        .collect();
    let shared = Some("container");
    assert_eq!(
        networks,
        [
            ("vpn", Some("host"), Some("host")),
            ("by-id", shared, Some("host")),
            ("by-name", shared, Some("host")),
            ("by-start", shared, Some("host")),
            ("gone", shared, None),
            ("round-1", shared, None),
            ("round-2", shared, None),
            ("into-round", shared, None),
            ("self", shared, None),
            ("bridge", Some("default"), Some("default")),
            ("none", Some("none"), Some("none")),
        ]
    );
}

/// A chain is followed in one go, and without recursion.
#[test]
fn long_chains_are_followed() {
    let small = |at: usize| {
        let mode = if at == 0 { "none".into() } else { format!("container:c{}", at - 1) };
        json!({"Id": at.to_string(), "Name": format!("c{at}"), "Config": {},
            "HostConfig": {"NetworkMode": mode}})
    };
    let all: Vec<Value> = (0..2_000).rev().map(small).collect();
    let documents = documents(&json!(all).to_string());
    let containers = &documents[0].facts.containers;
    let none = |it: &&plimsoll_sdk::facts::Container| {
        it.namespaces.network.effective.as_deref() == Some("none")
    };
    assert_eq!(containers.iter().filter(none).count(), 2_000);
}

#[test]
fn references() {
    let id = "904b8cb13b932e23230836850610fa45dce9eb0650d5618c2b1487c2a4f577b8";
    for (raw, kind, tag) in [
        ("nginx", "image", Some(Value::Null)),
        ("host:5000/app", "image", Some(Value::Null)),
        (
            "nginx:1.29@sha256:904b8cb13b932e23230836850610fa45dce9eb0650d5618c2b1487c2a4f577b8",
            "image",
            Some(json!("1.29")),
        ),
        (id, "image_id", None),
        ("sha256:904b8cb13b93", "image_id", None),
        ("904b8cb13b93", "image_id", None),
        // No start of this image's id: a name.
        ("beef", "image", Some(Value::Null)),
        ("Upper", "invalid", None),
    ] {
        let changed = container(&[("/Config/Image", Some(json!(raw)))]);
        let documents = documents(&changed.to_string());
        let facts = facts(&documents[0]);
        let reference = &facts["references"][0];
        assert_eq!(reference["kind"], kind, "{raw}");
        assert_eq!(reference["role"], "container");
        assert_eq!(reference["container"], "shop-api-1");
        assert_eq!(reference.get("tag"), tag.as_ref(), "{raw}");
        assert_eq!(facts.pointer("/containers/0/image/raw"), Some(&json!(raw)));
        let image_id = facts.pointer("/containers/0/image/id").unwrap();
        assert_eq!(image_id, &json!(format!("sha256:{id}")));
    }
}

fn only(text: &Value, list: &str) -> Value {
    let documents = documents(&serde_json::to_string_pretty(text).unwrap());
    assert_eq!(documents.len(), 1);
    assert!(documents[0].problems.is_empty(), "{:?}", documents[0].problems);
    facts(&documents[0])[list][0].clone()
}

fn expect(fact: &Value, want: &[(&str, Option<Value>)]) {
    for (path, want) in want {
        assert_eq!(fact.pointer(path), want.as_ref(), "{path}");
    }
}

#[test]
fn services() {
    let service = json!({
        "ID": "s1", "Version": {"Index": 1},
        "Spec": {
            "Name": "shop_web", "Labels": {"com.docker.stack.namespace": "shop"},
            "TaskTemplate": {
                "ContainerSpec": {
                    "Image": "nginx:1.29@sha256:904b8cb13b932e23230836850610fa45dce9eb0650d5618c2b1487c2a4f577b8",
                    "User": "0", "ReadOnly": true, "CapabilityAdd": ["CAP_NET_ADMIN"],
                    "CapabilityDrop": ["all"],
                    "Privileges": {"NoNewPrivileges": true, "Seccomp": {"Mode": "custom",
                        "Profile": "eyJkZWZhdWx0QWN0aW9uIjoiU0NNUF9BQ1RfRVJSTk8ifQ=="},
                        "AppArmor": {"Mode": "disabled"}, "SELinuxContext": {"Disable": true}},
                    "Mounts": [{"Type": "bind", "Source": "/var/run/docker.sock", "Target": "/s"},
                               {"Type": "tmpfs", "Target": "/tmp"}],
                    "Secrets": [{"File": {"Name": "pw", "UID": "0", "GID": "0", "Mode": 292},
                        "SecretID": "x", "SecretName": "db_password"}],
                    "Healthcheck": {"Test": ["NONE"]},
                    "Hosts": ["10.0.0.1 a b"],
                    "Ulimits": [{"Name": "nofile", "Soft": 10, "Hard": 20}]
                },
                "Resources": {"Limits": {"MemoryBytes": 1024, "Pids": 10},
                    "Reservations": {"NanoCPUs": 5}},
                "RestartPolicy": {"Condition": "on-failure", "MaxAttempts": 3},
                "Networks": [{"Target": "n1", "Aliases": ["web"]}],
                "LogDriver": {"Name": "local"}
            },
            "Mode": {"Replicated": {"Replicas": 2}},
            "EndpointSpec": {"Mode": "vip", "Ports": [{"Protocol": "tcp", "TargetPort": 80,
                "PublishedPort": 8080, "PublishMode": "host"}, {"TargetPort": 81}]}
        }
    });
    let fact = only(&service, "containers");
    expect(
        &fact,
        &[
            ("/source_type", Some(json!("swarm_service"))),
            ("/project", Some(json!("shop"))),
            ("/service", Some(json!("web"))),
            ("/image/tag", Some(json!("1.29"))),
            ("/user/is_root", Some(json!(true))),
            ("/privileged", Some(json!(false))),
            ("/read_only", Some(json!(true))),
            ("/capabilities/add", Some(json!(["NET_ADMIN"]))),
            ("/capabilities/drop", Some(json!(["ALL"]))),
            ("/security_opt/no_new_privileges", Some(json!(true))),
            ("/security_opt/no_new_privileges_from", Some(json!("container"))),
            ("/security_opt/seccomp/mode", Some(json!("custom"))),
            ("/security_opt/seccomp/default_action", Some(json!("SCMP_ACT_ERRNO"))),
            ("/security_opt/apparmor/mode", Some(json!("unconfined"))),
            ("/security_opt/selinux/mode", Some(json!("disabled"))),
            ("/mounts/0/host_path", Some(json!("/run/docker.sock"))),
            ("/mounts/0/read_only", Some(json!(false))),
            ("/mounts/0/origin", Some(json!("volumes"))),
            ("/tmpfs/0/target", Some(json!("/tmp"))),
            ("/secrets/0/source", Some(json!("db_password"))),
            ("/secrets/0/mode", Some(json!(0o444))),
            ("/healthcheck/disabled", Some(json!(true))),
            ("/extra_hosts/1/text", Some(json!("b=10.0.0.1"))),
            ("/resources/limits/memory_bytes", Some(json!(1024))),
            ("/resources/limits/nano_cpus", Some(Value::Null)),
            ("/resources/limits/pids", Some(json!(10))),
            ("/resources/reservations/nano_cpus", Some(json!(5))),
            ("/resources/ulimits/0/hard", Some(json!(20))),
            ("/restart/policy", Some(json!("on-failure"))),
            ("/restart/max_retries", Some(json!(3))),
            ("/restart/ignored", Some(Value::Null)),
            ("/cgroup_parent", Some(Value::Null)),
            ("/networks/0/name", Some(json!("n1"))),
            ("/logging/driver", Some(json!("local"))),
            ("/deploy/replicas", Some(json!(2))),
            ("/ports/0/mode", Some(json!("host"))),
            ("/ports/0/published", Some(json!(8080))),
            ("/ports/1/mode", Some(json!("ingress"))),
            ("/ports/1/published", Some(Value::Null)),
            ("/ports/1/protocol", Some(json!("tcp"))),
            ("/incomplete", Some(json!([]))),
        ],
    );
}

#[test]
fn a_service_that_says_little() {
    let spec = json!({"Name": "a", "TaskTemplate": {"ContainerSpec": {"Image": "nginx"}}});
    let fact = only(&json!({"ID": "s", "Version": {}, "Spec": spec}), "containers");
    expect(
        &fact,
        &[
            ("/user/is_root", None),
            ("/user/from", Some(json!("unknown"))),
            ("/healthcheck", None),
            ("/read_only", Some(json!(false))),
            ("/security_opt/no_new_privileges", Some(json!(false))),
            ("/security_opt/seccomp/mode", Some(json!("default"))),
            ("/resources/limits/memory_bytes", Some(Value::Null)),
            ("/restart/policy", Some(json!("always"))),
            ("/logging/driver", None),
            ("/project", Some(Value::Null)),
        ],
    );
}

#[test]
fn names_of_networks_are_looked_up() {
    let network = json!({"Name": "front", "Id": "n1", "Driver": "overlay", "IPAM": {}});
    let spec = json!({"Name": "a", "TaskTemplate": {"ContainerSpec": {}, "Networks":
        [{"Target": "n1"}, {"Target": "n2"}]}});
    let text = json!([{"ID": "s", "Version": {}, "Spec": spec}, network]).to_string();
    let facts = facts(&documents(&text)[0]);
    assert_eq!(facts.pointer("/containers/0/networks/0/name"), Some(&json!("front")));
    assert_eq!(facts.pointer("/containers/0/networks/1/name"), Some(&json!("n2")));
}

#[test]
fn images() {
    let id = format!("sha256:{}", "1".repeat(64));
    let pulled = format!("sha256:{}", "2".repeat(64));
    let image = json!({
        "Id": id, "RepoTags": ["app:1.0", "<none>:<none>"], "RepoDigests": [format!("app@{pulled}")],
        "Created": "1980-01-01T00:00:00Z", "Author": "", "Architecture": "arm64", "Variant": "v8",
        "Os": "linux", "Size": 1000, "RootFS": {"Type": "layers", "Layers": ["sha256:a", "sha256:b"]},
        "Config": {"Entrypoint": ["/bin/sh", "-c", "run"], "Cmd": ["a"], "Volumes": {"/data": {}},
            "ExposedPorts": {"80/tcp": {}}, "Labels": {
                "org.opencontainers.image.base.name": "docker.io/library/alpine:3.22"}}
    });
    let fact = only(&image, "images");
    expect(
        &fact,
        &[
            ("/name", Some(json!("app:1.0"))),
            ("/source_type", Some(json!("docker_inspect"))),
            ("/image_id", Some(json!(id))),
            ("/id_kind", Some(json!("config"))),
            ("/digest", None),
            ("/refs/0/tag", Some(json!("1.0"))),
            ("/refs/1/digest", Some(json!(pulled))),
            ("/refs/2", None),
            ("/created_reproducible", Some(json!(true))),
            ("/author", Some(Value::Null)),
            ("/platform/variant", Some(json!("v8"))),
            ("/config/user/is_root", Some(json!(true))),
            ("/config/user/from", Some(json!("default"))),
            ("/config/entrypoint_form", Some(json!("shell"))),
            ("/config/cmd_form", Some(json!("exec"))),
            ("/config/healthcheck", Some(Value::Null)),
            ("/config/healthcheck_supported", Some(json!(true))),
            ("/config/volumes/0/text", Some(json!("/data"))),
            ("/base/name", Some(json!("docker.io/library/alpine"))),
            ("/base/evidence", Some(json!("label"))),
            ("/layers/1/diff_id", Some(json!("sha256:b"))),
            ("/size_kind", Some(json!("unpacked"))),
            ("/incomplete", Some(json!(["history", "installs", "packages", "attestations"]))),
        ],
    );
}

#[test]
fn images_of_the_containerd_store() {
    let digest = format!("sha256:{}", "1".repeat(64));
    let image = json!({
        "Id": digest, "RepoTags": ["app:1.0"], "RepoDigests": [format!("app@{digest}")],
        "Descriptor": {"mediaType": "application/vnd.oci.image.index.v1+json", "digest": digest},
        "Manifests": [{"ID": "sha256:m", "Kind": "image"}, {"ID": "sha256:x", "Kind": "attestation"}],
        "Config": {"User": "app"}, "Architecture": "amd64", "Os": "linux", "RootFS": {}
    });
    let fact = only(&image, "images");
    expect(
        &fact,
        &[
            ("/id_kind", Some(json!("index"))),
            ("/digest", None),
            ("/index_digest", Some(json!(digest))),
            ("/attestations/0/digest", Some(json!("sha256:x"))),
            ("/config/user/is_root", Some(json!(false))),
            ("/config/healthcheck_supported", Some(json!(false))),
            ("/size_kind", None),
        ],
    );
}

#[test]
fn networks() {
    let network = json!({
        "Name": "bridge", "Id": "b", "Created": "x", "Scope": "local", "Driver": "bridge",
        "EnableIPv6": false, "IPAM": {"Driver": "default", "Config": [{"Subnet": "172.17.0.0/16"}]},
        "Internal": false, "Containers": {"id": {"Name": "web"}},
        "Options": {"com.docker.network.bridge.default_bridge": "true",
            "com.docker.network.bridge.enable_icc": "false",
            "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1"},
        "Labels": {}
    });
    let fact = only(&network, "networks");
    expect(
        &fact,
        &[
            ("/is_default_bridge", Some(json!(true))),
            ("/icc", Some(json!(false))),
            ("/ip_masquerade", Some(json!(true))),
            ("/host_binding_ipv4", Some(json!("127.0.0.1"))),
            ("/enable_ipv4", None),
            ("/attachable", None),
            ("/encrypted", None),
            ("/subnets", Some(json!(["172.17.0.0/16"]))),
            ("/members", Some(json!(["web"]))),
            ("/incomplete", Some(json!([]))),
        ],
    );
    let overlay = json!({"Name": "o", "Id": "o", "Driver": "overlay", "IPAM": {}, "Scope": "swarm",
        "Options": {"encrypted": ""}, "Containers": null});
    expect(
        &only(&overlay, "networks"),
        &[
            ("/encrypted", Some(json!(true))),
            ("/icc", None),
            ("/is_default_bridge", Some(json!(false))),
        ],
    );
    let podman = json!({"name": "podman", "id": "1", "driver": "bridge", "internal": false,
        "subnets": [{"subnet": "10.88.0.0/16"}], "ipv6_enabled": false, "dns_enabled": false});
    expect(
        &only(&podman, "networks"),
        &[
            ("/name", Some(json!("podman"))),
            ("/subnets", Some(json!(["10.88.0.0/16"]))),
            ("/icc", None),
            ("/is_default_bridge", None),
            ("/incomplete", Some(json!(["options", "labels", "members"]))),
        ],
    );
}

#[test]
fn volumes() {
    let volume = |options: Value| {
        only(
            &json!({"Name": "v", "Driver": "local", "Mountpoint": "/m", "Scope": "local",
                "Labels": null, "Options": options}),
            "volumes",
        )
    };
    let bound = volume(json!({"type": "none", "o": "rw,bind", "device": "/var/run"}));
    expect(
        &bound,
        &[
            ("/bind_device", Some(json!("/run"))),
            ("/fs_type", Some(Value::Null)),
            ("/incomplete", Some(json!(["used_by"]))),
            ("/created_at", Some(Value::Null)),
        ],
    );
    let nfs = volume(json!({"type": "nfs", "o": "addr=10.0.0.1,rw", "device": ":/x"}));
    expect(&nfs, &[("/bind_device", Some(Value::Null)), ("/fs_type", Some(json!("nfs")))]);
    expect(&volume(Value::Null), &[("/bind_device", Some(Value::Null))]);
}

#[test]
fn secrets() {
    let secret = |spec: Value| {
        let object = json!({"ID": "s", "Version": {"Index": 11}, "Spec": spec,
            "CreatedAt": "2026-08-01T10:00:00Z", "UpdatedAt": "2026-09-01T10:00:00.123Z"});
        let mut documents = documents(&json!([object]).to_string());
        assert_eq!(documents[0].kind, "secret");
        documents.remove(0)
    };
    let document = secret(json!({"Name": "db", "Labels": {"rotated-at": "2026-09-01"}}));
    assert!(document.problems.is_empty(), "{:?}", document.problems);
    let known = &facts(&document)["swarm_secrets"][0];
    for (pointer, want) in [
        ("/name", json!("db")),
        ("/created_at", json!("2026-08-01T10:00:00Z")),
        ("/updated_at", json!("2026-09-01T10:00:00.123Z")),
        ("/driver", json!(null)),
        ("/labels/0/key", json!("rotated-at")),
        ("/labels/0/value", json!("2026-09-01")),
        ("/incomplete", json!([])),
    ] {
        assert_eq!(known.pointer(pointer), Some(&want), "{pointer}");
    }
    let labels = &document.facts.swarm_secrets[0].labels;
    assert_eq!(
        document.places.place(labels[0].loc).unwrap().text(),
        "\"rotated-at\":\"2026-09-01\""
    );
    let driven = secret(json!({"Name": "x", "Driver": {"Name": "vault"}}));
    assert_eq!(facts(&driven)["swarm_secrets"][0]["driver"], "vault");
    let odd = secret(json!({"Labels": 1, "Driver": {}}));
    let odd = &facts(&odd)["swarm_secrets"][0];
    assert_eq!((&odd["name"], &odd["incomplete"]), (&json!("secret 1"), &json!(["labels"])));
    assert!(odd.get("driver").is_none());
}
