//! `plimsoll host` on machines that are folders, as a user meets it.
#![cfg(unix)]
#![allow(clippy::print_stdout)]
#![allow(clippy::unwrap_used)] // Clippy does not see that functions here belong to tests.

mod support;

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use support::Project;

/// A machine with Docker, its data on an encrypted volume of its own.
fn machine(name: &str) -> Project {
    let project = Project::bare(name);
    let own = std::fs::metadata(project.path("")).unwrap();
    let (uid, gid) = (own.uid(), own.gid());
    project
        .file("m/etc/passwd", format!("builder:x:{uid}:{gid}::/:/bin/sh\nci:x:1234:996::/:\nbroken\n"))
        .file("m/etc/group", format!("builders:x:{gid}:\nops:x:996:deploy, intern\nsudo:x:27:deploy\nmail:x:8:\n"))
        .file("m/etc/hostname", "build-1\n")
        .file(
            "m/usr/lib/os-release",
            "# none\nID=ubuntu\nID_LIKE=\"debian x\"\nVERSION_ID=\"24.04\"\nVARIANT_ID=\n\
             PRETTY_NAME='Ubuntu 24.04.3 LTS'\n",
        )
        .link("m/etc/os-release", "../usr/lib/os-release")
        .file("m/proc/sys/kernel/osrelease", "6.8.0-49-generic\n")
        .file("m/proc/sys/kernel/hostname", "container\n")
        .file("m/sys/kernel/security/lsm", "lockdown,capability,apparmor")
        .file("m/usr/lib/systemd/system/docker.service", "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n")
        .link("m/lib", "usr/lib")
        .file(
            "m/etc/systemd/system/docker.service.d/override.conf",
            "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// --tlskey /etc/docker/tls/key.pem\n",
        )
        .file("m/etc/docker/daemon.json", r#"{"group": "ops", "data-root": "/srv/docker"}"#)
        .file("m/etc/docker/certs.d/r.example.com/ca.crt", "")
        .file("m/etc/docker/certs.d/r.example.com/client.key", "")
        .file("m/etc/docker/tls/key.pem", "")
        .file("m/run/docker.sock", "")
        .file("m/var/lib/x", "")
        .link("m/var/run", "/run")
        .file("m/srv/docker/x", "")
        .file("m/usr/bin/dockerd", "")
        .file("m/usr/bin/containerd-shim-runc-v2", "")
        .file(
            "m/etc/audit/audit.rules",
            "# made by augenrules\n-D\n-w /var/run/docker.sock -p wa -k docker\n\
             -a always,exit -S mount -k m\n",
        )
        .file("m/etc/audit/rules.d/docker.rules", " -w /var/run/docker.sock -p wa -k docker\n-w /etc/docker\n")
        .file("m/etc/audit/rules.d/README", "-w /etc/issue\n")
        .file(
            "m/proc/1/mountinfo",
            "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n\
             23 22 0:5 / /proc rw - proc proc rw\n\
             24 22 253:1 / /srv/docker rw,nodev shared:2 master:1 - xfs /dev/mapper/docker rw\n\
             25 22 253:2 / /mnt/striped\\040set rw - ext4 /dev/mapper/striped rw\n\
             26 22 253:3 / /mnt/checked rw - ext4 /dev/mapper/checked rw\n\
             27 22 0:50 / /mnt/subvolume rw - btrfs /dev/mapper/crypt rw\n\
             28 22 0:51 / /mnt/pool rw - zfs tank/x rw\n\
             29 22 7:0 / /snap/core ro - squashfs /dev/loop0 ro\n\
             30 24 0:60 / /srv/docker/overlay2/a/merged rw - overlay overlay rw\n\
             broken\n",
        )
        .device("sda", "8:0", None, &[])
        .device("sda2", "8:2", None, &[])
        .device("loop0", "7:0", None, &[])
        .device("dm-0", "253:0", Some(("crypt", "CRYPT-LUKS2-aa-crypt")), &["sda"])
        .device("dm-1", "253:1", Some(("docker", "LVM-aa")), &["dm-0"])
        .device("dm-2", "253:2", Some(("striped", "LVM-bb")), &["dm-0", "sda"])
        .device("dm-3", "253:3", Some(("checked", "CRYPT-VERITY-cc")), &["sda"])
}

trait Devices {
    fn device(self, name: &str, dev: &str, mapped: Option<(&str, &str)>, below: &[&str]) -> Self;
}

impl Devices for Project {
    /// A block device, as the kernel shows it: behind a link.
    fn device(self, name: &str, dev: &str, mapped: Option<(&str, &str)>, below: &[&str]) -> Self {
        let folder = format!("m/sys/devices/{name}");
        let mut project = self.file(&format!("{folder}/dev"), format!("{dev}\n"));
        std::fs::create_dir_all(project.path("m/sys/class/block")).unwrap();
        project =
            project.link(&format!("m/sys/class/block/{name}"), &format!("../../devices/{name}"));
        if let Some((called, uuid)) = mapped {
            project = project
                .file(&format!("{folder}/dm/name"), format!("{called}\n"))
                .file(&format!("{folder}/dm/uuid"), format!("{uuid}\n"));
        }
        for below in below {
            std::fs::create_dir_all(project.path(&format!("{folder}/slaves"))).unwrap();
            project = project.link(&format!("{folder}/slaves/{below}"), &format!("../../{below}"));
        }
        project
    }
}

/// Whether owners are what they seem here.
fn in_user_namespace() -> bool {
    let map = std::fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let words: Vec<&str> = map.split_whitespace().collect();
    if !words.is_empty() && words != ["0", "0", "4294967295"] {
        println!("skipped: this runs in a user namespace");
        return true;
    }
    false
}

fn mode(project: &Project, path: &str, mode: u32) {
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(project.path(path), permissions).unwrap();
}

/// Numbers and modes that depend on who runs the test, blotted out.
fn stable(text: &str, project: &Project) -> String {
    let own = std::fs::metadata(project.path("")).unwrap();
    let (uid, gid) = (format!("\"uid\": {},", own.uid()), format!("\"gid\": {},", own.gid()));
    text.replace(&uid, "\"uid\": UID,").replace(&gid, "\"gid\": GID,")
}

#[test]
fn a_machine_is_described_by_its_files() {
    if in_user_namespace() {
        return;
    }
    let project = machine("host-described");
    for (path, bits) in [
        ("m/usr/lib/systemd/system/docker.service", 0o644),
        ("m/etc/docker", 0o755),
        ("m/etc/docker/daemon.json", 0o666),
        ("m/etc/docker/certs.d/r.example.com/ca.crt", 0o444),
        ("m/etc/docker/certs.d/r.example.com/client.key", 0o400),
        ("m/etc/docker/tls/key.pem", 0o640),
        ("m/run/docker.sock", 0o660),
        ("m/srv/docker", 0o710),
        ("m/usr/bin/dockerd", 0o755),
        ("m/usr/bin/containerd-shim-runc-v2", 0o4755),
    ] {
        mode(&project, path, bits);
    }
    let run = project.run(&["host", "--root", "m"]);
    insta::assert_snapshot!(stable(&run.shown(), &project));
    // It is what `check` and `facts` read.
    let read = project.run_with_input(&["facts", "--no-config", "host:-"], &run.stdout);
    assert_eq!((read.code, read.stderr.as_str()), (Some(0), ""), "{}", read.shown());
    let facts: serde_json::Value = serde_json::from_str(&read.stdout).unwrap();
    assert_eq!(facts["host"]["data_root"], "/srv/docker");
    let run = project.run_with_input(&["check", "--no-config", "-"], &run.stdout);
    assert!(run.stdout.contains("daemon.json` has mode 0666"), "{}", run.shown());
    assert!(run.stdout.contains("user `intern` is in group `ops`"), "{}", run.shown());
    assert!(run.stdout.contains("no audit rule watches `/usr/bin/dockerd`"), "{}", run.shown());
    assert!(!run.stdout.contains("watches `/run/docker.sock`"), "{}", run.shown());
}

#[test]
fn links_do_not_lead_out() {
    let project = machine("host-links")
        .file("secret", "ID=outside\n")
        .file("outside/docker", "")
        .link("m/etc/default", "../../outside")
        .link("m/etc/sysconfig", "/outside")
        .link("m/etc/containerd", "containerd");
    std::fs::remove_file(project.path("m/etc/os-release")).unwrap();
    std::fs::remove_file(project.path("m/usr/lib/os-release")).unwrap();
    let project = project.link("m/etc/os-release", "../../secret");
    let run = project.run(&["host", "--root", "m"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(!run.stdout.contains("outside"), "{}", run.shown());
    let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let file = |role: &str| {
        let files = value["files"].as_array().unwrap();
        files.iter().find(|file| file["role"] == role).map(|file| file["exists"].clone())
    };
    assert_eq!(file("docker_default"), Some(false.into()));
    assert_eq!(file("docker_sysconfig"), Some(false.into()));
    assert_eq!(file("containerd_configuration"), None, "a loop");
    assert_eq!(value["incomplete"], serde_json::json!(["files"]));
    for told in ["there is no `/etc/os-release`", "too many symbolic links"] {
        assert!(run.stderr.contains(told), "{}", run.shown());
    }
}

#[test]
fn what_cannot_be_read_is_left_out_and_told() {
    let project = Project::bare("host-empty").file("m/etc/audit/audit.rules/x", "");
    let run = project.run(&["host", "--root", "m"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["plimsoll_host", "files", "incomplete"]);
    assert_eq!(value["incomplete"], serde_json::json!(["audit_rules"]));
    for told in [
        "there is no `/etc/os-release`",
        "there is no `/proc/sys/kernel/osrelease`",
        "there is no `/sys/kernel/security/lsm`",
        "there is no `/etc/passwd`",
        "there is no `/proc/1/mountinfo`",
        "cannot read `/etc/audit/audit.rules`: it is no regular file",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.shown());
    }
    let run = project.run(&["host", "--root", "nowhere"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    let run = project.run(&["host", "--root", "m/etc/audit/audit.rules/x"]);
    assert!(run.stderr.contains("`m/etc/audit/audit.rules/x` is no folder"), "{}", run.shown());
}

#[test]
fn an_engine_of_a_user_is_one_without_root() {
    let project = machine("host-rootless").file("m/run/user/1000/docker.sock", "");
    let described = |project: &Project| -> serde_json::Value {
        serde_json::from_str(&project.run(&["host", "--root", "m"]).stdout).unwrap()
    };
    assert_eq!(described(&project)["rootless"], false, "there is one of root, too");
    std::fs::remove_file(project.path("m/run/docker.sock")).unwrap();
    let rootless = described(&project);
    assert_eq!(rootless["rootless"], true);
    assert!(rootless.get("data_root").is_none(), "that is the one of root");
    std::fs::remove_file(project.path("m/run/user/1000/docker.sock")).unwrap();
    assert!(described(&project).get("rootless").is_none());
}

#[test]
fn this_machine_can_be_described() {
    let project = Project::bare("host-own");
    let run = project.run(&["host"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let read = project.run_with_input(&["facts", "--no-config", "-"], &run.stdout);
    assert_eq!(read.code, Some(0), "{}", read.shown());
    let schema = project.run(&["schema", "host"]);
    assert!(schema.stdout.contains("\"plimsoll_host\""), "{}", schema.shown());
}
