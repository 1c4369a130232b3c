//! What only several services say together: namespaces and volumes that they share, and who uses
//! what.

use std::collections::{HashMap, HashSet};

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Mount, Namespace, Namespaces};
use plimsoll_sdk::finding::RawPlace;

use super::read::{as_written, at};
use super::{Lowering, Written};

/// How many mounts a container may take over from others.
const MAX_TAKEN_OVER: usize = 1_000;
/// How many containers a namespace is followed through.
const MAX_STEPS: usize = 1_000;
/// How many containers are looked at for the volumes that others take over, in all.
const MAX_VISITS: usize = 100_000;

/// Picks one namespace of a container.
type Pick = fn(&mut Namespaces) -> &mut Namespace;

const SHARED: [Pick; 3] = [|all| &mut all.network, |all| &mut all.pid, |all| &mut all.ipc];

impl Lowering<'_, '_> {
    /// Completes containers, networks and volumes with what the others say.
    pub(super) fn shared(&mut self) {
        self.attached_networks();
        let index = self.by_name();
        for pick in SHARED {
            self.follow(pick, &index);
        }
        self.take_over_volumes(&index);
        self.users();
    }

    /// Containers by what `service:` and `container:` call them.
    fn by_name(&self) -> HashMap<(&'static str, String), usize> {
        let mut index = HashMap::new();
        for (at_index, service) in self.services.iter().enumerate() {
            index.insert(("service", service.name.to_owned()), at_index);
            if let Some(name) = at(service.node, &["container_name"]).and_then(as_written) {
                index.insert(("container", name), at_index);
            }
        }
        index
    }

    /// A service on the engine's own `host` or `bridge` network is there, whatever it calls it.
    fn attached_networks(&mut self) {
        let section = self.section("networks");
        let external: HashSet<String> = self
            .networks
            .iter()
            .filter(|network| network.external)
            .map(|network| network.name.clone())
            .collect();
        for container in &mut self.containers {
            let network = &mut container.namespaces.network;
            if network.mode.as_deref() != Some("network") {
                continue;
            }
            for endpoint in &container.networks {
                let name = section.and_then(|section| at(section, &[&endpoint.name, "name"]));
                let name = match name {
                    Some(node) => as_written(node),
                    None => Some(endpoint.name.clone()),
                };
                if let Some(name) = name
                    .filter(|name| matches!(name.as_str(), "host" | "bridge" | "none"))
                    .filter(|_| external.contains(&endpoint.name))
                {
                    network.effective = Some(name);
                    let at = RawPlace { loc: endpoint.loc, field: None, item: None };
                    if let Some(place) = self.places.resolve(&at) {
                        let written = Written { place, used_at: self.places.used_at(&at) };
                        network.loc = self.places.object_written(Some(container.loc), &written);
                    }
                }
            }
        }
    }

