//! A container, as `docker container inspect` prints it.
//!
//! <https://docs.docker.com/reference/api/engine/> (`ContainerInspect`), from version 1.22 to
//! today, and podman's. What is there already includes what the image says: user, environment,
//! health check, entrypoint. A key that an engine has no word for is unknown; one that engines leave
//! out when it is empty is empty.

mod devices;
pub(super) mod mounts;
pub(super) mod namespaces;
mod ports;
mod resources;
pub(super) mod security;

use plimsoll_sdk::facts::{
    Argument, Capabilities, Container, ContainerImage, Endpoint, ImageRef, Label, Logging, Restart,
    State,
};
use plimsoll_sdk::{Loc, Nullable};

use super::config::Unset;
use super::lowering::{Known, Lowering, Owner};
use super::reference::{self, Use};
use super::tree::At;

/// The characters of an id that people know it by.
const SHORT_ID: usize = 12;

/// A container's object and its parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inspected<'a> {
    /// The container's, pointed at by its name.
    at: At<'a>,
    /// `HostConfig`.
    host: At<'a>,
    /// `Config`.
    config: At<'a>,
    /// `NetworkSettings`.
    network: At<'a>,
    loc: Loc,
    windows: bool,
    privileged: Option<bool>,
}

impl Inspected<'_> {
    /// Whether it ever ran.
    fn started(&self) -> bool {
        let at = self.at.get("State").get("StartedAt");
        at.filled().is_some_and(|time| !time.starts_with("0001-"))
    }
}

