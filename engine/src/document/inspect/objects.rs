//! What an object of the text is, by its keys.
//!
//! Owns the table of what `docker inspect` and its kin print, and of lists that look alike and say
//! too little (`docker ps --format json`).

use std::collections::BTreeSet;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `docker container inspect`.
    Container,
    /// `docker service inspect`.
    Service,
    /// `docker image inspect`.
    Image,
    /// `docker network inspect`.
    Network,
    /// `docker volume inspect`.
    Volume,
    /// `docker secret inspect`.
    Secret,
    /// The answer of the API's `/volumes`: volumes under `Volumes`.
    Volumes,
    /// Something that is inspected, and that no rule judges: what it is.
    Other(&'static str),
    /// A line of a list, which leaves out most of what is judged.
    Listed(&'static Listing),
    /// Nothing that is known here.
    Unknown,
}

/// A command that prints a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listing {
    /// Keys that an object of it has.
    keys: &'static [&'static str],
    /// Keys that it has not.
    without: &'static [&'static str],
    /// What prints it.
    pub(super) command: &'static str,
    /// What says all.
    pub(super) instead: &'static str,
}

const INSPECT_CONTAINERS: &str = "docker inspect $(docker ps -aq)";

/// Lists, the most telling keys first.
const LISTINGS: &[Listing] = &[
    Listing {
        keys: &["Names", "Image", "Command"],
        without: &["Config"],
        command: "docker ps",
        instead: INSPECT_CONTAINERS,
    },
    // The API's.
    Listing {
        keys: &["Names", "Image", "State"],
        without: &["Config"],
        command: "docker ps",
        instead: INSPECT_CONTAINERS,
    },
    Listing {
        keys: &["Service", "Project", "State", "Image"],
        without: &["Config"],
        command: "docker compose ps",
        instead: "docker inspect $(docker compose ps -aq)",
    },
    Listing {
        keys: &["CurrentState", "DesiredState", "Node"],
        without: &["Spec"],
        command: "docker service ps",
        instead: "docker service inspect $(docker service ls -q)",
    },
    Listing {
        keys: &["CPUPerc", "MemUsage"],
        without: &[],
        command: "docker stats",
        instead: INSPECT_CONTAINERS,
    },
    Listing {
        keys: &["Repository", "Tag", "ID"],
        without: &["Config"],
        command: "docker images",
        instead: "docker image inspect $(docker images -q)",
    },
    Listing {
        keys: &["RepoTags", "ParentId"],
        without: &["Config", "RootFS", "Architecture"],
        command: "docker images",
        instead: "docker image inspect $(docker images -q)",
    },
    Listing {
        keys: &["ID", "Driver", "Scope", "IPv6", "Internal"],
        without: &["IPAM"],
        command: "docker network ls",
        instead: "docker network inspect $(docker network ls -q)",
    },
    Listing {
        keys: &["Driver", "Mountpoint", "Name", "Links", "Size"],
        without: &[],
        command: "docker volume ls",
        instead: "docker volume inspect $(docker volume ls -q)",
    },
    Listing {
        keys: &["ID", "Mode", "Replicas", "Image"],
        without: &["Spec"],
        command: "docker service ls",
        instead: "docker service inspect $(docker service ls -q)",
    },
];

/// What an object with these keys is; `spec` are those of its `Spec`.
pub(super) fn kind(keys: &BTreeSet<&str>, spec: &BTreeSet<&str>) -> Kind {
    let has = |key: &str| keys.contains(key);
    let all = |wanted: &[&str]| wanted.iter().all(|key| has(key));
    let any = |wanted: &[&str]| wanted.iter().any(|key| has(key));
    let listing = LISTINGS.iter().find(|it| all(it.keys) && !any(it.without));
    if let Some(listing) = listing {
        return Kind::Listed(listing);
    }
    if has("PluginReference") || all(&["Id", "Enabled", "Settings"]) {
        return Kind::Other("plugin");
    }
    if has("Id") && has("HostConfig") && any(&["Config", "State", "NetworkSettings"]) {
        return Kind::Container;
    }
    if any(&["RepoTags", "RepoDigests"])
        && any(&["RootFS", "Config", "GraphDriver", "Architecture"])
        || all(&["Id", "RootFS", "Architecture"])
    {
        return Kind::Image;
    }
    if all(&["Driver", "IPAM"]) && any(&["Id", "Name"])
        || all(&["driver", "name", "id"]) && any(&["subnets", "ipam_options"])
    {
        return Kind::Network;
    }
    if all(&["Driver", "Mountpoint", "Name"]) {
        return Kind::Volume;
    }
    if has("Volumes") && keys.iter().all(|key| matches!(*key, "Volumes" | "Warnings")) {
        return Kind::Volumes;
    }
    if all(&["Endpoints", "Metadata", "Name"]) {
        return Kind::Other("context");
    }
    swarm(&has, spec)
}

/// Objects of a swarm have `ID` and `Version`; all but the swarm itself and its tasks are told by
/// their `Spec`.
fn swarm(has: &dyn Fn(&str) -> bool, spec: &BTreeSet<&str>) -> Kind {
    if !(has("ID") && has("Version")) {
        return Kind::Unknown;
    }
    if has("ServiceID") || has("DesiredState") {
        return Kind::Other("task");
    }
    if has("Description") || spec.contains("Role") {
        return Kind::Other("node");
    }
    if spec.contains("TaskTemplate") || has("Endpoint") {
        return Kind::Service;
    }
    if has("JoinTokens") || has("RootRotationInProgress") {
        return Kind::Other("swarm");
    }
    if !has("Spec") {
        return Kind::Unknown;
    }
    if !spec.iter().all(|key| ["Name", "Labels", "Driver", "Templating", "Data"].contains(key)) {
        return Kind::Other("object of a swarm");
    }
    // What a secret holds is never told.
    if spec.contains("Data") { Kind::Other("config") } else { Kind::Secret }
}
