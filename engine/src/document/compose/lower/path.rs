//! Paths: of the host, of containers, and below the root of the files that can be read.

pub(super) use crate::notation::path::of_host;

/// A path on the host, as far as the project says where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HostPath {
    /// It is absolute, or below the home folder of who runs the project (`~/.ssh`).
    Known(String),
    /// It is relative to the project's folder, and stays below the root of what can be read.
    Inside(String),
    /// It is relative and leads out of there.
    Outside(String),
}

/// Where the source of a bind mount leads. `directory` is the project's folder below the root.
pub(super) fn host_path(text: &str, directory: &str) -> HostPath {
    if is_windows(text) {
        return HostPath::Known(text.to_owned());
    }
    if text.starts_with('/') {
        return HostPath::Known(clean(text));
    }
    if text == "~" || text.starts_with("~/") {
        return HostPath::Known(home(text));
    }
    let cleaned = relative(text);
    match join(directory, text) {
        Some(_) => HostPath::Inside(cleaned),
        None => HostPath::Outside(cleaned),
    }
}

/// A path below a home folder: `~/a/../.ssh` is `~/.ssh`. One that leaves the home folder upwards
/// stays as written: nobody knows where that is.
fn home(text: &str) -> String {
    match join("", text.trim_start_matches('~').trim_start_matches('/')) {
        Some(rest) if rest.is_empty() => "~".into(),
        Some(rest) => format!("~/{rest}"),
        None => text.to_owned(),
    }
}

/// An absolute path of a Linux host or container without `.`, `..` and doubled separators.
pub(super) fn clean(text: &str) -> String {
    crate::notation::path::clean(&format!("/{text}"))
}

/// A relative path, cleaned, that begins with `./` or `../`.
fn relative(text: &str) -> String {
    let mut up = 0;
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    up += 1;
                }
            }
            part => parts.push(part),
        }
    }
    let front = if up == 0 { "./".to_owned() } else { "../".repeat(up) };
    let path = format!("{front}{}", parts.join("/"));
    path.strip_suffix('/').map(str::to_owned).unwrap_or(path)
}

/// A relative path joined to a folder below the root, cleaned; `None` when it is absolute or leads
/// out of the root.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || is_windows(path) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Whether a path is one of Windows: `C:\x`, `C:/x`, `\\.\pipe\x`.
fn is_windows(text: &str) -> bool {
    let mut bytes = text.bytes();
    let drive = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.next() == Some(b':')
        && matches!(bytes.next(), Some(b'\\' | b'/'));
    drive || text.starts_with('\\')
}

/// A path in a container, cleaned when it is one of Linux.
pub(super) fn target(text: &str) -> String {
    if text.starts_with('/') { clean(text) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_of_binds() {
        let known = |text: &str| HostPath::Known(text.into());
        let inside = |text: &str| HostPath::Inside(text.into());
        let outside = |text: &str| HostPath::Outside(text.into());
        for (text, expected) in [
            ("//var/run/../run/docker.sock", known("/var/run/docker.sock")),
            ("/", known("/")),
            ("/..", known("/")),
            ("/etc//./x/", known("/etc/x")),
            ("~", known("~")),
            ("~/./.ssh/", known("~/.ssh")),
            ("~/../x", known("~/../x")),
            ("C:\\x", known("C:\\x")),
            ("./a/../b", inside("./b")),
            (".", inside(".")),
            ("a", inside("./a")),
            ("../b", inside("../b")),
            ("../../b", outside("../../b")),
            ("~user/x", inside("./~user/x")),
        ] {
            assert_eq!(host_path(text, "deploy"), expected, "{text}");
        }
    }

    #[test]
    fn paths_compared_as_one() {
        for (text, expected) in [
            ("/var/run/docker.sock", "/run/docker.sock"),
            ("/var/run", "/run"),
            ("/var/running", "/var/running"),
            ("/srv/var/run", "/srv/var/run"),
        ] {
            assert_eq!(of_host(text), expected);
        }
    }
}
