//! Facts that are lists: addresses, registries, plugins, runtimes.

use plimsoll_sdk::Loc;
use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{
    Argument, DaemonComponent, DaemonFeature, DaemonHost, DaemonNetworkOption, DaemonRuntime,
    DaemonTls, InsecureRegistry, Label, Listener, Ulimit,
};

use super::Parts;
use super::settle::Alone::{self, No, Yes};
use super::settle::{Fact, Found, Settle};
use crate::document::daemon::layer::{entries, items, text};
use crate::document::daemon::{host, info};
use crate::source::Place;
use crate::yaml::{Node, Value};

/// What every daemon allows without TLS.
const BUILTIN: [&str; 2] = ["127.0.0.0/8", "::1/128"];

/// Nodes with their places, and what says so; `complete` if there are no others.
struct Listed<'a> {
    items: Vec<(Option<&'a str>, &'a Node, Place)>,
    from: &'static str,
    complete: bool,
}

impl<'a> Settle<'a> {
    /// The items of a list or object option, or else of a list that the engine printed.
    fn listed(
        &mut self,
        fact: Fact,
        key: &str,
        printed: Option<Vec<(Option<&'a str>, &'a Node, Place)>>,
        alone: Alone,
    ) -> Listed<'a> {
        let listed = match (self.found(key), printed) {
            (Found::Set(entry, node, layer, from), _) => {
                let place = |node: &Node| layer.place(node.span);
                let mut all: Vec<(Option<&'a str>, &'a Node, Place)> =
                    items(node).iter().map(|item| (None, item, place(item))).collect();
                let named = entries(node).iter();
                all.extend(named.map(|(key, item)| {
                    (Some(key.text.as_str()), item, layer.place(key.span.cover(item.span)))
                }));
                Listed { items: all, from, complete: !entry.partial }
            }
            (_, Some(items)) => Listed { items, from: "info", complete: true },
            (Found::Empty(..), None) => {
                Listed { items: Vec::new(), from: "default", complete: true }
            }
            (Found::Hidden, None) => Listed { items: Vec::new(), from: "", complete: false },
            (Found::Absent, None) => {
                let complete = self.defaults(alone);
                Listed { items: Vec::new(), from: "default", complete }
            }
        };
        if listed.complete || !listed.items.is_empty() {
            let place = listed.items.first().map(|(_, _, place)| place.clone());
            self.note(fact, listed.from, place.as_ref());
        }
        listed
    }

    /// The items of a list that the engine printed; an empty list where it printed `null`, as Go
    /// prints a list without items.
    fn printed_list(
        &self,
        within: &[&str],
        key: &str,
    ) -> Option<Vec<(Option<&'a str>, &'a Node, Place)>> {
        let info = self.parts.info.as_ref()?;
        let object = if within.is_empty() { &info.node } else { info.get(within)? };
        let node = object.get(key)?;
        Some(items(node).iter().map(|item| (None, item, info.place(item))).collect())
    }

    fn words(&mut self, list: &Listed<'a>) -> Vec<Argument> {
        let words = list.items.iter().filter_map(|(_, node, place)| Some((text(node)?, place)));
        let words: Vec<(&str, Place)> = words.map(|(text, place)| (text, place.clone())).collect();
        words
            .into_iter()
            .map(|(text, place)| Argument { loc: self.object(None, &place), text: text.to_owned() })
            .collect()
    }

    pub(super) fn arguments(
        &mut self,
        fact: Fact,
        key: &str,
        alone: Alone,
        incomplete: &mut Vec<String>,
    ) -> Vec<Argument> {
        let list = self.listed(fact, key, None, alone);
        partial(&list, fact.field, incomplete);
        self.words(&list)
    }

    pub(super) fn authorization(&mut self, incomplete: &mut Vec<String>) -> Vec<Argument> {
        let fact = self.list_fact("authorization_plugins");
        let mut printed = self.printed_list(&["Plugins"], "Authorization");
        if printed.is_none() && self.info_has("Plugins") {
            printed = Some(Vec::new());
        }
        let list = self.listed(fact, "authorization-plugins", printed, Yes);
        partial(&list, fact.field, incomplete);
        self.words(&list)
    }

    pub(super) fn warnings(&mut self, incomplete: &mut Vec<String>) -> Vec<Argument> {
        let fact = self.list_fact("warnings");
        let printed = self.printed_list(&[], "Warnings");
        let list = match printed {
            Some(items) => Listed { items, from: "info", complete: true },
            None => Listed { items: Vec::new(), from: "", complete: false },
        };
        if list.complete {
            self.note(fact, "info", None);
        }
        partial(&list, fact.field, incomplete);
        self.words(&list)
    }

    fn info_has(&self, key: &str) -> bool {
        self.parts.info.as_ref().is_some_and(|info| info.node.get(key).is_some())
    }

    fn list_fact(&self, field: &'static str) -> Fact {
        Fact { loc: self.root(), field, path: field }
    }

    pub(super) fn labels(&mut self, incomplete: &mut Vec<String>) -> Vec<Label> {
        let fact = self.list_fact("labels");
        let printed = self.printed_list(&[], "Labels");
        let list = self.listed(fact, "labels", printed, No);
        partial(&list, fact.field, incomplete);
        let mut labels = Vec::new();
        for (_, node, place) in &list.items {
            let Some(text) = text(node) else { continue };
            let (key, value) = text.split_once('=').unwrap_or((text, ""));
            let loc = self.object(None, place);
            let (key, value) = (Some(key.into()), Some(value.into()));
            labels.push(Label { loc, key, value, variables: Vec::new() });
        }
        labels
    }

    pub(super) fn log_options(&mut self, loc: Loc, incomplete: &mut Vec<String>) -> Vec<Label> {
        let fact = Fact { loc, field: "options", path: "log.options" };
        let list = self.listed(fact, "log-opts", None, Yes);
        partial(&list, fact.field, incomplete);
        let mut options = Vec::new();
        for (key, node, place) in &list.items {
            let loc = self.object(Some(loc), place);
            let value = text(node).map(str::to_owned);
            let key = key.map(str::to_owned);
            options.push(Label { loc, key, value, variables: Vec::new() });
        }
        options
    }

    pub(super) fn ulimits(&mut self, incomplete: &mut Vec<String>) -> Vec<Ulimit> {
        let fact = self.list_fact("default_ulimits");
        let list = self.listed(fact, "default-ulimits", None, Yes);
        partial(&list, fact.field, incomplete);
        let mut ulimits = Vec::new();
        for (name, node, place) in &list.items {
            // Go's zero value is what an absent limit means; keys are matched in any case.
            let limit = |key: &str| {
                let found = entries(node).iter().find(|(k, _)| k.text.eq_ignore_ascii_case(key));
                match found.map(|(_, node)| &node.value) {
                    Some(Value::Int(value)) => Some(*value),
                    Some(_) => None,
                    None => Some(0),
                }
            };
            ulimits.push(Ulimit {
                loc: self.object(None, place),
                name: name.unwrap_or_default().to_owned(),
                soft: limit("Soft"),
                hard: limit("Hard"),
            });
        }
        ulimits
    }

    pub(super) fn network_options(
        &mut self,
        incomplete: &mut Vec<String>,
    ) -> Vec<DaemonNetworkOption> {
        let fact = self.list_fact("default_network_options");
        let list = self.listed(fact, "default-network-opts", None, No);
        partial(&list, fact.field, incomplete);
        let mut options = Vec::new();
        for (driver, node, place) in &list.items {
            for (key, value) in entries(node) {
                let place = Place::new(&place.source, key.span.cover(value.span));
                options.push(DaemonNetworkOption {
                    loc: self.object(None, &place),
                    driver: driver.unwrap_or_default().to_owned(),
                    key: key.text.clone(),
                    value: text(value).map(str::to_owned),
                });
            }
        }
        options
    }

    pub(super) fn features(&mut self, incomplete: &mut Vec<String>) -> Vec<DaemonFeature> {
        let fact = self.list_fact("features");
        let list = self.listed(fact, "features", None, No);
        partial(&list, fact.field, incomplete);
        let mut features = Vec::new();
        for (name, node, place) in &list.items {
            let enabled = match node.value {
                Value::Bool(value) => Some(value),
                _ => None,
            };
            let loc = self.object(None, place);
            features.push(DaemonFeature {
                loc,
                name: name.unwrap_or_default().to_owned(),
                enabled,
            });
        }
        features
    }

    /// The runtimes that the engine printed, else those that are configured: besides them there is
    /// always runc.
    pub(super) fn runtimes(&mut self, incomplete: &mut Vec<String>) -> Vec<DaemonRuntime> {
        let fact = self.list_fact("runtimes");
        let info = self.parts.info.as_ref();
        let printed = info.and_then(|info| Some((info, info.get(&["Runtimes"])?)));
        let list = match printed {
            Some((info, node)) => {
                let named = entries(node).iter();
                let items = named.map(|(key, node)| {
                    let span = key.span.cover(node.span);
                    (Some(key.text.as_str()), node, Place::new(&info.source, span))
                });
                let list = Listed { items: items.collect(), from: "info", complete: true };
                self.note(fact, "info", Some(&info.place(node)));
                list
            }
            None => {
                let mut list = self.listed(fact, "runtimes", None, No);
                list.items.extend(self.more_runtimes());
                list
            }
        };
        partial(&list, fact.field, incomplete);
        let mut runtimes = Vec::new();
        for (name, node, place) in &list.items {
            let part = |key: &str| {
                let found = node.get(key).and_then(text).filter(|text| !text.is_empty());
                Some(Nullable::from(found.map(str::to_owned)))
            };
            runtimes.push(DaemonRuntime {
                loc: self.object(None, place),
                name: name.unwrap_or_default().to_owned(),
                path: part("path"),
                runtime_type: part("runtimeType"),
            });
        }
        runtimes
    }

    /// Those of `daemon.json` where the command line adds some: the one option that both may set.
    fn more_runtimes(&self) -> Vec<(Option<&'a str>, &'a Node, Place)> {
        let Parts { flags: Some(flags), config: Some(config), .. } = self.parts else {
            return Vec::new();
        };
        let added = flags.get("runtimes").and(config.get("runtimes"));
        let node = added.and_then(|entry| entry.value.as_ref());
        let named = node.map(entries).unwrap_or_default().iter();
        let place = |span| config.place(span);
        named
            .map(|(key, node)| (Some(key.text.as_str()), node, place(key.span.cover(node.span))))
            .collect()
    }

    pub(super) fn components(&mut self, incomplete: &mut Vec<String>) -> Vec<DaemonComponent> {
        let fact = self.list_fact("components");
        let Some(version) = self.parts.version.as_ref() else {
            incomplete.push(fact.field.into());
            return Vec::new();
        };
        let Some(list) = version.get(&["Components"]) else {
            incomplete.push(fact.field.into());
            let engine = version.text(&["Version"]);
            let engine = engine.map(|(text, place)| DaemonComponent {
                loc: self.object(None, &place),
                name: "Engine".into(),
                version: Some(text),
            });
            return engine.into_iter().collect();
        };
        self.note(fact, "version", Some(&version.place(list)));
        let mut components = Vec::new();
        for item in items(list) {
            let Some(name) = item.get("Name").and_then(text) else { continue };
            let place = item.get("Version").unwrap_or(item);
            components.push(DaemonComponent {
                loc: self.object(None, &version.place(place)),
                name: name.to_owned(),
                version: item.get("Version").and_then(text).map(str::to_owned),
            });
        }
        components
    }

    pub(super) fn mirrors(&mut self, loc: Loc, incomplete: &mut Vec<String>) -> Vec<Argument> {
        let fact = Fact { loc, field: "mirrors", path: "registries.mirrors" };
        let mut printed = self.printed_list(&["RegistryConfig"], "Mirrors");
        if printed.is_none() && self.info_has("RegistryConfig") {
            // Before API 1.23 they stood with the index.
            printed = self
                .printed_list(&["RegistryConfig", "IndexConfigs", "docker.io"], "Mirrors")
                .or(Some(Vec::new()));
        }
        let list = self.listed(fact, "registry-mirrors", printed, No);
        partial(&list, fact.field, incomplete);
        self.words(&list)
    }

    pub(super) fn insecure_registries(
        &mut self,
        loc: Loc,
        incomplete: &mut Vec<String>,
    ) -> Vec<InsecureRegistry> {
        let fact = Fact { loc, field: "insecure", path: "registries.insecure" };
        let printed = self.printed_insecure();
        let list = self.listed(fact, "insecure-registries", printed, No);
        partial(&list, fact.field, incomplete);
        let mut registries = Vec::new();
        for (name, node, place) in &list.items {
            let Some(address) = name.or_else(|| text(node)) else { continue };
            registries.push(InsecureRegistry {
                loc: self.object(Some(loc), place),
                address: address.to_owned(),
                builtin: BUILTIN.contains(&address),
            });
        }
        registries
    }

    /// Networks, and registries that are not `Secure`.
    fn printed_insecure(&self) -> Option<Vec<(Option<&'a str>, &'a Node, Place)>> {
        let info = self.parts.info.as_ref()?;
        let config = info.get(&["RegistryConfig"])?;
        let networks = config.get("InsecureRegistryCIDRs").map(items).unwrap_or_default();
        let mut all: Vec<(Option<&'a str>, &'a Node, Place)> =
            networks.iter().map(|node| (None, node, info.place(node))).collect();
        let indexes = config.get("IndexConfigs").map(entries).unwrap_or_default();
        for (key, node) in indexes {
            let secure = node.get("Secure").map(|node| &node.value);
            if secure == Some(&Value::Bool(false)) {
                let place = Place::new(&info.source, key.span);
                all.push((Some(key.text.as_str()), node, place));
            }
        }
        Some(all)
    }

    pub(super) fn hosts(
        &mut self,
        tls: &DaemonTls,
        incomplete: &mut Vec<String>,
    ) -> Vec<DaemonHost> {
        let fact = self.list_fact("hosts");
        let list = self.listed(fact, "hosts", None, No);
        let mut hosts = Vec::new();
        for (_, node, place) in &list.items {
            let Some(raw) = text(node) else { continue };
            hosts.extend(self.host(raw, place, list.from, tls));
        }
        if list.complete && list.items.is_empty() {
            let place = self.daemon_place();
            hosts.extend(self.host("unix:///var/run/docker.sock", &place, "default", tls));
        }
        if list.items.is_empty() && !list.complete {
            hosts.extend(self.warned_hosts());
        }
        partial(&list, fact.field, incomplete);
        hosts
    }

    fn host(
        &mut self,
        raw: &str,
        place: &Place,
        from: &'static str,
        tls: &DaemonTls,
    ) -> Option<DaemonHost> {
        let parsed = host::parse(raw).ok()?;
        let tcp = parsed.proto == "tcp";
        let port = match (parsed.port, tls.enabled) {
            _ if !tcp => Some(Nullable::Null),
            (Some(port), _) => Some(Nullable::Value(port)),
            (None, enabled) => enabled.map(|tls| Nullable::Value(if tls { 2376 } else { 2375 })),
        };
        let local = !tcp || parsed.address.as_deref().is_some_and(host::is_local);
        Some(DaemonHost {
            loc: self.object(None, place),
            raw: raw.to_owned(),
            proto: parsed.proto.into(),
            address: Nullable::from(parsed.address),
            port,
            tls: if tcp { tls.enabled } else { Some(false) },
            tls_verify: if tcp { tls.verify } else { Some(false) },
            local,
            from: from.into(),
        })
    }

    /// Addresses that the engine warns of: the only trace of them in what it prints.
    fn warned_hosts(&mut self) -> Vec<DaemonHost> {
        let Some(warnings) = self.printed_list(&[], "Warnings") else { return Vec::new() };
        let mut hosts = Vec::new();
        for (_, node, place) in warnings {
            let Some((address, encrypted)) = text(node).and_then(info::exposed) else { continue };
            let tls = DaemonTls {
                loc: self.root(),
                enabled: Some(encrypted),
                verify: Some(false),
                ca_cert: None,
                cert: None,
                key: None,
            };
            hosts.extend(self.host(&format!("tcp://{address}"), &place, "info", &tls));
        }
        hosts
    }

    /// Whether the API is open to anybody, or to anybody with TLS: by the addresses, or by what the
    /// engine would have warned of.
    pub(super) fn exposure(
        &mut self,
        hosts: &[DaemonHost],
        incomplete: &[String],
    ) -> (Option<bool>, Option<bool>) {
        let whole = !incomplete.iter().any(|field| field == "hosts");
        let warned = self.parts.info.as_ref().is_some_and(info::warns_of_exposure);
        let any = |test: fn(&DaemonHost) -> Option<bool>| {
            let mut found = hosts.iter().filter(|host| host.proto == "tcp").map(test);
            if found.clone().any(|open| open == Some(true)) {
                return Some(true);
            }
            ((whole || warned) && found.all(|open| open.is_some())).then_some(false)
        };
        let is_plain: fn(&DaemonHost) -> Option<bool> = |host| host.tls.map(|tls| !tls);
        let is_unverified: fn(&DaemonHost) -> Option<bool> =
            |host| Some(host.tls? && !host.tls_verify?);
        let (plain, unverified) = (any(is_plain), any(is_unverified));
        self.exposed(
            "plain_tcp",
            plain,
            hosts.iter().find(|h| is_tcp(h) && is_plain(h) == Some(true)),
        );
        let open = hosts.iter().find(|host| is_tcp(host) && is_unverified(host) == Some(true));
        self.exposed("unverified_tls", unverified, open);
        (plain, unverified)
    }

    /// Notes what says how the API is open: the address that it is open at, else all of them.
    fn exposed(&mut self, field: &'static str, value: Option<bool>, open: Option<&DaemonHost>) {
        let fact = self.list_fact(field);
        match open {
            Some(host) => {
                let place = self.places.place(host.loc);
                self.note(fact, &host.from, place.as_ref());
            }
            None => self.derived(fact, value.is_some(), "hosts", None),
        }
    }

    pub(super) fn listeners(&mut self, incomplete: &mut Vec<String>) -> Vec<Listener> {
        let mut listeners = Vec::new();
        let mut complete = true;
        for option in ["metrics-addr", "network-diagnostic-port"] {
            match self.found(option) {
                Found::Set(_, node, layer, _) => {
                    let place = layer.place(node.span);
                    listeners.extend(self.listener(option, node, &place));
                }
                Found::Empty(..) => {}
                Found::Hidden => complete = false,
                Found::Absent => complete &= self.defaults(No),
            }
        }
        if !complete {
            incomplete.push("listeners".into());
        }
        listeners
    }

    fn listener(&mut self, option: &str, node: &Node, place: &Place) -> Option<Listener> {
        let (raw, address, port) = match &node.value {
            Value::Str(raw) => {
                let (address, port) = host::split_port(raw)?;
                let address = (!address.is_empty()).then(|| address.to_owned());
                (raw.clone(), address, port)
            }
            // The diagnostic server listens on localhost only.
            Value::Int(0) => return None,
            Value::Int(port) => {
                let port = u16::try_from(*port).ok()?;
                (port.to_string(), Some("127.0.0.1".to_owned()), Some(port))
            }
            _ => return None,
        };
        Some(Listener {
            loc: self.object(None, place),
            option: option.to_owned(),
            raw,
            address: Nullable::from(address),
            port: Nullable::from(port),
        })
    }
}

fn partial(list: &Listed<'_>, field: &str, incomplete: &mut Vec<String>) {
    if !list.complete {
        incomplete.push(field.to_owned());
    }
}

fn is_tcp(host: &DaemonHost) -> bool {
    host.proto == "tcp"
}
