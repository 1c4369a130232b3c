//! Putting together what a machine's files say of it.
//!
//! Owns what is read, and what is left out: a list of which a part could not be read is named as
//! such, and each file that stood in the way is told once.

use std::collections::BTreeSet;
use std::io;

use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::document::host::{self, AuditRule, Description, File, OsRelease, VERSION};
use plimsoll_engine::notation::path;

use super::accounts::Accounts;
use super::engine::{self, Settings};
use super::files::{API_SOCKET, FILES, PROGRAMS, REGISTRIES, SHIM};
use super::mounts::{self, Devices};
use super::root::{Root, is_absent};

/// Groups whose members can become root, and those that other engines have for their sockets.
const GROUPS: [&str; 10] =
    ["root", "docker", "wheel", "sudo", "admin", "disk", "lxd", "incus", "podman", "libvirt"];

/// What the kernel loads audit rules from.
const AUDIT_RULES: &str = "/etc/audit/audit.rules";
const AUDIT_FOLDER: &str = "/etc/audit/rules.d";

/// The users that exist where user namespaces do not: every number is itself.
const ALL_IDS: [&str; 3] = ["0", "0", "4294967295"];

/// A machine while it is looked at.
#[derive(Debug)]
pub(super) struct Collector<'r> {
    root: &'r Root,
    /// Whether numbers of users are those of the machine.
    own_ids: bool,
    problems: Vec<Diagnostic>,
    /// Paths that were told already.
    told: BTreeSet<String>,
    incomplete: BTreeSet<&'static str>,
}

/// What can be said of a machine, and what stood in the way of saying more.
pub(super) fn describe(root: &Root) -> (Description, Vec<Diagnostic>) {
    let mut collector = Collector {
        root,
        own_ids: true,
        problems: Vec::new(),
        told: BTreeSet::new(),
        incomplete: BTreeSet::new(),
    };
    collector.look_for_namespace();
    let settings = engine::settings(&mut collector);
    let accounts = collector.accounts();
    let rootless = collector.rootless();
    let files = collector.files(&settings, accounts.as_ref());
    let description = Description {
        plimsoll_host: VERSION.into(),
        hostname: collector.hostname(),
        os_release: collector.os_release(),
        kernel: collector.needed("/proc/sys/kernel/osrelease", "kernel"),
        lsm: collector.lsm(),
        rootless,
        data_root: settings.data_root.filter(|_| rootless != Some(true)),
        groups: accounts.map(|accounts| {
            let own = settings.group.as_deref();
            accounts.wanted(|name| GROUPS.contains(&name) || Some(name) == own)
        }),
        docker_group: settings.group,
        files: Some(files),
        audit_rules: collector.audit_rules(),
        mounts: collector.mounts(),
        incomplete: collector.incomplete.iter().map(|name| (*name).to_owned()).collect(),
    };
    (description, collector.problems)
}

