//! Starting and stopping an engine of our own, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use plimsoll_tests::{repository, skipped};

/// What the engine is configured with.
pub(crate) const CONFIG: &str = r#"{
    "userland-proxy": false, "no-new-privileges": true, "live-restore": true,
    "log-driver": "local", "log-opts": {"max-size": "10m"}, "labels": ["plimsoll=test"],
    "default-ulimits": {"nofile": {"Name": "nofile", "Hard": 2048, "Soft": 1024}},
    "insecure-registries": ["10.1.2.0/24"], "registry-mirrors": ["https://mirror.example"],
    "runtimes": {"other": {"path": "runc"}}, "default-runtime": "other"
}"#;

/// The folder that the packages were unpacked to, or `None` after saying that there is none.
pub(crate) fn root() -> Option<PathBuf> {
    let folder = repository().join("target/docker");
    if folder.join("done").exists() {
        return Some(folder.join("root"));
    }
    skipped("docker", "target/docker is missing, which tests/docker/install makes");
    None
}

/// A program of the packages.
pub(crate) fn program(root: &Path, name: &str) -> Command {
    let folder = if name == "dockerd" { "usr/sbin" } else { "usr/bin" };
    let mut command = Command::new(root.join(folder).join(name));
    let libraries = ["usr/lib", "lib"].map(|folder| {
        let folder = root.join(folder).join(format!("{}-linux-gnu", std::env::consts::ARCH));
        folder.display().to_string()
    });
    let path = std::env::var("PATH").unwrap_or_default();
    let root = root.display();
    command
        .env("LD_LIBRARY_PATH", libraries.join(":"))
        .env("PATH", format!("{root}/usr/bin:{root}/usr/sbin:{path}"))
        .env("DOCKER_CONFIG", "/nonexistent")
        .env("DOCKER_BUILDKIT", "0")
        .stdin(Stdio::null());
    command
}

/// Removes a folder that dockerd worked in. It mounts its data on itself, and leaves the mount when
/// it does not start.
pub(crate) fn remove(folder: &Path) {
    let data = folder.join("data");
    let quiet = |command: &mut Command| {
        let command = command.arg(&data).stdin(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let mut mounts = 0;
    while mounts < 100 && quiet(&mut Command::new("umount")) {
        mounts += 1;
    }
    let _ = std::fs::remove_dir_all(folder);
}

/// A running engine; stops when it is dropped.
pub(crate) struct Engine {
    root: PathBuf,
    folder: PathBuf,
    arguments: Vec<String>,
    process: Child,
}

impl Engine {
    /// Starts an engine without network; `None` after saying why there is none.
    pub(crate) fn start() -> Option<Self> {
        let root = root()?;
        let folder = repository().join(format!("target/docker/run-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("daemon.json"), CONFIG).expect("a file");
        let inside = |name: &str| folder.join(name).display().to_string();
        let arguments = vec![
            format!("--config-file={}", inside("daemon.json")),
            format!("--data-root={}", inside("data")),
            format!("--exec-root={}", inside("exec")),
            format!("--pidfile={}", inside("pid")),
            format!("--host=unix://{}", inside("docker.sock")),
            "--bridge=none".into(),
            "--iptables=false".into(),
            "--ip6tables=false".into(),
            "-D".into(),
        ];
        let log = std::fs::File::create(folder.join("log")).expect("a file");
        let errors = log.try_clone().expect("a file");
        let mut dockerd = program(&root, "dockerd");
        let process = dockerd.args(&arguments).stdout(log).stderr(errors).spawn();
        let engine = Engine {
            root,
            folder,
            arguments,
            process: process.expect("dockerd was run when it was unpacked"),
        };
        engine.wait()
    }

    /// Until it answers; `None` after saying that it does not.
    fn wait(mut self) -> Option<Self> {
        let start = Instant::now();
        loop {
            let answer = self.run(&["version"]);
            if answer.is_ok() {
                return Some(self);
            }
            let ended = self.process.try_wait().expect("a child").is_some();
            if ended || start.elapsed() > Duration::from_secs(60) {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                let tail: Vec<&str> = log.lines().rev().take(3).collect();
                skipped("docker", &format!("dockerd does not run here: {tail:?}"));
                return None;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// The command line that it runs with, as text.
    pub(crate) fn command_line(&self) -> String {
        format!("/usr/sbin/dockerd {}", self.arguments.join(" "))
    }

    /// A folder for what is built.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file of the packages.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// What a docker command prints, or its complaint.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = program(&self.root, "docker");
        let socket = format!("unix://{}", self.folder.join("docker.sock").display());
        let output = command.env("DOCKER_HOST", socket).args(arguments).output();
        let output = output.map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// What a docker command prints.
    pub(crate) fn docker(&self, arguments: &[&str]) -> String {
        self.run(arguments).unwrap_or_else(|error| panic!("docker {arguments:?}: {error}"))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
        remove(&self.folder);
    }
}

impl Engine {
    /// Asks it to stop, so that it stops its containerd, too: killed, it leaves that behind.
    fn stop(&mut self) {
        let id = self.process.id().to_string();
        let start = Instant::now();
        while matches!(self.process.try_wait(), Ok(None)) {
            if start.elapsed() > Duration::from_secs(20) {
                let _ = self.process.kill();
                let _ = self.process.wait();
                return;
            }
            let _ = Command::new("kill").args(["-TERM", &id]).status();
            std::thread::sleep(Duration::from_millis(500));
        }
    }
}
