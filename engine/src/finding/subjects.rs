//! What there is to judge in a document.

use std::cell::OnceCell;

use plimsoll_sdk::Loc;
use plimsoll_sdk::facts::{Facts, ImageRef};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Subject, known};

/// Everything in a document that a rule may judge.
#[derive(Debug)]
pub struct Subjects<'f> {
    rows: Vec<SubjectRow<'f>>,
}

/// One thing that a rule may judge.
#[derive(Debug)]
pub struct SubjectRow<'f> {
    /// Its handle.
    pub loc: Loc,
    /// What the user calls it.
    pub subject: Subject,
    fact: Fact<'f>,
    /// Its facts as JSON, once somebody asks: many rules do, of the same subject.
    json: OnceCell<Value>,
}

#[derive(Debug)]
enum Fact<'f> {
    Image(&'f plimsoll_sdk::facts::Image),
    Build(&'f plimsoll_sdk::facts::Build),
    Stage(&'f plimsoll_sdk::facts::Stage),
    Reference(&'f ImageRef),
    Container(&'f plimsoll_sdk::facts::Container),
    Network(&'f plimsoll_sdk::facts::Network),
    Volume(&'f plimsoll_sdk::facts::Volume),
    Project(&'f plimsoll_sdk::facts::Project),
    Daemon(&'f plimsoll_sdk::facts::Daemon),
    Host(&'f plimsoll_sdk::facts::Host),
    Secret(&'f plimsoll_sdk::facts::SwarmSecret),
    Table(&'f plimsoll_sdk::facts::Table),
}

/// Kinds of subjects, as rules name them.
pub const KINDS: [&str; 12] = [
    "image",
    "build",
    "stage",
    "reference",
    "container",
    "network",
    "volume",
    "secret",
    "project",
    "daemon",
    "host",
    "table",
];

impl<'f> Subjects<'f> {
    /// The subjects of a document: its containers, images, networks, volumes, secrets of a swarm,
    /// its project, daemon and host, the tables of a policy, its build, the stages that the target needs, and the references to images that are
    /// needed (not those to stages or to `scratch`).
    #[must_use]
    pub fn of(facts: &'f Facts) -> Self {
        let mut rows = Vec::new();
        let mut add = |loc, kind: &str, name: String, fact| {
            let subject = Subject { kind: kind.into(), name };
            rows.push(SubjectRow { loc, subject, fact, json: OnceCell::new() });
        };
        for container in &facts.containers {
            let name = container.name.clone();
            add(container.loc, "container", name, Fact::Container(container));
        }
        for network in &facts.networks {
            add(network.loc, "network", network.name.clone(), Fact::Network(network));
        }
        for volume in &facts.volumes {
            add(volume.loc, "volume", volume.name.clone(), Fact::Volume(volume));
        }
        for secret in &facts.swarm_secrets {
            add(secret.loc, "secret", secret.name.clone(), Fact::Secret(secret));
        }
        if let Some(project) = &facts.project {
            add(project.loc, "project", facts.document.name.clone(), Fact::Project(project));
        }
        if let Some(daemon) = &facts.daemon {
            add(daemon.loc, "daemon", daemon.name.clone(), Fact::Daemon(daemon));
        }
        if let Some(host) = &facts.host {
            add(host.loc, "host", host.name.clone(), Fact::Host(host));
        }
        for table in facts.policy.iter().flat_map(|policy| &policy.tables) {
            add(table.loc, "table", table.name.clone(), Fact::Table(table));
        }
        for image in &facts.images {
            add(image.loc, "image", image.name.clone(), Fact::Image(image));
        }
        if let Some(build) = &facts.build {
            add(build.loc, "build", facts.document.name.clone(), Fact::Build(build));
            for stage in build.stages.iter().filter(|stage| stage.needed) {
                let name = stage.name.value().cloned();
                let name = name.unwrap_or_else(|| stage.index.to_string());
                add(stage.loc, "stage", name, Fact::Stage(stage));
            }
        }
        for reference in facts.references.iter().filter(|reference| is_judged(reference)) {
            add(reference.loc, "reference", reference.raw.clone(), Fact::Reference(reference));
        }
        Subjects { rows }
    }

    /// Those of the kinds that a rule names, in document order. A rule that judges builds and images
    /// judges a Dockerfile once, as a build.
    pub fn of_kinds(&self, kinds: &[String]) -> impl Iterator<Item = &SubjectRow<'f>> {
        let names_builds = kinds.iter().any(|kind| kind == "build");
        let is_build = |row: &SubjectRow<'_>| matches!(row.fact, Fact::Build(_));
        let as_build = names_builds && self.rows.iter().any(is_build);
        self.rows.iter().filter(move |row| {
            kinds.contains(&row.subject.kind) && !(as_build && matches!(row.fact, Fact::Image(_)))
        })
    }
}

fn is_judged(reference: &ImageRef) -> bool {
    reference.needed && matches!(reference.kind.as_deref(), None | Some("image" | "image_id"))
}

impl SubjectRow<'_> {
    /// Whether a path, such as `user.is_root`, leads to something known among the subject's facts.
    #[must_use]
    pub fn is_known(&self, path: &str) -> bool {
        known::is_known(&self.fact, path)
    }

    /// The subject's facts as JSON, to look a path up in.
    #[must_use]
    pub fn json(&self) -> &Value {
        self.json.get_or_init(|| serde_json::to_value(&self.fact).unwrap_or_default())
    }
}

impl Serialize for Fact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Fact::Image(image) => image.serialize(serializer),
            Fact::Build(build) => build.serialize(serializer),
            Fact::Stage(stage) => stage.serialize(serializer),
            Fact::Reference(reference) => reference.serialize(serializer),
            Fact::Container(container) => container.serialize(serializer),
            Fact::Network(network) => network.serialize(serializer),
            Fact::Volume(volume) => volume.serialize(serializer),
            Fact::Project(project) => project.serialize(serializer),
            Fact::Daemon(daemon) => daemon.serialize(serializer),
            Fact::Host(host) => host.serialize(serializer),
            Fact::Secret(secret) => secret.serialize(serializer),
            Fact::Table(table) => table.serialize(serializer),
        }
    }
}
