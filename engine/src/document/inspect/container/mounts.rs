//! Mounts of a container.
//!
//! `Mounts` is what is mounted in the end, without what `--tmpfs` adds; `HostConfig.Binds` and
//! `HostConfig.Mounts` are what was asked for. Each target is told once: from `Mounts` where it is
//! there, else from what was asked for.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_sdk::facts::{Mount, Tmpfs};
use plimsoll_sdk::{Loc, Nullable};

use super::super::lowering::{Known, Lowering, Owner};
use super::super::paths;
use super::super::tree::At;
use super::Inspected;
use crate::notation::size;

/// The length of the name that the engine gives to a volume without one.
const ANONYMOUS: usize = 64;

/// Mounts that were read, by what they are in the facts.
#[derive(Debug, Default)]
pub(in super::super) struct Mounted {
    pub(in super::super) mounts: Vec<Mount>,
    pub(in super::super) tmpfs: Vec<Tmpfs>,
}

impl Lowering<'_> {
    pub(super) fn mounts(&mut self, container: &Inspected<'_>, owner: &mut Owner) -> Mounted {
        let at = container.at.get("Mounts");
        let binds = container.host.get("Binds");
        let asked = container.host.omittable("Mounts");
        let mut mounted = Mounted::default();
        let mut targets = BTreeSet::new();
        // Options of a tmpfs, and of mounts below a bind, are only in what was asked for.
        let by_target: BTreeMap<String, At<'_>> = asked
            .items()
            .filter_map(|item| Some((paths::clean(item.get("Target").filled()?), item)))
            .collect();
        let effective = self.list(at);
        for item in effective.iter().flatten() {
            let target = paths::clean(item.get("Destination").text().unwrap_or_default());
            if item.get("Type").text() == Some("tmpfs") {
                let item = by_target.get(&target).copied().unwrap_or(*item);
                mounted.tmpfs.extend(self.tmpfs_mount(owner.loc, item, &target));
            } else if let Some(mut mount) = self.mount_point(owner.loc, *item) {
                if let Some(asked) = by_target.get(&target) {
                    self.recursion(&mut mount, *asked);
                }
                mounted.mounts.push(mount);
            } else {
                owner.incomplete("mounts");
            }
            targets.insert(target);
        }
        for item in self.list(binds).into_iter().flatten() {
            let Some(text) = item.text() else {
                self.wrong(item, "a string");
                owner.incomplete("mounts");
                continue;
            };
            let bind = Bind::split(text);
            if targets.insert(paths::clean(bind.target)) {
                mounted.mounts.push(self.bind(owner.loc, item, text, bind));
            }
        }
        for item in self.list(asked).into_iter().flatten() {
            let target = item.get("Target").filled().map(paths::clean);
            if target.is_some_and(|target| targets.insert(target)) {
                self.mount_spec(owner, item, "container", &mut mounted);
            }
        }
        self.place(owner.loc, "mounts", if at.node.is_some() { at } else { binds });
        if effective.is_none() {
            owner.incomplete("mounts");
        }
        let tmpfs = container.host.omittable("Tmpfs");
        self.place(owner.loc, "tmpfs", tmpfs);
        match self.map(tmpfs) {
            Some(entries) => {
                for (key, value) in entries {
                    let options = value.text().unwrap_or_default();
                    let span = key.span.cover(value.span);
                    let loc = self.object(owner.loc, value.shown_at(span));
                    mounted.tmpfs.push(tmpfs_fact(loc, &key.text, options));
                }
            }
            None => owner.incomplete("tmpfs"),
        }
        mounted
    }

    /// An entry of `Mounts`.
    fn mount_point(&mut self, parent: Loc, item: At<'_>) -> Option<Mount> {
        if !item.is_map() {
            self.wrong(item, "an object");
            return None;
        }
        let [kind, source, target] = ["Type", "Source", "Destination"].map(|key| item.get(key));
        let name = item.get("Name");
        let shown = if source.filled().is_some() { source } else { target };
        let loc = self.object(parent, item.shown_at(shown.span));
        let kind_text = self.string_field(loc, "type", kind).and_then(|kind| kind.value().cloned());
        // Engines before 1.13 have no type: a volume has a name and a driver.
        let volume_name = self.string(name).and_then(|name| name.value().cloned());
        let kind_text = kind_text
            .unwrap_or_else(|| if volume_name.is_some() { "volume" } else { "bind" }.to_owned());
        let mut mount = self.empty_mount(loc, &kind_text, "container");
        let target_text = self.string_field(loc, "target", target);
        mount.target = target_text.and_then(|text| text.value().map(|text| paths::clean(text)));
        self.set_source(&mut mount, source, volume_name);
        mount.raw = put_together(&mount);
        mount.read_only = self.boolean_field(loc, "read_only", item.get("RW")).map(|rw| !rw);
        let propagation = item.get("Propagation");
        mount.propagation = self.string_field(loc, "propagation", propagation);
        let mode = item.get("Mode");
        self.place(loc, "selinux", mode);
        let mode = self.string(mode);
        mount.selinux = mode.map(|mode| relabel(mode.value().map_or("", String::as_str)));
        mount.driver = match kind_text.as_str() {
            "volume" | "cluster" => self.string_field(loc, "driver", item.get("Driver")),
            _ => Some(Nullable::Null),
        };
        Some(mount)
    }

    /// Sets what is mounted: a path of the host, or a volume by its name.
    fn set_source(&mut self, mount: &mut Mount, at: At<'_>, volume: Option<String>) {
        self.place(mount.loc, "source", at);
        self.place(mount.loc, "host_path", at);
        let source = self.string(at);
        match mount.r#type.as_deref() {
            Some("volume" | "cluster") => {
                let name = volume;
                let named = name.as_ref().filter(|name| !is_anonymous(name)).cloned();
                mount.source = Some(named.into());
                mount.volume = name.into();
                mount.host_path = Some(Nullable::Null);
            }
            Some("bind" | "npipe") => {
                let path = source.and_then(|source| source.value().cloned());
                mount.source = path.as_deref().map(paths::clean).map(Nullable::Value);
                mount.host_path = path.as_deref().map(paths::host).map(Nullable::Value);
            }
            _ => {
                mount.source = source;
                mount.host_path = Some(Nullable::Null);
            }
        }
    }

    fn empty_mount(&mut self, loc: Loc, kind: &str, origin: &str) -> Mount {
        Mount {
            loc,
            r#type: Some(kind.to_owned()),
            raw: String::new(),
            source: None,
            host_path: None,
            volume: Nullable::Null,
            target: None,
            read_only: None,
            recursive: Some(Nullable::Null),
            propagation: None,
            selinux: Some(Nullable::Null),
            driver: None,
            origin: origin.into(),
            literal: true,
            variables: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// An entry of `HostConfig.Binds`: `SOURCE:TARGET[:OPTIONS]`.
    fn bind(&mut self, parent: Loc, item: At<'_>, text: &str, bind: Bind<'_>) -> Mount {
        let loc = self.object(parent, item);
        let is_path =
            bind.source.starts_with(['/', '\\', '.', '~']) || paths::has_drive(bind.source);
        let kind = match bind.source {
            "" => "volume",
            source if source.starts_with(r"\\.\pipe\") => "npipe",
            _ if is_path => "bind",
            _ => "volume",
        };
        let mut mount = self.empty_mount(loc, kind, "container");
        mount.raw = text.to_owned();
        mount.target = Some(paths::clean(bind.target));
        if kind == "volume" {
            let name = Some(bind.source).filter(|name| !name.is_empty()).map(str::to_owned);
            mount.source = Some(name.clone().filter(|name| !is_anonymous(name)).into());
            mount.volume = name.into();
            mount.host_path = Some(Nullable::Null);
        } else {
            mount.source = Some(Nullable::Value(paths::clean(bind.source)));
            mount.host_path = Some(Nullable::Value(paths::host(bind.source)));
            mount.driver = Some(Nullable::Null);
        }
        let options: Vec<&str> = bind.options.split(',').collect();
        mount.read_only = Some(options.contains(&"ro"));
        mount.selinux = Some(relabel(bind.options));
        let propagation =
            options.iter().find(|option| PROPAGATIONS.contains(option)).map(|&it| it.to_owned());
        mount.propagation = Some(propagation.into());
        mount
    }

    /// An entry of `HostConfig.Mounts`, or of a service's `Mounts`. Keys that are empty are left
    /// out.
    ///
    /// <https://docs.docker.com/reference/api/engine/> (`Mount`)
    pub(in super::super) fn mount_spec(
        &mut self,
        owner: &mut Owner,
        item: At<'_>,
        origin: &str,
        mounted: &mut Mounted,
    ) {
        if !item.is_map() {
            self.wrong(item, "an object");
            owner.incomplete("mounts");
            return;
        }
        let [source, target] = ["Source", "Target"].map(|key| item.omittable(key));
        let kind = item.get("Type").filled().unwrap_or("bind");
        let target_text = target.filled().map(paths::clean);
        if kind == "tmpfs" {
            let target = target_text.unwrap_or_default();
            mounted.tmpfs.extend(self.tmpfs_mount(owner.loc, item, &target));
            return;
        }
        let shown = if source.filled().is_some() { source } else { target };
        let loc = self.object(owner.loc, item.shown_at(shown.span));
        self.place(loc, "type", item.get("Type"));
        self.place(loc, "target", target);
        let mut mount = self.empty_mount(loc, kind, origin);
        mount.target = target_text;
        let volume = source.filled().map(str::to_owned);
        self.set_source(&mut mount, source, volume);
        let read_only = item.omittable("ReadOnly");
        self.place(loc, "read_only", read_only);
        mount.read_only = if read_only.is_null() { Some(false) } else { self.boolean(read_only) };
        let propagation = item.omittable("BindOptions").part("Propagation");
        mount.propagation = match kind {
            "bind" => self.string_field(loc, "propagation", propagation),
            _ => Some(Nullable::Null),
        };
        self.recursion(&mut mount, item);
        self.volume_driver(&mut mount, item.get("VolumeOptions").get("DriverConfig"));
        mount.raw = put_together(&mount);
        mounted.mounts.push(mount);
    }

    /// What becomes of mounts below it, from an entry that asked for it.
    fn recursion(&mut self, mount: &mut Mount, asked: At<'_>) {
        const WORDS: [(&str, &str); 3] = [
            ("NonRecursive", "disabled"),
            ("ReadOnlyNonRecursive", "writable"),
            ("ReadOnlyForceRecursive", "readonly"),
        ];
        let options = asked.omittable("BindOptions");
        for (key, word) in WORDS {
            let at = options.part(key);
            if !at.is_null() && self.boolean(at) == Some(true) {
                self.place(mount.loc, "recursive", at);
                mount.recursive = Some(Nullable::Value(word.into()));
                return;
            }
        }
    }

    /// The driver of a volume, which may bind a path of the host.
    fn volume_driver(&mut self, mount: &mut Mount, driver: At<'_>) {
        if mount.r#type.as_deref() != Some("volume") {
            mount.driver = Some(Nullable::Null);
            return;
        }
        let name = driver.get("Name");
        self.place(mount.loc, "driver", name);
        mount.driver = if name.node.is_some() { self.string(name) } else { Some(Nullable::Null) };
        let options = driver.get("Options");
        let option = |key: &str| options.get(key).text();
        if let Some(device) = bound_device(option("type"), option("o"), option("device")) {
            self.place(mount.loc, "host_path", options.get("device"));
            mount.host_path = Some(Nullable::Value(paths::host(device)));
            mount.origin = "volume_options".into();
        }
    }

    fn tmpfs_mount(&mut self, parent: Loc, item: At<'_>, target: &str) -> Option<Tmpfs> {
        let place = item.first(&["Target", "Destination"]);
        let loc = self.object(parent, item.shown_at(place.span));
        let options = item.omittable("TmpfsOptions");
        let size = options.part("SizeBytes");
        let mut words = Vec::new();
        for option in options.get("Options").items() {
            let parts: Vec<&str> = option.items().filter_map(At::text).collect();
            words.push(parts.join("="));
        }
        let size_bytes = if item.get("Target").node.is_some() {
            self.positive_field(loc, "size_bytes", size)
        } else {
            None
        };
        let target = Some(target.to_owned()).filter(|target| !target.is_empty());
        Some(Tmpfs { loc, target, options: words, size_bytes })
    }
}

const PROPAGATIONS: [&str; 6] = ["shared", "rshared", "slave", "rslave", "private", "rprivate"];

/// The path that options of the local driver bind.
pub(in super::super) fn bound_device<'t>(
    kind: Option<&str>,
    o: Option<&str>,
    device: Option<&'t str>,
) -> Option<&'t str> {
    let binds = o.is_some_and(|o| o.split(',').any(|word| matches!(word.trim(), "bind" | "rbind")));
    let no_file_system = kind.is_none_or(|kind| matches!(kind, "" | "none" | "bind"));
    device.filter(|device| binds && no_file_system && device.starts_with('/'))
}

