//! From what each text says to the facts of one daemon.
//!
//! Owns the precedence (a flag, then `daemon.json`, then what the running engine printed, then the
//! default) and which defaults count; see the module above.

mod lists;
mod settle;

use std::sync::Arc;

use plimsoll_sdk::facts::{
    Daemon, DaemonCounts, DaemonLog, DaemonRegistries, DaemonSeccomp, DaemonTls, LimitsSupported,
    Swarm,
};
use plimsoll_sdk::{Loc, Nullable};

use super::info;
use super::layer::{Layer, Printed};
use crate::diagnostic::Diagnostic;
use crate::document::PlaceTable;
use crate::source::{Place, Source, Span};
use settle::Alone::{No, Yes};
use settle::{Fact, Found, Settle};

/// What is known of one daemon: at most one text of each form.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) flags: Option<Layer>,
    pub(super) config: Option<Layer>,
    pub(super) info: Option<Printed>,
    pub(super) version: Option<Printed>,
}

/// Says what both a flag and `daemon.json` set.
pub(super) fn conflicts(parts: &Parts, problems: &mut Vec<Diagnostic>) {
    Settle::conflicts(parts, problems);
}

impl Parts {
    /// Whether nothing is known.
    pub(super) fn is_empty(&self) -> bool {
        self.flags.is_none()
            && self.config.is_none()
            && self.info.is_none()
            && self.version.is_none()
    }

    /// The place that stands for the daemon: that of the form that says most about it.
    fn place(&self) -> Option<Place> {
        let printed = |part: &Option<Printed>| {
            part.as_ref().map(|p| {
                let start = p.node.span.start as usize;
                Place::new(&p.source, Span::new(start, start + 1))
            })
        };
        let layer = |part: &Option<Layer>| part.as_ref().map(|layer| layer.place(layer.span));
        layer(&self.config)
            .or_else(|| printed(&self.info))
            .or_else(|| layer(&self.flags))
            .or_else(|| printed(&self.version))
    }

    fn sources(&self) -> Vec<String> {
        let forms = [
            (self.flags.is_some(), "flags"),
            (self.config.is_some(), "config"),
            (self.info.is_some(), "info"),
            (self.version.is_some(), "version"),
        ];
        forms.into_iter().filter(|(there, _)| *there).map(|(_, form)| form.to_owned()).collect()
    }
}

/// Lowers what is known of one daemon.
pub(super) fn lower(
    parts: &Parts,
    source: &Arc<Source>,
    problems: &mut Vec<Diagnostic>,
) -> (Daemon, PlaceTable) {
    let place = parts.place().unwrap_or_else(|| Place::new(source, Span::default()));
    let mut places = PlaceTable::new(&place.source);
    let loc = places.object(None, place.span);
    let mut settle = Settle::new(parts, places, loc, place, problems);
    let mut daemon = settle.daemon(loc);
    daemon.sources = parts.sources();
    daemon.evidence = settle.evidence;
    (daemon, settle.places)
}

