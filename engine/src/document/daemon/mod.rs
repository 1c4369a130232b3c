//! Docker daemons: `daemon.json`, the command line of dockerd, `docker info`, `docker version`.
//!
//! Each of the four says a part, and [`join`] puts the parts of one daemon together: a flag comes
//! before `daemon.json`, that before what the running engine printed, and that before a default.
//! What two of them say differently is a problem: dockerd refuses an option that is both a flag and
//! in `daemon.json`, and an engine that prints something else than is configured was not restarted.
//!
//! # Which defaults count
//!
//! `docker info` alone settles nothing that it does not print. With a command line and `daemon.json`
//! together the whole configuration is known, and every default of dockerd counts. With one of the
//! two, the other may still set an option; so a default counts alone
//!
//! - where it is the less safe of the values (`icc`, `live_restore`, `userland_proxy`,
//!   `no_new_privileges`, `userns_remap`, `selinux_enabled`, `log.driver` and its options, TLS of the
//!   API, `authorization_plugins`, `default_ulimits`): at worst a finding is one too many, and goes
//!   when the other text is given, too;
//! - for `log.level`, `debug` and `ipc_default`, of which the benchmarks say that unset is fine.
//!
//! The others (`hosts`, `seccomp.profile`, `iptables`, registries, runtimes, features …) stay
//! unknown, since their defaults are the safe ones: what a text cannot say is never a pass. On a
//! command line with a variable (`$DOCKER_OPTS`) no default counts.

mod check;
mod config;
mod flags;
mod host;
mod info;
mod layer;
mod lower;
mod options;
mod pem;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use plimsoll_sdk::facts::Facts;

use super::{Document, Input, PlaceTable, ReadOptions};
use crate::diagnostic::Diagnostic;
use crate::json;
use crate::source::{Place, Source, Span};
use crate::yaml::{Node, Value};
use layer::Printed;
use lower::Parts;

/// The word for this kind of document.
pub const KIND: &str = "daemon";

/// Whether a file of this name is a `daemon.json`.
#[must_use]
pub fn is_daemon_json(file_name: &str) -> bool {
    file_name == "daemon.json"
}

/// Whether a file of this name starts dockerd: the unit that Docker's packages install.
#[must_use]
pub fn is_unit(file_name: &str) -> bool {
    file_name == "docker.service"
}

/// Whether a JSON value has keys that only `daemon.json` has, and no others.
#[must_use]
pub fn has_daemon_json(node: &Node) -> bool {
    let keys = layer::entries(node);
    let known = |key: &str| options::by_key(key).is_some() || key == "proxies";
    // Words such as `debug` and `labels` say nothing; hyphens do.
    let telling = |key: &str| {
        key.contains('-') || ["icc", "iptables", "tlsverify", "userns-remap"].contains(&key)
    };
    keys.iter().all(|(key, _)| known(&key.text)) && keys.iter().any(|(key, _)| telling(&key.text))
}

/// Whether a JSON value is what `docker info --format '{{json .}}'` prints, or the engine's answer
/// to `GET /info`.
#[must_use]
pub fn is_info(node: &Node) -> bool {
    let has = |key: &str| node.get(key).is_some();
    let engine = ["ServerVersion", "DockerRootDir", "RegistryConfig", "Driver"];
    let host = ["NCPU", "MemTotal", "KernelVersion", "OperatingSystem", "OSType"];
    let answer =
        engine.iter().filter(|key| has(key)).count() > 1 && host.iter().any(|key| has(key));
    // When there was no answer, the client prints what it knows of itself.
    answer || (has("ClientInfo") && has("ServerErrors"))
}

/// Whether a JSON value is what `docker version --format json` prints, or the engine's answer to
/// `GET /version`.
#[must_use]
pub fn is_version(node: &Node) -> bool {
    let client = |key: &str| node.get("Client").and_then(|client| client.get(key)).is_some();
    let answer = |node: &Node| {
        ["ApiVersion", "GoVersion", "Version"].iter().all(|key| node.get(key).is_some())
    };
    (client("ApiVersion") && client("GoVersion") && node.get("Name").is_none()) || answer(node)
}

