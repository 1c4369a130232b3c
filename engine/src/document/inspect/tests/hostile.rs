//! Containers, services, images, networks and volumes in which any value is anything.

use super::*;

/// A small generator of numbers (Knuth's MMIX): the same cases on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}

fn anything(random: &mut Random) -> Value {
    let values = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(1.5),
        json!(""),
        json!("\u{e9}\u{1f980}=:/@,"),
        json!(":"),
        json!("0-70000/tcp"),
        json!([]),
        json!([null, 1, "a", [[]], {}]),
        json!({}),
        json!({"": {"": ""}, "80/tcp": [{"HostPort": "99999"}], "x": null}),
    ];
    values[random.below(values.len())].clone()
}

/// Replaces some of the values.
fn change(value: &mut Value, random: &mut Random) {
    if random.below(25) == 0 {
        *value = anything(random);
        return;
    }
    match value {
        Value::Object(map) => map.values_mut().for_each(|value| change(value, random)),
        Value::Array(items) => items.iter_mut().for_each(|value| change(value, random)),
        _ => {}
    }
}

fn locs(value: &Value, found: &mut Vec<u32>) {
    match value {
        Value::Object(map) => {
            let loc = map.get("loc").and_then(Value::as_u64);
            found.extend(loc.and_then(|loc| u32::try_from(loc).ok()));
            map.values().for_each(|value| locs(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| locs(value, found)),
        _ => {}
    }
}

#[test]
fn everything_has_a_place_whatever_is_written() {
    let rich = container(&[
        ("/HostConfig/Binds", Some(json!(["/a:/b:ro", "v:/c"]))),
        ("/HostConfig/SecurityOpt", Some(json!(["seccomp={}", "label=type:x"]))),
        ("/HostConfig/PortBindings", Some(json!({"80/tcp": [{"HostIp": "::", "HostPort": "1"}]}))),
        ("/HostConfig/Tmpfs", Some(json!({"/t": "size=1%"}))),
        ("/HostConfig/Ulimits", Some(json!([{"Name": "nofile", "Soft": 1, "Hard": 1}]))),
        ("/HostConfig/DeviceRequests", Some(json!([{"Driver": "cdi", "DeviceIDs": ["a=b"]}]))),
        ("/Mounts", Some(json!([{"Type": "volume", "Name": "v", "Destination": "/c"}]))),
        ("/Config/Healthcheck", Some(json!({"Test": ["CMD", "x"], "Interval": 1}))),
    ]);
    let service = json!({"ID": "s", "Version": {}, "Spec": {"Name": "web", "TaskTemplate": {
        "ContainerSpec": {"Image": "a:1", "Privileges": {"Seccomp": {"Mode": "custom", "Profile": "e30="}},
            "Mounts": [{"Type": "tmpfs", "Target": "/t"}], "Hosts": ["1.1.1.1 a b"]},
        "Networks": [{"Target": "1"}]}, "EndpointSpec": {"Ports": [{"TargetPort": 1}]}}});
    let image = json!({"Id": "sha256:1", "RepoTags": ["a:1"], "RootFS": {"Layers": ["sha256:2"]},
        "Config": {"User": "a:b", "Entrypoint": ["sh", "-c"], "ExposedPorts": {"1/udp": {}}},
        "Descriptor": {"digest": "sha256:1"}, "Architecture": "x", "Os": "y", "Manifests": [{"ID": "x"}]});
    let network = json!({"Name": "n", "Id": "1", "Driver": "bridge", "Scope": "local",
        "IPAM": {"Config": [{"Subnet": "s"}]}, "Containers": {"x": {"Name": "y"}}, "Options": {}});
    let volume = json!({"Name": "v", "Driver": "local", "Mountpoint": "/x", "Scope": "local",
        "Options": {"o": "bind", "device": "/etc"}});
    let all = json!([rich, service, image, network, volume]);
    let mut random = Random(1);
    let mut read = 0;
    for _ in 0..200 {
        let mut changed = all.clone();
        change(&mut changed, &mut random);
        for document in documents(&changed.to_string()) {
            let mut found = Vec::new();
            locs(&facts(&document), &mut found);
            let text = document.sources[0].text();
            for &loc in &found {
                let place = document.places.place(plimsoll_sdk::Loc(loc)).unwrap();
                assert!(text.get(place.span.range()).is_some_and(|it| !it.is_empty()), "{text}");
            }
            let count = found.len();
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), count, "a handle is given once: {text}");
            for label in document.problems.iter().flat_map(|problem| &problem.labels) {
                assert!(text.get(label.place.span.range()).is_some());
            }
            read += count;
        }
    }
    assert!(read > 10_000, "{read}");
}
