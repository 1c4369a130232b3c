//! Which files of an image are of interest, and as what.
//!
//! The tables are short on purpose: names that stand for one thing whatever the distribution.

/// Folders whose files are programs, by their last component. `busybox` is that of the debug
/// variants of distroless images.
const PROGRAM_FOLDERS: [&str; 3] = ["bin", "sbin", "busybox"];

/// Shells.
const SHELLS: [&str; 15] = [
    "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh", "busybox", "toybox",
    "pwsh", "rbash", "yash",
];

/// Package managers of systems; those of languages come with the language.
const PACKAGE_MANAGERS: [&str; 14] = [
    "apt", "apt-get", "aptitude", "dpkg", "apk", "rpm", "yum", "dnf", "dnf5", "microdnf", "tdnf",
    "zypper", "pacman", "opkg",
];

/// Programs to look into systems, to fetch from elsewhere, or to reach other machines with.
const DEBUG_TOOLS: [&str; 31] = [
    "curl",
    "wget",
    "nc",
    "ncat",
    "netcat",
    "nc.openbsd",
    "nc.traditional",
    "nmap",
    "masscan",
    "socat",
    "telnet",
    "ftp",
    "tftp",
    "ssh",
    "scp",
    "sshd",
    "tcpdump",
    "tshark",
    "strace",
    "ltrace",
    "gdb",
    "gdbserver",
    "lldb",
    "perf",
    "bpftrace",
    "dig",
    "nslookup",
    "vim",
    "vi",
    "nano",
    "emacs",
];

/// Files that hold credentials, by their last component.
const CREDENTIAL_NAMES: [&str; 24] = [
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_ecdsa_sk",
    "id_ed25519_sk",
    ".env",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".dockercfg",
    ".pgpass",
    ".my.cnf",
    ".htpasswd",
    ".vault-token",
    ".terraformrc",
    "credentials.json",
    "kubeconfig",
    "service-account.json",
    "terraform.tfstate",
    "secrets.yml",
    "secrets.yaml",
];

/// Files that hold credentials, by the end of their path.
const CREDENTIAL_PATHS: [&str; 11] = [
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    ".azure/accessTokens.json",
    ".azure/msal_token_cache.json",
    ".config/gcloud/credentials.db",
    ".config/gcloud/application_default_credentials.json",
    ".config/gh/hosts.yml",
    ".cargo/credentials.toml",
    ".gem/credentials",
    ".m2/settings.xml",
];

/// Files that hold credentials, by their ending. `.pem` is not one: most are certificates.
const CREDENTIAL_ENDINGS: [&str; 8] =
    [".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ovpn", ".ppk"];

/// Folders in which files of such names come with software and are secret to nobody: tests,
/// examples, and the trust stores of Java.
const PUBLIC_FOLDERS: [&str; 12] = [
    "test",
    "tests",
    "testdata",
    "testing",
    "example",
    "examples",
    "fixtures",
    "doc",
    "docs",
    "demo",
    "samples",
    "site-packages",
];

/// Sets of [`Interest`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Interests(u16);

/// What a file is of interest as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Interest {
    Setuid = 1,
    Setgid = 2,
    WorldWritable = 4,
    Shell = 8,
    PackageManager = 16,
    DebugTool = 32,
    Credential = 64,
    Device = 128,
}

impl Interests {
    pub(super) fn add(&mut self, interest: Interest, holds: bool) {
        if holds {
            self.0 |= interest as u16;
        }
    }

    pub(super) fn has(self, interest: Interest) -> bool {
        self.0 & interest as u16 != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What the path of a program, not a folder, says; `path` is clean.
pub(super) fn program(path: &str, interests: &mut Interests) {
    let Some((folder, name)) = path.rsplit_once('/') else { return };
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    if PROGRAM_FOLDERS.contains(&folder) {
        interests.add(Interest::Shell, SHELLS.contains(&name));
        interests.add(Interest::PackageManager, PACKAGE_MANAGERS.contains(&name));
        interests.add(Interest::DebugTool, DEBUG_TOOLS.contains(&name));
    }
}

/// Whether a file of this path holds credentials; `path` is clean.
pub(super) fn is_credential(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let ends = |end: &str| {
        path.strip_suffix(end).is_some_and(|front| front.is_empty() || front.ends_with('/'))
    };
    let named = CREDENTIAL_NAMES.contains(&name)
        || CREDENTIAL_PATHS.iter().any(|end| ends(end))
        || CREDENTIAL_ENDINGS.iter().any(|end| name.ends_with(end))
        // `.env.production`, but not what is there to be copied.
        || name.strip_prefix(".env.").is_some_and(|rest| {
            !["example", "sample", "template", "dist", "defaults"].contains(&rest)
        });
    named
        && !folder.split('/').any(|part| PUBLIC_FOLDERS.contains(&part))
        && !folder.starts_with("usr/share/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_by_name_and_folder() {
        let of = |path| {
            let mut interests = Interests::default();
            program(path, &mut interests);
            interests
        };
        assert!(of("bin/bash").has(Interest::Shell));
        assert!(of("busybox/sh").has(Interest::Shell));
        assert!(of("usr/bin/apt-get").has(Interest::PackageManager));
        assert!(of("usr/local/bin/curl").has(Interest::DebugTool));
        assert!(of("usr/share/doc/bash").is_empty());
        assert!(
            of("etc/apt").is_empty() && of("sh").is_empty() && of("usr/bin/bashbug").is_empty()
        );
    }

    #[test]
    fn credentials_are_told_by_name() {
        for path in [
            "root/.ssh/id_rsa",
            "app/.env",
            "app/.env.production",
            ".env",
            "root/.aws/credentials",
            "root/.docker/config.json",
            "etc/ssl/private/server.key",
        ] {
            assert!(is_credential(path), "{path}");
        }
        for path in [
            "root/.ssh/id_rsa.pub",
            "app/.env.example",
            "x.aws/credentials",
            "etc/ssl/certs/ca.pem",
            "usr/lib/python3/test/server.key",
            "usr/share/x/server.key",
            "etc/environment",
        ] {
            assert!(!is_credential(path), "{path}");
        }
    }
}
