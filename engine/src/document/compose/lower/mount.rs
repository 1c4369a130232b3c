//! What is mounted into a service.

use plimsoll_sdk::facts::{Mount, Tmpfs};
use plimsoll_sdk::{Loc, Nullable};

use super::super::tree::Node;
use super::path::{self, HostPath};
use super::read::{Said, as_written, at, bytes, elements, flag, limit, provenance, scalar, text};
use super::{Lowering, Service};
use crate::notation::size;

/// The engine's API socket, and where Compose mounts it for `use_api_socket`.
const API_SOCKET: &str = "/var/run/docker.sock";

impl<'a> Lowering<'a, '_> {
    /// Its mounts, and its tmpfs mounts.
    pub(super) fn mounts(
        &mut self,
        service: &Service<'a>,
        incomplete: &mut Vec<String>,
    ) -> (Vec<Mount>, Vec<Tmpfs>) {
        let list = at(service.node, &["volumes"]);
        self.field(service.loc, "mounts", list);
        let (mut mounts, mut tmpfs) = (Vec::new(), Vec::new());
        for item in elements(list) {
            if item.map().is_none() {
                mounts.push(self.unsplit(service.loc, item));
            } else if at(item, &["type"]).and_then(as_written).as_deref() == Some("tmpfs") {
                tmpfs.push(self.tmpfs_volume(service.loc, item));
            } else {
                mounts.push(self.volume_mount(service, item));
            }
        }
        let socket = at(service.node, &["use_api_socket"]);
        if let Some(node) = socket.filter(|node| flag(Some(node)) != Some(false)) {
            if flag(Some(node)).is_none() {
                incomplete.push("mounts".into());
            } else {
                mounts.push(self.api_socket(service.loc, node));
            }
        }
        for kind in ["secrets", "configs"] {
            mounts.extend(self.grant_mounts(service, kind));
        }
        let list = at(service.node, &["tmpfs"]);
        for item in elements(list) {
            tmpfs.push(self.tmpfs(service.loc, item));
        }
        self.field(service.loc, "tmpfs", list);
        (mounts, tmpfs)
    }

    fn blank(&mut self, loc: Loc, item: &Node, origin: &str) -> Mount {
        let (literal, variables, missing) = provenance(item);
        Mount {
            loc,
            r#type: None,
            raw: String::new(),
            source: None,
            host_path: None,
            volume: Nullable::Null,
            target: None,
            read_only: None,
            recursive: Some(Nullable::Null),
            propagation: None,
            selinux: None,
            driver: None,
            origin: origin.into(),
            literal,
            variables,
            missing,
        }
    }

    fn volume_mount(&mut self, service: &Service<'a>, item: &'a Node) -> Mount {
        let loc = self.object(service.loc, item);
        let source = at(item, &["source"]);
        for (field, key) in [
            ("type", "type"),
            ("source", "source"),
            ("host_path", "source"),
            ("volume", "source"),
            ("target", "target"),
            ("read_only", "read_only"),
        ] {
            self.field(loc, field, at(item, &[key]));
        }
        self.field(loc, "recursive", at(item, &["bind", "recursive"]));
        self.field(loc, "propagation", at(item, &["bind", "propagation"]));
        self.field(loc, "selinux", at(item, &["bind", "selinux"]));
        let mut mount = self.blank(loc, item, "volumes");
        for part in ["source", "target", "type"].iter().filter_map(|key| at(item, &[key])) {
            merge(&mut mount, part);
        }
        mount.raw = raw(item);
        mount.r#type = at(item, &["type"]).and_then(scalar);
        mount.target = at(item, &["target"]).and_then(scalar).map(|text| path::target(&text));
        mount.read_only = flag(at(item, &["read_only"]));
        mount.recursive = recursion(at(item, &["bind", "recursive"]));
        mount.propagation = text(at(item, &["bind", "propagation"]));
        mount.selinux = text(at(item, &["bind", "selinux"]));
        if mount.r#type.is_none() && source.is_some_and(|source| below_home(source).is_some()) {
            mount.r#type = Some("bind".into());
        }
        match mount.r#type.clone().as_deref() {
            Some("volume") => self.named_volume(&mut mount, source),
            Some("bind") => self.bind(&mut mount, source),
            Some("image") => {
                self.mounted_image(service, source);
                mount.source = text(source);
                mount.host_path = Some(Nullable::Null);
                mount.driver = Some(Nullable::Null);
            }
            Some(_) => {
                // A named pipe or a cluster volume: what it is called is all there is.
                mount.source = text(source);
                mount.host_path = Some(Nullable::Null);
                mount.driver = Some(Nullable::Null);
            }
            None => {}
        }
        mount
    }

    /// A folder or file of the host.
    fn bind(&mut self, mount: &mut Mount, source: Option<&Node>) {
        mount.driver = Some(Nullable::Null);
        let home = source.and_then(below_home);
        let known = home.map(Nullable::Value).or_else(|| text(source));
        let Some(Nullable::Value(written)) = known else {
            mount.source = known;
            mount.host_path = mount.source.clone();
            return;
        };
        (mount.source, mount.host_path) = self.host(&written);
    }

    /// The source of a bind, cleaned, and the path of the host that it is.
    fn host(&self, written: &str) -> (Said<String>, Said<String>) {
        match path::host_path(written, &self.context.info.folder) {
            HostPath::Known(path) => {
                let host = Nullable::Value(path::of_host(&path));
                (Some(Nullable::Value(path)), Some(host))
            }
            HostPath::Inside(path) => (Some(Nullable::Value(path)), Some(Nullable::Null)),
            HostPath::Outside(path) => (Some(Nullable::Value(path)), None),
        }
    }

    /// A volume: anonymous, or one of the project's, which may bind a path of the host.
    fn named_volume(&mut self, mount: &mut Mount, source: Option<&Node>) {
        mount.host_path = Some(Nullable::Null);
        mount.source = text(source);
        let name = match &mount.source {
            None => {
                mount.host_path = None;
                return;
            }
            Some(Nullable::Null) => {
                mount.driver = Some(Nullable::Value("local".into()));
                return;
            }
            Some(Nullable::Value(name)) => name.clone(),
        };
        let known = self.volume_index.get(&name).and_then(|number| self.volumes.get(*number));
        if let Some(volume) = known {
            mount.driver = match &volume.driver {
                Some(Nullable::Null) => Some(Nullable::Value("local".into())),
                driver => driver.clone(),
            };
            match &volume.bind_device {
                Some(Nullable::Null) => {}
                Some(Nullable::Value(path)) => {
                    mount.r#type = Some("bind".into());
                    mount.origin = "volume_options".into();
                    mount.host_path = Some(match path.starts_with('.') {
                        true => Nullable::Null,
                        false => Nullable::Value(path.clone()),
                    });
                }
                None => mount.host_path = None,
            }
        }
        mount.volume = Nullable::Value(name);
    }

    /// The text of a mount whose variables nobody knows: the part after them may still be known.
    fn unsplit(&mut self, parent: Loc, item: &Node) -> Mount {
        let loc = self.object(parent, item);
        let mut mount = self.blank(loc, item, "volumes");
        mount.raw = as_written(item).unwrap_or_default();
        if let Some(path) = below_home_of(&mount.raw) {
            let (source, rest) = path.split_once(':').unwrap_or((&path, ""));
            mount.r#type = Some("bind".into());
            (mount.source, mount.host_path) = self.host(source);
            mount.driver = Some(Nullable::Null);
            let target = rest.split(':').next().filter(|target| target.starts_with('/'));
            mount.target = target.map(path::clean);
            return mount;
        }
        let known = mount.raw.rsplit_once("}:").map(|(_, rest)| rest);
        let known = known.filter(|rest| rest.starts_with('/') && !rest.contains('$'));
        mount.target = known.and_then(|rest| rest.split(':').next()).map(path::clean);
        mount
    }

    fn api_socket(&mut self, parent: Loc, node: &Node) -> Mount {
        let loc = self.object(parent, node);
        Mount {
            r#type: Some("bind".into()),
            raw: format!("{API_SOCKET}:{API_SOCKET}"),
            source: Some(Nullable::Value(API_SOCKET.into())),
            host_path: Some(Nullable::Value(path::of_host(API_SOCKET))),
            target: Some(API_SOCKET.into()),
            read_only: Some(false),
            propagation: Some(Nullable::Null),
            selinux: Some(Nullable::Null),
            driver: Some(Nullable::Null),
            ..self.blank(loc, node, "use_api_socket")
        }
    }

    /// Secrets and configs that are files: Compose mounts them, read-only.
    fn grant_mounts(&mut self, service: &Service<'a>, kind: &'static str) -> Vec<Mount> {
        let folder = if kind == "secrets" { "/run/secrets/" } else { "/" };
        let definitions = self.section(kind);
        let mut mounts = Vec::new();
        for item in elements(at(service.node, &[kind])) {
            let name = match item.map() {
                Some(_) => at(item, &["source"]).and_then(as_written),
                None => as_written(item),
            };
            let Some(name) = name else { continue };
            let file = definitions.and_then(|section| at(section, &[&name, "file"]));
            let Some(file) = file else { continue };
            let loc = self.object(service.loc, item);
            let mut mount = self.blank(loc, file, kind);
            mount.r#type = Some("bind".into());
            self.bind(&mut mount, Some(file));
            mount.target = match text(at(item, &["target"])) {
                None => None,
                Some(Nullable::Null) => Some(format!("{folder}{name}")),
                Some(Nullable::Value(target)) if target.starts_with('/') => {
                    Some(path::clean(&target))
                }
                Some(Nullable::Value(target)) => Some(path::clean(&format!("{folder}{target}"))),
            };
            mount.raw = format!("{}:{}", as_written(file).unwrap_or_default(), kind);
            if let Some(target) = &mount.target {
                mount.raw = format!("{}:{target}", as_written(file).unwrap_or_default());
            }
            mount.read_only = Some(true);
            mount.propagation = Some(Nullable::Null);
            mount.selinux = Some(Nullable::Null);
            mounts.push(mount);
        }
        mounts
    }

    /// `PATH[:OPTIONS]` of `tmpfs`.
    fn tmpfs(&mut self, parent: Loc, item: &Node) -> Tmpfs {
        let loc = self.object(parent, item);
        let Some(text) = scalar(item) else {
            let written = as_written(item).unwrap_or_default();
            let target = written.split(':').next().filter(|target| !target.contains('$'));
            let target = target.map(path::target);
            return Tmpfs { loc, target, options: Vec::new(), size_bytes: None };
        };
        let (target, options) = text.split_once(':').unwrap_or((&text, ""));
        let options: Vec<String> =
            options.split(',').filter(|option| !option.is_empty()).map(str::to_owned).collect();
        let size = options.iter().rev().find_map(|option| option.strip_prefix("size="));
        let size_bytes = match size {
            None => Some(Nullable::Null),
            // `size=50%` is a share of the memory that nobody knows.
            Some(size) => size::parse_binary(size)
                .ok()
                .map(|bytes| Some(bytes).filter(|bytes| *bytes > 0).into()),
        };
        Tmpfs { loc, target: Some(path::target(target)), options, size_bytes }
    }

    /// A mount of type `tmpfs` among the volumes.
    fn tmpfs_volume(&mut self, parent: Loc, item: &Node) -> Tmpfs {
        let loc = self.object(parent, item);
        let size = at(item, &["tmpfs", "size"]);
        let mode = at(item, &["tmpfs", "mode"]);
        self.field(loc, "target", at(item, &["target"]));
        self.field(loc, "size_bytes", size);
        let mut options = Vec::new();
        if flag(at(item, &["read_only"])) == Some(true) {
            options.push("ro".to_owned());
        }
        for (name, node) in [("size", size), ("mode", mode)] {
            if let Some(text) = node.and_then(as_written) {
                options.push(format!("{name}={text}"));
            }
        }
        Tmpfs {
            loc,
            target: at(item, &["target"]).and_then(scalar).map(|text| path::target(&text)),
            options,
            size_bytes: limit(bytes(size)),
        }
    }
}

