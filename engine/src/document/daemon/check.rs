//! Values that dockerd would refuse.

use std::net::IpAddr;

use super::host;
use super::layer::{Entry, Layer, entries, items, text};
use super::options::Kind;
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::yaml::{Node, Value};

/// Whether a value of `daemon.json` has the type that the option takes. Go takes `null` for
/// anything.
pub(super) fn fits(kind: Kind, node: &Node) -> bool {
    let all_entries = |fits: fn(&Node) -> bool| {
        matches!(node.value, Value::Map(_)) && entries(node).iter().all(|(_, node)| fits(node))
    };
    let all_items = |fits: fn(&Node) -> bool| {
        matches!(node.value, Value::Seq(_)) && items(node).iter().all(fits)
    };
    let string = |node: &Node| matches!(node.value, Value::Str(_) | Value::Null);
    let object = |node: &Node| matches!(node.value, Value::Map(_) | Value::Null);
    let boolean = |node: &Node| matches!(node.value, Value::Bool(_) | Value::Null);
    if node.value == Value::Null {
        return true;
    }
    match kind {
        Kind::Bool => boolean(node),
        Kind::Int => matches!(node.value, Value::Int(_)),
        Kind::Text => string(node),
        Kind::List => all_items(string),
        Kind::Map => all_entries(string),
        Kind::NestedMap => all_entries(|node| fits(Kind::Map, node)),
        Kind::Ulimits | Kind::Runtimes => all_entries(object),
        Kind::Features => all_entries(boolean),
        Kind::Pools => all_items(object),
        Kind::Object => object(node),
    }
}

/// Options of which only some words are allowed.
const WORDS: &[(&str, &[&str])] = &[
    ("log-level", &["panic", "fatal", "error", "warn", "info", "debug", "trace"]),
    ("log-format", &["text", "json"]),
    ("default-ipc-mode", &["private", "shareable"]),
    ("default-cgroupns-mode", &["private", "host"]),
    ("firewall-backend", &["iptables", "nftables"]),
];

/// Says which values of a layer dockerd would refuse (`Validate` of `daemon/config`).
pub(super) fn values(layer: &Layer, problems: &mut Vec<Diagnostic>) {
    for entry in &layer.entries {
        let Some(value) = &entry.value else { continue };
        words(layer, entry, value, problems);
        match entry.option.key {
            "dns" | "host-gateway-ips" => addresses(layer, entry, value, problems),
            "hosts" => each(layer, value, problems, |text| host::parse(text).err()),
            "labels" => each(layer, value, problems, |text| {
                (!text.contains('=')).then(|| "a label must have the form `key=value`".into())
            }),
            _ => {}
        }
    }
    if let (Some(old), Some(new)) = (layer.get("host-gateway-ip"), layer.get("host-gateway-ips")) {
        let problem = Diagnostic::error("`host-gateway-ip` and `host-gateway-ips` are both set")
            .at(layer.place(old.key))
            .at(layer.place(new.key));
        problems.push(problem.help("keep `host-gateway-ips`"));
    }
}

fn words(layer: &Layer, entry: &Entry, value: &Node, problems: &mut Vec<Diagnostic>) {
    let row = WORDS.iter().find(|(key, _)| *key == entry.option.key);
    let (Some((key, allowed)), Some(word)) = (row, text(value)) else { return };
    if word.is_empty() || allowed.contains(&word.to_lowercase().as_str()) {
        return;
    }
    let message = format!("`{}` is no value of `{key}`", excerpt(word));
    let problem = Diagnostic::error(message).at(layer.place(value.span));
    problems.push(problem.help(format!("one of {}", allowed.join(", "))));
}

fn each(
    layer: &Layer,
    value: &Node,
    problems: &mut Vec<Diagnostic>,
    fault: impl Fn(&str) -> Option<String>,
) {
    for item in items(value) {
        if let Some(message) = text(item).and_then(&fault) {
            problems.push(Diagnostic::error(message).at(layer.place(item.span)));
        }
    }
}

fn addresses(layer: &Layer, entry: &Entry, value: &Node, problems: &mut Vec<Diagnostic>) {
    let parse = |text: &str| {
        // `netip.ParseAddr` takes a zone with IPv6.
        let (address, zone) = text.split_once('%').map_or((text, false), |(a, _)| (a, true));
        address.parse::<IpAddr>().ok().filter(|address| !zone || address.is_ipv6())
    };
    each(layer, value, problems, |text| {
        parse(text).is_none().then(|| format!("`{}` is no IP address", excerpt(text)))
    });
    if entry.option.key == "host-gateway-ips" {
        let found: Vec<IpAddr> = items(value).iter().filter_map(text).filter_map(parse).collect();
        let (v4, v6): (Vec<IpAddr>, Vec<IpAddr>) = found.into_iter().partition(IpAddr::is_ipv4);
        if v4.len() > 1 || v6.len() > 1 {
            let message = "`host-gateway-ips` takes one address of IPv4 and one of IPv6";
            problems.push(Diagnostic::error(message).at(layer.place(value.span)));
        }
    }
}
