//! From the text to facts, every one with its place.

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{AuditRule, Host, HostFile, HostGroup, HostMount, HostOsRelease};

use super::audit;
use crate::diagnostic::Diagnostic;
use crate::document::inspect::lowering::{Lowering, Owner};
use crate::document::inspect::tree::At;
use crate::excerpt::excerpt;
use crate::nearest::nearest;
use crate::notation::path;
use crate::source::Place;

/// What a system is called that does not say: the default of `PRETTY_NAME`.
const NAMELESS: &str = "Linux";

/// The lists of a host.
const LISTS: [&str; 5] = ["lsm", "files", "groups", "audit_rules", "mounts"];

/// The keys of an object of the format.
type Keys = &'static [&'static str];

const HOST: Keys = &[
    super::MARK,
    "hostname",
    "os_release",
    "kernel",
    "lsm",
    "rootless",
    "data_root",
    "docker_group",
    "files",
    "groups",
    "audit_rules",
    "mounts",
    "incomplete",
];
const OS_RELEASE: Keys =
    &["id", "id_like", "variant_id", "version_id", "version_codename", "pretty_name"];
const FILE: Keys =
    &["path", "role", "exists", "resolved", "kind", "mode", "uid", "gid", "owner", "group"];
const GROUP: Keys = &["name", "gid", "members"];
const AUDIT_RULE: Keys = &["rule", "resolved", "file"];
const MOUNT: Keys = &["target", "source", "device", "fstype", "options", "encrypted"];

/// The types of the format and their keys, for the test that holds them to the schema.
#[cfg(test)]
pub(super) const KEYS: [(&str, Keys); 6] = [
    ("Description", HOST),
    ("OsRelease", OS_RELEASE),
    ("File", FILE),
    ("Group", GROUP),
    ("AuditRule", AUDIT_RULE),
    ("Mount", MOUNT),
];

/// The host that an object describes.
pub(super) fn host(lowering: &mut Lowering<'_>, at: At<'_>) -> Host {
    lowering.check(at, HOST);
    let name = at.get("hostname");
    let shown = if name.node.is_some() { name } else { at.get(super::MARK) };
    let loc = lowering.places.object(None, shown.span);
    let mut owner = Owner::new(loc);
    let written = at.get("os_release");
    lowering.place(loc, "os", written.get("pretty_name"));
    lowering.place(loc, "os_version", written.get("version_id"));
    let os_release = lowering.os_release(&owner, written);
    let pretty = os_release.pretty_name.as_ref();
    Host {
        loc,
        name: lowering.filled(&owner, "name", name).unwrap_or_else(|| super::KIND.into()),
        os: pretty.map(|name| name.value().cloned().unwrap_or_else(|| NAMELESS.into())),
        os_version: os_release.version_id.as_ref().and_then(|version| version.value().cloned()),
        os_release,
        kernel_version: lowering.filled(&owner, "kernel_version", at.get("kernel")),
        lsm: lowering.words(&mut owner, "lsm", at.get("lsm")),
        rootless: lowering.boolean_field(loc, "rootless", at.get("rootless")),
        data_root: lowering.path(&owner, "data_root", at.get("data_root")),
        docker_group: lowering.filled(&owner, "docker_group", at.get("docker_group")),
        files: lowering.objects(&mut owner, "files", at.get("files"), Lowering::file),
        groups: lowering.objects(&mut owner, "groups", at.get("groups"), Lowering::group),
        audit_rules: lowering.objects(
            &mut owner,
            "audit_rules",
            at.get("audit_rules"),
            Lowering::audit_rule,
        ),
        mounts: lowering.objects(&mut owner, "mounts", at.get("mounts"), Lowering::mount),
        incomplete: lowering.incomplete(owner, at.get("incomplete")),
    }
}