impl Collector<'_> {
    /// Tells, once for each path, why something cannot be said.
    fn tell(&mut self, path: &str, error: &io::Error, left_out: &str) {
        if !self.told.insert(path.to_owned()) {
            return;
        }
        let (message, help) = match error.kind() {
            io::ErrorKind::PermissionDenied => {
                (format!("no permission to read `{path}`"), "; run it as root to have it read")
            }
            _ if is_absent(error) => (format!("there is no `{path}`"), ""),
            _ => (format!("cannot read `{path}`: {error}"), ""),
        };
        let help = format!("`{left_out}` is not known, or not all of it{help}");
        self.problems.push(Diagnostic::warning(message).help(help));
    }

    /// The text of a file; `None` when there is none, or when it cannot be read, which is told.
    pub(super) fn text(&mut self, path: &str, left_out: &str) -> Option<String> {
        match self.root.read(path) {
            Ok(text) => Some(text),
            Err(error) if is_absent(&error) => None,
            Err(error) => {
                self.tell(path, &error, left_out);
                None
            }
        }
    }

    /// The names in a folder; as [`Collector::text`] has it.
    pub(super) fn names(&mut self, path: &str, left_out: &str) -> Option<Vec<String>> {
        match self.root.list(path) {
            Ok(names) => Some(names),
            Err(error) if is_absent(&error) => Some(Vec::new()),
            Err(error) => {
                self.tell(path, &error, left_out);
                None
            }
        }
    }

    /// Whether a file can be read, or is not there.
    pub(super) fn is_readable(&self, path: &str) -> bool {
        self.root.read(path).is_ok_and(|_| true)
            || self.root.read(path).is_err_and(|error| is_absent(&error))
    }

    /// The first line of a file that every running machine has.
    fn needed(&mut self, path: &str, left_out: &str) -> Option<String> {
        match self.root.read(path) {
            Ok(text) => text.lines().next().map(|line| line.trim().to_owned()),
            Err(error) => {
                self.tell(path, &error, left_out);
                None
            }
        }
    }

    /// Where user namespaces number users otherwise, owners are not what they seem.
    fn look_for_namespace(&mut self) {
        let own = Root::new("/".as_ref());
        let map = own.read("/proc/self/uid_map").unwrap_or_default();
        let words: Vec<&str> = map.split_whitespace().collect();
        self.own_ids = words.is_empty() || words == ALL_IDS;
        if !self.own_ids {
            let message = "this runs in a user namespace, where owners of files have other numbers";
            let help = "owners and groups of files are left out; run it outside of the namespace";
            self.problems.push(Diagnostic::warning(message).help(help));
        }
    }

    fn hostname(&mut self) -> Option<String> {
        // In a container the kernel tells the container's.
        let kernel = self.root.is_own().then(|| self.root.read("/proc/sys/kernel/hostname").ok());
        let name = kernel.flatten().or_else(|| self.text("/etc/hostname", "hostname"))?;
        let name = name.lines().map(str::trim).find(|line| !line.is_empty())?;
        Some(name.to_owned())
    }

    fn os_release(&mut self) -> Option<OsRelease> {
        let places = ["/etc/os-release", "/usr/lib/os-release"];
        let text = places.iter().find_map(|path| self.root.read(path).ok());
        let Some(text) = text else {
            let missing = io::Error::from(io::ErrorKind::NotFound);
            self.tell("/etc/os-release", &missing, "os_release");
            return None;
        };
        let value = |key: &str| {
            let mut pairs = text.lines().filter_map(|line| line.trim().split_once('='));
            let (_, value) = pairs.rfind(|(name, _)| *name == key)?;
            Some(unquoted(value)).filter(|value| !value.is_empty())
        };
        let like = value("ID_LIKE").unwrap_or_default();
        Some(OsRelease {
            id: value("ID"),
            id_like: like.split_whitespace().map(str::to_owned).collect(),
            variant_id: value("VARIANT_ID"),
            version_id: value("VERSION_ID"),
            version_codename: value("VERSION_CODENAME"),
            pretty_name: value("PRETTY_NAME"),
        })
    }

    fn lsm(&mut self) -> Option<Vec<String>> {
        let names = self.needed("/sys/kernel/security/lsm", "lsm")?;
        Some(names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// An engine has its socket in the machine's folder, or in that of its user.
    fn rootless(&self) -> Option<bool> {
        if self.root.resolve(API_SOCKET).is_ok() {
            return Some(false);
        }
        let users = self.root.list("/run/user").unwrap_or_default();
        let socket = |user: &String| format!("/run/user/{user}/docker.sock");
        users.iter().any(|user| self.root.resolve(&socket(user)).is_ok()).then_some(true)
    }

    fn accounts(&mut self) -> Option<Accounts> {
        let mut accounts = Accounts::default();
        accounts.users(&self.needed_text("/etc/passwd")?);
        accounts.groups(&self.needed_text("/etc/group")?);
        Some(accounts)
    }

    fn needed_text(&mut self, path: &str) -> Option<String> {
        let text = self.root.read(path);
        text.map_err(|error| self.tell(path, &error, "groups")).ok()
    }

    fn files(&mut self, settings: &Settings, accounts: Option<&Accounts>) -> Vec<File> {
        let mut wanted: Vec<(&str, Vec<String>)> = FILES
            .iter()
            .map(|row| (row.role, row.paths.iter().map(|path| (*path).to_owned()).collect()))
            .collect();
        let root = settings.data_root.iter().map(|path| ("data_root", path.clone()));
        let found = self.registries().into_iter().chain(self.shims());
        let single = settings.files.iter().cloned().chain(root).chain(found);
        wanted.extend(single.map(|(role, path)| (role, vec![path])));
        let mut seen = BTreeSet::new();
        let mut files = Vec::new();
        for (role, paths) in wanted {
            let looked = paths.iter().filter_map(|path| self.file(role, path, accounts));
            let looked: Vec<File> = looked.collect();
            let there = looked.iter().any(|file| file.exists);
            // Of what is not there one place is enough.
            let told = looked.into_iter().filter(|file| file.exists == there);
            for file in told.take(if there { paths.len() } else { 1 }) {
                let place = file.resolved.as_ref().unwrap_or(&file.path).clone();
                if seen.insert((role.to_owned(), place)) {
                    files.push(file);
                }
            }
        }
        files
    }

    fn file(&mut self, role: &str, path: &str, accounts: Option<&Accounts>) -> Option<File> {
        let path = path::of_host(&path::clean(path));
        let named = File { path: path.clone(), role: Some(role.to_owned()), ..File::default() };
        match self.root.resolve(&path) {
            Ok((resolved, metadata)) => {
                let mut file = File { exists: true, resolved: Some(resolved), ..named };
                super::attributes(&mut file, &metadata);
                if !self.own_ids {
                    (file.uid, file.gid) = (None, None);
                }
                let names = |accounts: &Accounts| {
                    (
                        file.uid.and_then(|uid| accounts.user(uid)),
                        file.gid.and_then(|gid| accounts.group(gid)),
                    )
                };
                (file.owner, file.group) = accounts.map(names).unwrap_or_default();
                Some(file)
            }
            Err(error) if is_absent(&error) => Some(named),
            Err(error) => {
                self.tell(&path, &error, "files");
                self.incomplete.insert("files");
                None
            }
        }
    }

    /// Certificates and keys for registries.
    fn registries(&mut self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        let Some(registries) = self.names(REGISTRIES, "files") else {
            self.incomplete.insert("files");
            return found;
        };
        for registry in registries {
            let folder = format!("{REGISTRIES}/{registry}");
            let Some(names) = self.names(&folder, "files") else {
                self.incomplete.insert("files");
                continue;
            };
            for name in names {
                let key = name.ends_with(".key");
                let role = if key { "registry_key" } else { "registry_certificate" };
                found.push((role, format!("{folder}/{name}")));
            }
        }
        found
    }

    fn shims(&mut self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for folder in PROGRAMS {
            let names = self.names(folder, "files").unwrap_or_default();
            let shims = names.into_iter().filter(|name| name.starts_with(SHIM));
            found.extend(shims.map(|name| ("containerd_shim", format!("{folder}/{name}"))));
        }
        found
    }

    /// Rules that watch files; the others say nothing of what is looked for here.
    fn audit_rules(&mut self) -> Option<Vec<AuditRule>> {
        let names = self.names(AUDIT_FOLDER, "audit_rules");
        let mut paths = vec![AUDIT_RULES.to_owned()];
        let rules = names.iter().flatten().filter(|name| name.ends_with(".rules"));
        paths.extend(rules.map(|name| format!("{AUDIT_FOLDER}/{name}")));
        let before = self.told.len();
        let texts: Vec<_> =
            paths.iter().map(|path| (path, self.text(path, "audit_rules"))).collect();
        let unread = self.told.len() > before || names.is_none();
        let mut seen = BTreeSet::new();
        let mut rules = Vec::new();
        for (path, text) in &texts {
            for line in text.iter().flat_map(|text| text.lines()).map(str::trim) {
                let Some(watch) = host::watch(line) else { continue };
                // What is in the folder is put together in the file that is loaded.
                if seen.insert(line.to_owned()) {
                    let resolved = self.root.resolve(&watch.path).ok().map(|(path, _)| path);
                    let file = Some((*path).clone());
                    rules.push(AuditRule { rule: line.to_owned(), resolved, file });
                }
            }
        }
        if unread {
            self.incomplete.insert("audit_rules");
        }
        (!unread || !rules.is_empty()).then_some(rules)
    }

    fn mounts(&mut self) -> Option<Vec<host::Mount>> {
        // Of a machine that is seen from a container the first process knows, not this one.
        let table = if self.root.is_own() { "/proc/self/mountinfo" } else { "/proc/1/mountinfo" };
        let text = match self.root.read(table) {
            Ok(text) => text,
            Err(error) => {
                self.tell(table, &error, "mounts");
                return None;
            }
        };
        Some(mounts::mounts(&text, &Devices::of(self.root)))
    }
}

/// A value of `os-release` without quotes and escapes.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    let quoted = ['"', '\'']
        .iter()
        .find_map(|&quote| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote)));
    let mut plain = String::new();
    let mut escaped = false;
    for character in quoted.unwrap_or(value).chars() {
        if character == '\\' && !escaped && !value.starts_with('\'') {
            escaped = true;
        } else {
            plain.push(character);
            escaped = false;
        }
    }
    plain
}