/// `--tmpfs TARGET:OPTIONS`.
fn tmpfs_fact(loc: Loc, target: &str, options: &str) -> Tmpfs {
    let options: Vec<String> =
        options.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let size = options.iter().rev().find_map(|option| option.strip_prefix("size="));
    let size_bytes: Known<u64> = match size {
        None | Some("0") => Some(Nullable::Null),
        // A share of the memory of a host that is not known.
        Some(text) if text.ends_with('%') => None,
        Some(text) => size::parse_binary(text).ok().map(Nullable::Value),
    };
    Tmpfs { loc, target: Some(paths::clean(target)), options, size_bytes }
}

/// Whether a volume's name is one that the engine made up.
fn is_anonymous(name: &str) -> bool {
    name.len() == ANONYMOUS && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `z` or `Z` among options.
fn relabel(options: &str) -> Nullable<String> {
    let found = options.split(',').find(|option| matches!(*option, "z" | "Z"));
    found.map(str::to_owned).into()
}

fn put_together(mount: &Mount) -> String {
    let source = match &mount.source {
        Some(Nullable::Value(source)) => Some(source.as_str()),
        _ => mount.volume.value().map(String::as_str),
    };
    let target = mount.target.as_deref().unwrap_or_default();
    match source {
        Some(source) => format!("{source}:{target}"),
        None => target.to_owned(),
    }
}

/// The parts of a bind.
#[derive(Clone, Copy, Debug)]
struct Bind<'t> {
    source: &'t str,
    target: &'t str,
    options: &'t str,
}

impl<'t> Bind<'t> {
    fn split(text: &'t str) -> Self {
        let (source, rest) = part(text);
        let Some(rest) = rest else { return Bind { source: "", target: source, options: "" } };
        let (target, options) = part(rest);
        Bind { source, target, options: options.unwrap_or_default() }
    }
}

/// What stands before the next colon that is not a drive's, and what after it.
fn part(text: &str) -> (&str, Option<&str>) {
    let skip = if paths::has_drive(text) { 2 } else { 0 };
    match text.get(skip..).and_then(|rest| rest.find(':')) {
        Some(at) => (&text[..skip + at], text.get(skip + at + 1..)),
        None => (text, None),
    }
}
