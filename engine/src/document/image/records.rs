//! Files of an image that are read: package databases, `os-release`, accounts.
//!
//! Owns which files those are and what is kept of each. A file is parsed while its layer goes by
//! and then forgotten: an image may hold many versions of a database, one a layer.

use std::io::Read;

use super::limits;
use super::packages::{self, Package};

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    Packages(Vec<Package>),
    /// `KEY=value` pairs of `os-release`.
    OsRelease(Vec<(String, String)>),
    Accounts(Vec<AccountLine>),
    Passwords(Vec<(String, Password)>),
    /// It says something, but what could not be read, for this reason.
    Unread(String),
}

/// A line of `/etc/passwd`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AccountLine {
    pub(super) name: String,
    pub(super) password: Password,
    pub(super) uid: Option<u32>,
    pub(super) gid: Option<u32>,
    pub(super) shell: Option<String>,
}

/// A password field: never the hash itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Password {
    Empty,
    Locked,
    Set,
    /// `x`: it is in `/etc/shadow`.
    Elsewhere,
}

impl Password {
    fn read(field: &str) -> Self {
        match field {
            "" => Password::Empty,
            "x" => Password::Elsewhere,
            _ if field.starts_with(['!', '*']) => Password::Locked,
            _ => Password::Set,
        }
    }

    /// The word for it in the facts; `None` when it is elsewhere.
    pub(super) fn as_str(self) -> Option<&'static str> {
        match self {
            Password::Empty => Some("empty"),
            Password::Locked => Some("locked"),
            Password::Set => Some("set"),
            Password::Elsewhere => None,
        }
    }
}

impl Record {
    /// The bytes of memory that it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Record::Packages(list) => list.iter().map(Package::bytes).sum(),
            Record::OsRelease(list) => list.iter().map(|(a, b)| a.len() + b.len() + 48).sum(),
            Record::Accounts(list) => list.iter().map(|line| line.name.len() + 128).sum(),
            Record::Passwords(list) => list.iter().map(|(name, _)| name.len() + 64).sum(),
            Record::Unread(_) => 64,
        }
    }
}

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Dpkg,
    Apk,
    Rpm,
    OsRelease,
    Passwd,
    Shadow,
}

/// Whether a file of this clean path is read, and how.
pub(super) fn wanted(path: &str) -> Option<Reading> {
    match path {
        "var/lib/dpkg/status" => Some(Reading::Dpkg),
        // Alpine 3.22 and Wolfi keep it below /usr.
        "lib/apk/db/installed" | "usr/lib/apk/db/installed" => Some(Reading::Apk),
        "etc/os-release" | "usr/lib/os-release" => Some(Reading::OsRelease),
        "etc/passwd" => Some(Reading::Passwd),
        "etc/shadow" => Some(Reading::Shadow),
        _ => {
            // Distroless images have a file per package, and its checksums beside it.
            let status = path.strip_prefix("var/lib/dpkg/status.d/");
            if status.is_some_and(|name| !name.contains('/') && !name.ends_with(".md5sums")) {
                return Some(Reading::Dpkg);
            }
            let (folder, name) = path.rsplit_once('/')?;
            let database =
                matches!(folder, "var/lib/rpm" | "usr/lib/sysimage/rpm" | "usr/share/rpm")
                    && matches!(name, "rpmdb.sqlite" | "Packages.db" | "Packages");
            database.then_some(Reading::Rpm)
        }
    }
}

impl Reading {
    /// Reads a file of so many bytes.
    pub(super) fn read(self, data: &mut dyn Read, size: u64) -> Record {
        let limit = if self == Reading::Rpm { limits::DATABASE_BYTES } else { limits::TEXT_BYTES };
        if size > limit {
            return Record::Unread(format!("it has more than {limit} bytes"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        if let Err(error) = data.take(limit).read_to_end(&mut bytes) {
            return Record::Unread(error.to_string());
        }
        if self == Reading::Rpm {
            return match packages::rpm(&bytes) {
                Ok(list) => Record::Packages(list),
                Err(why) => Record::Unread(why),
            };
        }
        let text = String::from_utf8_lossy(&bytes);
        match self {
            Reading::Dpkg => Record::Packages(packages::dpkg(&text)),
            Reading::Apk => Record::Packages(packages::apk(&text)),
            Reading::OsRelease => Record::OsRelease(os_release(&text)),
            Reading::Passwd => Record::Accounts(accounts(&text)),
            Reading::Shadow => Record::Passwords(passwords(&text)),
            Reading::Rpm => Record::Packages(Vec::new()),
        }
    }
}

/// Assignments with the quotes of a shell.
/// <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>
fn os_release(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), unquote(value)))
        .take(200)
        .collect()
}

fn unquote(value: &str) -> String {
    let inner = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)));
    let Some(inner) = inner else { return value.to_owned() };
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => text.extend(chars.next()),
            other => text.push(other),
        }
    }
    text
}

fn accounts(text: &str) -> Vec<AccountLine> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split(':').collect();
        let &[name, password, uid, gid, ..] = fields.as_slice() else { return None };
        let shell = fields.get(6).copied().filter(|shell| !shell.is_empty());
        Some(AccountLine {
            name: name.to_owned(),
            password: Password::read(password),
            uid: uid.parse().ok(),
            gid: gid.parse().ok(),
            shell: shell.map(str::to_owned),
        })
    };
    text.lines().filter_map(line).take(limits::LISTED).collect()
}

fn passwords(text: &str) -> Vec<(String, Password)> {
    let line = |line: &str| {
        let mut fields = line.split(':');
        Some((fields.next()?.to_owned(), Password::read(fields.next()?)))
    };
    text.lines().filter_map(line).take(limits::LISTED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn os_release_is_unquoted() {
        let text = "# x\nID=debian\nPRETTY_NAME=\"Debian \\\"12\\\"\"\nVERSION_ID='12'\nrubbish\n";
        let pairs = os_release(text);
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(
            pairs,
            [("ID", "debian"), ("PRETTY_NAME", "Debian \"12\""), ("VERSION_ID", "12")]
        );
    }

    #[test]
    fn accounts_and_passwords() {
        let lines = accounts("root:x:0:0:root:/root:/bin/sh\napp::1000:100::/app:\nrubbish\n");
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].uid, lines[0].shell.as_deref()), (Some(0), Some("/bin/sh")));
        assert_eq!((lines[1].password, &lines[1].shell), (Password::Empty, &None));
        let found = passwords("root:*:1::\na::2\nb:$6$x:3\nc:!:4\n");
        let found: Vec<_> = found.iter().map(|(_, password)| password.as_str().unwrap()).collect();
        assert_eq!(found, ["locked", "empty", "set", "locked"]);
    }
}