impl Settle<'_> {
    fn daemon(&mut self, loc: Loc) -> Daemon {
        let fact = |field: &'static str| Fact { loc, field, path: field };
        let security = info::Security::read(self.parts.info.as_ref());
        let mut incomplete = Vec::new();

        let tls = self.tls();
        let hosts = self.hosts(&tls, &mut incomplete);
        let (plain_tcp, unverified_tls) = self.exposure(&hosts, &incomplete);
        let listeners = self.listeners(&mut incomplete);
        let remap = self.remap(fact("userns_remap"), &security);
        let userns = match &remap {
            Some(remap) => Some(remap.value().is_some()),
            None => security.userns,
        };
        self.derived(fact("userns"), userns.is_some(), "userns_remap", security.place.clone());
        let selinux_enabled = self.boolean(
            fact("selinux_enabled"),
            Some("selinux-enabled"),
            security.selinux.filter(|on| *on).zip(security.place.clone()),
            Some((false, Yes)),
        );
        let selinux = self.selinux(fact("selinux"), &security, selinux_enabled);

        let mut daemon = Daemon {
            loc,
            sources: Vec::new(),
            name: self.printed_text(fact("name"), &["Name"]).unwrap_or_else(|| "daemon".into()),
            id: self.printed_text(fact("id"), &["ID"]),
            hosts,
            plain_tcp,
            unverified_tls,
            tls,
            listeners,
            rootless: self.boolean(
                fact("rootless"),
                Some("rootless"),
                security.rootless.zip(security.place.clone()),
                None,
            ),
            userns,
            userns_remap: remap,
            no_new_privileges: self.boolean(
                fact("no_new_privileges"),
                Some("no-new-privileges"),
                security.no_new_privileges.zip(security.place.clone()),
                Some((false, Yes)),
            ),
            icc: self.boolean(fact("icc"), Some("icc"), None, Some((true, Yes))),
            live_restore: {
                let info = self.info_bool(&["LiveRestoreEnabled"]);
                self.boolean(fact("live_restore"), Some("live-restore"), info, Some((false, Yes)))
            },
            userland_proxy: self.boolean(
                fact("userland_proxy"),
                Some("userland-proxy"),
                None,
                Some((true, Yes)),
            ),
            seccomp: self.seccomp(&security),
            apparmor: self.printed(fact("apparmor"), security.apparmor.zip(security.place.clone())),
            selinux,
            selinux_enabled,
            cgroup_ns_default: self.text(
                fact("cgroup_ns_default"),
                "default-cgroupns-mode",
                security.cgroup_ns.clone().zip(security.place.clone()),
                None,
            ),
            ipc_default: self.text(
                fact("ipc_default"),
                "default-ipc-mode",
                None,
                Some(("private", Yes)),
            ),
            log: self.log(),
            debug: {
                let info = self.info_bool(&["Debug"]);
                self.boolean(fact("debug"), Some("debug"), info, Some((false, Yes)))
            },
            iptables: self.boolean(fact("iptables"), Some("iptables"), None, Some((true, No))),
            ip6tables: self.boolean(fact("ip6tables"), Some("ip6tables"), None, Some((true, No))),
            ipv6: self.boolean(fact("ipv6"), Some("ipv6"), None, Some((false, No))),
            allow_direct_routing: self.boolean(
                fact("allow_direct_routing"),
                Some("allow-direct-routing"),
                None,
                Some((false, No)),
            ),
            ip_forward_no_drop: self.boolean(
                fact("ip_forward_no_drop"),
                Some("ip-forward-no-drop"),
                None,
                Some((false, No)),
            ),
            firewall_backend: {
                let info = self.info_text(&["FirewallBackend", "Driver"]);
                let default = Some(("iptables", No));
                self.text(fact("firewall_backend"), "firewall-backend", info, default)
            },
            registries: self.registries(),
            authorization_plugins: self.authorization(&mut incomplete),
            storage_driver: {
                let info = self.info_text(&["Driver"]);
                self.text(fact("storage_driver"), "storage-driver", info, None)
            },
            storage_opts: self.arguments(fact("storage_opts"), "storage-opts", No, &mut incomplete),
            default_ulimits: self.ulimits(&mut incomplete),
            default_network_options: self.network_options(&mut incomplete),
            cgroup_parent: {
                let default = Some((None, No));
                self.text_or_none(fact("cgroup_parent"), "cgroup-parent", None, default)
            },
            cgroup_version: self.printed_text(fact("cgroup_version"), &["CgroupVersion"]),
            cgroup_driver: self.printed_text(fact("cgroup_driver"), &["CgroupDriver"]),
            limits_supported: self.limits(),
            runtimes: self.runtimes(&mut incomplete),
            default_runtime: {
                let info = self.info_text(&["DefaultRuntime"]);
                let default = Some(("runc", No));
                self.text(fact("default_runtime"), "default-runtime", info, default)
            },
            experimental: {
                let info = self.info_bool(&["ExperimentalBuild"]);
                let version = || self.version_bool(&["Experimental"]);
                let info = info.or_else(version);
                self.boolean(fact("experimental"), Some("experimental"), info, Some((false, No)))
            },
            features: self.features(&mut incomplete),
            server_version: self.server_version(fact("server_version")),
            api_version: self.version_text(fact("api_version"), &["ApiVersion"]),
            min_api_version: self.version_text(fact("min_api_version"), &["MinAPIVersion"]),
            components: self.components(&mut incomplete),
            kernel_version: self
                .printed_text(fact("kernel_version"), &["KernelVersion"])
                .or_else(|| self.version_text(fact("kernel_version"), &["KernelVersion"])),
            os: self.printed_text(fact("os"), &["OperatingSystem"]),
            os_version: self.printed_text(fact("os_version"), &["OSVersion"]),
            os_type: self
                .printed_text(fact("os_type"), &["OSType"])
                .or_else(|| self.version_text(fact("os_type"), &["Os"])),
            architecture: self.printed_text(fact("architecture"), &["Architecture"]),
            data_root: {
                let info = self.info_text(&["DockerRootDir"]);
                self.text(fact("data_root"), "data-root", info, None)
            },
            group: self.text(fact("group"), "group", None, Some(("docker", No))),
            labels: self.labels(&mut incomplete),
            counts: self.counts(),
            warnings: self.warnings(&mut incomplete),
            swarm: self.swarm(),
            evidence: Vec::new(),
            incomplete,
        };
        daemon.incomplete.sort_unstable();
        self.without_iptables(&daemon);
        daemon
    }

    /// What `verifyDaemonSettings` of the engine refuses.
    fn without_iptables(&mut self, daemon: &Daemon) {
        let keys = ["icc", "iptables"];
        let set = keys.map(|key| match self.found(key) {
            Found::Set(entry, _, layer, _) => Some(layer.place(entry.key)),
            _ => None,
        });
        if let ([Some(icc), Some(iptables)], Some(false), Some(false)) =
            (set, daemon.icc, daemon.iptables)
        {
            self.problem(
                Diagnostic::error("`icc` and `iptables` are both false")
                    .label(icc, "this needs packet filtering")
                    .label(iptables, "and this switches it off")
                    .help("dockerd does not start with both"),
            );
        }
    }

    /// Whom root of containers is mapped to. The engine says whether, not whom.
    fn remap(&mut self, fact: Fact, security: &info::Security) -> Option<Nullable<String>> {
        let key = "userns-remap";
        if security.userns == Some(true) && !matches!(self.found(key), Found::Set(..)) {
            return None;
        }
        let none = security.userns.filter(|on| !on).and(security.place.clone());
        self.text_or_none(fact, key, none.map(|place| (None, place)), Some((None, Yes)))
    }

    /// Whether SELinux confines containers: it does not unless it is switched on.
    fn selinux(
        &mut self,
        fact: Fact,
        security: &info::Security,
        enabled: Option<bool>,
    ) -> Option<bool> {
        if let Some(on) = self.printed(fact, security.selinux.zip(security.place.clone())) {
            return Some(on);
        }
        let off = enabled.filter(|on| !on);
        self.derived(fact, off.is_some(), "selinux_enabled", None);
        off
    }

    fn tls(&mut self) -> DaemonTls {
        let loc = self.part();
        let fact = |field, path| Fact { loc, field, path };
        let verify = self.boolean(fact("verify", "tls.verify"), Some("tlsverify"), None, None);
        let enabled = self.boolean(fact("enabled", "tls.enabled"), Some("tls"), None, None);
        let hidden = self.is_hidden("tlsverify") || self.is_hidden("tls");
        let may_default = !hidden && self.defaults(Yes);
        let both = match (enabled, verify) {
            // Setting tlsverify switches TLS on, whatever it is set to (loadDaemonCliConfig).
            (_, Some(verify)) => (Some(true), Some(verify)),
            (None, None) if may_default => (Some(false), Some(false)),
            // The flag alone verifies clients, too; the key does so on recent engines only.
            (Some(true), None) if self.set_by_flag("tls") => (Some(true), Some(true)),
            (Some(on), None) if may_default => (Some(on), Some(false)),
            neither => neither,
        };
        if enabled.is_none() && both.0.is_some() {
            let fact = fact("enabled", "tls.enabled");
            match verify {
                Some(_) => self.derived(fact, true, "tls.verify", None),
                None => self.note(fact, "default", None),
            }
        }
        if verify.is_none() && both.1.is_some() {
            self.note(fact("verify", "tls.verify"), "default", None);
        }
        let (enabled, verify) = both;
        let path = |settle: &mut Self, field, path, key| {
            settle.text_or_none(Fact { loc, field, path }, key, None, Some((None, Yes)))
        };
        DaemonTls {
            loc,
            enabled,
            verify,
            ca_cert: path(self, "ca_cert", "tls.ca_cert", "tlscacert"),
            cert: path(self, "cert", "tls.cert", "tlscert"),
            key: path(self, "key", "tls.key", "tlskey"),
        }
    }

    fn seccomp(&mut self, security: &info::Security) -> DaemonSeccomp {
        let loc = self.part();
        let profile = self.text(
            Fact { loc, field: "profile", path: "seccomp.profile" },
            "seccomp-profile",
            security.seccomp_profile.clone().zip(security.place.clone()),
            Some(("builtin", No)),
        );
        let fact = Fact { loc, field: "enabled", path: "seccomp.enabled" };
        let enabled = match profile.as_deref() {
            Some("unconfined") => Some(false),
            // Without support in the kernel dockerd starts no container with a profile of its own,
            // and every container without confinement when the profile is the default.
            Some(path) if path != "builtin" && path != "default" => security.seccomp.or(Some(true)),
            _ => security.seccomp,
        };
        self.derived(fact, enabled.is_some(), "seccomp.profile", security.place.clone());
        DaemonSeccomp { loc, enabled, profile }
    }

    fn log(&mut self) -> DaemonLog {
        let loc = self.part();
        let mut incomplete = Vec::new();
        let driver = self.info_text(&["LoggingDriver"]);
        DaemonLog {
            loc,
            driver: self.text(
                Fact { loc, field: "driver", path: "log.driver" },
                "log-driver",
                driver,
                Some(("json-file", Yes)),
            ),
            options: self.log_options(loc, &mut incomplete),
            level: self.text(
                Fact { loc, field: "level", path: "log.level" },
                "log-level",
                None,
                Some(("info", Yes)),
            ),
            incomplete,
        }
    }

    fn registries(&mut self) -> DaemonRegistries {
        let loc = self.part();
        let mut incomplete = Vec::new();
        DaemonRegistries {
            loc,
            insecure: self.insecure_registries(loc, &mut incomplete),
            mirrors: self.mirrors(loc, &mut incomplete),
            incomplete,
        }
    }

    fn limits(&mut self) -> LimitsSupported {
        let loc = self.part();
        let mut limit = |field, path, key| {
            let value = self.info_bool(&[key]);
            self.printed(Fact { loc, field, path }, value)
        };
        LimitsSupported {
            loc,
            memory: limit("memory", "limits_supported.memory", "MemoryLimit"),
            swap: limit("swap", "limits_supported.swap", "SwapLimit"),
            pids: limit("pids", "limits_supported.pids", "PidsLimit"),
            cpu_cfs: limit("cpu_cfs", "limits_supported.cpu_cfs", "CpuCfsQuota"),
        }
    }

    fn counts(&mut self) -> DaemonCounts {
        let loc = self.part();
        let mut count = |field, path, key| {
            let value = self.info_number(&[key]);
            self.printed(Fact { loc, field, path }, value)
        };
        DaemonCounts {
            loc,
            containers: count("containers", "counts.containers", "Containers"),
            running: count("running", "counts.running", "ContainersRunning"),
            paused: count("paused", "counts.paused", "ContainersPaused"),
            stopped: count("stopped", "counts.stopped", "ContainersStopped"),
            images: count("images", "counts.images", "Images"),
        }
    }

    fn swarm(&mut self) -> Swarm {
        let loc = self.part();
        let fact = |field, path| Fact { loc, field, path };
        let spec = ["Swarm", "Cluster", "Spec"];
        let expiry = self.info_number(&[spec[0], spec[1], spec[2], "CAConfig", "NodeCertExpiry"]);
        let expiry = expiry.map(|(nanoseconds, place)| (nanoseconds / 1_000_000_000, place));
        let lock =
            self.info_bool(&[spec[0], spec[1], spec[2], "EncryptionConfig", "AutoLockManagers"]);
        let manager = self.info_bool(&["Swarm", "ControlAvailable"]);
        let managers = self.info_number(&["Swarm", "Managers"]);
        let nodes = self.info_number(&["Swarm", "Nodes"]);
        let root = self.info_text(&["Swarm", "Cluster", "TLSInfo", "TrustRoot"]);
        let since = root.and_then(|(pem, place)| Some((super::pem::not_before(&pem)?, place)));
        Swarm {
            loc,
            state: self.printed_text(fact("state", "swarm.state"), &["Swarm", "LocalNodeState"]),
            manager: self.printed(fact("manager", "swarm.manager"), manager),
            managers: self.printed(fact("managers", "swarm.managers"), managers),
            nodes: self.printed(fact("nodes", "swarm.nodes"), nodes),
            autolock: self.printed(fact("autolock", "swarm.autolock"), lock),
            cert_expiry_s: self.printed(fact("cert_expiry_s", "swarm.cert_expiry_s"), expiry),
            trust_root_not_before: self
                .printed(fact("trust_root_not_before", "swarm.trust_root_not_before"), since),
        }
    }
}
