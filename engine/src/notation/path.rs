//! Slash-separated paths, by their text alone.

/// Go's `path.Clean`: the shortest path that means the same. `""` is `.`, and nothing lies above
/// the root.
#[must_use]
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// An absolute, clean path of a host as rules compare it: `/var/run` is `/run`, to which it is
/// linked on every Linux that Docker supports.
#[must_use]
pub fn of_host(path: &str) -> String {
    match path.strip_prefix("/var/run") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/run{rest}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_as_short_as_they_can_be() {
        for (path, want) in [
            ("", "."),
            (".", "."),
            ("/", "/"),
            ("/..", "/"),
            ("../a", "../a"),
            ("a/../..", ".."),
            ("//var/run/../run//docker.sock", "/var/run/docker.sock"),
            ("a/./b/", "a/b"),
        ] {
            assert_eq!(clean(path), want, "{path}");
        }
    }

    #[test]
    fn what_is_linked_is_one() {
        assert_eq!(of_host("/var/run/docker.sock"), "/run/docker.sock");
        assert_eq!(of_host("/var/run"), "/run");
        assert_eq!(of_host("/var/running"), "/var/running");
    }
}
