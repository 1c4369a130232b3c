//! Networks, volumes, and the project as a whole.

use std::collections::BTreeSet;

use plimsoll_sdk::facts::{self, Argument, Comment, Label, Network, ProjectSecret, Volume};
use plimsoll_sdk::{Loc, Nullable};

use super::super::tree::{Entry, Node, Value};
use super::comments::comments;
use super::path::{HostPath, host_path, of_host};
use super::read::{Said, as_written, at, boolean, elements, flag, scalar, switch, text, texts};
use super::{Context, Lowering};
use crate::document::PlaceTable;
use crate::source::Span;

/// Options of bridge networks: <https://docs.docker.com/engine/network/drivers/bridge/#options>.
const BRIDGE: &str = "com.docker.network.bridge";

/// Registers the project's top-level keys, so that what stands in them is the project's.
pub(super) fn top_level(context: &Context<'_>, loc: Loc, places: &mut PlaceTable) {
    for entry in context.root.map().into_iter().flat_map(|map| map.values()) {
        places.object_at(Some(loc), &entry.key);
    }
    // Keys of the other files were merged away: in block style they are what is not indented.
    for source in context.sources.iter().skip(1) {
        places.object_in(Some(loc), source, Span::default());
        let mut offset = 0;
        for line in source.text().split_inclusive('\n') {
            let key = line.split(':').next().unwrap_or_default();
            let word = |char: char| char.is_ascii_alphanumeric() || "-_.\"'".contains(char);
            if key.len() < line.len() && !key.is_empty() && key.chars().all(word) {
                places.object_in(Some(loc), source, Span::new(offset, offset + key.len()));
            }
            offset += line.len();
        }
    }
}

