//! What is mounted, and whether it is encrypted.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_engine::document::host::Mount;

use super::root::Root;

/// File systems that the kernel makes up.
const PSEUDO: [&str; 22] = [
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "fusectl",
    "hugetlbfs",
    "mqueue",
    "nsfs",
    "proc",
    "pstore",
    "ramfs",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "sysfs",
    "tracefs",
];

/// The most devices that one may lie on.
const MAX_DEVICES: usize = 1000;

/// The mounts of a table as `/proc/self/mountinfo` has it:
/// <https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html>.
pub(super) fn mounts(table: &str, devices: &Devices<'_>) -> Vec<Mount> {
    table.lines().filter_map(|line| mount(line, devices)).collect()
}

fn mount(line: &str, devices: &Devices<'_>) -> Option<Mount> {
    let (before, after) = line.split_once(" - ")?;
    let before: Vec<&str> = before.split(' ').collect();
    let [_, _, device, _, target, options, ..] = before.as_slice() else { return None };
    let mut after = after.split(' ');
    let (fstype, source) = (after.next()?, unescaped(after.next().unwrap_or_default()));
    let target = unescaped(target);
    // An engine mounts one for each container.
    let of_container = fstype == "overlay" && target != "/";
    if PSEUDO.contains(&fstype) || of_container {
        return None;
    }
    Some(Mount {
        encrypted: devices.is_encrypted(device, &source),
        source: Some(source).filter(|source| !matches!(source.as_str(), "" | "none")),
        device: Some((*device).to_owned()),
        fstype: Some(fstype.to_owned()),
        options: Some(options.split(',').map(str::to_owned).collect()),
        target,
    })
}

/// A field of the table without escapes: white space and backslashes are three octal digits.
fn unescaped(field: &str) -> String {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.filter(|_| byte == b'\\').and_then(|it| u8::from_str_radix(it, 8).ok());
        rest = if code.is_some() { after.get(3..).unwrap_or_default() } else { after };
        bytes.push(code.unwrap_or(byte));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The block devices of a machine, as `/sys/class/block` shows them.
#[derive(Debug)]
pub(super) struct Devices<'r> {
    root: &'r Root,
    /// Names by number: `8:1` is `sda1`.
    numbers: BTreeMap<String, String>,
    /// Names by what the device mapper calls them.
    mapped: BTreeMap<String, String>,
}

impl<'r> Devices<'r> {
    /// What can be seen; nothing of a machine that is not running.
    pub(super) fn of(root: &'r Root) -> Self {
        let mut devices = Devices { root, numbers: BTreeMap::new(), mapped: BTreeMap::new() };
        for name in root.list("/sys/class/block").unwrap_or_default() {
            if let Some(number) = devices.read(&name, "dev") {
                devices.numbers.insert(number, name.clone());
            }
            if let Some(mapped) = devices.read(&name, "dm/name") {
                devices.mapped.insert(mapped, name);
            }
        }
        devices
    }

    fn read(&self, name: &str, file: &str) -> Option<String> {
        let text = self.root.read(&format!("/sys/class/block/{name}/{file}")).ok()?;
        Some(text.trim().to_owned())
    }

    /// Whether all that a mount stores is encrypted by dm-crypt; `None` when that cannot be seen.
    fn is_encrypted(&self, number: &str, source: &str) -> Option<bool> {
        // Btrfs has numbers of its own, and names one of its devices.
        let named = source.strip_prefix("/dev/");
        let mapped = named.and_then(|name| name.strip_prefix("mapper/"));
        let name = (self.numbers.get(number))
            .or_else(|| self.mapped.get(mapped?))
            .or_else(|| self.numbers.values().find(|name| Some(name.as_str()) == named))?;
        self.is_crypt(name)
    }

    /// Whether a device encrypts, or everything that it lies on.
    fn is_crypt(&self, name: &str) -> Option<bool> {
        let mut seen = BTreeSet::from([name.to_owned()]);
        let mut ahead = vec![name.to_owned()];
        let mut known = true;
        while let Some(name) = ahead.pop() {
            let uuid = self.read(&name, "dm/uuid");
            if uuid.is_some_and(|uuid| encrypts(&uuid)) {
                continue;
            }
            // What a file holds depends on the file system that it lies in.
            if name.starts_with("loop") || seen.len() > MAX_DEVICES {
                known = false;
                continue;
            }
            let below = self.root.list(&format!("/sys/class/block/{name}/slaves"));
            let below = below.unwrap_or_default();
            if below.is_empty() {
                return Some(false);
            }
            ahead.extend(below.into_iter().filter(|name| seen.insert(name.clone())));
        }
        known.then_some(true)
    }
}

/// Whether a device of the device mapper is one of dm-crypt, by its UUID: cryptsetup also makes
/// devices that only check what they hold.
fn encrypts(uuid: &str) -> bool {
    let kind = uuid.strip_prefix("CRYPT-");
    kind.is_some_and(|kind| !kind.starts_with("VERITY") && !kind.starts_with("INTEGRITY"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unescaped() {
        for (field, want) in [
            (r"/mnt/my\040disk", "/mnt/my disk"),
            (r"a\134b\011", "a\\b\t"),
            (r"\0", r"\0"),
            (r"\999", r"\999"),
            ("/é", "/é"),
        ] {
            assert_eq!(unescaped(field), want, "{field}");
        }
    }
}
