//! Security options of a container, as the engine reads them.
//!
//! The daemon's parser: <https://github.com/moby/moby/blob/master/daemon/daemon_unix.go>
//! (`parseSecurityOpt`). What being privileged takes away by itself is not repeated here: only
//! options that are given count, as in compose files. `AppArmorProfile` alone is what is in force.

use plimsoll_sdk::facts::{Argument, Security, SecurityProfile, Selinux};
use plimsoll_sdk::{Loc, Nullable};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::super::lowering::{Lowering, Owner};
use super::super::tree::At;
use super::Inspected;

/// The options that are written, the last of each kind.
#[derive(Debug, Default)]
struct Options<'a> {
    no_new_privileges: Option<(bool, At<'a>)>,
    seccomp: Option<(&'a str, At<'a>)>,
    apparmor: Option<(&'a str, At<'a>)>,
    /// Whether nothing is masked. Docker's command line sends lists instead of this option.
    unmasked: Option<At<'a>>,
    /// `disable`, `type:spc_t`, `level:s0`.
    labels: Vec<(&'a str, At<'a>)>,
    unknown: bool,
}

impl<'a> Options<'a> {
    fn add(&mut self, at: At<'a>, option: &'a str) {
        if option == "no-new-privileges" {
            self.no_new_privileges = Some((true, at));
            return;
        }
        if option == "disable" {
            self.labels.push((option, at));
            return;
        }
        // `=` goes first for the daemon, but no key that it knows holds either sign.
        let Some((key, value)) = option.split_once(['=', ':']) else {
            self.unknown = true;
            return;
        };
        match key {
            "no-new-privileges" => match boolean(value) {
                Some(value) => self.no_new_privileges = Some((value, at)),
                None => self.unknown = true,
            },
            "seccomp" => self.seccomp = Some((value, at)),
            "apparmor" => self.apparmor = Some((value, at)),
            "label" => self.labels.push((value, at)),
            // Podman's word is `unmask`.
            "systempaths" if value == "unconfined" => self.unmasked = Some(at),
            "unmask" if value.eq_ignore_ascii_case("all") => self.unmasked = Some(at),
            _ => {}
        }
    }
}

/// Go's `strconv.ParseBool`.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

