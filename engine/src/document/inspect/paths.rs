//! Paths of the host and of containers.

use crate::notation::path;

/// A path without empty, `.` and `..` parts and without a slash at the end. One that is not
/// absolute stays as it is: a path of Windows, or something that is no path.
pub(super) fn clean(path: &str) -> String {
    if !path.starts_with('/') {
        return path.to_owned();
    }
    path::clean(path)
}

/// A path of the host, cleaned, with `/var/run` as what it links to: `/run`.
pub(super) fn host(path: &str) -> String {
    path::of_host(&clean(path))
}

/// Whether it begins with the letter of a drive, as `C:\data`.
pub(super) fn has_drive(path: &str) -> bool {
    let bytes = path.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.get(1) == Some(&b':')
        && matches!(bytes.get(2), Some(b'\\' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        for (written, want) in [
            ("/", "/"),
            ("//var/run//docker.sock", "/run/docker.sock"),
            ("/var/run", "/run"),
            ("/var/running", "/var/running"),
            ("/var/lib/../run/x/.", "/run/x"),
            ("/../..", "/"),
            ("C:\\data\\", "C:\\data\\"),
            ("\\\\.\\pipe\\docker_engine", "\\\\.\\pipe\\docker_engine"),
            ("relative/../x", "relative/../x"),
            ("", ""),
        ] {
            assert_eq!(host(written), want, "{written}");
        }
        assert!(has_drive("C:\\x") && has_drive("d:/x"));
        assert!(!has_drive("C:x") && !has_drive("volume:/x") && !has_drive(""));
    }
}
