//! Services as containers.

use std::sync::Arc;

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Container, User};

use super::read::{as_written, at, flag, provenance, scalar, seconds, text};
use super::{Lowering, Service, Written};
use crate::notation::user::UserSpec;
use crate::source::Place;

/// Keys of a service, with dots where they are nested, and the fields they set: a field whose keys are all absent is the default.
const DEFAULTS: [(&str, &[&str]); 12] = [
    ("privileged", &["privileged"]),
    ("capabilities", &["cap_add", "cap_drop"]),
    ("security_opt", &["security_opt"]),
    ("read_only", &["read_only"]),
    ("namespaces", &["network_mode", "networks", "pid", "ipc", "uts", "userns_mode", "cgroup"]),
    ("cgroup_parent", &["cgroup_parent"]),
    ("use_api_socket", &["use_api_socket"]),
    ("restart", &["restart", "deploy.restart_policy"]),
    ("healthcheck", &["healthcheck"]),
    ("init", &["init"]),
    ("runtime", &["runtime"]),
    ("stop_grace_period_s", &["stop_grace_period"]),
];

impl<'a> Lowering<'a, '_> {
    /// Adds a container for every service.
    pub(super) fn services(&mut self) {
        let section = self.section("services").and_then(|node| node.map());
        for (name, entry) in section.into_iter().flatten() {
            self.service(name, &entry.node, key(&entry.key, &entry.node));
        }
        // Without any profile asked for, whatever somebody may start is judged.
        let disabled = self.context.info.disabled.iter();
        for service in disabled.filter(|_| self.context.info.profiles.is_empty()) {
            self.service(&service.name, &service.node, key(&service.key, &service.node));
        }
    }

    fn service(&mut self, name: &'a str, node: &'a super::Node, key: Written) {
        let loc = self.places.object_written(Some(self.loc), &key);
        let service = Service { name, node, key, loc };
        let container = self.container(&service);
        self.dockerfile(self.containers.len(), &service);
        self.containers.push(container);
        self.services.push(service);
    }

    fn container(&mut self, service: &Service<'a>) -> Container {
        let Service { node, loc, .. } = *service;
        // Compose does not say what the engine hides of /proc and /sys.
        let mut incomplete = vec!["masked_paths".to_owned(), "readonly_paths".to_owned()];
        let mut list = |key, field| self.list(loc, node, (key, field), &mut incomplete);
        let volumes_from = list("volumes_from", "volumes_from");
        let device_cgroup_rules = list("device_cgroup_rules", "device_cgroup_rules");
        let links = list("links", "links");
        let external_links = list("external_links", "external_links");
        let dns = list("dns", "dns");
        let group_add = list("group_add", "group_add");
        let extra_hosts = self.extra_hosts(service, &mut incomplete);
        let entrypoint =
            self.command(loc, (at(node, &["entrypoint"]), "entrypoint"), &mut incomplete);
        let command = self.command(loc, (at(node, &["command"]), "command"), &mut incomplete);
        let (mounts, tmpfs) = self.mounts(service, &mut incomplete);
        let environment = self.environment(service, &mut incomplete);
        let (profiles, complete) = super::read::texts(at(node, &["profiles"]));
        if !complete {
            incomplete.push("profiles".into());
        }
        for (field, key) in [
            ("privileged", "privileged"),
            ("read_only", "read_only"),
            ("cgroup_parent", "cgroup_parent"),
            ("use_api_socket", "use_api_socket"),
            ("working_dir", "working_dir"),
            ("init", "init"),
            ("runtime", "runtime"),
            ("stop_grace_period_s", "stop_grace_period"),
            ("profiles", "profiles"),
            ("container_name", "container_name"),
            ("has_develop", "develop"),
        ] {
            self.field(loc, field, at(node, &[key]));
        }
        Container {
            loc,
            name: service.name.to_owned(),
            source_type: "compose".into(),
            id: Nullable::Null,
            project: self.context.info.name.clone().map(Nullable::Value),
            service: Nullable::Value(service.name.to_owned()),
            container_name: text(at(node, &["container_name"])),
            profiles,
            image: self.image(service),
            user: self.user(service),
            privileged: flag(at(node, &["privileged"])),
            capabilities: self.capabilities(service),
            security_opt: self.security(service),
            masked_paths: Vec::new(),
            readonly_paths: Vec::new(),
            read_only: flag(at(node, &["read_only"])),
            mounts,
            tmpfs,
            volumes_from,
            devices: self.devices(service, &mut incomplete),
            device_cgroup_rules,
            device_requests: self.device_requests(service),
            resources: self.resources(service),
            namespaces: self.namespaces(service),
            cgroup_parent: text(at(node, &["cgroup_parent"])),
            networks: self.endpoints(service),
            ports: self.ports(service),
            expose: self.expose(service, &mut incomplete),
            publish_all: Some(false),
            links,
            external_links,
            has_develop: at(node, &["develop"]).is_some(),
            extra_hosts,
            dns,
            environment,
            env_files: self.env_files(service),
            secrets: self.grants(service, "secrets"),
            configs: self.grants(service, "configs"),
            use_api_socket: flag(at(node, &["use_api_socket"])),
            logging: self.logging(service),
            restart: self.restart(service),
            healthcheck: self.healthcheck(service),
            entrypoint,
            command,
            working_dir: text(at(node, &["working_dir"])),
            init: flag(at(node, &["init"])),
            runtime: text(at(node, &["runtime"])),
            sysctls: self.pairs(loc, at(node, &["sysctls"])),
            group_add,
            labels: self.pairs(loc, at(node, &["labels"])),
            annotations: self.pairs(loc, at(node, &["annotations"])),
            hooks: self.hooks(service),
            depends_on: depends_on(node),
            deploy: self.deploy(service),
            stop_grace_period_s: seconds(at(node, &["stop_grace_period"])),
            state: Nullable::Null,
            defaulted: defaulted(node),
            incomplete,
        }
    }

    /// Who it runs as, when it says so; linking fills in what it leaves to its image.
    fn user(&mut self, service: &Service<'_>) -> User {
        let node = at(service.node, &["user"]);
        let node = node.filter(|node| as_written(node).is_some_and(|text| !text.is_empty()));
        let loc = self.object_or(service.loc, node, &service.key);
        self.field(service.loc, "user", node);
        let mut user = User {
            loc,
            raw: Nullable::Null,
            text: None,
            name: None,
            uid: None,
            group: None,
            is_root: None,
            from: "unknown".into(),
            created_in_build: Nullable::Null,
            system: Nullable::Null,
            variables: Vec::new(),
            missing: Vec::new(),
        };
        let Some(node) = node else { return user };
        let (_, variables, missing) = provenance(node);
        let written = node.substitution.as_ref().map(|written| written.raw.clone());
        let raw = written.or_else(|| as_written(node)).unwrap_or_default();
        let text = scalar(node);
        // `1000:${GID}` says who, not which group.
        let known = text.as_deref().or_else(|| {
            let (front, _) = raw.split_once(':')?;
            (!front.contains('$')).then_some(front)
        });
        if let Some(known) = known {
            let spec = UserSpec::parse(known);
            let number = spec.number();
            user.is_root = Some(spec.is_root(false));
            user.name = Some(match number {
                Some(_) => Nullable::Null,
                None => Nullable::Value(spec.user.to_owned()),
            });
            user.uid = number.and_then(|number| u32::try_from(number).ok()).map(Nullable::Value);
            user.group = text.as_ref().map(|_| spec.group.map(str::to_owned).into());
        }
        User {
            raw: Nullable::Value(raw),
            text: text.map(Nullable::Value),
            from: "container".into(),
            variables,
            missing,
            ..user
        }
    }

    fn extra_hosts(
        &mut self,
        service: &Service<'_>,
        incomplete: &mut Vec<String>,
    ) -> Vec<plimsoll_sdk::facts::Argument> {
        let node = at(service.node, &["extra_hosts"]);
        let Some(map) = node.and_then(super::Node::map) else {
            return self.list(
                service.loc,
                service.node,
                ("extra_hosts", "extra_hosts"),
                incomplete,
            );
        };
        self.field(service.loc, "extra_hosts", node);
        let mut hosts = Vec::new();
        for (name, entry) in map {
            for item in super::read::elements(Some(&entry.node)) {
                if scalar(item).is_none() && !incomplete.iter().any(|field| field == "extra_hosts")
                {
                    incomplete.push("extra_hosts".into());
                }
                let Some(address) = as_written(item) else { continue };
                let loc = self.entry(service.loc, &entry.key, item);
                let text = format!("{name}={address}");
                hosts.push(plimsoll_sdk::facts::Argument { loc, text });
            }
        }
        hosts
    }
}

/// The place of a service's key. What the service extends is used there; the key itself is used
/// elsewhere only when its file is included.
fn key(place: &Place, node: &super::Node) -> Written {
    let used_at = node.used_at.as_ref().filter(|at| !Arc::ptr_eq(&at.source, &place.source));
    Written { place: place.clone(), used_at: used_at.cloned() }
}

fn depends_on(node: &super::Node) -> Vec<String> {
    match at(node, &["depends_on"]) {
        Some(found) => match found.map() {
            Some(map) => map.keys().cloned().collect(),
            None => super::read::texts(Some(found)).0,
        },
        None => Vec::new(),
    }
}

/// Fields that no key sets.
fn defaulted(node: &super::Node) -> Vec<String> {
    let wrote = |key: &&str| {
        let path: Vec<&str> = key.split('.').collect();
        at(node, &path).is_some_and(|found| !found.defaulted)
    };
    let mut fields: Vec<String> = DEFAULTS
        .iter()
        .filter(|(_, keys)| !keys.iter().any(wrote))
        .map(|(field, _)| (*field).to_owned())
        .collect();
    fields.push("publish_all".into());
    fields
}
