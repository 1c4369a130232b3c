//! A service of a swarm, as `docker service inspect` prints it.
//!
//! <https://docs.docker.com/reference/api/engine/> (`ServiceInspect`). Keys that are empty are left
//! out everywhere. Who it runs as and how it is checked are its image's unless it says otherwise;
//! privileges, devices and namespaces of the host it cannot have.

mod security;

use std::collections::BTreeMap;

use plimsoll_sdk::facts::{
    Argument, Container, Deploy, Endpoint, Grant, Limits, Logging, Namespace, Namespaces,
    PublishedPort, Reservations, Resources, Restart,
};
use plimsoll_sdk::{Loc, Nullable};

use super::config::Unset;
use super::container::mounts::Mounted;
use super::container::{narrow, value_of};
use super::lowering::{Known, Lowering, Owner};
use super::reference::Use;
use super::tree::At;

/// A service's object and its parts.
#[derive(Clone, Copy, Debug)]
struct Inspected<'a> {
    spec: At<'a>,
    /// `Spec.TaskTemplate`.
    task: At<'a>,
    /// `Spec.TaskTemplate.ContainerSpec`.
    container: At<'a>,
    /// `ContainerSpec.Privileges`.
    privileges: At<'a>,
    loc: Loc,
}

impl Lowering<'_> {
    /// The service of one object. `networks` are names of networks by their ids.
    pub(super) fn service(
        &mut self,
        object: At<'_>,
        number: usize,
        networks: &BTreeMap<String, String>,
    ) -> Container {
        let spec = object.get("Spec");
        let [name_at, id_at] = [spec.get("Name"), object.get("ID")];
        let id = self.string(id_at).and_then(|id| id.value().cloned());
        let name = self.string(name_at).and_then(|name| name.value().cloned());
        let name = name.or_else(|| id.clone()).unwrap_or_else(|| format!("service {number}"));
        let shown = if name_at.filled().is_some() { name_at } else { id_at };
        let loc = self.places.object(None, shown.span);
        self.place(loc, "id", id_at);
        let spec = spec.shown_at(shown.span);
        let task = self.child(spec.get("TaskTemplate"));
        let container = self.child(task.get("ContainerSpec"));
        let it = Inspected {
            spec,
            task,
            container,
            privileges: self.child(container.omittable("Privileges")),
            loc,
        };
        let mut service = self.service_facts(it, &name, networks);
        service.id = id.into();
        service.ports = self.service_ports(&mut Owner::new(loc), object, spec);
        service
    }

    fn service_facts(
        &mut self,
        it: Inspected<'_>,
        name: &str,
        networks: &BTreeMap<String, String>,
    ) -> Container {
        let Inspected { spec, task, container, loc, .. } = it;
        let mut owner = Owner::new(loc);
        let mut labels = self.labels(&mut owner, "labels", container.omittable("Labels"));
        let of_service = self.labels(&mut owner, "labels", spec.omittable("Labels"));
        labels.extend(of_service);
        let project = value_of(&labels, &["com.docker.stack.namespace"]).map(str::to_owned);
        let service = project.as_deref().and_then(|it| name.strip_prefix(it)?.strip_prefix('_'));
        let mut mounted = Mounted::default();
        for item in self.list_field(&mut owner, "mounts", container.omittable("Mounts")) {
            self.mount_spec(&mut owner, item, "volumes", &mut mounted);
        }
        if !container.is_map() {
            owner.incomplete("tmpfs");
        }
        let networks = self.service_networks(&mut owner, it, networks);
        let image = container.get("Image");
        let used = Use { role: "container", container: Some(name), id: None };
        let user = container.omittable("User");
        self.place(loc, "user", user);
        let set = |value: bool| container.is_map().then_some(value);
        let init = container.get("Init");
        let dns = container.omittable("DNSConfig").part("Nameservers");
        Container {
            loc,
            name: name.to_owned(),
            source_type: "swarm_service".into(),
            id: Nullable::Null,
            service: service.map(str::to_owned).into(),
            container_name: Some(Nullable::Null),
            project: Some(project.into()),
            profiles: Vec::new(),
            image: self.image_of(loc, image.filled().map(|_| image), container, used),
            user: self.user(loc, user, "container", Unset::Image, false),
            privileged: set(false),
            capabilities: self.capability_lists(
                loc,
                container.omittable("CapabilityAdd"),
                container.omittable("CapabilityDrop"),
            ),
            security_opt: self.service_security(it),
            masked_paths: Vec::new(),
            readonly_paths: Vec::new(),
            read_only: self.flag(loc, "read_only", container.omittable("ReadOnly")),
            mounts: mounted.mounts,
            tmpfs: mounted.tmpfs,
            volumes_from: Vec::new(),
            devices: Vec::new(),
            device_cgroup_rules: Vec::new(),
            device_requests: Vec::new(),
            resources: self.service_resources(it, &mut owner),
            namespaces: self.service_namespaces(it, &networks),
            // A swarm has no word for it.
            cgroup_parent: container.is_map().then_some(Nullable::Null),
            networks,
            ports: Vec::new(),
            expose: Vec::new(),
            publish_all: set(false),
            links: Vec::new(),
            external_links: Vec::new(),
            has_develop: false,
            extra_hosts: self.service_hosts(&mut owner, container.omittable("Hosts")),
            dns: self.arguments(&mut owner, "dns", dns),
            environment: self.environment(
                &mut owner,
                "environment",
                container.omittable("Env"),
                "environment",
            ),
            env_files: Vec::new(),
            secrets: self.grants(
                &mut owner,
                "secrets",
                "SecretName",
                container.omittable("Secrets"),
            ),
            configs: self.grants(
                &mut owner,
                "configs",
                "ConfigName",
                container.omittable("Configs"),
            ),
            use_api_socket: Some(false),
            logging: self.service_logging(loc, task.get("LogDriver")),
            restart: self.service_restart(loc, task),
            healthcheck: self.service_healthcheck(loc, container.get("Healthcheck")),
            entrypoint: self.command(&mut owner, "entrypoint", container.omittable("Command")),
            command: self.command(&mut owner, "command", container.omittable("Args")),
            working_dir: self.string_field(loc, "working_dir", container.omittable("Dir")),
            init: self.boolean_field(loc, "init", init),
            runtime: None,
            sysctls: self.labels(&mut owner, "sysctls", container.omittable("Sysctls")),
            group_add: self.arguments(&mut owner, "group_add", container.omittable("Groups")),
            labels,
            annotations: Vec::new(),
            hooks: Vec::new(),
            depends_on: Vec::new(),
            deploy: self.deploy(loc, spec.get("Mode")),
            stop_grace_period_s: self.seconds(
                loc,
                "stop_grace_period_s",
                container.omittable("StopGracePeriod"),
            ),
            state: Nullable::Null,
            defaulted: Vec::new(),
            incomplete: owner.incomplete,
        }
    }

    /// A boolean that is left out when it is false.
    fn flag(&mut self, loc: Loc, field: &'static str, at: At<'_>) -> Option<bool> {
        self.place(loc, field, at);
        if at.is_null() { Some(false) } else { self.boolean(at) }
    }

    /// A test that is left out is the image's.
    fn service_healthcheck(
        &mut self,
        loc: Loc,
        at: At<'_>,
    ) -> Known<plimsoll_sdk::facts::Healthcheck> {
        let known = self.healthcheck(loc, at, "container");
        known.filter(|known| known.value().is_some())
    }

    fn service_resources(&mut self, it: Inspected<'_>, owner: &mut Owner) -> Resources {
        let at = it.task.omittable("Resources");
        let loc = self.object(it.loc, at);
        let [limits, reservations] = ["Limits", "Reservations"].map(|key| self.child(at.part(key)));
        let limits_loc = self.object(loc, limits);
        let reserved_loc = self.object(loc, reservations);
        let swap = limits.part("SwapBytes");
        let ulimits = self.ulimits(owner, it.container.omittable("Ulimits"));
        let score = it.container.omittable("OomScoreAdj");
        Resources {
            loc,
            limits: Limits {
                loc: limits_loc,
                memory_bytes: self.positive_field(
                    limits_loc,
                    "memory_bytes",
                    limits.part("MemoryBytes"),
                ),
                memory_swap_bytes: self.nonzero_field(limits_loc, "memory_swap_bytes", swap),
                nano_cpus: self.positive_field(limits_loc, "nano_cpus", limits.part("NanoCPUs")),
                pids: self.positive_field(limits_loc, "pids", limits.part("Pids")),
            },
            reservations: Reservations {
                loc: reserved_loc,
                memory_bytes: self.positive_field(
                    reserved_loc,
                    "memory_bytes",
                    reservations.part("MemoryBytes"),
                ),
                nano_cpus: self.positive_field(
                    reserved_loc,
                    "nano_cpus",
                    reservations.part("NanoCPUs"),
                ),
            },
            cpu_shares: Some(Nullable::Null),
            cpu_quota: Some(Nullable::Null),
            cpu_period: Some(Nullable::Null),
            cpuset_cpus: Some(Nullable::Null),
            ulimits,
            oom_kill_disable: Some(false),
            oom_score_adj: self.nonzero_field(loc, "oom_score_adj", score),
            shm_size_bytes: Some(Nullable::Null),
            conflicts: Vec::new(),
        }
    }

    /// A service is on networks of the swarm, or on the host's; the rest is its own.
    fn service_namespaces(&mut self, it: Inspected<'_>, networks: &[Endpoint]) -> Namespaces {
        let at = it.task.get("Networks");
        let loc = self.object(it.loc, it.container);
        self.place(loc, "network", at);
        let first = networks.first().map(|network| network.name.clone());
        let host = networks.iter().any(|network| network.name == "host");
        let network = match &first {
            _ if host => Some("host"),
            Some(_) => Some("network"),
            None => None,
        };
        let mut namespace = |at: At<'_>, mode: Option<&str>, target: Option<String>| Namespace {
            loc: self.object(loc, at),
            mode: mode.map(Into::into),
            target: target.into(),
            effective: mode.map(Into::into),
        };
        Namespaces {
            loc,
            network: namespace(at, network, first.filter(|_| !host)),
            pid: namespace(it.container, Some("private"), None),
            ipc: namespace(it.container, Some("private"), None),
            uts: namespace(it.container, Some("private"), None),
            user: namespace(it.container, Some("default"), None),
            cgroup: namespace(it.container, Some("private"), None),
        }
    }

    /// Networks of the tasks, by their names where those are known; before 1.12.3 they stood in the
    /// spec itself.
    fn service_networks(
        &mut self,
        owner: &mut Owner,
        it: Inspected<'_>,
        names: &BTreeMap<String, String>,
    ) -> Vec<Endpoint> {
        let at = if it.task.get("Networks").is_something() {
            it.task.get("Networks")
        } else {
            it.spec.omittable("Networks")
        };
        let mut endpoints = Vec::new();
        for item in self.list_field(owner, "networks", at) {
            let target = item.get("Target");
            let Some(id) = target.filled() else {
                self.wrong(target, "the id of a network");
                owner.incomplete("networks");
                continue;
            };
            let loc = self.object(owner.loc, target);
            let mut lists = Owner::new(loc);
            endpoints.push(Endpoint {
                loc,
                name: names.get(id).map_or(id, String::as_str).to_owned(),
                implicit: false,
                aliases: self.words(&mut lists, "aliases", item.omittable("Aliases")),
            });
        }
        endpoints
    }

    /// Ports with the numbers that the swarm chose, where it did.
    fn service_ports(
        &mut self,
        owner: &mut Owner,
        object: At<'_>,
        spec: At<'_>,
    ) -> Vec<PublishedPort> {
        let asked = spec.omittable("EndpointSpec").part("Ports");
        let given = object.get("Endpoint").get("Ports");
        let at = if given.items().next().is_some() { given } else { asked };
        let mut ports = Vec::new();
        for item in self.list_field(owner, "ports", at) {
            let [target_at, published_at] =
                ["TargetPort", "PublishedPort"].map(|key| item.omittable(key));
            let shown = if published_at.is_null() { target_at } else { published_at };
            let loc = self.object(owner.loc, item.shown_at(shown.span));
            let mut port = |field: &'static str, at: At<'_>| {
                self.positive_field(loc, field, at)
                    .map(|known| known.value().and_then(|&port| u32::try_from(port).ok()))
            };
            let target = port("target", target_at).flatten();
            let published = port("published", published_at);
            let protocol = item.get("Protocol").filled().unwrap_or("tcp").to_owned();
            let mode = item.get("PublishMode").filled().unwrap_or("ingress").to_owned();
            let text = |port: Option<u32>| port.map(|port| port.to_string()).unwrap_or_default();
            ports.push(PublishedPort {
                loc,
                raw: format!("{}:{}/{protocol}", text(published.flatten()), text(target)),
                target,
                target_end: target,
                protocol: Some(protocol),
                published: published.map(Into::into),
                published_end: published.map(Into::into),
                host_ip: Some(Nullable::Null),
                effective_host_ip: Some("0.0.0.0".into()),
                mode: Some(Nullable::Value(mode)),
            });
        }
        ports
    }

    /// `ADDRESS NAME [ALIAS…]`, as in a hosts file.
    fn service_hosts(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<Argument> {
        let mut hosts = Vec::new();
        for item in self.list_field(owner, "extra_hosts", at) {
            let Some(line) = item.text() else {
                self.wrong(item, "a string");
                owner.incomplete("extra_hosts");
                continue;
            };
            let mut words = line.split_ascii_whitespace();
            let address = words.next().unwrap_or_default();
            for name in words {
                let loc = self.object(owner.loc, item);
                hosts.push(Argument { loc, text: format!("{name}={address}") });
            }
        }
        hosts
    }

    fn grants(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        name_key: &str,
        at: At<'_>,
    ) -> Vec<Grant> {
        let mut grants = Vec::new();
        for item in self.list_field(owner, field, at) {
            let name = item.get(name_key);
            let Some(source) = name.filled() else {
                self.wrong(name, "a name");
                owner.incomplete(field);
                continue;
            };
            let loc = self.object(owner.loc, item.shown_at(name.span));
            let file = item.omittable("File");
            let mode = file.part("Mode");
            self.place(loc, "mode", mode);
            let bits = self.integer(mode);
            grants.push(Grant {
                loc,
                source: source.to_owned(),
                target: self.string_field(loc, "target", file.part("Name")),
                uid: self.string_field(loc, "uid", file.part("UID")),
                gid: self.string_field(loc, "gid", file.part("GID")),
                mode: bits.map(|bits| bits.value().and_then(|&it| u32::try_from(it).ok()).into()),
            });
        }
        grants
    }

    fn service_logging(&mut self, parent: Loc, at: At<'_>) -> Logging {
        self.child(at);
        let name = at.get("Name");
        let loc = self.object(parent, name);
        self.place(parent, "logging", name);
        let mut owner = Owner::new(loc);
        let driver = self.string_field(loc, "driver", name).and_then(|name| name.value().cloned());
        let options = self.labels(&mut owner, "options", at.omittable("Options"));
        if driver.is_none() {
            owner.incomplete("options");
        }
        let from = if driver.is_some() { "container" } else { "unknown" };
        Logging { loc, driver, options, from: from.into(), incomplete: owner.incomplete }
    }

    /// A swarm starts tasks again unless it is told not to.
    fn service_restart(&mut self, parent: Loc, task: At<'_>) -> Restart {
        let at = task.omittable("RestartPolicy");
        self.child(at);
        let condition = at.part("Condition");
        let loc = self.object(parent, condition);
        self.place(parent, "restart", condition);
        let policy = self.string_field(loc, "policy", condition).map(|condition| {
            match condition.value().map(String::as_str) {
                None | Some("any") => "always",
                Some("none") => "no",
                Some(other) => other,
            }
            .to_owned()
        });
        Restart {
            loc,
            policy,
            max_retries: narrow(self.positive_field(loc, "max_retries", at.part("MaxAttempts"))),
            ignored: Nullable::Null,
        }
    }

    fn deploy(&mut self, parent: Loc, at: At<'_>) -> Nullable<Deploy> {
        const MODES: [(&str, &str); 4] = [
            ("Replicated", "replicated"),
            ("Global", "global"),
            ("ReplicatedJob", "replicated-job"),
            ("GlobalJob", "global-job"),
        ];
        let loc = self.object(parent, at);
        self.place(parent, "deploy", at);
        let mode = MODES.iter().find(|(key, _)| at.get(key).is_something());
        let mut replicas = mode.map(|_| Nullable::Null);
        if let Some((key, _)) = mode {
            let count = at.get(key).first(&["Replicas", "TotalCompletions"]);
            if count.node.is_some() {
                self.place(loc, "replicas", count);
                replicas = self
                    .integer(count)
                    .map(|count| count.value().and_then(|&count| u64::try_from(count).ok()).into());
            }
        }
        let mode = mode.map(|&(_, word)| word.to_owned());
        Nullable::Value(Deploy { loc, mode, replicas })
    }
}