impl Lowering<'_> {
    /// Says which keys of an object this format does not have.
    fn check(&mut self, at: At<'_>, keys: Keys) {
        let unknown: Vec<_> =
            at.entries().filter(|(key, _)| !keys.contains(&key.text.as_str())).collect();
        for (key, _) in unknown {
            let message = format!("the format has no key `{}` here", excerpt(&key.text));
            let place = Place::new(self.source, key.span);
            let mut problem = Diagnostic::warning(message).at(place);
            if let Some(near) = nearest(&key.text, keys.iter().copied()) {
                problem = problem.help(format!("did you mean `{near}`?"));
            }
            self.problems.push(problem);
        }
    }

    /// A text that is not empty.
    fn filled(&mut self, owner: &Owner, field: &'static str, at: At<'_>) -> Option<String> {
        self.string_field(owner.loc, field, at)?.value().cloned()
    }

    /// An absolute path.
    fn path(&mut self, owner: &Owner, field: &'static str, at: At<'_>) -> Option<String> {
        let text = self.filled(owner, field, at)?;
        if text.starts_with('/') {
            return Some(path::of_host(&path::clean(&text)));
        }
        self.invalid(at, format!("`{}` is no absolute path", excerpt(&text)));
        None
    }

    /// A text that is none when it is not written.
    fn optional(&mut self, owner: &Owner, field: &'static str, at: At<'_>) -> Nullable<String> {
        self.filled(owner, field, at).into()
    }

    /// The number of a user or a group.
    fn id(&mut self, owner: &Owner, field: &'static str, at: At<'_>) -> Option<u32> {
        self.place(owner.loc, field, at);
        let number = *self.integer(at)?.value()?;
        let id = u32::try_from(number).ok();
        if id.is_none() {
            self.invalid(at, format!("{number} is no number of a user or a group"));
        }
        id
    }

    /// Permissions, as four digits.
    fn mode(&mut self, owner: &Owner, at: At<'_>) -> Option<String> {
        let text = self.filled(owner, "mode", at)?;
        let digits = text.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
        if digits && (3..=4).contains(&text.len()) {
            return Some(format!("{text:0>4}"));
        }
        self.invalid(at, format!("`{}` is no mode, such as `0644`", excerpt(&text)));
        None
    }

    /// The objects of a list; one that `lower` makes nothing of is left out, and the list is
    /// incomplete.
    fn objects<T>(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        at: At<'_>,
        lower: fn(&mut Self, &mut Owner, At<'_>) -> Option<T>,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for item in self.list_field(owner, field, at) {
            let mut part = Owner::new(self.object(owner.loc, item));
            let made = if item.is_map() { lower(self, &mut part, item) } else { None };
            if !item.is_map() {
                self.wrong(item, "an object");
            }
            match made {
                Some(made) => all.push(made),
                None => owner.incomplete(field),
            }
        }
        all
    }

    /// What an object of a list is known by.
    fn named(
        &mut self,
        owner: &Owner,
        key: &str,
        field: &'static str,
        at: At<'_>,
    ) -> Option<String> {
        let named = at.get(key);
        let name = self.filled(owner, field, named);
        if name.is_none() && named.text().is_none_or(str::is_empty) {
            self.invalid(at, format!("this has no `{key}`"));
        }
        name
    }

    fn os_release(&mut self, host: &Owner, at: At<'_>) -> HostOsRelease {
        self.child(at);
        self.check(at, OS_RELEASE);
        let mut owner = Owner::new(self.object(host.loc, at));
        let mut field = |field, key| self.string_field(owner.loc, field, at.omittable(key));
        HostOsRelease {
            loc: owner.loc,
            id: field("id", "id").and_then(|id| id.value().cloned()),
            variant_id: field("variant_id", "variant_id"),
            version_id: field("version_id", "version_id"),
            version_codename: field("version_codename", "version_codename"),
            pretty_name: field("pretty_name", "pretty_name"),
            id_like: self.words(&mut owner, "id_like", at.omittable("id_like")),
            incomplete: owner.incomplete,
        }
    }

    fn file(&mut self, owner: &mut Owner, at: At<'_>) -> Option<HostFile> {
        self.check(at, FILE);
        self.named(owner, "path", "path", at)?;
        Some(HostFile {
            loc: owner.loc,
            path: self.path(owner, "path", at.get("path"))?,
            role: self.optional(owner, "role", at.get("role")),
            exists: self.boolean_field(owner.loc, "exists", at.get("exists")),
            resolved: self.path(owner, "resolved", at.get("resolved")),
            kind: self.filled(owner, "kind", at.get("kind")),
            mode: self.mode(owner, at.get("mode")),
            uid: self.id(owner, "uid", at.get("uid")),
            gid: self.id(owner, "gid", at.get("gid")),
            owner: self.filled(owner, "owner", at.get("owner")),
            group: self.filled(owner, "group", at.get("group")),
        })
    }

    fn group(&mut self, owner: &mut Owner, at: At<'_>) -> Option<HostGroup> {
        self.check(at, GROUP);
        let name = self.named(owner, "name", "name", at)?;
        let gid = self.id(owner, "gid", at.get("gid"));
        let members = self.words(owner, "members", at.get("members"));
        let incomplete = std::mem::take(&mut owner.incomplete);
        Some(HostGroup { loc: owner.loc, name, gid, members, incomplete })
    }

    fn audit_rule(&mut self, owner: &mut Owner, at: At<'_>) -> Option<AuditRule> {
        self.check(at, AUDIT_RULE);
        let raw = self.named(owner, "rule", "raw", at)?;
        let watch = audit::watch(&raw);
        let of_watch = |field: fn(&audit::Watch) -> String| watch.as_ref().map(field);
        Some(AuditRule {
            loc: owner.loc,
            path: of_watch(|watch| watch.path.clone()).into(),
            recursive: watch.as_ref().is_some_and(|watch| watch.recursive),
            permissions: of_watch(|watch| watch.permissions.clone()).unwrap_or_default(),
            partial: watch.as_ref().is_some_and(|watch| watch.partial),
            key: watch.and_then(|watch| watch.key).into(),
            resolved: self.path(owner, "resolved", at.get("resolved")),
            file: self.optional(owner, "file", at.get("file")),
            raw,
        })
    }

    fn mount(&mut self, owner: &mut Owner, at: At<'_>) -> Option<HostMount> {
        self.check(at, MOUNT);
        self.named(owner, "target", "target", at)?;
        Some(HostMount {
            loc: owner.loc,
            target: self.path(owner, "target", at.get("target"))?,
            source: self.optional(owner, "source", at.get("source")),
            device: self.filled(owner, "device", at.get("device")),
            fstype: self.filled(owner, "fstype", at.get("fstype")),
            options: self.words(owner, "options", at.get("options")),
            encrypted: self.boolean_field(owner.loc, "encrypted", at.get("encrypted")),
            incomplete: std::mem::take(&mut owner.incomplete),
        })
    }

    /// The lists that are not known in full: those that could not be read, and those that the text
    /// says so of.
    fn incomplete(&mut self, mut owner: Owner, at: At<'_>) -> Vec<String> {
        if at.is_something() {
            for item in self.list(at).unwrap_or_default() {
                match item.text() {
                    Some(name) if LISTS.contains(&name) => owner.incomplete(name),
                    Some(name) => {
                        let message = format!("there is no list `{}`", excerpt(name));
                        self.invalid(item, message);
                    }
                    None => self.wrong(item, "a string"),
                }
            }
        }
        owner.incomplete
    }
}