impl Lowering<'_> {
    /// The container of one object; `number` is its number among the objects, from 1.
    pub(super) fn container(&mut self, object: At<'_>, number: usize) -> Container {
        let [name_at, id_at] = ["Name", "Id"].map(|key| object.get(key));
        let id = self.string(id_at).and_then(|id| id.value().cloned());
        let written = self.string(name_at).and_then(|name| name.value().cloned());
        let name = written
            .map(|name| name.trim_start_matches('/').to_owned())
            .or_else(|| id.as_ref().map(|id| id.chars().take(SHORT_ID).collect()))
            .unwrap_or_else(|| format!("container {number}"));
        let shown = if name_at.filled().is_some() { name_at } else { id_at };
        let at = object.shown_at(shown.span);
        let loc = self.places.object(None, at.span);
        self.place(loc, "id", id_at);
        let [host, config, network] =
            ["HostConfig", "Config", "NetworkSettings"].map(|key| self.child(at.get(key)));
        let container = Inspected {
            at,
            host,
            config,
            network,
            loc,
            windows: at.get("Platform").text() == Some("windows"),
            privileged: self.boolean_field(loc, "privileged", host.get("Privileged")),
        };
        self.facts(&container, name, id)
    }

    fn facts(&mut self, it: &Inspected<'_>, name: String, id: Option<String>) -> Container {
        let Inspected { at, host, config, network, loc, .. } = *it;
        let mut owner = Owner::new(loc);
        let labels = self.labels(&mut owner, "labels", config.get("Labels"));
        let labelled = owner.incomplete.is_empty();
        let label = |names: &[&str]| value_of(&labels, names);
        let project = label(&["com.docker.compose.project", "io.podman.compose.project"]);
        let service = label(&["com.docker.compose.service"]);
        let depends_on = depends_on(label(&["com.docker.compose.depends_on"]));
        let mounted = self.mounts(it, &mut owner);
        let ports = self.ports(it, &mut owner);
        let mut devices = self.devices(&mut owner, host.get("Devices"));
        devices.extend(self.cdi_devices(&owner, host.get("DeviceRequests")));
        let user = config.omittable("User");
        self.place(loc, "user", user);
        Container {
            loc,
            source_type: "container".into(),
            project: labelled.then(|| project.map(str::to_owned).into()),
            service: service.map(str::to_owned).into(),
            container_name: Some(Nullable::Null),
            profiles: Vec::new(),
            image: self.container_image(it, &name),
            user: self.user(loc, user, "container", Unset::Default, it.windows),
            privileged: it.privileged,
            capabilities: self.capabilities(it),
            security_opt: self.security(it),
            masked_paths: self.words(&mut owner, "masked_paths", host.get("MaskedPaths")),
            readonly_paths: self.words(&mut owner, "readonly_paths", host.get("ReadonlyPaths")),
            read_only: self.boolean_field(loc, "read_only", host.get("ReadonlyRootfs")),
            mounts: mounted.mounts,
            tmpfs: mounted.tmpfs,
            volumes_from: self.arguments(&mut owner, "volumes_from", host.get("VolumesFrom")),
            devices,
            device_cgroup_rules: self.arguments(
                &mut owner,
                "device_cgroup_rules",
                host.get("DeviceCgroupRules"),
            ),
            device_requests: self.device_requests(&mut owner, host.get("DeviceRequests")),
            resources: self.resources(it, &mut owner),
            namespaces: self.namespaces(it),
            cgroup_parent: self.string_field(loc, "cgroup_parent", host.get("CgroupParent")),
            networks: self.endpoints(&mut owner, network.get("Networks")),
            expose: self.unpublished(&mut owner, config.omittable("ExposedPorts"), &ports),
            ports,
            publish_all: self.boolean_field(loc, "publish_all", host.get("PublishAllPorts")),
            links: self.arguments(&mut owner, "links", host.get("Links")),
            external_links: Vec::new(),
            has_develop: false,
            extra_hosts: self.extra_hosts(&mut owner, host.get("ExtraHosts")),
            dns: self.arguments(&mut owner, "dns", host.get("Dns")),
            environment: self.environment(
                &mut owner,
                "environment",
                config.omittable("Env"),
                "environment",
            ),
            env_files: Vec::new(),
            secrets: Vec::new(),
            configs: Vec::new(),
            // It would be one of the mounts.
            use_api_socket: Some(false),
            logging: self.logging(it),
            restart: self.restart(it),
            healthcheck: self.healthcheck(loc, config.omittable("Healthcheck"), "container"),
            entrypoint: self.command(&mut owner, "entrypoint", config.omittable("Entrypoint")),
            command: self.command(&mut owner, "command", config.omittable("Cmd")),
            working_dir: self.string_field(loc, "working_dir", config.omittable("WorkingDir")),
            init: self.boolean_field(loc, "init", host.get("Init")),
            runtime: self.string_field(loc, "runtime", host.get("Runtime")),
            sysctls: self.labels(&mut owner, "sysctls", host.omittable("Sysctls")),
            group_add: self.arguments(&mut owner, "group_add", host.get("GroupAdd")),
            annotations: self.labels(&mut owner, "annotations", host.omittable("Annotations")),
            hooks: Vec::new(),
            depends_on,
            deploy: Nullable::Null,
            stop_grace_period_s: self.stop_timeout(loc, config.omittable("StopTimeout")),
            state: self.state(loc, at),
            defaulted: Vec::new(),
            incomplete: owner.incomplete,
            name,
            id: id.into(),
            labels,
        }
    }

    fn container_image(&mut self, it: &Inspected<'_>, name: &str) -> ContainerImage {
        let id_at = it.at.get("Image");
        let id = self.string(id_at).and_then(|id| id.value().map(|id| reference::id(id)));
        let written = it.config.get("Image");
        self.string(written);
        let at =
            [written, it.at.get("ImageName"), id_at].into_iter().find(|at| at.filled().is_some());
        let used = Use { role: "container", container: Some(name), id: id.as_deref() };
        let mut image = self.image_of(it.loc, at, written, used);
        self.place(image.loc, "id", id_at);
        self.place(it.loc, "image", at.unwrap_or(written));
        image.id = id.into();
        image
    }

    /// The image of a container or a service, and the reference that names it.
    pub(super) fn image_of(
        &mut self,
        parent: Loc,
        at: Option<At<'_>>,
        nearest: At<'_>,
        used: Use<'_>,
    ) -> ContainerImage {
        let loc = self.object(parent, at.unwrap_or(nearest));
        let mut image = ContainerImage {
            loc,
            raw: Nullable::Null,
            name: None,
            familiar: None,
            tag: None,
            digest: None,
            id: Nullable::Null,
            r#match: Nullable::Null,
            linked: Nullable::Null,
            candidates: Vec::new(),
            build: Nullable::Null,
            pull_policy: None,
        };
        if let Some(at) = at {
            let reference = self.reference(loc, at, used);
            describe(&mut image, &reference);
            self.references.push(reference);
        }
        image
    }

    fn capabilities(&mut self, it: &Inspected<'_>) -> Capabilities {
        let [add, drop] = ["CapAdd", "CapDrop"].map(|key| it.host.get(key));
        self.capability_lists(it.loc, add, drop)
    }

    pub(super) fn capability_lists(
        &mut self,
        parent: Loc,
        add: At<'_>,
        drop: At<'_>,
    ) -> Capabilities {
        let loc = self.object(parent, add);
        self.place(parent, "capabilities", add);
        let mut owner = Owner::new(loc);
        let mut lists = [("add", add), ("drop", drop)].map(|(field, at)| {
            let words = self.words(&mut owner, field, at);
            words.iter().map(|word| capability(word)).collect::<Vec<_>>()
        });
        let [add, drop] = lists.each_mut().map(std::mem::take);
        Capabilities { loc, add, drop, incomplete: owner.incomplete }
    }

    pub(super) fn endpoints(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<Endpoint> {
        let mut endpoints = Vec::new();
        for (key, value) in self.map_field(owner, "networks", at) {
            let loc = self.object(owner.loc, value.shown_at(key.span));
            let mut lists = Owner::new(loc);
            let aliases = self.words(&mut lists, "aliases", value.get("Aliases"));
            endpoints.push(Endpoint { loc, name: key.text.clone(), implicit: false, aliases });
        }
        endpoints
    }

    /// The engine writes `name:address`; the facts have `name=address`.
    fn extra_hosts(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<Argument> {
        let mut hosts = self.arguments(owner, "extra_hosts", at);
        for host in &mut hosts {
            host.text = host.text.replacen(':', "=", 1);
        }
        hosts
    }

    fn logging(&mut self, it: &Inspected<'_>) -> Logging {
        let config = self.child(it.host.get("LogConfig"));
        let kind = config.get("Type");
        let loc = self.object(it.loc, kind);
        self.place(it.loc, "logging", kind);
        let mut owner = Owner::new(loc);
        let driver = self.string_field(loc, "driver", kind).and_then(|kind| kind.value().cloned());
        let options = self.labels(&mut owner, "options", config.get("Config"));
        if driver.is_none() {
            owner.incomplete("options");
        }
        let from = if driver.is_some() { "container" } else { "unknown" };
        Logging { loc, driver, options, from: from.into(), incomplete: owner.incomplete }
    }

    fn restart(&mut self, it: &Inspected<'_>) -> Restart {
        let at = self.child(it.host.get("RestartPolicy"));
        let name = at.get("Name");
        let loc = self.object(it.loc, name);
        self.place(it.loc, "restart", name);
        let policy = self.string_field(loc, "policy", name);
        let policy = policy.map(|name| name.value().map_or("no", String::as_str).to_owned());
        let retries = self.positive_field(loc, "max_retries", at.get("MaximumRetryCount"));
        Restart { loc, policy, max_retries: narrow(retries), ignored: Nullable::Null }
    }

    /// Words; engines of podman before 5 write the entrypoint as one string.
    pub(super) fn command(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        at: At<'_>,
    ) -> Vec<String> {
        match at.text() {
            Some(text) => {
                self.place(owner.loc, field, at);
                text.split_ascii_whitespace().map(str::to_owned).collect()
            }
            None => self.words(owner, field, at),
        }
    }

    fn stop_timeout(&mut self, loc: Loc, at: At<'_>) -> Known<f64> {
        self.place(loc, "stop_grace_period_s", at);
        let seconds = self.integer(at)?;
        let seconds = seconds.value().and_then(|&seconds| i32::try_from(seconds).ok());
        Some(seconds.map(f64::from).into())
    }

    fn state(&mut self, parent: Loc, container: At<'_>) -> Nullable<State> {
        let at = self.child(container.get("State"));
        self.place(parent, "state", at);
        if !at.is_map() {
            return Nullable::Null;
        }
        let loc = self.object(parent, at);
        let lower = |text: Known<String>| {
            text.and_then(|text| text.value().map(|text| text.to_ascii_lowercase()))
        };
        let status = lower(self.string_field(loc, "status", at.get("Status")));
        // Left out without a health check; podman before 4 has another word for it.
        let health = at.first(&["Health", "Healthcheck"]);
        let health = if health.node.is_some() { health } else { at.omittable("Health") };
        let health_status = lower(self.string_field(loc, "health", health.get("Status")))
            .filter(|status| status != "none");
        let started = self.string_field(loc, "started_at", at.get("StartedAt"));
        let count = container.get("RestartCount");
        self.place(loc, "restart_count", count);
        let size = container.get("SizeRw");
        self.place(loc, "size_rw_bytes", size);
        let mut owner = Owner::new(loc);
        let mut unsigned = |at| {
            self.integer(at).and_then(|count| count.value().and_then(|&it| u64::try_from(it).ok()))
        };
        let (restart_count, size_rw_bytes) = (unsigned(count), unsigned(size));
        Nullable::Value(State {
            loc,
            status,
            health: Some(health_status.into()),
            started_at: started
                .map(|time| time.value().filter(|time| !time.starts_with("0001-")).cloned().into()),
            restart_count,
            exec_ids: self.words(&mut owner, "exec_ids", container.get("ExecIDs")),
            size_rw_bytes,
        })
    }
}

/// Takes over what a reference says.
fn describe(image: &mut ContainerImage, reference: &ImageRef) {
    image.raw = Nullable::Value(reference.raw.clone());
    image.name.clone_from(&reference.name);
    image.familiar.clone_from(&reference.familiar);
    image.tag.clone_from(&reference.tag);
    image.digest.clone_from(&reference.digest);
}

/// The name of a capability in upper case, without `CAP_`.
fn capability(text: &str) -> String {
    let upper = text.to_ascii_uppercase();
    upper.strip_prefix("CAP_").unwrap_or(&upper).to_owned()
}

pub(super) fn narrow(number: Known<u64>) -> Known<u32> {
    let narrow = |&number: &u64| u32::try_from(number).unwrap_or(u32::MAX);
    number.map(|known| known.value().map(narrow).into())
}

/// The value of the first of these labels that is set.
pub(super) fn value_of<'l>(labels: &'l [Label], names: &[&str]) -> Option<&'l str> {
    let set =
        labels.iter().find(|label| label.key.as_deref().is_some_and(|it| names.contains(&it)));
    set.and_then(|label| label.value.as_deref()).filter(|value| !value.is_empty())
}

/// Services that Compose waited for: `db:service_healthy:true,cache:service_started:false`.
fn depends_on(label: Option<&str>) -> Vec<String> {
    let entries = label.unwrap_or_default().split(',');
    let names = entries.map(|entry| entry.split(':').next().unwrap_or_default().trim());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