/// Whether a text starts dockerd: a command line, an `ExecStart=` line, a systemd unit.
#[must_use]
pub fn is_command_line(text: &str) -> bool {
    words::find(text).is_some()
}

/// Whether a file of this name is one of them.
#[must_use]
pub fn has_name(file_name: &str) -> bool {
    is_daemon_json(file_name) || is_unit(file_name)
}

/// Whether a text is one of them.
#[must_use]
pub fn has_content(text: &str) -> bool {
    if !text.trim_start().starts_with('{') {
        return is_command_line(text);
    }
    let source = Source::new("", text);
    let nodes = json::parse_stream(&source, json::LIMITS).nodes;
    let is = |node: &Node| has_daemon_json(node) || is_info(node) || is_version(node);
    !nodes.is_empty() && nodes.iter().all(is)
}

/// Reads whatever says something of a daemon. `docker info` and `docker version` may stand in one
/// text: one of each makes one daemon, anything else a daemon per value.
#[must_use]
pub fn read(input: &Input, _: &ReadOptions) -> Vec<Document> {
    let mut problems = Vec::new();
    let parts = parts(&input.source, &mut problems);
    if parts.is_empty() {
        let sources = vec![Arc::clone(&input.source)];
        return vec![document(&Parts::default(), sources, &input.source, problems)];
    }
    let mut documents = Vec::new();
    for daemon in group(parts) {
        let sources = vec![Arc::clone(&input.source)];
        let problems = std::mem::take(&mut problems);
        documents.push(document(&daemon, sources, &input.source, problems));
    }
    documents
}

/// Reads texts that say something of the same daemon, as one document with the name of the first.
/// Of two texts of one form the first counts, and the other is a problem.
#[must_use]
pub fn join(sources: &[Arc<Source>]) -> Option<Document> {
    let first = sources.first()?;
    let mut problems = Vec::new();
    let mut daemon = Parts::default();
    for source in sources {
        for part in parts(source, &mut problems) {
            if let Some(part) = daemon.add(part) {
                problems.push(
                    Diagnostic::error("a daemon is described twice, in the same form")
                        .label(part.place(), "this is not used"),
                );
            }
        }
    }
    Some(document(&daemon, sources.to_vec(), first, problems))
}

/// A text, by its form.
enum Part {
    Flags(layer::Layer),
    Config(layer::Layer),
    Info(Printed),
    Version(Printed),
}

impl Part {
    fn place(&self) -> Place {
        match self {
            Part::Flags(layer) | Part::Config(layer) => layer.place(layer.span),
            Part::Info(printed) | Part::Version(printed) => printed.place(&printed.node),
        }
    }
}

impl Parts {
    /// Takes a part; gives it back when there is one of its form already.
    fn add(&mut self, part: Part) -> Option<Part> {
        fn put<T>(slot: &mut Option<T>, value: T, back: fn(T) -> Part) -> Option<Part> {
            if slot.is_some() {
                return Some(back(value));
            }
            *slot = Some(value);
            None
        }
        match part {
            Part::Flags(layer) => put(&mut self.flags, layer, Part::Flags),
            Part::Config(layer) => put(&mut self.config, layer, Part::Config),
            Part::Info(printed) => put(&mut self.info, printed, Part::Info),
            Part::Version(printed) => put(&mut self.version, printed, Part::Version),
        }
    }
}

/// One daemon of all parts if no form occurs twice, else one of each part.
fn group(parts: Vec<Part>) -> Vec<Parts> {
    let mut forms: Vec<_> = Vec::new();
    let once = parts.iter().all(|part| {
        let form = std::mem::discriminant(part);
        let new = !forms.contains(&form);
        forms.push(form);
        new
    });
    if once {
        let mut daemon = Parts::default();
        parts.into_iter().for_each(|part| {
            daemon.add(part);
        });
        return vec![daemon];
    }
    let alone = |part| {
        let mut daemon = Parts::default();
        daemon.add(part);
        daemon
    };
    parts.into_iter().map(alone).collect()
}

