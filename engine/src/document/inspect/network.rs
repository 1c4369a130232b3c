//! A network, as `docker network inspect` prints it, or podman.
//!
//! <https://docs.docker.com/reference/api/engine/> (`NetworkInspect`). Options of bridges that are
//! left out have the driver's defaults:
//! <https://docs.docker.com/engine/network/drivers/bridge/#options>.

use std::collections::BTreeMap;

use plimsoll_sdk::facts::{Label, Network};

use super::lowering::{Lowering, Owner};
use super::tree::At;

const BRIDGE: &str = "com.docker.network.bridge.";

impl Lowering<'_> {
    /// The network of one object; `number` is its number among the objects, from 1.
    pub(super) fn network(&mut self, object: At<'_>, number: usize) -> Network {
        let name_at = object.first(&["Name", "name"]);
        let at = object.shown_at(name_at.span);
        let loc = self.places.object(None, at.span);
        let mut owner = Owner::new(loc);
        let name = self.string_field(loc, "name", name_at);
        let driver_at = at.first(&["Driver", "driver"]);
        let driver = self.string_field(loc, "driver", driver_at);
        let options = at.first(&["Options", "options"]);
        let pairs = self.labels(&mut owner, "options", options);
        let known = owner.incomplete.is_empty();
        let bridge = driver_at.text() == Some("bridge");
        let overlay = driver_at.text() == Some("overlay");
        let podman = at.get("Name").node.is_none();
        let option = |lowering: &mut Self, field: &'static str, key: &str| {
            let found = find(&pairs, &format!("{BRIDGE}{key}"));
            let place = options.get(&format!("{BRIDGE}{key}"));
            lowering.place(loc, field, place);
            found.map(str::to_owned)
        };
        // Only Docker's bridge has these options, and only it says them.
        let switch = |lowering: &mut Self, field: &'static str, key: &str, default: bool| {
            let value = option(lowering, field, key);
            let default = (bridge && known && !podman).then_some(default);
            value.map_or(default, |text| Some(matches!(text.as_str(), "true" | "1" | "t")))
        };
        let is_default_bridge = switch(self, "is_default_bridge", "default_bridge", false);
        let icc = switch(self, "icc", "enable_icc", true);
        let ip_masquerade = switch(self, "ip_masquerade", "enable_ip_masquerade", true);
        let known_bridge = known && !podman;
        let word = |lowering: &mut Self, field: &'static str, key: &str| {
            let value = option(lowering, field, key).filter(|text| !text.is_empty());
            known_bridge.then(|| value.into())
        };
        let gateway_mode_ipv4 = word(self, "gateway_mode_ipv4", "gateway_mode_ipv4");
        let gateway_mode_ipv6 = word(self, "gateway_mode_ipv6", "gateway_mode_ipv6");
        let host_binding_ipv4 = word(self, "host_binding_ipv4", "host_binding_ipv4");
        self.place(loc, "encrypted", options.get("encrypted"));
        let subnets = self.subnets(&mut owner, at);
        let ipv6 = at.first(&["EnableIPv6", "ipv6_enabled"]);
        let scope = self.string_field(loc, "scope", at.get("Scope"));
        Network {
            loc,
            name: name
                .and_then(|name| name.value().cloned())
                .unwrap_or_else(|| format!("network {number}")),
            driver,
            scope: scope.and_then(|scope| scope.value().cloned()),
            internal: self.boolean_field(loc, "internal", at.first(&["Internal", "internal"])),
            attachable: self.boolean_field(loc, "attachable", at.get("Attachable")),
            ingress: self.boolean_field(loc, "ingress", at.get("Ingress")),
            external: false,
            implicit: false,
            enable_ipv4: self.boolean_field(loc, "enable_ipv4", at.get("EnableIPv4")),
            enable_ipv6: self.boolean_field(loc, "enable_ipv6", ipv6),
            is_default_bridge: is_default_bridge.or((known && !podman).then_some(false)),
            // The key alone switches it on, whatever its value.
            encrypted: (overlay && known).then(|| options.get("encrypted").node.is_some()),
            icc,
            ip_masquerade,
            gateway_mode_ipv4,
            gateway_mode_ipv6,
            host_binding_ipv4,
            subnets,
            options: pairs,
            labels: self.labels(&mut owner, "labels", at.first(&["Labels", "labels"])),
            members: self.members(&mut owner, at.first(&["Containers", "containers"])),
            incomplete: owner.incomplete,
        }
    }

    fn subnets(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<String> {
        let configs = if at.get("IPAM").is_map() {
            at.get("IPAM").omittable("Config")
        } else {
            at.get("subnets")
        };
        let mut subnets = Vec::new();
        let mut spans = Vec::new();
        for item in self.list_field(owner, "subnets", configs) {
            let subnet = item.first(&["Subnet", "subnet"]);
            if let Some(text) = subnet.filled() {
                subnets.push(text.to_owned());
                spans.push(subnet.span);
            }
        }
        if !spans.is_empty() {
            self.places.items(owner.loc, "subnets", spans);
        }
        subnets
    }

    fn members(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<String> {
        let mut members = Vec::new();
        let mut spans = Vec::new();
        for (key, value) in self.map_field(owner, "members", at) {
            let name = value.first(&["Name", "name"]);
            members.push(name.filled().unwrap_or(&key.text).to_owned());
            spans.push(if name.filled().is_some() { name.span } else { key.span });
        }
        if !spans.is_empty() {
            self.places.items(owner.loc, "members", spans);
        }
        members
    }
}

fn find<'l>(options: &'l [Label], key: &str) -> Option<&'l str> {
    let found = options.iter().find(|option| option.key.as_deref() == Some(key));
    found.and_then(|option| option.value.as_deref())
}

/// Ids and names of the networks among some objects.
pub(super) fn names<'a>(objects: impl Iterator<Item = At<'a>>) -> BTreeMap<String, String> {
    let pairs = objects.filter_map(|it| {
        let [id, name] = ["Id", "Name"].map(|key| it.get(key).filled());
        Some((id?.to_owned(), name?.to_owned()))
    });
    pairs.collect()
}
