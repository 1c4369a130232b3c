//! Keys of one service that exclude each other, and values that cannot be.

use std::collections::HashMap;
use std::net::IpAddr;

use super::{Problems, quoted, section};
use crate::diagnostic::Diagnostic;
use crate::document::compose::scalar;
use crate::document::compose::tree::{Entry, Map, Node, Value};
use crate::source::Place;

/// Checks every service, and what no two of them may share.
pub(super) fn check(root: &Node, problems: &mut Problems<'_>) {
    let mut container_names: HashMap<&str, &Place> = HashMap::new();
    for (name, key, service) in section(root, "services") {
        let Some(map) = service.map() else { continue };
        Service { name, key, map, problems }.check();
        let Some(container) = service.get("container_name") else { continue };
        let text = container.known_text().filter(|text| !text.is_empty());
        let first = text.and_then(|text| container_names.insert(text, &container.place));
        if let Some(first) = first {
            problems.add(|| {
                Diagnostic::error(format!(
                    "two services have the same container_name, one is `{name}`"
                ))
                .label(container.place.clone(), "again here")
                .label(first.clone(), "first here")
            });
        }
    }
    for (name, key, job) in section(root, "jobs") {
        let triggers = job.get("triggers").and_then(Node::map);
        let is_without = |map: &Map| !map.contains_key("manual") && !map.contains_key("schedule");
        if triggers.is_some_and(is_without) {
            let message = format!("`manual` or `schedule` is missing in jobs.{name}.triggers");
            problems.error(message, key, "nothing would start this job");
        }
    }
}

struct Service<'c, 'p> {
    name: &'c str,
    key: &'c Place,
    map: &'c Map,
    problems: &'c mut Problems<'p>,
}