fn document(
    parts: &Parts,
    sources: Vec<Arc<Source>>,
    source: &Arc<Source>,
    mut problems: Vec<Diagnostic>,
) -> Document {
    let mut facts = Facts::new(KIND, source.name());
    let mut places = PlaceTable::new(source);
    if !parts.is_empty() {
        lower::conflicts(parts, &mut problems);
        let (daemon, table) = lower::lower(parts, source, &mut problems);
        facts.daemon = Some(daemon);
        places = table;
    }
    Document { problems, ..Document::new(KIND, sources, facts, places) }
}

/// What a text says, by its form.
fn parts(source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> Vec<Part> {
    let text = source.text();
    let named = is_daemon_json(source.name().rsplit(['/', '\\']).next().unwrap_or_default());
    if text.trim().is_empty() {
        if named {
            return vec![Part::Config(config::empty(source))];
        }
        problems.push(Diagnostic::error("the text is empty").at(start(source)));
        return Vec::new();
    }
    // A unit begins with a bracket, too: `[Unit]`.
    let json = text.trim_start().starts_with(['{', '[']) && !is_command_line(text);
    if !named && !json {
        let layer = flags::read(source, problems);
        if layer.is_none() {
            let message = "this says nothing of a daemon: it is no JSON, and starts no dockerd";
            problems.push(Diagnostic::error(message).at(start(source)));
        }
        return layer.map(Part::Flags).into_iter().collect();
    }
    nodes(source, named, problems)
        .into_iter()
        .filter_map(|node| part(source, node, named, problems))
        .collect()
}

/// The JSON values of a text: one of a `daemon.json`, any number of what was printed.
fn nodes(source: &Arc<Source>, named: bool, problems: &mut Vec<Diagnostic>) -> Vec<Node> {
    if named {
        return match json::parse(source, json::LIMITS) {
            Ok(parsed) => {
                problems.extend(parsed.warnings);
                vec![parsed.node]
            }
            Err(errors) => {
                problems.extend(errors);
                Vec::new()
            }
        };
    }
    let stream = json::parse_stream(source, json::LIMITS);
    problems.extend(stream.problems);
    let values = stream.nodes.into_iter().flat_map(|node| match node.value {
        // What `jq -s`, or a list of hosts, makes of several.
        Value::Seq(items) => items,
        value => vec![layer::node(value, node.span)],
    });
    values.collect()
}

fn part(
    source: &Arc<Source>,
    node: Node,
    named: bool,
    problems: &mut Vec<Diagnostic>,
) -> Option<Part> {
    if !named && is_info(&node) {
        return info_part(source, node, problems).map(Part::Info);
    }
    if !named && is_version(&node) {
        return version_part(source, node, problems).map(Part::Version);
    }
    config::read(source, node, problems).map(Part::Config)
}

/// `docker info`, unless the engine did not answer.
fn info_part(source: &Arc<Source>, node: Node, problems: &mut Vec<Diagnostic>) -> Option<Printed> {
    let printed = Printed { source: Arc::clone(source), node };
    let errors = printed.get(&["ServerErrors"]).map(layer::items).unwrap_or_default();
    if let Some(error) = errors.first()
        && printed.text(&["ServerVersion"]).is_none()
    {
        let problem = Diagnostic::error("`docker info` got no answer from the engine");
        problems.push(problem.at(printed.place(error)));
        return None;
    }
    Some(printed)
}

/// The server's part of `docker version`.
fn version_part(
    source: &Arc<Source>,
    node: Node,
    problems: &mut Vec<Diagnostic>,
) -> Option<Printed> {
    if node.get("Client").is_none() {
        return Some(Printed { source: Arc::clone(source), node });
    }
    let server = node.get("Server").filter(|server| server.value != Value::Null);
    let Some(server) = server else {
        let problem = Diagnostic::error("`docker version` got no answer from the engine");
        problems.push(problem.at(Place::new(source, node.span)));
        return None;
    };
    Some(Printed { source: Arc::clone(source), node: server.clone() })
}

fn start(source: &Arc<Source>) -> Place {
    let end = source.text().chars().next().map_or(0, char::len_utf8);
    Place::new(source, Span::new(0, end))
}
