//! `ports`: `[[ip:]published:]target[/protocol]`, with ranges.

use std::mem;
use std::ops::Range;

use super::Short;
use super::text::{Text, put};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Map, Node, Value};
use crate::notation::port::{PortBinding, PortRange, PortSpec, Protocol};

/// The most ports that ranges of one project are taken apart into.
pub const MAX_PORTS: u32 = 20_000;

/// Each short form as one mapping for each port in the container.
pub(super) fn ports(node: &mut Node, short: &mut Short<'_>) {
    let Value::Seq(items) = &mut node.value else { return };
    let mut ports = Vec::with_capacity(items.len());
    for item in mem::take(items) {
        match &item.value {
            Value::Int(number) => {
                let text = Node { value: Value::Str(number.to_string()), ..item };
                port(&text, &mut ports, short);
            }
            Value::Str(_) if item.is_unknown() => unknown(item, &mut ports, short),
            Value::Str(_) => port(&item, &mut ports, short),
            Value::Float(_) => {
                short.tell(
                    Diagnostic::error("a port is not a number with a fraction").at(item.place),
                );
            }
            _ => ports.push(item),
        }
    }
    node.value = Value::Seq(ports);
}

/// Where the parts of a specification are.
struct Parts {
    ip: Range<usize>,
    published: Range<usize>,
    target: Range<usize>,
    protocol: Range<usize>,
}

/// All colons before the last two belong to the address.
fn split(text: &str) -> Parts {
    let last = text.rfind(':');
    let before = last.and_then(|last| text.get(..last)).and_then(|text| text.rfind(':'));
    let start = last.map_or(0, |last| last + 1);
    let slash = text.get(start..).and_then(|text| text.find('/')).map(|slash| start + slash);
    Parts {
        ip: 0..before.unwrap_or(0),
        published: before.map_or(0, |before| before + 1)..last.unwrap_or(0),
        target: start..slash.unwrap_or(text.len()),
        protocol: slash.map_or(text.len(), |slash| slash + 1)..text.len(),
    }
}

/// A specification that is known.
fn port(item: &Node, ports: &mut Vec<Node>, short: &mut Short<'_>) {
    let Some(text) = Text::new(item) else { return };
    let whole = text.slice(0..text.shadow().len());
    let spec = match PortSpec::parse(whole) {
        Ok(spec) => spec,
        Err(error) => {
            let problem = Diagnostic::error(error.to_string()).at(item.place.clone());
            short.tell(problem.help("write `[[ip:]published:]target[/protocol]`"));
            return;
        }
    };
    let parts = split(whole);
    let mut add = |binding: &PortBinding<'_>, target: Value| {
        let ip = binding.host_ip.map(|ip| text.with(parts.ip.clone(), Value::Str(ip.into())));
        let published = binding.published.map(|published| {
            let published = Value::Str(published.to_string());
            text.with(parts.published.clone(), published)
        });
        let protocol = protocol(&text, &parts, item, binding.protocol);
        let target = text.with(parts.target.clone(), target);
        ports.push(text.map(long(item, ip, target, published, protocol)));
    };
    if spec.target.count() > 1 && !short.take_ports(spec.target.count(), item) {
        let binding = PortBinding {
            host_ip: spec.host_ip.as_deref(),
            published: spec.published,
            target: spec.target.start,
            protocol: spec.protocol,
        };
        add(&binding, Value::Str(spec.target.to_string()));
        return;
    }
    if spec.target.start == 0 {
        short.tell(Diagnostic::error("a port of a container is not 0").at(item.place.clone()));
        return;
    }
    for binding in spec.bindings() {
        add(&binding, Value::Int(binding.target.into()));
    }
}

fn protocol(text: &Text<'_>, parts: &Parts, item: &Node, protocol: Protocol) -> Node {
    let value = Value::Str(protocol.as_str().to_owned());
    if parts.protocol.is_empty() {
        return Node::default_at(value, &item.place);
    }
    text.with(parts.protocol.clone(), value)
}

fn long(
    item: &Node,
    host_ip: Option<Node>,
    target: Node,
    published: Option<Node>,
    protocol: Node,
) -> Map {
    let mut map = Map::new();
    put(&mut map, "mode", Node::default_at(Value::Str("ingress".into()), &item.place));
    if let Some(host_ip) = host_ip {
        put(&mut map, "host_ip", host_ip);
    }
    put(&mut map, "target", target);
    if let Some(published) = published {
        put(&mut map, "published", published);
    }
    put(&mut map, "protocol", protocol);
    map
}

/// A specification with variables that are not known. One that is nothing but a variable, or has
/// one where only that part could tell what the others are, stays as it is.
fn unknown(item: Node, ports: &mut Vec<Node>, short: &mut Short<'_>) {
    let before = ports.len();
    if let Some(text) = Text::new(&item) {
        let parts = split(text.shadow());
        let is_one = parts.target.start == 0;
        if !is_one {
            unknown_parts(&item, &text, &parts, ports, short);
        }
    }
    if ports.len() == before {
        ports.push(item);
    }
}

fn unknown_parts(
    item: &Node,
    text: &Text<'_>,
    parts: &Parts,
    ports: &mut Vec<Node>,
    short: &mut Short<'_>,
) {
    let range = |range: &Range<usize>| PortRange::parse(text.slice(range.clone())).ok();
    let is_known = |range: &Range<usize>| text.is_known(range.clone());
    let mut targets = vec![text.part(parts.target.clone())];
    if let Some(known) = range(&parts.target).filter(|_| is_known(&parts.target))
        && (known.count() == 1 || short.take_ports(known.count(), item))
    {
        let target = |port: u16| text.with(parts.target.clone(), Value::Int(port.into()));
        targets = (known.start..=known.end).map(target).collect();
    }
    let published = range(&parts.published).filter(|_| is_known(&parts.published));
    let is_paired = published.is_some_and(|range| range.count() as usize == targets.len());
    // `${PORT}:80` may also become `127.0.0.1:8080:80`.
    let address = if parts.ip.is_empty() { &parts.published } else { &parts.ip };
    let has_address = !parts.ip.is_empty() || !is_known(&parts.published);
    for (index, target) in targets.into_iter().enumerate() {
        let published = match published.filter(|_| is_paired) {
            Some(range) => {
                let port = usize::from(range.start) + index;
                Some(text.with(parts.published.clone(), Value::Str(port.to_string())))
            }
            None if parts.published.is_empty() => None,
            None => Some(text.part(parts.published.clone())),
        };
        let ip = has_address.then(|| address_node(text, address.clone()));
        let protocol = match Protocol::parse(text.slice(parts.protocol.clone())) {
            Some(found) if is_known(&parts.protocol) => protocol(text, parts, item, found),
            _ if !parts.protocol.is_empty() => text.part(parts.protocol.clone()),
            // `80:${PORT}` may also become `80:80/udp`.
            _ if !is_known(&parts.target) => text.part(parts.target.clone()),
            _ => protocol(text, parts, item, Protocol::Tcp),
        };
        ports.push(text.map(long(item, ip, target, published, protocol)));
    }
}

fn address_node(text: &Text<'_>, range: Range<usize>) -> Node {
    let mut node = text.part(range);
    if let Value::Str(ip) = &mut node.value
        && let Some(inner) = ip.strip_prefix('[').and_then(|ip| ip.strip_suffix(']'))
    {
        *ip = inner.to_owned();
    }
    node
}
