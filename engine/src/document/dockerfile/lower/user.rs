//! Who a process runs as, from what USER says.

use plimsoll_sdk::facts::User;
use plimsoll_sdk::{Loc, Nullable};

use super::scope::Value;
use crate::notation::user::UserSpec;
use crate::source::Span;

/// What the last USER of a lineage says.
#[derive(Clone, Debug)]
pub(super) struct UserSetting {
    pub(super) raw: String,
    pub(super) value: Value,
    pub(super) span: Span,
}

/// The user as a fact.
pub(super) fn fact(
    loc: Loc,
    setting: Option<&UserSetting>,
    base: BaseUser,
    windows: bool,
    created: &CreatedUsers,
) -> User {
    let Some(setting) = setting else { return unset(loc, base, windows) };
    let mut user = User {
        loc,
        raw: Nullable::Value(setting.raw.clone()),
        text: setting.value.text.clone().map(Nullable::Value),
        name: None,
        uid: None,
        group: None,
        is_root: None,
        from: "image".into(),
        created_in_build: Nullable::Null,
        variables: setting.value.variables.clone(),
        missing: setting.value.missing.clone(),
    };
    let Some(text) = &setting.value.text else { return user };
    if text.is_empty() {
        // An empty value takes the setting back.
        return User { raw: user.raw, ..unset(loc, base, windows) };
    }
    let spec = UserSpec::parse(text);
    user.group = Some(spec.group.map(str::to_owned).into());
    user.is_root = Some(spec.is_root(windows));
    if let Some(number) = spec.number() {
        user.name = Some(Nullable::Null);
        user.uid = u32::try_from(number).ok().map(Nullable::Value);
    } else {
        user.name = Some(Nullable::Value(spec.user.to_owned()));
        let number = created.number(spec.user);
        user.uid = Some(number.into());
        user.is_root = Some(spec.is_root(windows) || number == Some(0));
        user.created_in_build = Nullable::Value(created.has(spec.user));
    }
    user
}

/// What is known of the base image's user when no USER is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BaseUser {
    /// There is no base: `FROM scratch`.
    None,
    /// The base is an image that is not here.
    Assumed,
    /// Not even the reference to the base is known.
    Unknown,
}

fn unset(loc: Loc, base: BaseUser, windows: bool) -> User {
    let root = if windows { "ContainerAdministrator" } else { "root" };
    let (is_root, from, name) = match base {
        BaseUser::None => (Some(true), "default", Some(Nullable::Value(root.to_owned()))),
        BaseUser::Assumed => (Some(true), "assumed", None),
        BaseUser::Unknown => (None, "unknown", None),
    };
    User {
        loc,
        raw: Nullable::Null,
        text: if base == BaseUser::Unknown { None } else { Some(Nullable::Null) },
        name,
        uid: None,
        group: None,
        is_root,
        from: from.into(),
        created_in_build: Nullable::Null,
        variables: Vec::new(),
        missing: Vec::new(),
    }
}

/// Users that commands of a lineage create.
#[derive(Clone, Debug, Default)]
pub(super) struct CreatedUsers {
    names: Vec<(String, Option<u32>)>,
    /// Whether a file is written that may define any user: `/etc/passwd`.
    any: bool,
}

impl CreatedUsers {
    /// Takes note of a command, given as its name and arguments.
    pub(super) fn command(&mut self, name: &str, arguments: &[String]) {
        if !matches!(name, "useradd" | "adduser" | "usermod") {
            return;
        }
        let mut number = None;
        let mut at = 0;
        while let Some(argument) = arguments.get(at) {
            if let Some(text) = argument.strip_prefix("--uid=") {
                number = text.parse().ok();
            } else if matches!(argument.as_str(), "-u" | "--uid") {
                number = arguments.get(at + 1).and_then(|text| text.parse().ok());
            }
            at += 1;
        }
        // `useradd [options] NAME`, but BusyBox' `adduser NAME GROUP`: every word may be the name.
        let words = arguments.iter().filter(|argument| !argument.starts_with('-'));
        self.names.extend(words.map(|word| (word.clone(), number)));
    }

    /// Takes note of a file that is written.
    pub(super) fn writes(&mut self, path: &str) {
        self.any |= path.ends_with("/etc/passwd") || path == "/etc" || path == "/etc/";
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.names.iter().rev().find(|(known, _)| known == name).and_then(|(_, number)| *number)
    }

    fn has(&self, name: &str) -> bool {
        self.any || self.names.iter().any(|(known, _)| known == name)
    }
}