impl<'a> Lowering<'a, '_> {
    pub(super) fn networks(&mut self) {
        let section = self.section("networks").and_then(Node::map);
        for (name, entry) in section.into_iter().flatten() {
            let network = self.network(name, entry);
            self.networks.push(network);
        }
    }

    fn network(&mut self, name: &str, entry: &Entry) -> Network {
        let node = &entry.node;
        let loc = self.entry(self.loc, &entry.key, node);
        for (field, key) in [
            ("driver", "driver"),
            ("internal", "internal"),
            ("attachable", "attachable"),
            ("external", "external"),
            ("enable_ipv4", "enable_ipv4"),
            ("enable_ipv6", "enable_ipv6"),
            ("options", "driver_opts"),
            ("subnets", "ipam"),
            ("labels", "labels"),
        ] {
            self.field(loc, field, at(node, &[key]));
        }
        for key in ["gateway_mode_ipv4", "gateway_mode_ipv6"] {
            self.field(loc, key, at(node, &["driver_opts", &format!("{BRIDGE}.{key}")]));
        }
        let external = is_external(node);
        let options = self.pairs(loc, at(node, &["driver_opts"]));
        let labels = self.pairs(loc, at(node, &["labels"]));
        let driver = text(at(node, &["driver"]));
        // What the project does not create is as whoever created it made it.
        let own = |known: Option<bool>| known.filter(|_| !external);
        let option = |key: &str| option(at(node, &["driver_opts"]), key);
        let said = |key: &str| if external { None } else { option(&format!("{BRIDGE}.{key}")) };
        let on = |key: &str, default: bool| match said(key)? {
            Nullable::Null => Some(default),
            Nullable::Value(text) => switch(&text),
        };
        let is_overlay =
            driver.as_ref().map(|driver| driver.value().is_some_and(|driver| driver == "overlay"));
        let encrypted = match (is_overlay, option("encrypted")) {
            // The key alone switches it on.
            (Some(true), Some(Nullable::Value(text))) => Some(switch(&text).unwrap_or(true)),
            (Some(true), None) => None,
            (Some(true), _) | (Some(false), _) => Some(self.has_option(node, "encrypted")),
            (None, _) => None,
        };
        let ipam = elements(at(node, &["ipam", "config"]));
        let (subnets, complete) = ipam.iter().fold((Vec::new(), true), |(mut all, known), item| {
            let (found, complete) = texts(at(item, &["subnet"]));
            all.extend(found);
            (all, known && complete)
        });
        let real = text(at(node, &["name"]));
        let is_bridge = match &real {
            Some(real) if external => Some(real.value().is_some_and(|real| real == "bridge")),
            Some(_) => Some(false),
            None => None,
        };
        let mut incomplete = Vec::new();
        if !complete || external {
            incomplete.push("subnets".to_owned());
        }
        if external {
            incomplete.extend(["options".to_owned(), "labels".to_owned()]);
        }
        Network {
            loc,
            name: name.to_owned(),
            scope: match (&is_overlay, external) {
                (Some(true), false) => Some("swarm".into()),
                (Some(false), false) => Some("local".into()),
                _ => None,
            },
            driver: driver.filter(|driver| !external || driver.value().is_some()),
            internal: own(flag(at(node, &["internal"]))),
            attachable: own(flag(at(node, &["attachable"]))),
            ingress: own(Some(false)),
            external,
            implicit: node.defaulted,
            enable_ipv4: own(default_on(at(node, &["enable_ipv4"]))),
            enable_ipv6: own(flag(at(node, &["enable_ipv6"]))),
            is_default_bridge: is_bridge,
            encrypted: encrypted.filter(|_| !external),
            icc: on("enable_icc", true),
            ip_masquerade: on("enable_ip_masquerade", true),
            gateway_mode_ipv4: said("gateway_mode_ipv4"),
            gateway_mode_ipv6: said("gateway_mode_ipv6"),
            host_binding_ipv4: said("host_binding_ipv4"),
            subnets,
            options,
            labels,
            members: Vec::new(),
            incomplete,
        }
    }

    fn has_option(&self, node: &Node, key: &str) -> bool {
        at(node, &["driver_opts"]).and_then(Node::map).is_some_and(|map| map.contains_key(key))
    }

    pub(super) fn volumes(&mut self) {
        let section = self.section("volumes").and_then(Node::map);
        for (name, entry) in section.into_iter().flatten() {
            let volume = self.volume(name, entry);
            self.volume_index.insert(name.clone(), self.volumes.len());
            self.volumes.push(volume);
        }
    }

    fn volume(&mut self, name: &str, entry: &Entry) -> Volume {
        let node = &entry.node;
        let loc = self.entry(self.loc, &entry.key, node);
        let external = is_external(node);
        for (field, key) in [
            ("driver", "driver"),
            ("options", "driver_opts"),
            ("external", "external"),
            ("labels", "labels"),
        ] {
            self.field(loc, field, at(node, &[key]));
        }
        self.field(loc, "bind_device", at(node, &["driver_opts", "device"]));
        self.field(loc, "fs_type", at(node, &["driver_opts", "type"]));
        let options: Vec<Label> = self.pairs(loc, at(node, &["driver_opts"]));
        let driver = text(at(node, &["driver"]));
        let is_local = driver.as_ref().map(|driver| driver.value().is_none_or(|d| d == "local"));
        let (bind_device, fs_type) = match (external, is_local) {
            (true, _) | (_, None) => (None, None),
            (_, Some(false)) => (Some(Nullable::Null), Some(Nullable::Null)),
            (_, Some(true)) => {
                let kind = option(at(node, &["driver_opts"]), "type");
                (self.bind_device(node), kind)
            }
        };
        let incomplete =
            if external { vec!["options".into(), "labels".into()] } else { Vec::new() };
        Volume {
            loc,
            name: name.to_owned(),
            driver: driver.filter(|driver| !external || driver.value().is_some()),
            options,
            bind_device,
            fs_type,
            external,
            mountpoint: Some(Nullable::Null),
            labels: self.pairs(loc, at(node, &["labels"])),
            created_at: Some(Nullable::Null),
            used_by: Vec::new(),
            incomplete,
        }
    }

    /// The path that the options of a local volume bind: `o` as in mount(8), and `device`.
    fn bind_device(&self, node: &Node) -> Said<String> {
        let options = at(node, &["driver_opts"]);
        let binds = match option(options, "o")? {
            Nullable::Null => false,
            Nullable::Value(list) => {
                list.split(',').any(|word| matches!(word.trim(), "bind" | "rbind"))
            }
        };
        if !binds {
            return Some(Nullable::Null);
        }
        Some(match option(options, "device")? {
            Nullable::Null => Nullable::Null,
            Nullable::Value(device) => match host_path(&device, &self.context.info.folder) {
                HostPath::Known(path) => Nullable::Value(of_host(&path)),
                HostPath::Inside(path) => Nullable::Value(path),
                HostPath::Outside(_) => return None,
            },
        })
    }

    /// The project as a whole: last, since it says what nobody uses.
    pub(super) fn project(&mut self) {
        let secrets = self.project_secrets("secrets");
        let configs = self.project_secrets("configs");
        let names = |section: Option<&Node>| {
            let map = section.and_then(Node::map);
            map.map(|map| map.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        };
        let env_files = self.project_env_files();
        let version = self.context.info.version.as_ref();
        self.field(self.loc, "version", version);
        let mut missing = BTreeSet::new();
        missing_variables(self.context.root, &mut missing);
        for service in &self.context.info.disabled {
            missing_variables(&service.node, &mut missing);
        }
        let unused = self.unused(&secrets, &configs);
        let comments = self.comments();
        let files = self.context.files.iter();
        self.facts = Some(facts::Project {
            loc: self.loc,
            name: self.context.info.name.clone().map(Nullable::Value),
            files: files.map(|source| source.name().to_owned()).collect(),
            services: self.services.iter().map(|service| service.name.to_owned()).collect(),
            networks: names(self.section("networks")),
            volumes: names(self.section("volumes")),
            secrets,
            configs,
            env_files,
            unused,
            missing_variables: missing.into_iter().collect(),
            version: version.and_then(as_written).into(),
            comments,
        });
    }

    /// The comments of the compose files.
    fn comments(&mut self) -> Vec<Comment> {
        let mut facts = Vec::new();
        for source in self.context.files {
            for found in comments(source.text()) {
                let text = source.text().get(found.range.clone()).unwrap_or_default();
                let span = Span::new(found.range.start, found.range.end);
                facts.push(Comment {
                    loc: self.places.object_in(Some(self.loc), source, span),
                    text: text.trim_start_matches('#').trim().to_owned(),
                    line: found.line,
                    alone: found.alone,
                });
            }
        }
        facts
    }

    fn project_secrets(&mut self, kind: &'static str) -> Vec<ProjectSecret> {
        let section = self.section(kind).and_then(Node::map);
        let mut secrets = Vec::new();
        for (name, entry) in section.into_iter().flatten() {
            let node = &entry.node;
            let loc = self.entry(self.loc, &entry.key, node);
            let sources = ["file", "environment", "content", "driver"];
            let source = if is_external(node) {
                Some("external")
            } else {
                sources.into_iter().find(|key| at(node, &[key]).is_some())
            };
            let file = at(node, &["file"]);
            self.field(loc, "file", file);
            self.field(loc, "source", source.and_then(|key| at(node, &[key])));
            let said = text(file);
            let path = said.as_ref().and_then(Nullable::value);
            let exists = path.and_then(|path| self.exists(path));
            let consumers = self.consumers.get(&(kind, name.clone())).cloned().unwrap_or_default();
            secrets.push(ProjectSecret {
                loc,
                name: name.clone(),
                source: source.map(str::to_owned),
                exists,
                file: said,
                consumers,
            });
        }
        secrets
    }

    /// What is declared and not used.
    fn unused(&mut self, secrets: &[ProjectSecret], configs: &[ProjectSecret]) -> Vec<Argument> {
        let built = |name: &str| self.consumers.contains_key(&("build secrets", name.to_owned()));
        let networks = self.networks.iter().filter(|network| !network.implicit);
        let rows: Vec<(Loc, String)> = networks
            .filter(|network| network.members.is_empty())
            .map(|network| (network.loc, format!("network {}", network.name)))
            .chain(
                self.volumes
                    .iter()
                    .filter(|volume| volume.used_by.is_empty())
                    .map(|volume| (volume.loc, format!("volume {}", volume.name))),
            )
            .chain(
                secrets
                    .iter()
                    .filter(|secret| secret.consumers.is_empty() && !built(&secret.name))
                    .map(|secret| (secret.loc, format!("secret {}", secret.name))),
            )
            .chain(
                configs
                    .iter()
                    .filter(|config| config.consumers.is_empty())
                    .map(|config| (config.loc, format!("config {}", config.name))),
            )
            .collect();
        let unused = rows.into_iter().filter_map(|(loc, text)| {
            let place = self.places.place(loc)?;
            Some(Argument { loc: self.places.object_at(Some(self.loc), &place), text })
        });
        unused.collect()
    }
}

