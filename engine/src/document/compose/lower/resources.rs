//! What a service may use up.
//!
//! `deploy.resources` and the service's own keys (`mem_limit` …) say the same: as Compose has it
//! (`getDeployResources`), what `deploy` sets wins, and 0 sets nothing.

use plimsoll_sdk::facts::{
    Conflict, Device, DeviceRequest, Limits, Reservations, Resources, Ulimit,
};
use plimsoll_sdk::{Loc, Nullable};

use super::super::tree::{Node, Value};
use super::read::{
    Said, as_written, at, bytes, elements, flag, integer, limit, number, scalar, text, texts,
};
use super::{Lowering, Service, path};

/// The period of the CPU scheduler when none is set, in microseconds.
const DEFAULT_PERIOD: f64 = 100_000.0;

/// One limit, its keys, and how it is read.
struct Limited<'n> {
    field: &'static str,
    deploy: Option<&'n Node>,
    own: Option<&'n Node>,
    read: fn(Option<&Node>) -> Said<u64>,
}

impl Lowering<'_, '_> {
    pub(super) fn resources(&mut self, service: &Service<'_>) -> Resources {
        let node = service.node;
        let loc = self.section_of(service.loc, service, &["deploy", "resources"]);
        let mut conflicts = Vec::new();
        let limits = self.limits(service, loc, &mut conflicts);
        let reservations = self.reservations(service, loc, &mut conflicts);
        for (field, key) in [
            ("cpu_shares", "cpu_shares"),
            ("cpu_quota", "cpu_quota"),
            ("cpu_period", "cpu_period"),
            ("cpuset_cpus", "cpuset"),
            ("oom_kill_disable", "oom_kill_disable"),
            ("oom_score_adj", "oom_score_adj"),
            ("shm_size_bytes", "shm_size"),
            ("ulimits", "ulimits"),
        ] {
            self.field(loc, field, at(node, &[key]));
        }
        let nonzero = |said: Said<i64>| {
            said.map(|said| said.value().copied().filter(|value| *value != 0).into())
        };
        Resources {
            loc,
            limits,
            reservations,
            cpu_shares: limit(integer(at(node, &["cpu_shares"]))),
            cpu_quota: nonzero(integer(at(node, &["cpu_quota"]))),
            cpu_period: limit(integer(at(node, &["cpu_period"]))),
            cpuset_cpus: text(at(node, &["cpuset"])),
            ulimits: self.ulimits(loc, at(node, &["ulimits"])),
            oom_kill_disable: flag(at(node, &["oom_kill_disable"])),
            oom_score_adj: nonzero(integer(at(node, &["oom_score_adj"]))),
            shm_size_bytes: limit(bytes(at(node, &["shm_size"]))),
            conflicts,
        }
    }

    fn limits(
        &mut self,
        service: &Service<'_>,
        parent: Loc,
        conflicts: &mut Vec<Conflict>,
    ) -> Limits {
        let node = service.node;
        let section = at(node, &["deploy", "resources", "limits"]);
        let loc = self.section_of(parent, service, &["deploy", "resources", "limits"]);
        let deploy = |key: &str| section.and_then(|section| at(section, &[key]));
        let mut one = |field, key, own, read| {
            let limited = Limited { field, deploy: deploy(key), own: at(node, &[own]), read };
            self.limited(loc, "limits", &limited, conflicts)
        };
        let memory_bytes = one("memory_bytes", "memory", "mem_limit", |node| limit(bytes(node)));
        let pids = one("pids", "pids", "pids_limit", |node| limit(integer(node)));
        let cpus = one("nano_cpus", "cpus", "cpus", |node| nano(number(node)));
        let swap = at(node, &["memswap_limit"]);
        self.field(loc, "memory_swap_bytes", swap);
        let nano_cpus = match cpus {
            Some(Nullable::Null) => {
                self.field(loc, "nano_cpus", at(node, &["cpu_quota"]));
                of_quota(node)
            }
            cpus => cpus,
        };
        Limits {
            loc,
            memory_bytes,
            memory_swap_bytes: bytes(swap)
                .map(|said| said.value().copied().filter(|value| *value != 0).into()),
            nano_cpus,
            pids,
        }
    }

    fn reservations(
        &mut self,
        service: &Service<'_>,
        parent: Loc,
        conflicts: &mut Vec<Conflict>,
    ) -> Reservations {
        let section = at(service.node, &["deploy", "resources", "reservations"]);
        let loc = self.section_of(parent, service, &["deploy", "resources", "reservations"]);
        let deploy = |key: &str| section.and_then(|section| at(section, &[key]));
        let memory = Limited {
            field: "memory_bytes",
            deploy: deploy("memory"),
            own: at(service.node, &["mem_reservation"]),
            read: |node| limit(bytes(node)),
        };
        let memory_bytes = self.limited(loc, "reservations", &memory, conflicts);
        self.field(loc, "nano_cpus", deploy("cpus"));
        Reservations { loc, memory_bytes, nano_cpus: nano(number(deploy("cpus"))) }
    }

    fn limited(
        &mut self,
        loc: Loc,
        section: &str,
        limited: &Limited<'_>,
        conflicts: &mut Vec<Conflict>,
    ) -> Said<u64> {
        let Limited { field, deploy, own, read } = *limited;
        let (first, second) = (read(deploy), read(own));
        let winner = match &first {
            Some(Nullable::Null) if own.is_some() => (own, second),
            _ => (deploy, first),
        };
        self.field(loc, field, winner.0.or(own));
        if let (Some(Nullable::Value(won)), Some(Nullable::Value(lost)), Some(node)) =
            (first, second, own)
            && won != lost
        {
            conflicts.push(Conflict {
                loc: self.object(loc, node),
                field: format!("{section}.{field}"),
                message: format!("deploy.resources says {won}, the service itself {lost}"),
            });
        }
        winner.1
    }

