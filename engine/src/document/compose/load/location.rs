//! Where files lie, by the words of a compose file.
//!
//! Paths are taken as Compose takes them, letter by letter: `a/..` is gone whatever `a` is.

/// Where something lies that a compose file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// Below the root of the files.
    Inside(String),
    /// Somewhere else on the host.
    Outside,
    /// On another host.
    Remote,
}

/// Resolves a path that is relative to a folder below the root.
pub(super) fn locate(folder: &str, path: &str) -> Location {
    if is_remote(path) {
        return Location::Remote;
    }
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '~', '\\']) || drive {
        return Location::Outside;
    }
    join(folder, path).map_or(Location::Outside, Location::Inside)
}

/// As Compose's loaders of Git and OCI references see it.
fn is_remote(path: &str) -> bool {
    path.contains("://") || path.starts_with("git@") || path.starts_with("github.com/")
}

/// The path without `.` and `..`; `None` when it leads out of the root.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folder of a file; `""` for the root.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The path from one folder to another one; `""` when they are the same.
pub(super) fn relative(from: &str, to: &str) -> String {
    let split = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (from, to) = (split(from), split(to));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(same).map(|_| "..");
    let down = to.iter().skip(same).map(String::as_str);
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_resolved_and_stay_inside() {
        for (folder, path, expected) in [
            ("", "a.yaml", Some("a.yaml")),
            ("sub", "./a//b/../c.yaml", Some("sub/a/c.yaml")),
            ("sub", "../c", Some("c")),
            ("sub", "..", Some("")),
            ("sub", "../..", None),
            ("", "../c", None),
            ("", "a/../../c", None),
            ("sub", "/etc/passwd", None),
            ("sub", "~/c", None),
            ("", "C:\\c", None),
        ] {
            let expected = expected.map_or(Location::Outside, |at| Location::Inside(at.to_owned()));
            assert_eq!(locate(folder, path), expected, "{folder} {path}");
        }
        for path in ["https://example.com/x.git", "oci://example.com/x", "git@example.com:x"] {
            assert_eq!(locate("", path), Location::Remote, "{path}");
        }
    }

    #[test]
    fn a_folder_is_found_from_another_one() {
        for (from, to, expected) in
            [("", "a/b", "a/b"), ("a", "a", ""), ("a/b", "a", ".."), ("a/b", "c", "../../c")]
        {
            assert_eq!(relative(from, to), expected, "{from} {to}");
        }
        assert_eq!(folder_of("a/b/c"), "a/b");
        assert_eq!(folder_of("c"), "");
    }
}