impl<'c> Service<'c, '_> {
    fn check(&mut self) {
        self.image();
        self.build();
        self.network_mode();
        self.pid();
        self.health();
        self.replicas();
        self.resources();
        self.watches();
        self.mounts();
        self.bind_sources(self.items(&["volumes"]));
        for hook in self.items(&["pre_start"]) {
            self.bind_sources(hook.get("volumes").map(Node::items).unwrap_or_default());
        }
        self.ports();
        self.devices();
    }

    fn get(&self, path: &[&str]) -> Option<&'c Entry> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.map.get(*first)?, |entry, key| entry.node.map()?.get(*key))
    }

    fn items(&self, path: &[&str]) -> &'c [Node] {
        self.get(path).map(|entry| entry.node.items()).unwrap_or_default()
    }

    fn both(&mut self, message: String, first: &Entry, second: &Entry) {
        self.problems.add(|| {
            Diagnostic::error(message)
                .label(second.key.clone(), "excludes the other")
                .label(first.key.clone(), "the other")
        });
    }

    fn image(&mut self) {
        let is_written = |entry: &Entry| entry.node.text() != Some("");
        let has_image = self.get(&["image"]).is_some_and(is_written);
        if !has_image && self.get(&["build"]).is_none() && self.get(&["provider"]).is_none() {
            let message = format!("service `{}` has neither `image` nor `build`", self.name);
            self.problems.error(message, self.key, "nothing to run");
        }
    }

    fn build(&mut self) {
        // Either may be empty.
        let written = |entry: &&Entry| {
            !entry.node.defaulted && entry.node.known_text().is_some_and(|text| !text.is_empty())
        };
        let file = self.get(&["build", "dockerfile"]).filter(written);
        let inline = self.get(&["build", "dockerfile_inline"]).filter(written);
        if let (Some(file), Some(inline)) = (file, inline) {
            let message =
                format!("service `{}` has both `dockerfile` and `dockerfile_inline`", self.name);
            self.both(message, file, inline);
        }
        let platform = self.get(&["platform"]).and_then(|entry| entry.node.known_text());
        let platforms = self.items(&["build", "platforms"]);
        let is_listed = |item: &Node| item.is_unknown() || item.text() == platform;
        if platform.is_some_and(|platform| !platform.is_empty())
            && !platforms.is_empty()
            && !platforms.iter().any(is_listed)
        {
            let message = format!(
                "service `{}` is not built for its platform {}",
                self.name,
                quoted(platform.unwrap_or_default())
            );
            if let Some(list) = self.get(&["build", "platforms"]) {
                self.problems.error(message, &list.key, "the platform must be one of these");
            }
        }
    }

    fn network_mode(&mut self) {
        let mode = self.get(&["network_mode"]).filter(|entry| entry.node.text() != Some(""));
        let networks = self.get(&["networks"]).filter(|entry| !is_empty(&entry.node));
        if let (Some(mode), Some(networks)) = (mode, networks) {
            let message = format!("service `{}` has both `network_mode` and `networks`", self.name);
            self.both(message, mode, networks);
        }
    }

    /// The schema allows no value here, and then Compose crashes.
    fn pid(&mut self) {
        let pid = self.get(&["pid"]).filter(|entry| entry.node.value == Value::Null);
        if let Some(pid) = pid {
            let message = format!("services.{}.pid must be a string", self.name);
            self.problems.error(message, &pid.key, "this is nothing");
        }
    }

    fn health(&mut self) {
        let Some(first) = self.items(&["healthcheck", "test"]).first() else { return };
        let Some(text) = first.known_text() else { return };
        if !["CMD", "CMD-SHELL", "NONE"].contains(&text) {
            let message = format!("services.{}.healthcheck.test must not begin so", self.name);
            self.problems.error(message, &first.place, "this must be CMD, CMD-SHELL or NONE");
        }
    }

    fn replicas(&mut self) {
        let number = |entry: Option<&'c Entry>| {
            let entry = entry.filter(|entry| !entry.node.is_unknown())?;
            Some((entry, scalar::integer(&entry.node.value).ok()?))
        };
        let scale = number(self.get(&["scale"]));
        let replicas = number(self.get(&["deploy", "replicas"]));
        for (entry, number) in [scale, replicas].into_iter().flatten() {
            if number < 0 {
                let message = format!("service `{}` cannot have {number} replicas", self.name);
                self.problems.error(message, &entry.node.place, "this must be 0 or more");
            }
        }
        if let (Some((scale, one)), Some((replicas, two))) = (scale, replicas)
            && one != two
        {
            self.distinct("scale", "deploy.replicas", scale, replicas);
        }
        let container = self.get(&["container_name"]).filter(|entry| entry.node.text() != Some(""));
        let many = scale.or(replicas).filter(|(_, number)| *number > 1);
        if let (Some(container), Some((many, _))) = (container, many) {
            let message =
                format!("service `{}` has a container_name and several replicas", self.name);
            self.both(message, container, many);
        }
    }

    fn distinct(&mut self, one: &str, two: &str, first: &Entry, second: &Entry) {
        let message = format!("service `{}` has distinct values of `{one}` and `{two}`", self.name);
        self.problems.add(|| {
            Diagnostic::error(message)
                .label(second.node.place.clone(), "not the same")
                .label(first.node.place.clone(), "the other value")
                .help("write one of them only")
        });
    }

    /// Limits that can be written in two places must be the same in both. Where the other place has
    /// limits at all, one that it does not name is none.
    fn resources(&mut self) {
        let bytes = |value: &Value| scalar::bytes(value).ok().map(|size| size as f64);
        let single = |value: &Value| scalar::single(value).ok().map(f64::from);
        let integer = |value: &Value| scalar::integer(value).ok().map(|number| number as f64);
        type Read<'r> = &'r dyn Fn(&Value) -> Option<f64>;
        let pairs: [(&str, &str, &str, Read<'_>); 4] = [
            ("cpus", "limits", "cpus", &single),
            ("mem_limit", "limits", "memory", &bytes),
            ("mem_reservation", "reservations", "memory", &bytes),
            ("pids_limit", "limits", "pids", &integer),
        ];
        for (short, group, long, read) in pairs {
            let Some(entry) = self.get(&[short]) else { continue };
            let Some(limits) = self.get(&["deploy", "resources", group]) else { continue };
            let other = self.get(&["deploy", "resources", group, long]);
            let nodes = [Some(entry), other];
            if nodes.into_iter().flatten().any(|entry| entry.node.is_unknown()) {
                continue;
            }
            let value = read(&entry.node.value).filter(|value| *value != 0.0);
            let other_value = other.map_or(Some(0.0), |other| read(&other.node.value));
            if let (Some(value), Some(other_value)) = (value, other_value)
                && value != other_value
            {
                let two = format!("deploy.resources.{group}.{long}");
                self.distinct(short, &two, entry, other.unwrap_or(limits));
            }
        }
    }

    fn watches(&mut self) {
        for watch in self.items(&["develop", "watch"]) {
            if let Some(path) = watch.get("path").filter(|path| path.known_text() == Some("")) {
                let message = format!("a watch of service `{}` has no path", self.name);
                self.problems.error(message, &path.place, "what is to be watched?");
            }
            let action = watch.get("action").and_then(Node::known_text);
            let needs_target =
                action.is_some_and(|action| !["rebuild", "restart"].contains(&action));
            let has_target = watch.get("target").is_some_and(|target| target.text() != Some(""));
            if needs_target && !has_target {
                let message = format!("a watch of service `{}` has no target", self.name);
                self.problems.error(message, &watch.place, "where do files go in the container?");
            }
        }
    }

    /// Nothing is mounted over something else, and every mount says where and what.
    fn mounts(&mut self) {
        let mut targets: HashMap<String, &Place> = HashMap::new();
        let tmpfs = self.items(&["tmpfs"]).iter().filter_map(|item| {
            let path = item.known_text()?.split(':').next()?;
            Some((path.to_owned(), &item.place))
        });
        let mut found: Vec<(String, &Place)> = tmpfs.collect();
        for mount in self.items(&["volumes"]) {
            if mount.map().is_none() {
                continue;
            }
            match mount.get("target") {
                Some(target) => {
                    found.extend(target.known_text().map(|text| (text.to_owned(), &target.place)));
                }
                None => {
                    let message = format!("a mount of service `{}` has no target", self.name);
                    self.problems.error(message, &mount.place, "where in the container?");
                }
            }
        }
        for (target, place) in found {
            if let Some(first) = targets.get(&target) {
                self.problems.add(|| {
                    let target = quoted(&target);
                    Diagnostic::error(format!("service `{}` mounts {target} twice", self.name))
                        .label(place.clone(), "again here")
                        .label((*first).clone(), "first here")
                });
            }
            targets.insert(target, place);
        }
    }

    fn bind_sources(&mut self, mounts: &[Node]) {
        for mount in mounts {
            let is_bind = mount.get("type").and_then(Node::text) == Some("bind");
            if is_bind && mount.get("source").is_none() {
                let message = format!("a bind mount of service `{}` has no source", self.name);
                self.problems.error(message, &mount.place, "which path of the host?");
            }
        }
    }

    fn ports(&mut self) {
        for port in self.items(&["ports"]) {
            if port.map().is_some() && port.get("target").is_none() {
                let message = format!("a port of service `{}` has no target", self.name);
                self.problems.error(message, &port.place, "which port of the container?");
            }
            let Some(address) = port.get("host_ip") else { continue };
            let text = address.known_text();
            if text.is_some_and(|text| text.parse::<IpAddr>().is_err()) {
                let message = format!("{} is no IP address", quoted(text.unwrap_or_default()));
                self.problems.error(
                    message,
                    &address.place,
                    "the address that the port is opened on",
                );
            }
        }
    }

    fn devices(&mut self) {
        for device in self.items(&["devices"]) {
            if device.map().is_some() && device.get("target").is_none() {
                let message = format!("a device of service `{}` has no target", self.name);
                self.problems.error(message, &device.place, "where in the container?");
            }
        }
        let reserved = self.items(&["deploy", "resources", "reservations", "devices"]);
        for device in self.items(&["gpus"]).iter().chain(reserved) {
            let entries = device.map().map(|map| (map.get("count"), map.get("device_ids")));
            if let Some((Some(count), Some(ids))) = entries {
                let message = format!(
                    "a device of service `{}` has both `count` and `device_ids`",
                    self.name
                );
                self.both(message, count, ids);
            }
        }
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Map(map) => map.is_empty(),
        Value::Seq(items) => items.is_empty(),
        _ => false,
    }
}
