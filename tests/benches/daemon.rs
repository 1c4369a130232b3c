//! What reading `docker info` costs: JSON alone, and the facts.
//!
//! `cargo bench -p plimsoll-tests --bench daemon`.

use std::fmt::Write as _;

use divan::Bencher;
use plimsoll_engine::document::{Input, ReadOptions, daemon};
use plimsoll_engine::json;
use plimsoll_engine::source::Source;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// As an engine prints it, with so many registries.
fn info(registries: usize) -> String {
    let mut indexes = String::new();
    for number in 0..registries {
        let _ = write!(
            indexes,
            r#""r{number}:5000":{{"Name":"r{number}:5000","Mirrors":[],"Secure":false}},"#
        );
    }
    format!(
        r#"{{"ID":"7TRN:IPZB","Name":"host","ServerVersion":"29.1.3","Driver":"overlay2",
        "DriverStatus":[["Backing Filesystem","extfs"],["Supports d_type","true"]],"NCPU":4,
        "Plugins":{{"Volume":["local"],"Network":["bridge","host"],"Authorization":null,
        "Log":["awslogs","fluentd","gcplogs","gelf","journald","json-file","local","syslog"]}},
        "MemoryLimit":true,"SwapLimit":true,"CpuCfsQuota":true,"PidsLimit":true,"Debug":false,
        "LoggingDriver":"json-file","CgroupDriver":"systemd","CgroupVersion":"2",
        "KernelVersion":"6.8.0-31-generic","OperatingSystem":"Ubuntu 24.04 LTS","OSType":"linux",
        "RegistryConfig":{{"InsecureRegistryCIDRs":["::1/128","127.0.0.0/8"],"IndexConfigs":{{
        {indexes}"docker.io":{{"Name":"docker.io","Secure":true,"Official":true}}}},"Mirrors":null}},
        "Runtimes":{{"runc":{{"path":"runc"}}}},"DefaultRuntime":"runc","LiveRestoreEnabled":true,
        "SecurityOptions":["name=apparmor","name=seccomp,profile=builtin","name=cgroupns"],
        "Swarm":{{"LocalNodeState":"inactive"}},"DockerRootDir":"/var/lib/docker","Warnings":null}}"#
    )
}

#[divan::bench(args = [0, 100, 10_000])]
fn parsing(bencher: Bencher<'_, '_>, registries: usize) {
    let source = Source::new("info.json", info(registries));
    let bencher = bencher.counter(divan::counter::BytesCount::of_str(source.text()));
    bencher.bench(|| json::parse(&source, json::LIMITS));
}

#[divan::bench(args = [0, 100, 10_000])]
fn facts(bencher: Bencher<'_, '_>, registries: usize) {
    let input = Input { source: Source::new("info.json", info(registries)), folder: None };
    let bencher = bencher.counter(divan::counter::BytesCount::of_str(input.source.text()));
    bencher.bench(|| daemon::read(&input, &ReadOptions::default()));
}
