//! Networks, ports and namespaces of a service.

use std::sync::Arc;

use plimsoll_sdk::facts::{Endpoint, Namespace, Namespaces, Port, PublishedPort};
use plimsoll_sdk::{Loc, Nullable};

use super::super::tree::Node;
use super::read::{Said, as_written, at, elements, scalar, text, texts};
use super::{Lowering, Service};
use crate::notation::port::{PortRange, PortSpec, split_protocol};

impl Lowering<'_, '_> {
    /// Networks it is attached to: none when it has a mode of its own.
    pub(super) fn endpoints(&mut self, service: &Service<'_>) -> Vec<Endpoint> {
        let Some(node) = at(service.node, &["networks"]) else { return Vec::new() };
        self.field(service.loc, "networks", Some(node).filter(|node| !node.defaulted));
        let Some(map) = node.map() else {
            let names = elements(Some(node)).into_iter().filter_map(|item| {
                let loc = self.object(service.loc, item);
                let name = as_written(item)?;
                Some(Endpoint { loc, name, implicit: false, aliases: Vec::new() })
            });
            return names.collect();
        };
        let endpoints = map.iter().map(|(name, entry)| {
            let implicit = node.defaulted || entry.node.defaulted;
            let loc = if implicit {
                self.places.object_written(Some(service.loc), &service.key)
            } else {
                self.entry(service.loc, &entry.key, &entry.node)
            };
            let (aliases, _) = texts(at(&entry.node, &["aliases"]));
            Endpoint { loc, name: name.clone(), implicit, aliases }
        });
        endpoints.collect()
    }

    pub(super) fn namespaces(&mut self, service: &Service<'_>) -> Namespaces {
        let loc = self.places.object_written(Some(service.loc), &service.key);
        Namespaces {
            loc,
            network: self.network_namespace(service, loc),
            pid: self.namespace(service, loc, ("pid", "pid"), "private"),
            ipc: self.namespace(service, loc, ("ipc", "ipc"), "private"),
            uts: self.namespace(service, loc, ("uts", "uts"), "private"),
            user: self.namespace(service, loc, ("user", "userns_mode"), "default"),
            cgroup: self.namespace(service, loc, ("cgroup", "cgroup"), "private"),
        }
    }