    fn ulimits(&mut self, parent: Loc, node: Option<&Node>) -> Vec<Ulimit> {
        let Some(map) = node.and_then(Node::map) else { return Vec::new() };
        let ulimits = map.iter().map(|(name, entry)| {
            let loc = self.entry(parent, &entry.key, &entry.node);
            let value = |key: &str| match &entry.node.value {
                Value::Map(_) => at(&entry.node, &[key]).or_else(|| at(&entry.node, &["single"])),
                _ => Some(&entry.node),
            };
            let (soft, hard) = (value("soft"), value("hard"));
            self.field(loc, "soft", soft);
            self.field(loc, "hard", hard);
            let known = |node| integer(node).and_then(|said| said.value().copied());
            Ulimit { loc, name: name.clone(), soft: known(soft), hard: known(hard) }
        });
        ulimits.collect()
    }

    /// Devices of the host, and those that CDI knows by name.
    pub(super) fn devices(
        &mut self,
        service: &Service<'_>,
        incomplete: &mut Vec<String>,
    ) -> Vec<Device> {
        let list = at(service.node, &["devices"]);
        self.field(service.loc, "devices", list);
        let mut devices = Vec::new();
        for item in elements(list) {
            let loc = self.object(service.loc, item);
            if item.map().is_none() {
                // A text with a variable that cannot be taken apart.
                incomplete.push("devices".into());
            }
            for field in ["source", "target", "permissions"] {
                self.field(loc, field, at(item, &[field]));
            }
            let source = at(item, &["source"]).and_then(scalar);
            let target = text(at(item, &["target"]));
            let same = target.as_ref().is_none_or(|target| {
                target.value().is_none_or(|target| Some(target) == source.as_ref())
            });
            let cdi = source.clone().filter(|source| same && is_cdi(source));
            let known = item.map().is_some();
            devices.push(match cdi {
                Some(name) => Device {
                    loc,
                    source: Some(name.clone()),
                    target: Some(Nullable::Null),
                    permissions: Some(Nullable::Null),
                    cdi: Nullable::Value(name),
                },
                None => Device {
                    loc,
                    source: source.as_deref().map(path::target),
                    target: target.filter(|_| known),
                    permissions: text(at(item, &["permissions"])).filter(|_| known),
                    cdi: Nullable::Null,
                },
            });
        }
        incomplete.dedup();
        devices
    }

    /// `gpus`, and `devices` of `deploy.resources.reservations`.
    pub(super) fn device_requests(&mut self, service: &Service<'_>) -> Vec<DeviceRequest> {
        let gpus = at(service.node, &["gpus"]);
        let reserved = at(service.node, &["deploy", "resources", "reservations", "devices"]);
        let mut requests = Vec::new();
        for (item, gpu) in elements(gpus)
            .into_iter()
            .map(|item| (item, true))
            .chain(elements(reserved).into_iter().map(|item| (item, false)))
        {
            requests.push(self.device_request(service.loc, item, gpu));
        }
        requests
    }

    fn device_request(&mut self, parent: Loc, item: &Node, gpu: bool) -> DeviceRequest {
        let loc = self.object(parent, item);
        for field in ["driver", "count", "device_ids", "capabilities"] {
            self.field(loc, field, at(item, &[field]));
        }
        let mut capabilities = texts(at(item, &["capabilities"])).0;
        // Compose asks for it whatever else is asked for.
        if gpu && !capabilities.iter().any(|capability| capability == "gpu") {
            capabilities.push("gpu".into());
        }
        let device_ids = texts(at(item, &["device_ids"])).0;
        let count = match at(item, &["count"]) {
            Some(node) if as_written(node).as_deref() == Some("all") => Some(Nullable::Value(-1)),
            // Without a number and without names it is all of them.
            None if device_ids.is_empty() => Some(Nullable::Value(-1)),
            node => integer(node),
        };
        DeviceRequest {
            loc,
            driver: text(at(item, &["driver"])),
            count,
            device_ids,
            capabilities,
            options: self.pairs(loc, at(item, &["options"])),
        }
    }
}

/// CPUs as billionths; nothing for 0.
fn nano(said: Said<f64>) -> Said<u64> {
    said.map(|said| {
        let value = said.value().map(|cpus| (cpus * 1e9).round() as i64);
        value.filter(|value| *value > 0).and_then(|value| u64::try_from(value).ok()).into()
    })
}

/// CPUs by quota and period.
fn of_quota(node: &Node) -> Said<u64> {
    let quota = match number(at(node, &["cpu_quota"]))? {
        Nullable::Value(quota) if quota > 0.0 => quota,
        _ => return Some(Nullable::Null),
    };
    let period = match number(at(node, &["cpu_period"]))? {
        Nullable::Value(period) if period > 0.0 => period,
        _ => DEFAULT_PERIOD,
    };
    nano(Some(Nullable::Value(quota / period)))
}

/// Whether a name is a qualified one of the Container Device Interface: `vendor.com/class=name`.
/// <https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md#kind>
fn is_cdi(name: &str) -> bool {
    let Some((kind, device)) = name.split_once('=') else { return false };
    let Some((vendor, class)) = kind.split_once('/') else { return false };
    let word = |text: &str, more: &str| {
        text.starts_with(|char: char| char.is_ascii_alphanumeric())
            && text.chars().all(|char| char.is_ascii_alphanumeric() || more.contains(char))
    };
    vendor.starts_with(|char: char| char.is_ascii_alphabetic())
        && class.starts_with(|char: char| char.is_ascii_alphabetic())
        && word(vendor, "-_.")
        && word(class, "-_")
        && word(device, "-_.:")
}
