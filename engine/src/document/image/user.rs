//! Who an image runs as.
//!
//! `user[:group]`, names or numbers; none is root, or on Windows ContainerAdministrator.
//! <https://github.com/opencontainers/image-spec/blob/main/config.md#properties>

use plimsoll_sdk::facts::{Account, User};
use plimsoll_sdk::{Loc, Nullable};

/// What is known of the image that a user is of.
pub(super) struct Context<'a> {
    pub(super) windows: bool,
    /// The accounts of the image; absent when they are not known.
    pub(super) accounts: Option<&'a [Account]>,
}

/// The user as a fact; `text` is what the configuration says, if anything.
pub(super) fn fact(loc: Loc, text: Option<&str>, context: &Context<'_>) -> User {
    let unset = text.is_none_or(str::is_empty);
    let text = text.filter(|text| !text.is_empty());
    let mut user = User {
        loc,
        raw: text.map(str::to_owned).into(),
        text: Some(text.map(str::to_owned).into()),
        name: None,
        uid: None,
        group: None,
        is_root: Some(true),
        from: if unset { "default" } else { "image" }.into(),
        created_in_build: Nullable::Null,
        system: Nullable::Null,
        variables: Vec::new(),
        missing: Vec::new(),
    };
    let Some(text) = text else {
        let root = if context.windows { "ContainerAdministrator" } else { "root" };
        user.name = Some(Nullable::Value(root.into()));
        user.uid = Some(if context.windows { Nullable::Null } else { Nullable::Value(0) });
        return user;
    };
    let (name, group) = match text.split_once(':') {
        Some((name, group)) => (name, Some(group)),
        None => (text, None),
    };
    user.group = Some(group.map(str::to_owned).into());
    // The engine reads numbers with Go's strconv.Atoi: `00` and `+0` are root, too.
    if let Ok(number) = name.parse::<i64>() {
        user.name = Some(Nullable::Null);
        user.uid = u32::try_from(number).ok().map(Nullable::Value);
        user.is_root = Some(number == 0);
        return user;
    }
    user.name = Some(Nullable::Value(name.to_owned()));
    let account =
        context.accounts.and_then(|accounts| accounts.iter().find(|account| account.name == name));
    user.uid = match (context.accounts, account) {
        (Some(_), Some(account)) => account.uid.map(Nullable::Value),
        (Some(_), None) => Some(Nullable::Null),
        (None, _) => None,
    };
    if context.accounts.is_some() {
        user.created_in_build = Nullable::Value(account.is_some());
    }
    let by_number = account.and_then(|account| account.uid) == Some(0);
    user.is_root = Some(is_root_name(name, context.windows) || by_number);
    user
}

fn is_root_name(name: &str, windows: bool) -> bool {
    // "" before a colon: the engine falls back to user 0.
    name == "root"
        || name.is_empty()
        || windows
            && ["containeradministrator", "administrator", "nt authority\\system", "system"]
                .contains(&name.to_ascii_lowercase().as_str())
}
