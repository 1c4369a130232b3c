//! Which values are paths of the host, and what they are relative to.
//!
//! Owns the list of such values and how paths are joined and tidied. It refuses nothing: what is no
//! path (a URL, a context of a builder, a home directory) stays as it is written.

use crate::document::compose::tree::{Map, Node, Value};
use crate::notation::path::clean;

/// Resolves every relative path of the host in a tree of long forms against a folder, and tidies it
/// (`./a/../b` is `b`).
///
/// `folder` is `""` for the project's own folder, `sub` for a file that was included or extended
/// from there, or the absolute path of the project's folder to make every path absolute. The place
/// of a value stays where it is written.
pub fn resolve(root: &mut Node, folder: &str) {
    for section in ["services", "jobs"] {
        each(root, section, |service| resolve_service(service, folder));
    }
    for section in ["configs", "secrets"] {
        each(root, section, |object| at(object, "file", |file| path(file, folder)));
    }
    each(root, "volumes", |volume| device(volume, folder));
}

/// As [`resolve`], for the definition of one service: of a file that was extended.
pub fn resolve_service(service: &mut Node, folder: &str) {
    at(service, "build", |build| {
        at(build, "context", |node| context(node, folder));
        each(build, "additional_contexts", |node| context(node, folder));
        each(build, "ssh", |node| path(node, folder));
    });
    at(service, "develop", |develop| {
        each(develop, "watch", |watch| at(watch, "path", |node| path(node, folder)));
    });
    at(service, "extends", |extends| at(extends, "file", |node| path(node, folder)));
    each(service, "pre_start", |hook| container(hook, folder));
    container(service, folder);
}

/// The paths of a service or a hook that runs in a container of its own.
fn container(node: &mut Node, folder: &str) {
    each(node, "env_file", |file| at(file, "path", |node| path(node, folder)));
    each(node, "label_file", |file| path(file, folder));
    each(node, "volumes", |mount| {
        if mount.get("type").and_then(Node::text) == Some("bind") {
            at(mount, "source", |node| path(node, folder));
        }
    });
}

/// The device of a volume that is a bind mount in disguise.
fn device(volume: &mut Node, folder: &str) {
    let text = |node: Option<&Node>| node.and_then(Node::text).map(str::to_owned);
    let is_local = text(volume.get("driver")).as_deref() == Some("local");
    let options = volume.get("driver_opts");
    let is_bind = text(options.and_then(|options| options.get("o"))).as_deref() == Some("bind");
    if is_local && is_bind {
        at(volume, "driver_opts", |options| at(options, "device", |node| path(node, folder)));
    }
}

/// Does something with the value of a key, if it is there.
fn at(node: &mut Node, key: &str, mut act: impl FnMut(&mut Node)) {
    if let Some(entry) = node.map_mut().and_then(|map| map.get_mut(key)) {
        act(&mut entry.node);
    }
}

/// Does something with every value inside a key: of a mapping, of a list, or the one that is there.
fn each(node: &mut Node, key: &str, mut act: impl FnMut(&mut Node)) {
    at(node, key, |node| match &mut node.value {
        Value::Map(map) => Map::values_mut(map).for_each(|entry| act(&mut entry.node)),
        Value::Seq(items) => items.iter_mut().for_each(&mut act),
        _ => act(node),
    });
}

fn context(node: &mut Node, folder: &str) {
    let is_path = node.text().is_some_and(|text| !text.is_empty() && !is_remote(text));
    if is_path {
        path(node, folder);
    }
}

/// What a builder takes as a context that is no path: a URL, a git repository, a service.
fn is_remote(context: &str) -> bool {
    let prefixes = ["github.com/", "git@", "service:"];
    context.contains("://") || prefixes.iter().any(|prefix| context.starts_with(prefix))
}

fn path(node: &mut Node, folder: &str) {
    // Where a variable is missing, it may stand for an absolute path, except after a dot.
    let is_known = !node.is_unknown();
    let Value::Str(text) = &mut node.value else { return };
    let is_dotted = text.starts_with("./") || text.starts_with("../");
    if (is_known || is_dotted) && !is_absolute(text) {
        *text = join(folder, text);
    }
}

/// Whether a path does not depend on a folder: absolute here or on Windows, or in a home directory.
fn is_absolute(path: &str) -> bool {
    let is_drive = match path.as_bytes() {
        [drive, b':', b'\\' | b'/', ..] => drive.is_ascii_alphabetic(),
        _ => false,
    };
    path.starts_with('/') || path.starts_with("\\\\") || is_drive || is_home(path)
}

fn is_home(path: &str) -> bool {
    path == "~" || path.starts_with("~/")
}

/// Joins a relative path to a folder and tidies the result: `a/../b` and `./b` are `b`, and the
/// folder itself is `.`.
pub(in super::super) fn join(folder: &str, path: &str) -> String {
    let whole = format!("{folder}/{path}");
    // The root of what is read is no root of a file system.
    let tidy = clean(if folder.is_empty() { whole.trim_start_matches('/') } else { &whole });
    // What is tidied must not turn into something else.
    let is_other = is_remote(&tidy) || is_home(&tidy) || is_absolute(&tidy);
    let is_relative = !folder.starts_with('/');
    if is_other && is_relative { format!("./{tidy}") } else { tidy }
}

/// The path of a mount inside a container, tidied.
pub(super) fn target(path: &str) -> String {
    clean(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_and_tidied() {
        let cases = [
            ("", ".", "."),
            ("", "./a/../b", "b"),
            ("", "../x", "../x"),
            ("", "a/../../x/", "../x"),
            ("sub", ".", "sub"),
            ("sub", "../x", "x"),
            ("sub", "../../x", "../x"),
            ("../up", "x", "../up/x"),
            ("/wd", ".", "/wd"),
            ("/wd", "../x", "/x"),
            ("/", "../../x", "/x"),
            ("", "./~/x", "./~/x"),
            ("", "./github.com/x", "./github.com/x"),
            ("", "./C:/x", "./C:/x"),
        ];
        for (folder, path, expected) in cases {
            assert_eq!(join(folder, path), expected, "{folder} {path}");
        }
        assert_eq!(target("/z/../y/"), "/y");
        assert_eq!(target(""), ".");
    }
}
