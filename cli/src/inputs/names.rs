//! What paths are called in front of the user.

use std::path::{Component, Path, PathBuf};

/// A path as the user would type it: relative to the current folder where it lies below or above
/// it, with forward slashes. What is not UTF-8 is replaced.
pub(crate) fn shown(path: &Path) -> String {
    let current = std::env::current_dir().ok();
    name(path, current.as_deref())
}

fn name(path: &Path, current: Option<&Path>) -> String {
    let relative = current.filter(|_| path.is_absolute()).and_then(|current| {
        let up = current.ancestors().take(4).position(|above| path.starts_with(above))?;
        let above = current.ancestors().nth(up)?;
        // Everything lies below the root, and far away a whole path is easier to read.
        above.parent()?;
        let mut relative: PathBuf = std::iter::repeat_n("..", up).collect();
        relative.push(path.strip_prefix(above).ok()?);
        Some(relative)
    });
    let path = relative.as_deref().unwrap_or(path);
    let plain: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    let text = plain.to_string_lossy();
    match text.as_ref() {
        "" => ".".to_owned(),
        text if cfg!(windows) => text.replace('\\', "/"),
        text => text.to_owned(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_the_user_would_type() {
        for (path, want) in [
            ("Dockerfile", "Dockerfile"),
            ("./Dockerfile", "Dockerfile"),
            ("./", "."),
            (".", "."),
            ("a//b/./c", "a/b/c"),
            ("../x/Dockerfile", "../x/Dockerfile"),
            ("a/../b", "a/../b"),
            ("/home/me/project/a/Dockerfile", "a/Dockerfile"),
            ("/home/me/project", "."),
            ("/home/me/plimsoll.yaml", "../plimsoll.yaml"),
            ("/home/me/other/Dockerfile", "../other/Dockerfile"),
            ("/etc/Dockerfile", "/etc/Dockerfile"),
        ] {
            assert_eq!(name(Path::new(path), Some(Path::new("/home/me/project"))), want, "{path}");
        }
        assert_eq!(name(Path::new("/a/b"), None), "/a/b");
    }
}