    /// Follows `service:` and `container:` to the end. What goes in circles stays unknown.
    fn follow(&mut self, pick: Pick, index: &HashMap<(&'static str, String), usize>) {
        let links: Vec<(Option<String>, Option<usize>)> = self
            .containers
            .iter_mut()
            .map(|container| {
                let namespace = pick(&mut container.namespaces);
                let kind = match namespace.mode.as_deref() {
                    Some("service") => "service",
                    Some("container") => "container",
                    _ => return (namespace.effective.clone(), None),
                };
                let target = namespace.target.value().cloned().unwrap_or_default();
                (None, index.get(&(kind, target)).copied())
            })
            .collect();
        for (number, container) in self.containers.iter_mut().enumerate() {
            let mut at = number;
            for _ in 0..MAX_STEPS.min(links.len()) {
                match links.get(at) {
                    Some((_, Some(next))) => at = *next,
                    _ => break,
                }
            }
            if let Some((effective, None)) = links.get(at) {
                pick(&mut container.namespaces).effective.clone_from(effective);
            }
        }
    }

    /// `volumes_from`: the mounts of other services are this one's, too.
    fn take_over_volumes(&mut self, index: &HashMap<(&'static str, String), usize>) {
        let own: Vec<Vec<Mount>> =
            self.containers.iter().map(|container| container.mounts.clone()).collect();
        let mut visits = 0_usize;
        for number in 0..self.containers.len() {
            let mut taken = Vec::new();
            let mut complete = true;
            let mut seen = HashSet::from([number]);
            // Containers to look at: whose word it is, and whether it is taken over read-only.
            let mut open = self.sources_of(number, None, false);
            while let Some((place, name, read_only)) = open.pop() {
                let kind = if name.starts_with("container:") { "container" } else { "service" };
                let name = name.trim_start_matches("container:").to_owned();
                let Some(&other) = index.get(&(kind, name)) else {
                    complete = false;
                    continue;
                };
                if !seen.insert(other) {
                    continue;
                }
                visits += 1;
                if visits > MAX_VISITS || taken.len() > MAX_TAKEN_OVER {
                    complete = false;
                    break;
                }
                let mounts = own.get(other).into_iter().flatten();
                taken.extend(mounts.map(|mount| (place, mount.clone(), read_only)));
                open.extend(self.sources_of(other, Some(place), read_only));
            }
            self.add_taken_over(number, taken, complete);
        }
    }

    /// What `volumes_from` of a container names.
    fn sources_of(
        &self,
        container: usize,
        place: Option<plimsoll_sdk::Loc>,
        read_only: bool,
    ) -> Vec<(plimsoll_sdk::Loc, String, bool)> {
        let Some(container) = self.containers.get(container) else { return Vec::new() };
        let sources = container.volumes_from.iter().map(|word| {
            let text = word.text.as_str();
            let (name, ro) = match (text.strip_suffix(":ro"), text.strip_suffix(":rw")) {
                (Some(name), _) => (name, true),
                (None, Some(name)) => (name, false),
                (None, None) => (text, false),
            };
            (place.unwrap_or(word.loc), name.to_owned(), ro || read_only)
        });
        sources.collect()
    }

    fn add_taken_over(
        &mut self,
        number: usize,
        taken: Vec<(plimsoll_sdk::Loc, Mount, bool)>,
        complete: bool,
    ) {
        let Some(container) = self.containers.get_mut(number) else { return };
        let own = container.mounts.iter();
        let mut targets: HashSet<String> = own.filter_map(|mount| mount.target.clone()).collect();
        for (word, mount, read_only) in taken.into_iter().take(MAX_TAKEN_OVER) {
            // Its own mount at the same place stays.
            if mount.target.as_ref().is_some_and(|target| !targets.insert(target.clone())) {
                continue;
            }
            let Some(place) = self.places.place(word) else { continue };
            let loc = self.places.object_at(Some(container.loc), &place);
            let read_only = if read_only { Some(true) } else { mount.read_only };
            let origin = "volumes_from".into();
            container.mounts.push(Mount { loc, read_only, origin, ..mount });
        }
        let incomplete = &mut container.incomplete;
        if !complete && !incomplete.iter().any(|field| field == "mounts") {
            incomplete.push("mounts".into());
        }
    }

    /// Who is on which network, and who mounts which volume.
    fn users(&mut self) {
        let mut networks: HashMap<&str, Vec<String>> = HashMap::new();
        let mut volumes: HashMap<&str, Vec<String>> = HashMap::new();
        for container in &self.containers {
            for endpoint in &container.networks {
                networks.entry(&endpoint.name).or_default().push(container.name.clone());
            }
            for mount in &container.mounts {
                if let Nullable::Value(name) = &mount.volume {
                    let users = volumes.entry(name).or_default();
                    if users.last() != Some(&container.name) {
                        users.push(container.name.clone());
                    }
                }
            }
        }
        for network in &mut self.networks {
            network.members = networks.remove(network.name.as_str()).unwrap_or_default();
        }
        for volume in &mut self.volumes {
            volume.used_by = volumes.remove(volume.name.as_str()).unwrap_or_default();
        }
    }
}