impl Lowering<'_> {
    pub(super) fn security(&mut self, container: &Inspected<'_>) -> Security {
        let at = container.host.get("SecurityOpt");
        let loc = self.object(container.loc, at);
        let mut owner = Owner::new(loc);
        let mut options = Options::default();
        let mut written = Vec::new();
        for item in self.list_field(&mut owner, "options", at) {
            let Some(text) = item.text() else {
                self.wrong(item, "a string");
                owner.incomplete("options");
                continue;
            };
            options.add(item, text);
            let loc = self.object(loc, item);
            written.push(Argument { loc, text: text.to_owned() });
        }
        options.unknown |= !owner.incomplete.is_empty();
        let no_new_privileges = options.no_new_privileges;
        let place = no_new_privileges.map_or(at, |(_, at)| at);
        self.place(loc, "no_new_privileges", place);
        // The daemon's own setting holds where the container says nothing; it is off by default.
        let from = match no_new_privileges {
            Some(_) => "container",
            None if options.unknown => "unknown",
            None => "default",
        };
        Security {
            loc,
            no_new_privileges: (from != "unknown")
                .then(|| no_new_privileges.is_some_and(|(value, _)| value)),
            no_new_privileges_from: from.into(),
            seccomp: self.seccomp(loc, container, &options, at),
            apparmor: self.apparmor(loc, container, &options),
            selinux: self.selinux(loc, container, &options),
            systempaths_unconfined: self.system_paths(loc, container, &options),
            options: written,
            incomplete: owner.incomplete,
        }
    }

    fn seccomp(
        &mut self,
        parent: Loc,
        container: &Inspected<'_>,
        options: &Options<'_>,
        at: At<'_>,
    ) -> SecurityProfile {
        let at = options.seccomp.map_or(at, |(_, option)| option);
        let loc = self.object(parent, at);
        let known = |mode: &str| simple_profile(loc, Some(mode));
        match options.seccomp {
            _ if container.windows => known("none"),
            Some(("unconfined", _)) => known("unconfined"),
            Some(("builtin", _)) => known("default"),
            Some((profile, _)) => custom_seccomp(loc, profile),
            None if options.unknown => simple_profile(loc, None),
            None => known("default"),
        }
    }

    /// The engine writes the profile in force to `AppArmorProfile` when it starts the container; on
    /// a host without AppArmor it stays empty.
    fn apparmor(
        &mut self,
        parent: Loc,
        container: &Inspected<'_>,
        options: &Options<'_>,
    ) -> SecurityProfile {
        let in_force = container.at.get("AppArmorProfile");
        let at = options.apparmor.map_or(in_force, |(_, at)| at);
        let loc = self.object(parent, at);
        self.string(in_force);
        let profile = in_force.filled().or(options.apparmor.map(|(value, _)| value));
        match profile {
            _ if container.windows => simple_profile(loc, Some("none")),
            Some("unconfined") => simple_profile(loc, Some("unconfined")),
            Some(name) if is_engine_profile(name) => simple_profile(loc, Some("default")),
            Some(name) if !name.is_empty() => SecurityProfile {
                loc,
                mode: Some("custom".into()),
                profile: Some(Nullable::Value(name.to_owned())),
                default_action: Some(Nullable::Null),
            },
            _ if in_force.text().is_some() && container.started() => {
                simple_profile(loc, Some("none"))
            }
            _ => simple_profile(loc, None),
        }
    }

    fn selinux(
        &mut self,
        parent: Loc,
        container: &Inspected<'_>,
        options: &Options<'_>,
    ) -> Selinux {
        let label = container.at.get("ProcessLabel");
        self.string(label);
        let at = options.labels.first().map_or(label, |&(_, at)| at);
        let loc = self.object(parent, at);
        let mut selinux = Selinux { loc, mode: None, r#type: None, level: None };
        // `system_u:system_r:container_t:s0:c1,c2`: the level may hold colons itself.
        let in_force = label.filled().map(|label| label.splitn(4, ':').collect::<Vec<_>>());
        let option = |name: &str| {
            let values =
                options.labels.iter().filter_map(|(label, _)| label.split_once([':', '=']));
            values.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next_back()
        };
        let part = |at: usize| {
            in_force.as_ref().and_then(|parts| parts.get(at)).map(|&part| part.to_owned())
        };
        let disabled = options.labels.iter().any(|&(label, _)| label == "disable");
        let mode = if disabled {
            Some("disabled")
        } else if !options.labels.is_empty() {
            Some("custom")
        } else if in_force.is_some() {
            Some("default")
        } else if container.windows || (label.text().is_some() && !options.unknown) {
            Some("none")
        } else {
            None
        };
        selinux.mode = mode.map(Into::into);
        if mode.is_some() {
            selinux.r#type = Some(part(2).or_else(|| option("type")).into());
            selinux.level = Some(part(3).or_else(|| option("level")).into());
        }
        selinux
    }

    /// The command line sends `systempaths=unconfined` as two empty lists. For a privileged
    /// container the engine has null; for others it fills in what is null.
    fn system_paths(
        &mut self,
        loc: Loc,
        container: &Inspected<'_>,
        options: &Options<'_>,
    ) -> Option<bool> {
        let masked = container.host.get("MaskedPaths");
        self.place(loc, "systempaths_unconfined", options.unmasked.unwrap_or(masked));
        if options.unmasked.is_some() {
            return Some(true);
        }
        if container.windows {
            return Some(false);
        }
        let lists = [masked, container.host.get("ReadonlyPaths")];
        if lists.iter().any(|at| at.node.is_none()) {
            return None;
        }
        if container.privileged != Some(false) && lists.iter().all(|at| at.is_null()) {
            return container.privileged.map(|_| false);
        }
        Some(lists.iter().all(|at| at.items().next().is_none()))
    }
}

/// A profile that has no name of its own.
pub(in super::super) fn simple_profile(loc: Loc, mode: Option<&str>) -> SecurityProfile {
    let known = mode.map(|_| Nullable::Null);
    SecurityProfile {
        loc,
        mode: mode.map(Into::into),
        profile: known.clone(),
        default_action: known,
    }
}

/// What Docker, containerd and podman call their own profiles.
fn is_engine_profile(name: &str) -> bool {
    name == "docker-default"
        || name == "cri-containerd.apparmor.d"
        || name.starts_with("containers-default")
}

/// A seccomp profile, as JSON put in by the command line, else by its path.
pub(in super::super) fn custom_seccomp(loc: Loc, profile: &str) -> SecurityProfile {
    #[derive(Deserialize)]
    struct Profile {
        #[serde(rename = "defaultAction")]
        default_action: String,
    }
    let inline = profile.trim_start().starts_with('{');
    let parsed: Option<Profile> = serde_json::from_str(profile).ok().filter(|_| inline);
    let name = if inline {
        format!("sha256:{:x}", Sha256::digest(profile.as_bytes()))
    } else {
        profile.to_owned()
    };
    SecurityProfile {
        loc,
        mode: Some("custom".into()),
        profile: Some(Nullable::Value(name)),
        default_action: parsed.map(|profile| Nullable::Value(profile.default_action)),
    }
}
