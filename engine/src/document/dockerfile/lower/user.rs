//! Who a process runs as, from what USER says.

use plimsoll_sdk::facts::User;
use plimsoll_sdk::{Loc, Nullable};

use super::scope::{Binding, Value};
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
        system: Nullable::Null,
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
        user.uid = number.map(Nullable::Value);
        user.is_root = Some(spec.is_root(windows) || number == Some(0));
        user.created_in_build = Nullable::Value(created.has(spec.user));
        user.system = created.is_system(spec.user).into();
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
        system: Nullable::Null,
        variables: Vec::new(),
        missing: Vec::new(),
    }
}

/// Users that commands of a lineage create.
#[derive(Clone, Debug, Default)]
pub(super) struct CreatedUsers {
    accounts: Vec<Account>,
    /// Whether a file is written that may define any user: `/etc/passwd`.
    any: bool,
}

/// What one command says of a word that may be the name of a user.
#[derive(Clone, Debug)]
struct Account {
    name: String,
    number: Option<u32>,
    /// Whether it is a system account; `None` for a command that changes a user.
    system: Option<bool>,
}

/// Short options of useradd, usermod, and of BusyBox' and Debian's adduser that take a value.
const VALUED: &str = "bcdefgGhkKlpPRsuZ";

impl CreatedUsers {
    /// Takes note of a command, given as its name and arguments; `binding` is what is known of a
    /// variable of the build.
    pub(super) fn command<'s>(
        &mut self,
        name: &str,
        arguments: &[String],
        binding: &dyn Fn(&str) -> Option<&'s Binding>,
    ) {
        if !matches!(name, "useradd" | "adduser" | "usermod") {
            return;
        }
        let arguments: Vec<String> =
            arguments.iter().map(|argument| expanded(argument, binding)).collect();
        let creates = name != "usermod";
        let (mut number, mut system) = (None, false);
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if let Some(text) = argument.strip_prefix("--uid=") {
                number = text.parse().ok();
            } else if argument == "--uid" {
                number = rest.next().and_then(|text| text.parse().ok());
            } else if argument == "--system" {
                system = creates;
            } else if let Some(bundle) = argument.strip_prefix('-').filter(|b| !b.starts_with('-'))
            {
                let valued = bundle.find(|letter| VALUED.contains(letter));
                let (switches, option) = bundle.split_at(valued.unwrap_or(bundle.len()));
                // `-r` of useradd, `-S` of BusyBox' adduser.
                system |= creates && switches.contains(['r', 'S']);
                if let Some(value) = option.strip_prefix('u') {
                    let value = if value.is_empty() {
                        rest.next().map(String::as_str)
                    } else {
                        Some(value)
                    };
                    number = value.and_then(|text| text.parse().ok());
                }
            }
        }
        // `useradd [options] NAME`, but BusyBox' `adduser NAME GROUP`: every word may be the name.
        let words = arguments.into_iter().filter(|argument| !argument.starts_with('-'));
        let system = creates.then_some(system);
        self.accounts.extend(words.map(|name| Account { name, number, system }));
    }

    /// Takes note of a file that is written.
    pub(super) fn writes(&mut self, path: &str) {
        self.any |= path.ends_with("/etc/passwd") || path == "/etc" || path == "/etc/";
    }

    /// What the commands say of a user, the last first, up to the one that creates it.
    fn of<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t Account> {
        let mut created = false;
        let named = self.accounts.iter().rev().filter(move |account| account.name == name);
        named.take_while(move |account| !std::mem::replace(&mut created, account.system.is_some()))
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.of(name).find_map(|account| account.number)
    }

    /// Whether it is a system account whose number the program chose; `None` when no command
    /// that is known creates it.
    fn is_system(&self, name: &str) -> Option<bool> {
        let system = self.of(name).find_map(|account| account.system)?;
        Some(system && self.number(name).is_none())
    }

    fn has(&self, name: &str) -> bool {
        self.any || self.accounts.iter().any(|account| account.name == name)
    }
}

/// A word that is a variable of the build, `$UID` or `${UID}`, as its value; others as they are.
fn expanded<'s>(word: &str, binding: &dyn Fn(&str) -> Option<&'s Binding>) -> String {
    let (front, variable) = match word.split_once('$') {
        Some((front @ ("" | "-u" | "--uid="), variable)) => (front, variable),
        _ => return word.to_owned(),
    };
    let braced = variable.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
    match binding(braced.unwrap_or(variable)) {
        Some(Binding::Set(value)) => format!("{front}{value}"),
        _ => word.to_owned(),
    }
}