/// Whether the project does not create something itself: `external: true`, or a mapping.
fn is_external(node: &Node) -> bool {
    at(node, &["external"]).is_some_and(|external| match &external.value {
        Value::Map(_) => true,
        // What is not known may be external: then nothing that is not written is known.
        _ => boolean(Some(external)) != Some(Nullable::Value(false)),
    })
}

/// A switch that is on when nobody sets it.
fn default_on(node: Option<&Node>) -> Option<bool> {
    boolean(node).map(|said| said.value().copied().unwrap_or(true))
}

/// The value of a driver's option; unknown when any key is.
fn option(options: Option<&Node>, key: &str) -> Said<String> {
    let Some(options) = options else { return Some(Nullable::Null) };
    match options.get(key) {
        None => Some(Nullable::Null),
        Some(node) if node.value == Value::Null => Some(Nullable::Value(String::new())),
        Some(node) => scalar(node).map(Nullable::Value),
    }
}

/// Names of variables without a value, anywhere in a tree. Recursion is as deep as the YAML.
fn missing_variables(node: &Node, missing: &mut BTreeSet<String>) {
    if let Some(written) = &node.substitution {
        missing.extend(written.missing.iter().cloned());
    }
    match &node.value {
        Value::Map(map) => map.values().for_each(|entry| missing_variables(&entry.node, missing)),
        Value::Seq(items) => items.iter().for_each(|item| missing_variables(item, missing)),
        _ => {}
    }
}
