//! The options of dockerd: what they are called on the command line and in `daemon.json`.
//!
//! The list is that of moby's `daemon/command/config*.go` and `options.go`, with those that older
//! engines took. In `daemon.json` an option has the name of its flag, or of the list that the flag
//! adds to: `--host` and `hosts`.

use Kind::{Bool, Features, Int, List, Map, NestedMap, Object, Pools, Runtimes, Text, Ulimits};

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int,
    Text,
    /// Strings; a flag adds one.
    List,
    /// Strings by name; a flag adds `name=value`.
    Map,
    /// Strings by name, by the name of a network driver; a flag adds `driver=name=value`.
    NestedMap,
    /// Limits by name; a flag adds `name=soft:hard`.
    Ulimits,
    /// Runtimes by name; a flag adds `name=path`.
    Runtimes,
    /// Booleans by name; a flag adds `name` or `name=false`.
    Features,
    /// Address pools; a flag adds `base=…,size=…`.
    Pools,
    /// An object that is not looked into.
    Object,
}

/// An option.
#[derive(Debug)]
pub(super) struct DaemonOption {
    /// Its name in `daemon.json`.
    pub(super) key: &'static str,
    /// Its name on the command line, without dashes.
    pub(super) flag: &'static str,
    pub(super) short: Option<char>,
    pub(super) kind: Kind,
}

const fn same(key: &'static str, kind: Kind) -> DaemonOption {
    DaemonOption { key, flag: key, short: None, kind }
}

const fn short(key: &'static str, short: char, kind: Kind) -> DaemonOption {
    DaemonOption { key, flag: key, short: Some(short), kind }
}

const fn named(key: &'static str, flag: &'static str, kind: Kind) -> DaemonOption {
    DaemonOption { key, flag, short: None, kind }
}

/// Every option that stands in both places.
pub(super) const OPTIONS: &[DaemonOption] = &[
    same("allow-direct-routing", Bool),
    same("allow-nondistributable-artifacts", List),
    same("api-cors-header", Text),
    same("api-enable-cors", Bool),
    named("authorization-plugins", "authorization-plugin", List),
    same("bip", Text),
    same("bip6", Text),
    short("bridge", 'b', Text),
    same("bridge-accept-fwmark", Text),
    named("cdi-spec-dirs", "cdi-spec-dir", List),
    same("cgroup-parent", Text),
    same("cluster-advertise", Text),
    same("cluster-store", Text),
    named("cluster-store-opts", "cluster-store-opt", Map),
    same("containerd", Text),
    same("containerd-namespace", Text),
    same("containerd-plugins-namespace", Text),
    same("cpu-rt-period", Int),
    same("cpu-rt-runtime", Int),
    same("cri-containerd", Bool),
    same("data-root", Text),
    short("debug", 'D', Bool),
    named("default-address-pools", "default-address-pool", Pools),
    same("default-cgroupns-mode", Text),
    same("default-gateway", Text),
    same("default-gateway-v6", Text),
    same("default-ipc-mode", Text),
    named("default-network-opts", "default-network-opt", NestedMap),
    same("default-runtime", Text),
    same("default-shm-size", Text),
    same("default-stop-timeout", Int),
    named("default-ulimits", "default-ulimit", Ulimits),
    same("disable-legacy-registry", Bool),
    same("dns", List),
    named("dns-opts", "dns-opt", List),
    same("dns-search", List),
    named("exec-opts", "exec-opt", List),
    same("exec-root", Text),
    same("experimental", Bool),
    named("features", "feature", Features),
    same("firewall-backend", Text),
    same("fixed-cidr", Text),
    same("fixed-cidr-v6", Text),
    short("graph", 'g', Text),
    short("group", 'G', Text),
    same("host-gateway-ip", Text),
    named("host-gateway-ips", "host-gateway-ip", List),
    DaemonOption { key: "hosts", flag: "host", short: Some('H'), kind: List },
    same("http-proxy", Text),
    same("https-proxy", Text),
    same("icc", Bool),
    same("init", Bool),
    same("init-path", Text),
    named("insecure-registries", "insecure-registry", List),
    same("ip", Text),
    same("ip-forward", Bool),
    same("ip-forward-no-drop", Bool),
    same("ip-masq", Bool),
    same("ip6tables", Bool),
    same("iptables", Bool),
    same("ipv6", Bool),
    named("labels", "label", List),
    same("live-restore", Bool),
    same("log-driver", Text),
    same("log-format", Text),
    short("log-level", 'l', Text),
    named("log-opts", "log-opt", Map),
    same("max-concurrent-downloads", Int),
    same("max-concurrent-uploads", Int),
    same("max-download-attempts", Int),
    same("metrics-addr", Text),
    same("mtu", Int),
    same("network-control-plane-mtu", Int),
    same("network-diagnostic-port", Int),
    same("no-new-privileges", Bool),
    same("no-proxy", Text),
    named("node-generic-resources", "node-generic-resource", List),
    same("nri-opts", Object),
    same("oom-score-adjust", Int),
    short("pidfile", 'p', Text),
    same("raw-logs", Bool),
    named("registry-mirrors", "registry-mirror", List),
    same("rootless", Bool),
    named("runtimes", "add-runtime", Runtimes),
    same("seccomp-profile", Text),
    same("selinux-enabled", Bool),
    same("shutdown-timeout", Int),
    short("storage-driver", 's', Text),
    named("storage-opts", "storage-opt", List),
    same("swarm-default-advertise-addr", Text),
    same("swarm-raft-election-tick", Int),
    same("swarm-raft-heartbeat-tick", Int),
    same("tls", Bool),
    same("tlscacert", Text),
    same("tlscert", Text),
    same("tlskey", Text),
    same("tlsverify", Bool),
    same("userland-proxy", Bool),
    same("userland-proxy-path", Text),
    same("userns-remap", Text),
];

/// Options that only the command line takes.
pub(super) const FLAGS_ONLY: &[DaemonOption] = &[
    same("config-file", Text),
    short("help", 'h', Bool),
    short("restart", 'r', Bool),
    same("validate", Bool),
    short("version", 'v', Bool),
    short("daemon", 'd', Bool),
];

/// Options that only `daemon.json` takes.
pub(super) const FILE_ONLY: &[DaemonOption] =
    &[same("builder", Object), same("deprecated-key-path", Text)];

/// The option of a key of `daemon.json`.
pub(super) fn by_key(key: &str) -> Option<&'static DaemonOption> {
    OPTIONS.iter().chain(FILE_ONLY).find(|option| option.key == key)
}

/// The option of a long flag.
pub(super) fn by_flag(flag: &str) -> Option<&'static DaemonOption> {
    // Where two share a flag, the list is the one of today.
    OPTIONS.iter().chain(FLAGS_ONLY).rfind(|option| option.flag == flag)
}

/// The option of a flag of one letter.
pub(super) fn by_short(letter: char) -> Option<&'static DaemonOption> {
    OPTIONS.iter().chain(FLAGS_ONLY).find(|option| option.short == Some(letter))
}

impl Kind {
    /// What `daemon.json` has to hold, with its article.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Bool => "`true` or `false`",
            Int => "an integer",
            Text => "a string",
            List => "a list of strings",
            Map => "an object whose values are strings",
            NestedMap => "an object of objects whose values are strings",
            Ulimits | Runtimes => "an object of objects",
            Features => "an object whose values are `true` or `false`",
            Pools => "a list of objects",
            Object => "an object",
        }
    }
}