    fn namespace(
        &mut self,
        service: &Service<'_>,
        parent: Loc,
        (field, key): (&'static str, &str),
        default: &str,
    ) -> Namespace {
        let node = at(service.node, &[key]);
        let loc = self.object_or(parent, node, &service.key);
        self.field(parent, field, node);
        let said = text(node);
        let mode = said.as_ref().map(|said| said.value().map_or(default, String::as_str));
        shared(loc, mode, node)
    }

    fn network_namespace(&mut self, service: &Service<'_>, parent: Loc) -> Namespace {
        let node = at(service.node, &["network_mode"]);
        let loc = self.object_or(parent, node, &service.key);
        self.field(parent, "network", node);
        let known = ["host", "none", "bridge", "default", "container", "service"];
        let said = text(node);
        match said.as_ref().map(Nullable::value) {
            Some(None) => {
                // Of the service's networks, which `endpoints` lists.
                let mode = Some("network".to_owned());
                Namespace { loc, effective: mode.clone(), mode, target: Nullable::Null }
            }
            Some(Some(mode)) if !known.contains(&mode.split(':').next().unwrap_or(mode)) => {
                let target = Nullable::Value(mode.clone());
                let mode = Some("network".to_owned());
                Namespace { loc, effective: mode.clone(), mode, target }
            }
            mode => shared(loc, mode.flatten().map(String::as_str), node),
        }
    }

    pub(super) fn ports(&mut self, service: &Service<'_>) -> Vec<PublishedPort> {
        let list = at(service.node, &["ports"]);
        self.field(service.loc, "ports", list);
        let mut ports: Vec<(PublishedPort, &Node)> = Vec::new();
        for item in elements(list) {
            let mut port = self.port(item);
            if let Some((last, node)) = ports.last_mut()
                && is_same(node, item)
                && extend(last, &port)
            {
                continue;
            }
            port.loc = self.object(service.loc, item);
            for (field, key) in [
                ("target", "target"),
                ("published", "published"),
                ("host_ip", "host_ip"),
                ("protocol", "protocol"),
                ("mode", "mode"),
            ] {
                self.field(port.loc, field, at(item, &[key]));
            }
            ports.push((port, item));
        }
        ports.into_iter().map(|(port, _)| PublishedPort { raw: raw(&port), ..port }).collect()
    }

    /// A port, without its place.
    fn port(&mut self, item: &Node) -> PublishedPort {
        if item.map().is_none() {
            return unsplit_port(item);
        }
        let target = at(item, &["target"]).and_then(scalar).and_then(|text| range(&text));
        let published = text(at(item, &["published"])).and_then(|said| match said {
            Nullable::Null => Some(Nullable::Null),
            Nullable::Value(text) => range(&text).map(Nullable::Value),
        });
        let host_ip = text(at(item, &["host_ip"]));
        let protocol = text(at(item, &["protocol"]));
        let end = |range: &Said<(u32, u32)>, last: bool| {
            range
                .as_ref()
                .map(|range| range.value().map(|range| if last { range.1 } else { range.0 }).into())
        };
        PublishedPort {
            loc: Loc(0),
            raw: written_port(item),
            target: target.map(|range| range.0),
            target_end: target.map(|range| range.1),
            protocol: protocol.map(|said| match said {
                Nullable::Null => "tcp".into(),
                Nullable::Value(text) => text.to_ascii_lowercase(),
            }),
            published: end(&published, false),
            published_end: end(&published, true),
            effective_host_ip: host_ip.as_ref().map(effective_address),
            host_ip,
            mode: text(at(item, &["mode"]).filter(|node| !node.defaulted)),
        }
    }

    pub(super) fn expose(
        &mut self,
        service: &Service<'_>,
        incomplete: &mut Vec<String>,
    ) -> Vec<Port> {
        let list = at(service.node, &["expose"]);
        self.field(service.loc, "expose", list);
        let mut ports = Vec::new();
        for item in elements(list) {
            let spec = scalar(item).and_then(|text| PortSpec::parse(&text).ok());
            let Some(spec) = spec else {
                if !incomplete.iter().any(|field| field == "expose") {
                    incomplete.push("expose".into());
                }
                continue;
            };
            ports.push(Port {
                loc: self.object(service.loc, item),
                target: u32::from(spec.target.start),
                target_end: u32::from(spec.target.end),
                protocol: spec.protocol.as_str().into(),
            });
        }
        ports
    }
}

/// A namespace by its mode as written: `host`, `service:web`; unknown without one.
fn shared(loc: Loc, mode: Option<&str>, node: Option<&Node>) -> Namespace {
    let Some(mode) = mode else {
        // `service:${NAME}` says how, if not with whom.
        let written = node.and_then(as_written).unwrap_or_default();
        let kind = written.split(':').next().filter(|kind| ["service", "container"].contains(kind));
        let target = kind.map(|kind| written[kind.len()..].trim_start_matches(':').to_owned());
        let mode = kind.map(str::to_owned);
        return Namespace { loc, mode, target: target.into(), effective: None };
    };
    match mode.split_once(':') {
        Some((kind, target)) => Namespace {
            loc,
            mode: Some(kind.to_owned()),
            target: Nullable::Value(target.to_owned()),
            effective: None,
        },
        None => Namespace {
            loc,
            mode: Some(mode.to_owned()),
            target: Nullable::Null,
            effective: Some(mode.to_owned()),
        },
    }
}

/// Whether two ports were written as one: a range, which Compose takes apart.
fn is_same(first: &Node, second: &Node) -> bool {
    let (first, second) = (&first.place, &second.place);
    Arc::ptr_eq(&first.source, &second.source) && first.span == second.span
}

/// Makes one range of a port and the one after it, if they are one.
fn extend(last: &mut PublishedPort, next: &PublishedPort) -> bool {
    let follows = |end: Option<u32>, start: Option<u32>| {
        end.zip(start).is_some_and(|(end, start)| end.checked_add(1) == Some(start))
    };
    let value = |said: &Said<u32>| said.as_ref().and_then(|said| said.value().copied());
    let published = match (&last.published_end, &next.published) {
        (Some(Nullable::Null), Some(Nullable::Null)) => true,
        (end, start) => follows(value(end), value(start)),
    };
    let same = last.protocol == next.protocol && last.host_ip == next.host_ip;
    if !(same && published && follows(last.target_end, next.target)) {
        return false;
    }
    last.target_end = next.target_end;
    last.published_end.clone_from(&next.published_end);
    true
}

fn range(text: &str) -> Option<(u32, u32)> {
    let range = PortRange::parse(text).ok()?;
    Some((u32::from(range.start), u32::from(range.end)))
}

/// The address that is bound to in the end; linking puts in a network's or daemon's own default.
fn effective_address(said: &Nullable<String>) -> String {
    match said.value().map(|text| text.trim_matches(['[', ']'])) {
        None | Some("" | "::" | "0.0.0.0") => "0.0.0.0".into(),
        Some(address) => address.to_owned(),
    }
}

/// The parts of `[address:][published:]target`, split outside of variables.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_usize, 0, Vec::new());
    for (at, char) in text.char_indices() {
        match char {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// A port of which a part is not known, put together as it was written; nothing for one that is known.
fn written_port(item: &Node) -> String {
    let part = |key: &str| at(item, &[key]).filter(|node| !node.defaulted);
    let parts = ["host_ip", "published", "target", "protocol"].map(part);
    if !parts.iter().flatten().any(|node| node.is_unknown()) {
        return String::new();
    }
    let mut raw = String::new();
    let mut before: Option<&Node> = None;
    for (separator, part) in [":", ":", ":", "/"].iter().zip(parts) {
        // A variable that may hold several parts stands for each of them.
        let again = before.zip(part).is_some_and(|(before, part)| is_same(before, part));
        let Some(text) = part.filter(|_| !again).and_then(as_written) else { continue };
        if *separator == "/" && text == "tcp" {
            continue;
        }
        raw += if raw.is_empty() { "" } else { separator };
        raw += &text;
        before = part;
    }
    raw
}

/// A port whose text has a variable that nobody knows. A variable may hold an address, too, so what
/// stands before it says nothing, but a part without variables says what it says.
fn unsplit_port(item: &Node) -> PublishedPort {
    let text = as_written(item).unwrap_or_default();
    let (ports, protocol) = split_protocol(&text);
    let parts = split(ports);
    let known =
        |part: Option<&&str>| part.filter(|part| !part.contains('$')).and_then(|p| range(p));
    let target = known(parts.last());
    let (published, host_ip) = match parts.as_slice() {
        [address, published, _] if !address.contains('$') => {
            (known(Some(published)), Some(Nullable::Value((*address).to_owned())))
        }
        [_, published, _] => (known(Some(published)), None),
        _ => (None, None),
    };
    PublishedPort {
        loc: Loc(0),
        raw: text.clone(),
        target: target.map(|range| range.0),
        target_end: target.map(|range| range.1),
        protocol: (!protocol.contains('$')).then(|| protocol.to_ascii_lowercase()),
        published: published.map(|range| Nullable::Value(range.0)),
        published_end: published.map(|range| Nullable::Value(range.1)),
        effective_host_ip: host_ip.as_ref().map(effective_address),
        host_ip,
        mode: Some(Nullable::Null),
    }
}

/// A port in the short syntax; what is unknown as it is written, if that is known.
fn raw(port: &PublishedPort) -> String {
    if !port.raw.is_empty() {
        return port.raw.clone();
    }
    let part = |first: Option<u32>, last: Option<u32>| match (first, last) {
        (Some(first), Some(last)) if first != last => format!("{first}-{last}"),
        (Some(first), _) => first.to_string(),
        (None, _) => "?".into(),
    };
    let value = |said: &Said<u32>| said.as_ref().and_then(|said| said.value().copied());
    let mut raw = String::new();
    if let Some(Nullable::Value(address)) = &port.host_ip {
        let brackets = address.contains(':') && !address.starts_with('[');
        raw += &if brackets { format!("[{address}]:") } else { format!("{address}:") };
    }
    if port.published != Some(Nullable::Null) {
        raw += &part(value(&port.published), value(&port.published_end));
        raw.push(':');
    } else if !raw.is_empty() {
        raw.push(':');
    }
    raw += &part(port.target, port.target_end);
    match port.protocol.as_deref() {
        None | Some("tcp") => {}
        Some(protocol) => {
            raw.push('/');
            raw += protocol;
        }
    }
    raw
}
