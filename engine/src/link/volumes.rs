//! Containers joined with the networks and volumes that an engine was asked for.

use std::collections::HashMap;

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Mount, Network};

use super::adopt;
use crate::document::Document;

/// Tells the containers of an engine what its networks are, and what its volumes bind.
///
/// A compose file declares its own networks and volumes under their names in the project.
pub(super) fn join(documents: &mut [Document]) {
    let mut devices: HashMap<String, Nullable<String>> = HashMap::new();
    // By name; none for a name that networks of several engines have.
    let mut networks: HashMap<String, Option<(usize, usize)>> = HashMap::new();
    for (at, document) in documents.iter().enumerate() {
        if document.kind == "volume" {
            for volume in &document.facts.volumes {
                if let Some(device) = &volume.bind_device {
                    // Volumes of several engines: which is meant is not known.
                    let known =
                        devices.entry(volume.name.clone()).or_insert_with(|| device.clone());
                    if known != device {
                        *known = Nullable::Null;
                    }
                }
            }
        }
        if document.kind == "network" {
            for (index, network) in document.facts.networks.iter().enumerate() {
                let known = networks.entry(network.name.clone());
                known.and_modify(|known| *known = None).or_insert(Some((at, index)));
            }
        }
    }
    for at in 0..documents.len() {
        if documents[at].kind != "container" {
            continue;
        }
        for container in &mut documents[at].facts.containers {
            container.mounts.iter_mut().for_each(|mount| bind(mount, &devices));
        }
        let containers = &documents[at].facts.containers;
        let names = containers.iter().flat_map(|container| &container.networks);
        let mut used: Vec<(usize, usize)> =
            names.filter_map(|endpoint| *networks.get(&endpoint.name)?).collect();
        used.sort_unstable();
        used.dedup();
        for (origin, index) in used {
            if let Some(network) = adopted(documents, at, origin, index) {
                documents[at].facts.linked.networks.push(network);
            }
        }
    }
}

/// A volume that binds a path is a way to that path of the host.
fn bind(mount: &mut Mount, devices: &HashMap<String, Nullable<String>>) {
    let name = mount.volume.value();
    if let Some(Nullable::Value(device)) = name.and_then(|name| devices.get(name)) {
        mount.host_path = Some(Nullable::Value(device.clone()));
        mount.origin = "volume_options".into();
    }
}

fn adopted(documents: &mut [Document], at: usize, origin: usize, index: usize) -> Option<Network> {
    let [to, from] = documents.get_disjoint_mut([at, origin]).ok()?;
    adopt::copy(from.facts.networks.get(index)?, &from.places, &mut to.places)
}
