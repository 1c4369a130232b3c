//! Rules of the Linux audit system, as `auditctl` takes them and `audit.rules` has them.
//!
//! Owns what a rule watches: `-w PATH`, and the newer `-a always,exit -F path=PATH`. What is no
//! watch, and what takes one away, is nothing here:
//! <https://man7.org/linux/man-pages/man8/auditctl.8.html>.

use crate::notation::path;

/// What a rule watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The path, cleaned.
    pub path: String,
    /// Whether everything below it is watched, too, should it be a folder.
    pub recursive: bool,
    /// Kinds of access, of `r`, `w`, `x`, `a`, in this order.
    pub permissions: String,
    /// The mark of its records.
    pub key: Option<String>,
    /// Whether it records only some of that access: single system calls, users or outcomes.
    pub partial: bool,
}

/// What a rule watches; `None` for one that is no watch.
#[must_use]
pub fn watch(rule: &str) -> Option<Watch> {
    let mut words = rule.split_ascii_whitespace();
    let mut draft = Draft::default();
    while let Some(word) = words.next() {
        // A comment begins with the line only.
        match word {
            "-w" => draft.watch(words.next()?),
            "-a" | "-A" => draft.list = Some(words.next()?),
            "-p" => draft.permissions = Some(words.next()?),
            "-k" => draft.key = draft.key.or(words.next()),
            "-F" => draft.field(words.next()?),
            "-S" => draft.partial |= words.next()? != "all",
            "-C" => {
                words.next()?;
                draft.partial = true;
            }
            _ => return None,
        }
    }
    draft.finish()
}

#[derive(Default)]
struct Draft<'r> {
    path: Option<&'r str>,
    is_watch: bool,
    recursive: bool,
    list: Option<&'r str>,
    permissions: Option<&'r str>,
    key: Option<&'r str>,
    partial: bool,
}

impl<'r> Draft<'r> {
    fn watch(&mut self, path: &'r str) {
        (self.path, self.is_watch, self.recursive) = (Some(path), true, true);
    }

    fn field(&mut self, field: &'r str) {
        match field.split_once('=') {
            Some(("path", path)) => self.path = Some(path),
            Some(("dir", path)) => (self.path, self.recursive) = (Some(path), true),
            Some(("perm", permissions)) => self.permissions = Some(permissions),
            Some(("key", key)) => self.key = self.key.or(Some(key)),
            // Rules are written once for each architecture.
            Some(("arch", _)) => {}
            _ => self.partial = true,
        }
    }

    fn finish(self) -> Option<Watch> {
        let always = self.list.is_some_and(|list| matches!(list, "always,exit" | "exit,always"));
        if self.is_watch == self.list.is_some() || !(self.is_watch || always) {
            return None;
        }
        let path = self.path.filter(|path| path.starts_with('/'))?;
        let given = self.permissions.unwrap_or("rwxa");
        let permissions: String = "rwxa".chars().filter(|&kind| given.contains(kind)).collect();
        Some(Watch {
            path: path::of_host(&path::clean(path)),
            recursive: self.recursive,
            permissions,
            key: self.key.map(str::to_owned),
            partial: self.partial,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Path (with `/` at the end when everything below counts), permissions, key, `some` for a part.
    fn shown(rule: &str) -> Option<String> {
        let watch = watch(rule)?;
        let below = if watch.recursive { "/" } else { "" };
        let key = watch.key.as_deref().unwrap_or("-");
        let partial = if watch.partial { " some" } else { "" };
        Some(format!("{}{below} {} {key}{partial}", watch.path, watch.permissions))
    }

    #[test]
    fn watches_are_told_from_other_rules() {
        for (rule, want) in [
            ("-w /etc/docker -k docker", Some("/etc/docker/ rwxa docker")),
            ("-w /etc/docker/ -p wa", Some("/etc/docker/ wa -")),
            ("  -w  /usr/bin/dockerd   -p aw -k a -k b ", Some("/usr/bin/dockerd/ wa a")),
            ("-w /var/run/docker.sock -p rwxa", Some("/run/docker.sock/ rwxa -")),
            (
                "-a always,exit -F arch=b64 -S all -F path=/usr/bin/runc -F perm=wa -F key=docker",
                Some("/usr/bin/runc wa docker"),
            ),
            ("-A exit,always -F dir=/etc/docker -k x", Some("/etc/docker/ rwxa x")),
            ("-a always,exit -F path=/x -F auid>=1000", Some("/x rwxa - some")),
            ("-a always,exit -F path=/x -F success=0", Some("/x rwxa - some")),
            ("-a always,exit -S chmod -F path=/x", Some("/x rwxa - some")),
            ("-a always,exit -C auid!=uid -F path=/x", Some("/x rwxa - some")),
            ("-a never,exit -F path=/x", None),
            ("-a always,exclude -F path=/x", None),
            ("-a always,exit -S mount", None),
            ("-F path=/x", None),
            ("-w /x -a always,exit", None),
            ("-w relative", None),
            ("-W /etc/docker -k docker", None),
            ("-D", None),
            ("-b 8192", None),
            ("-w", None),
            ("-w /x -p", None),
            ("-w /x -k", Some("/x/ rwxa -")),
            ("# -w /etc/docker", None),
            ("", None),
        ] {
            assert_eq!(shown(rule).as_deref(), want, "{rule}");
        }
    }
}
