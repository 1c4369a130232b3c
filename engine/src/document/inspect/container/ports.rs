//! Published ports of a container.
//!
//! `HostConfig.PortBindings` is what was asked for and stays when the container is stopped;
//! `NetworkSettings.Ports` is what a running one has, with the ports and addresses that the engine
//! chose. Each binding that was asked for is told once, with the address it got; then those that
//! nobody asked for (`--publish-all`).

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_sdk::facts::{Port, PublishedPort};
use plimsoll_sdk::{Loc, Nullable};

use super::super::lowering::{Lowering, Owner};
use super::super::tree::At;
use super::Inspected;
use crate::notation::port::{PortRange, Protocol};
use crate::yaml::Value;

/// Every address of the host, where nobody names one.
const EVERY: &str = "0.0.0.0";

/// A binding as it is written.
struct Binding<'a> {
    /// The object, pointed at by the port of the host.
    at: At<'a>,
    key: &'a str,
    host_ip: &'a str,
    host_port: &'a str,
}

impl Lowering<'_> {
    pub(super) fn ports(
        &mut self,
        container: &Inspected<'_>,
        owner: &mut Owner,
    ) -> Vec<PublishedPort> {
        let asked = container.host.get("PortBindings");
        let given = container.network.get("Ports");
        let mut ports = Vec::new();
        let given_bindings = self.bindings(given).unwrap_or_default();
        let asked_bindings = self.bindings(asked);
        if asked_bindings.is_none() {
            owner.incomplete("ports");
        }
        let asked_bindings = asked_bindings.unwrap_or_default();
        let mut exact = BTreeMap::new();
        let mut any = BTreeMap::new();
        for given in &given_bindings {
            exact.entry((given.key, given.host_port)).or_insert(given);
            any.entry(given.key).or_insert(given);
        }
        for binding in &asked_bindings {
            let got = match binding.host_port {
                "" => any.get(binding.key),
                port => exact.get(&(binding.key, port)),
            };
            match self.published(owner.loc, binding, got.copied()) {
                Some(port) => ports.push(port),
                None => owner.incomplete("ports"),
            }
        }
        let asked_for: BTreeSet<&str> = asked_bindings.iter().map(|asked| asked.key).collect();
        let mut told = BTreeSet::new();
        for binding in given_bindings.iter().filter(|given| !asked_for.contains(given.key)) {
            // The engine writes the same binding for IPv4 and for IPv6.
            let first = told.insert((binding.key, binding.host_port));
            if !first && is_every(binding.host_ip) {
                continue;
            }
            match self.published(owner.loc, binding, Some(binding)) {
                Some(port) => ports.push(port),
                None => owner.incomplete("ports"),
            }
        }
        self.place(owner.loc, "ports", if asked.node.is_some() { asked } else { given });
        ports
    }

    /// The bindings of a port map; a port with null is exposed, not published.
    fn bindings<'a>(&mut self, at: At<'a>) -> Option<Vec<Binding<'a>>> {
        let mut bindings = Vec::new();
        for (key, value) in self.map(at)? {
            for item in self.list(value).unwrap_or_default() {
                if !item.is_map() {
                    self.wrong(item, "an object");
                    continue;
                }
                let [ip, port] = ["HostIp", "HostPort"].map(|key| item.omittable(key));
                self.string(ip);
                if !matches!(port.node.map(|node| &node.value), Some(Value::Str(_) | Value::Null)) {
                    self.wrong(port, "a string");
                    continue;
                }
                let shown = if port.filled().is_some() { port.span } else { key.span };
                bindings.push(Binding {
                    at: item.shown_at(shown),
                    key: &key.text,
                    host_ip: ip.text().unwrap_or_default(),
                    host_port: port.text().unwrap_or_default(),
                });
            }
        }
        Some(bindings)
    }

    fn published(
        &mut self,
        parent: Loc,
        binding: &Binding<'_>,
        got: Option<&Binding<'_>>,
    ) -> Option<PublishedPort> {
        let (target, protocol) = self.port_key(binding.at, binding.key)?;
        let range = match binding.host_port {
            // 0 asks for any, too.
            "" | "0" => None,
            text => match PortRange::parse(text) {
                Ok(range) => Some(range),
                Err(_) => {
                    self.invalid(binding.at, format!("`{text}` is no port of the host"));
                    return None;
                }
            },
        };
        let loc = self.object(parent, binding.at);
        let [ip, port] = ["HostIp", "HostPort"].map(|key| binding.at.get(key));
        if port.filled().is_some() {
            self.place(loc, "published", port);
        }
        if ip.filled().is_some() {
            self.place(loc, "host_ip", ip);
            self.place(loc, "effective_host_ip", ip);
        }
        let written = Some(binding.host_ip).filter(|ip| !ip.is_empty());
        let effective = written.or(got.map(|got| got.host_ip).filter(|ip| !ip.is_empty()));
        Some(PublishedPort {
            loc,
            raw: raw(binding, target, protocol),
            target: Some(target.start.into()),
            target_end: Some(target.end.into()),
            protocol: Some(protocol.as_str().into()),
            published: Some(range.map(|range| u32::from(range.start)).into()),
            published_end: Some(range.map(|range| u32::from(range.end)).into()),
            host_ip: Some(written.map(str::to_owned).into()),
            effective_host_ip: Some(effective.unwrap_or(EVERY).to_owned()),
            mode: Some(Nullable::Null),
        })
    }

    /// Ports that are exposed and not published.
    pub(super) fn unpublished(
        &mut self,
        owner: &mut Owner,
        at: At<'_>,
        published: &[PublishedPort],
    ) -> Vec<Port> {
        let mut ports = self.exposed_ports(owner, "expose", at);
        let published: BTreeSet<(Option<u32>, Option<&str>)> =
            published.iter().map(|it| (it.target, it.protocol.as_deref())).collect();
        ports.retain(|it| !published.contains(&(Some(it.target), Some(it.protocol.as_str()))));
        ports
    }
}

/// Whether an address stands for every one of the host's.
fn is_every(ip: &str) -> bool {
    matches!(ip, "" | EVERY | "::" | "[::]")
}

/// `127.0.0.1:8080:80/tcp`, as the command line takes it.
fn raw(binding: &Binding<'_>, target: PortRange, protocol: Protocol) -> String {
    let ip = binding.host_ip;
    let ip = match ip {
        "" => String::new(),
        ip if ip.contains(':') => format!("[{}]:", ip.trim_matches(['[', ']'])),
        ip => format!("{ip}:"),
    };
    let port = binding.host_port;
    let port = if port.is_empty() && ip.is_empty() { String::new() } else { format!("{port}:") };
    format!("{ip}{port}{target}/{protocol}")
}