/// Adds how a part of a mount was written.
fn merge(mount: &mut Mount, part: &Node) {
    let (literal, variables, missing) = provenance(part);
    mount.literal &= literal;
    for (known, new) in [(&mut mount.variables, variables), (&mut mount.missing, missing)] {
        for name in new {
            if !known.contains(&name) {
                known.push(name);
            }
        }
    }
}

/// A path below the home folder of who runs the project, written with `$HOME`.
fn below_home(node: &Node) -> Option<String> {
    node.is_unknown().then(|| as_written(node)).flatten().and_then(|text| below_home_of(&text))
}

fn below_home_of(text: &str) -> Option<String> {
    let rest = text.strip_prefix("${HOME}").or_else(|| text.strip_prefix("$HOME"))?;
    let whole = rest.is_empty() || rest.starts_with(['/', ':']);
    (whole && !rest.contains('$')).then(|| format!("~{rest}"))
}

/// `enabled` is what the engine does anyway.
/// <https://docs.docker.com/reference/compose-file/services/#volumes>
fn recursion(node: Option<&Node>) -> Said<String> {
    text(node).map(|said| said.value().filter(|word| *word != "enabled").cloned().into())
}

/// The short syntax of a mount.
fn raw(item: &Node) -> String {
    if let Some(written) = &item.substitution {
        return written.raw.clone();
    }
    let part = |key: &str| at(item, &[key]).and_then(as_written);
    let mut raw = String::new();
    if let Some(source) = part("source").filter(|source| !source.is_empty()) {
        raw = format!("{source}:");
    }
    raw += &part("target").unwrap_or_default();
    if flag(at(item, &["read_only"])) == Some(true) {
        raw += ":ro";
    }
    raw
}
