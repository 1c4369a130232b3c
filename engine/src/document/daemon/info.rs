//! What `docker info` says in words: security options and warnings.

use super::layer::{Printed, items, text};
use crate::source::Place;
use crate::yaml::{Node, Value};

/// What the security options say; `None` when unknown.
#[derive(Debug, Default)]
pub(super) struct Security {
    /// Where they stand.
    pub(super) place: Option<Place>,
    pub(super) apparmor: Option<bool>,
    pub(super) selinux: Option<bool>,
    pub(super) seccomp: Option<bool>,
    pub(super) seccomp_profile: Option<String>,
    pub(super) userns: Option<bool>,
    pub(super) rootless: Option<bool>,
    pub(super) no_new_privileges: Option<bool>,
    pub(super) cgroup_ns: Option<String>,
}

/// An option: its name, and its profile if it has one.
type NamedOption<'a> = (&'a str, Option<&'a str>);

impl Security {
    pub(super) fn read(info: Option<&Printed>) -> Self {
        let Some(info) = info else { return Security::default() };
        let windows = info.text(&["OSType"]).is_some_and(|(os, _)| os == "windows");
        let Some(node) = info.node.get("SecurityOptions").filter(|_| !windows) else {
            return Security::default();
        };
        // With an option that cannot be read, those that were not seen may be there.
        let (options, whole) = options(node);
        let find = |name: &str| options.iter().find(|(known, _)| *known == name);
        let says = |name: &str| match find(name) {
            Some(_) => Some(true),
            None => whole.then_some(false),
        };
        let profile = find("seccomp").and_then(|(_, profile)| *profile);
        let since = |major, minor| at_least(info, major, minor);
        Security {
            place: Some(info.place(node)),
            apparmor: says("apparmor"),
            selinux: says("selinux"),
            seccomp: says("seccomp").map(|there| there && profile != Some("unconfined")),
            seccomp_profile: profile.map(str::to_owned),
            userns: says("userns"),
            rootless: says("rootless"),
            // Engines before 24 do not list it.
            no_new_privileges: find("no-new-privileges").map(|_| true),
            cgroup_ns: match says("cgroupns") {
                Some(true) => Some("private".into()),
                // Engines before 20.10 do not list it.
                Some(false) if since(20, 10) => Some("host".into()),
                _ => None,
            },
        }
    }
}

/// The options, and whether all of them could be read: `name=seccomp,profile=builtin`; plain names
/// before API 1.25.
fn options(node: &Node) -> (Vec<NamedOption<'_>>, bool) {
    let mut whole = true;
    let mut found: Vec<NamedOption<'_>> = Vec::new();
    for item in items(node) {
        match &item.value {
            Value::Str(text) => match option(text) {
                Some(option) => found.push(option),
                None => whole = false,
            },
            // As the documentation of API 1.25 has it: pairs, a name and then what belongs to it.
            _ => match (item.get("Key").and_then(text), item.get("Value").and_then(text)) {
                (Some("Name"), Some(name)) => found.push((name, None)),
                (Some("Profile"), Some(profile)) => {
                    if let Some(last) = found.last_mut() {
                        last.1 = Some(profile);
                    }
                }
                _ => whole = false,
            },
        }
    }
    (found, whole)
}

fn option(text: &str) -> Option<NamedOption<'_>> {
    if !text.contains('=') {
        return (!text.is_empty()).then_some((text, None));
    }
    let value =
        |key: &str| text.split(',').find_map(|part| part.strip_prefix(key)?.strip_prefix('='));
    Some((value("name").filter(|name| !name.is_empty())?, value("profile")))
}

/// The address that a warning tells of, and whether it is encrypted: `API is accessible on
/// http://0.0.0.0:2375 without encryption`. The text is moby's `fillAPIInfo`.
pub(super) fn exposed(warning: &str) -> Option<(&str, bool)> {
    let (_, rest) = warning.split_once("API is accessible on ")?;
    let address = |rest: &'_ str| rest.split_whitespace().next().map(str::len);
    if let Some(rest) = rest.strip_prefix("http://") {
        return rest.get(..address(rest)?).map(|address| (address, false));
    }
    let rest = rest.strip_prefix("https://")?;
    rest.get(..address(rest)?).map(|address| (address, true))
}

/// Whether the engine would have warned of an API that is open over TCP: from 20.10 on.
pub(super) fn warns_of_exposure(info: &Printed) -> bool {
    info.node.get("Warnings").is_some() && at_least(info, 20, 10)
}

/// Whether the engine is of a version, or newer.
fn at_least(info: &Printed, major: u32, minor: u32) -> bool {
    let Some((version, _)) = info.text(&["ServerVersion"]) else { return false };
    let mut parts = version.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(found)), Some(Ok(found_minor))) => (found, found_minor) >= (major, minor),
        _ => false,
    }
}
