//! Which files of a machine are looked for, and what each is to an engine.

/// A file that may lie in several places.
pub(super) struct FileRow {
    /// What it is to an engine.
    pub(super) role: &'static str,
    /// Where it may lie, the usual place first.
    pub(super) paths: &'static [&'static str],
}

const fn row(role: &'static str, paths: &'static [&'static str]) -> FileRow {
    FileRow { role, paths }
}

/// The unit that starts the engine, in the places where systemd looks: a later one replaces those
/// before it.
pub(super) const UNITS: &[&str] = &[
    "/usr/lib/systemd/system/docker.service",
    "/lib/systemd/system/docker.service",
    "/etc/systemd/system/docker.service",
];

/// Files with settings that are laid over the unit.
pub(super) const DROP_INS: &str = "/etc/systemd/system/docker.service.d";

pub(super) const DAEMON_JSON: &str = "/etc/docker/daemon.json";

/// The socket of an engine that runs as root.
pub(super) const API_SOCKET: &str = "/run/docker.sock";

/// The folder of the certificates of registries; below it, a folder for each.
pub(super) const REGISTRIES: &str = "/etc/docker/certs.d";

/// Where shims of containerd are.
pub(super) const PROGRAMS: &[&str] = &["/usr/bin", "/usr/local/bin"];

/// What the names of shims begin with.
pub(super) const SHIM: &str = "containerd-shim";

/// The files of which the CIS Docker Benchmark speaks, in its sections 1.1 and 3.
pub(super) const FILES: &[FileRow] = &[
    row("docker_service", UNITS),
    row(
        "docker_socket",
        &[
            "/usr/lib/systemd/system/docker.socket",
            "/lib/systemd/system/docker.socket",
            "/etc/systemd/system/docker.socket",
        ],
    ),
    row("docker_folder", &["/etc/docker"]),
    row("daemon_configuration", &[DAEMON_JSON]),
    row("docker_default", &["/etc/default/docker"]),
    row("docker_sysconfig", &["/etc/sysconfig/docker"]),
    row("docker_api_socket", &[API_SOCKET]),
    row("containerd_folder", &["/run/containerd"]),
    row(
        "containerd_socket",
        &["/run/containerd/containerd.sock", "/run/docker/containerd/containerd.sock"],
    ),
    row("containerd_configuration", &["/etc/containerd/config.toml"]),
    row("dockerd", &["/usr/bin/dockerd", "/usr/local/bin/dockerd"]),
    row("containerd", &["/usr/bin/containerd", "/usr/local/bin/containerd"]),
    row("runc", &["/usr/bin/runc", "/usr/sbin/runc", "/usr/local/sbin/runc"]),
];
