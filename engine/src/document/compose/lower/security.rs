//! Capabilities and security options.

use plimsoll_sdk::facts::{Argument, Capabilities, Security, SecurityProfile, Selinux};
use plimsoll_sdk::{Loc, Nullable};

use super::super::tree::Node;
use super::read::{as_written, at, elements, scalar, switch};
use super::{Lowering, Service};
use crate::diagnostic::Diagnostic;
use crate::files::FileError;

/// The largest seccomp profile that is read, in bytes.
const MAX_PROFILE_BYTES: u64 = 1 << 20;

impl Lowering<'_, '_> {
    pub(super) fn capabilities(&mut self, service: &Service<'_>) -> Capabilities {
        let add = at(service.node, &["cap_add"]);
        let drop = at(service.node, &["cap_drop"]);
        // Of what is added each item has its own place; what is not dropped has this one.
        let loc = self.section_of(service.loc, service, &["cap_drop"]);
        let mut incomplete = Vec::new();
        let mut list = |node: Option<&Node>, field: &'static str| {
            let items: Vec<&Node> = elements(node);
            let known: Vec<&Node> =
                items.iter().copied().filter(|item| scalar(item).is_some()).collect();
            if known.len() < items.len() {
                incomplete.push(field.to_owned());
            }
            self.items(loc, field, known.iter().copied());
            known.into_iter().filter_map(scalar).map(|name| capability(&name)).collect()
        };
        let (add, drop) = (list(add, "add"), list(drop, "drop"));
        Capabilities { loc, add, drop, incomplete }
    }

    /// Options as the engine reads them: `name=value`, or `name:value` as long ago.
    /// <https://docs.docker.com/reference/cli/docker/container/run/#security-opt>
    pub(super) fn security(&mut self, service: &Service<'_>) -> Security {
        let list = at(service.node, &["security_opt"]);
        let loc = self.section_of(service.loc, service, &["security_opt"]);
        let (options, complete) = self.words(loc, list);
        let mut security = default_security(loc, &service.loc, self, service);
        security.options = options;
        if !complete {
            security.incomplete.push("options".into());
        }
        for item in elements(list) {
            self.option(&mut security, item);
        }
        security
    }

    fn option(&mut self, security: &mut Security, item: &Node) {
        let Some(text) = as_written(item) else { return };
        let separator = if text.contains('=') { '=' } else { ':' };
        let (name, value) = text.split_once(separator).unwrap_or((&text, ""));
        let value = (!item.is_unknown() || !value.contains('$')).then_some(value);
        if item.is_unknown() && name.contains('$') {
            forget(security);
            return;
        }
        match name {
            "no-new-privileges" => {
                security.no_new_privileges = match value {
                    Some("") => Some(true),
                    Some(value) => switch(value),
                    None => None,
                };
                security.no_new_privileges_from = "container".into();
                self.field(security.loc, "no_new_privileges", Some(item));
            }
            "seccomp" => {
                security.seccomp = self.seccomp(security.loc, item, value);
                self.field(security.loc, "seccomp", Some(item));
            }
            "apparmor" => {
                let loc = self.object(security.loc, item);
                security.apparmor = profile(loc, value, &["docker-default", ""]);
                self.field(security.loc, "apparmor", Some(item));
            }
            "label" => self.label(security, item, value),
            // As short as that the engine takes it, too.
            "disable" if text == name => self.label(security, item, Some(name)),
            "systempaths" => {
                security.systempaths_unconfined = value.map(|value| value == "unconfined");
                self.field(security.loc, "systempaths_unconfined", Some(item));
            }
            _ => {}
        }
    }

    fn seccomp(&mut self, parent: Loc, item: &Node, value: Option<&str>) -> SecurityProfile {
        let loc = self.object(parent, item);
        let mut facts = profile(loc, value, &["builtin"]);
        if let (Some("custom"), Some(path)) = (facts.mode.as_deref(), value) {
            facts.default_action = self.default_action(path, item);
        }
        facts
    }

    /// What a seccomp profile beside the compose file does with calls it does not name.
    fn default_action(&mut self, path: &str, item: &Node) -> Option<Nullable<String>> {
        let files = &self.context.folder?.files;
        let path = self.beside(path)?;
        let bytes = match files.read(&path, MAX_PROFILE_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = match error {
                    FileError::NotFound => format!("there is no seccomp profile {path}"),
                    error => format!("cannot read the seccomp profile {path}: {error}"),
                };
                self.problems.push(Diagnostic::warning(message).at(item.place.clone()));
                return None;
            }
        };
        let Ok(profile) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
            let message = format!("the seccomp profile {path} is no JSON");
            self.problems.push(Diagnostic::warning(message).at(item.place.clone()));
            return None;
        };
        let action = profile.get("defaultAction").and_then(serde_json::Value::as_str);
        Some(action.map(str::to_owned).into())
    }

    /// An option of SELinux. `disable` ends the engine's reading of them wherever it stands, and
    /// switches labels off; of others the last of a name counts.
    /// <https://github.com/opencontainers/selinux/blob/main/go-selinux/label/label_linux.go>
    fn label(&mut self, security: &mut Security, item: &Node, value: Option<&str>) {
        if security.selinux.mode.as_deref() == Some("disabled") {
            return;
        }
        self.field(security.loc, "selinux", Some(item));
        let loc = self.object(security.loc, item);
        let selinux = &mut security.selinux;
        selinux.loc = loc;
        let Some(value) = value else {
            (selinux.mode, selinux.r#type, selinux.level) = (None, None, None);
            return;
        };
        let (name, rest) = value.split_once(':').unwrap_or((value, ""));
        if value == "disable" {
            selinux.mode = Some("disabled".into());
            (selinux.r#type, selinux.level) = (Some(Nullable::Null), Some(Nullable::Null));
            return;
        }
        // Before it may stand one that nobody knows, which may be `disable`.
        if selinux.mode.is_some() {
            selinux.mode = Some("custom".into());
        }
        match name {
            "type" => selinux.r#type = Some(Nullable::Value(rest.to_owned())),
            "level" => selinux.level = Some(Nullable::Value(rest.to_owned())),
            _ => {}
        }
    }
}

/// The name of a capability as facts have it.
fn capability(name: &str) -> String {
    let name = name.trim().to_ascii_uppercase();
    name.strip_prefix("CAP_").map(str::to_owned).unwrap_or(name)
}

/// A profile by its name; `defaults` are names of the engine's own.
fn profile(loc: Loc, value: Option<&str>, defaults: &[&str]) -> SecurityProfile {
    let (mode, profile) = match value {
        None => (None, None),
        Some("unconfined") => (Some("unconfined"), Some(Nullable::Null)),
        Some(value) if defaults.contains(&value) => (Some("default"), Some(Nullable::Null)),
        Some(value) => (Some("custom"), Some(Nullable::Value(value.to_owned()))),
    };
    let default_action = match mode {
        Some("custom") | None => None,
        Some(_) => Some(Nullable::Null),
    };
    SecurityProfile { loc, mode: mode.map(str::to_owned), profile, default_action }
}

fn default_security(
    loc: Loc,
    parent: &Loc,
    lowering: &mut Lowering<'_, '_>,
    service: &Service<'_>,
) -> Security {
    let mut object = || lowering.places.object_written(Some(*parent), &service.key);
    Security {
        loc,
        no_new_privileges: Some(false),
        no_new_privileges_from: "default".into(),
        seccomp: profile(object(), Some("builtin"), &["builtin"]),
        apparmor: profile(object(), Some(""), &[""]),
        selinux: Selinux {
            loc: object(),
            mode: Some("default".into()),
            r#type: Some(Nullable::Null),
            level: Some(Nullable::Null),
        },
        systempaths_unconfined: Some(false),
        options: Vec::<Argument>::new(),
        incomplete: Vec::new(),
    }
}

/// After an option that nobody knows: what nothing else says is not known.
fn forget(security: &mut Security) {
    if security.no_new_privileges_from == "default" {
        security.no_new_privileges = None;
        security.no_new_privileges_from = "unknown".into();
    }
    for profile in [&mut security.seccomp, &mut security.apparmor] {
        if profile.mode.as_deref() == Some("default") {
            (profile.mode, profile.profile, profile.default_action) = (None, None, None);
        }
    }
    let selinux = &mut security.selinux;
    if selinux.mode.as_deref() == Some("default") {
        (selinux.mode, selinux.r#type, selinux.level) = (None, None, None);
    }
    if security.systempaths_unconfined == Some(false) {
        security.systempaths_unconfined = None;
    }
}
