//! Users as `user[:group]`: in USER of a Dockerfile, in `user` of a service, in the configuration
//! of an image or a container.
//!
//! Names or numbers: <https://docs.docker.com/reference/dockerfile/#user>. The engine reads a
//! number with Go's `strconv.Atoi`, so `00` and `+0` are root, too.

/// Names that are root on Windows, in lower case.
const WINDOWS_ROOTS: [&str; 4] =
    ["containeradministrator", "administrator", "nt authority\\system", "system"];

/// A parsed user; every text is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserSpec<'t> {
    /// What stands before the colon: a name or a number.
    pub user: &'t str,
    /// What stands after it.
    pub group: Option<&'t str>,
}

impl<'t> UserSpec<'t> {
    /// Splits a text at its first colon.
    #[must_use]
    pub fn parse(text: &'t str) -> Self {
        match text.split_once(':') {
            Some((user, group)) => UserSpec { user, group: Some(group) },
            None => UserSpec { user: text, group: None },
        }
    }

    /// The user's number, when it is written as one; it may be out of the range of user ids.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        self.user.parse().ok()
    }

    /// Whether it is root as far as the text says: by name, or by a number that is 0. Without a
    /// name before the colon the engine falls back to user 0. `ContainerAdministrator` is an
    /// account of Windows images alone, so it is root even where nothing else says Windows.
    #[must_use]
    pub fn is_root(&self, windows: bool) -> bool {
        self.user.is_empty()
            || self.user == "root"
            || self.number() == Some(0)
            || self.user.eq_ignore_ascii_case(WINDOWS_ROOTS[0])
            || (windows && WINDOWS_ROOTS.contains(&self.user.to_ascii_lowercase().as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_root() {
        for (text, number, group, root) in [
            ("root", None, None, true),
            ("0:0", Some(0), Some("0"), true),
            ("+0", Some(0), None, true),
            ("00:app", Some(0), Some("app"), true),
            (":app", None, Some("app"), true),
            ("1000", Some(1000), None, false),
            ("-1", Some(-1), None, false),
            ("app:root:x", None, Some("root:x"), false),
            ("Root", None, None, false),
            ("ContainerAdministrator", None, None, true),
            ("Administrator", None, None, false),
        ] {
            let user = UserSpec::parse(text);
            let found = (user.number(), user.group, user.is_root(false));
            assert_eq!(found, (number, group, root), "{text}");
        }
        assert!(UserSpec::parse("Administrator").is_root(true));
    }
}
