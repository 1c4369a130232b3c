//! Namespaces of a container, and whose they are in the end.

use std::collections::BTreeMap;

use plimsoll_sdk::facts::{Container, Namespace, Namespaces};
use plimsoll_sdk::{Loc, Nullable};

use super::super::lowering::Lowering;
use super::super::tree::At;
use super::Inspected;

/// The shortest start of an id that stands for it.
const SHORT_ID: usize = 12;

/// Namespaces and the keys of `HostConfig` that say how they are shared.
const KEYS: [(&str, &str); 6] = [
    ("network", "NetworkMode"),
    ("pid", "PidMode"),
    ("ipc", "IpcMode"),
    ("uts", "UTSMode"),
    ("user", "UsernsMode"),
    ("cgroup", "CgroupnsMode"),
];

impl Lowering<'_> {
    pub(super) fn namespaces(&mut self, container: &Inspected<'_>) -> Namespaces {
        let host = container.host;
        let loc = self.object(container.loc, host);
        for (field, key) in KEYS {
            self.place(loc, field, host.get(key));
        }
        let [network_at, pid, ipc, uts, user, cgroup] = KEYS.map(|(_, key)| host.get(key));
        Namespaces {
            loc,
            network: self.namespace(loc, network_at, network),
            pid: self.namespace(loc, pid, |text| plain(text, "private")),
            // Empty only on engines before 17.12, where others may always join it.
            ipc: self.namespace(loc, ipc, |text| plain(text, "shareable")),
            uts: self.namespace(loc, uts, |text| plain(text, "private")),
            user: self.namespace(loc, user, |text| plain(text, "default")),
            cgroup: self.namespace(loc, cgroup, |text| {
                if text.is_empty() { None } else { plain(text, "private") }
            }),
        }
    }

    fn namespace(
        &mut self,
        parent: Loc,
        at: At<'_>,
        read: impl Fn(&str) -> Option<(String, Option<String>)>,
    ) -> Namespace {
        let loc = self.object(parent, at);
        let known = self.string(at);
        let text = known.map(|known| known.value().cloned().unwrap_or_default());
        let (mode, target) = match text.and_then(|text| read(&text)) {
            Some((mode, target)) => (Some(mode), target),
            None => (None, None),
        };
        let shared = mode.as_deref() == Some("container");
        let effective = mode.clone().filter(|_| !shared);
        Namespace { loc, mode, target: target.into(), effective }
    }
}

/// `MODE` or `MODE:TARGET`; nothing is the engine's default.
fn plain(text: &str, default: &str) -> Option<(String, Option<String>)> {
    if text.is_empty() {
        return Some((default.into(), None));
    }
    let (mode, target) = match text.split_once(':') {
        Some((mode, target)) => (mode, Some(target)),
        None => (text, None),
    };
    Some((mode.to_owned(), target.map(str::to_owned)))
}

fn network(text: &str) -> Option<(String, Option<String>)> {
    // `slirp4netns`, `pasta`, `private` and `ns` are podman's, and may have options after a colon.
    const MODES: [&str; 8] =
        ["default", "bridge", "host", "none", "slirp4netns", "pasta", "private", "ns"];
    let (mode, target) = plain(text, "default")?;
    if mode == "container" || MODES.contains(&mode.as_str()) {
        return Some((mode, target));
    }
    Some(("network".into(), Some(text.to_owned())))
}

/// Follows namespaces that are another container's to the one whose they are, among these
/// containers. What cannot be followed, or leads in a circle, stays unknown.
pub(in super::super) fn follow(containers: &mut [Container]) {
    let index = Index::new(containers);
    for select in [
        (|namespaces| &mut namespaces.network) as fn(&mut Namespaces) -> &mut Namespace,
        |namespaces| &mut namespaces.pid,
        |namespaces| &mut namespaces.ipc,
    ] {
        let mut effective: Vec<Option<String>> = Vec::with_capacity(containers.len());
        let mut next: Vec<Option<usize>> = Vec::with_capacity(containers.len());
        for container in containers.iter_mut() {
            let namespace = select(&mut container.namespaces);
            let shared = namespace.mode.as_deref() == Some("container");
            let target = namespace.target.value().filter(|_| shared);
            next.push(target.and_then(|target| index.find(target)));
            effective.push(namespace.effective.clone());
        }
        resolve(&mut effective, &next);
        for (container, effective) in containers.iter_mut().zip(effective) {
            select(&mut container.namespaces).effective = effective;
        }
    }
}

/// Takes over the value of the end of each chain; every container is passed a few times at most.
fn resolve(effective: &mut [Option<String>], next: &[Option<usize>]) {
    let mut done = vec![false; next.len()];
    for start in 0..next.len() {
        let mut path = Vec::new();
        let mut at = start;
        let value = loop {
            if done.get(at).copied().unwrap_or(true) {
                // The end of a chain that is known, or a circle: then nothing is.
                break if path.contains(&at) { None } else { effective.get(at).cloned().flatten() };
            }
            done[at] = true;
            path.push(at);
            match next.get(at).copied().flatten() {
                Some(following) => at = following,
                None => break effective.get(at).cloned().flatten(),
            }
        };
        for at in path {
            effective[at].clone_from(&value);
        }
    }
}

/// Containers by id and by name.
struct Index {
    ids: BTreeMap<String, usize>,
    names: BTreeMap<String, usize>,
}

impl Index {
    fn new(containers: &[Container]) -> Self {
        let containers = containers.iter().enumerate();
        let inspected = containers.filter(|(_, container)| container.source_type == "container");
        let mut index = Index { ids: BTreeMap::new(), names: BTreeMap::new() };
        for (at, container) in inspected {
            if let Nullable::Value(id) = &container.id {
                index.ids.insert(id.clone(), at);
            }
            index.names.insert(container.name.clone(), at);
        }
        index
    }

    fn find(&self, target: &str) -> Option<usize> {
        let exact = self.ids.get(target).or_else(|| self.names.get(target.trim_start_matches('/')));
        if exact.is_some() || target.len() < SHORT_ID {
            return exact.copied();
        }
        let mut starting = self.ids.range(target.to_owned()..);
        let (id, &at) = starting.next()?;
        let only = starting.next().is_none_or(|(id, _)| !id.starts_with(target));
        (id.starts_with(target) && only).then_some(at)
    }
}
