//! Short forms are brought to long ones.
//!
//! Owns what compose-go's `transform` package and its decoders do to shapes: a text that stands for
//! a mapping becomes it, a list of pairs a mapping, one value a list. What a value means (sizes,
//! times, defaults of long forms) is not decided here, and what no form allows is left as it is:
//! [`validate`](super::validate) has said so.
//!
//! A part of a short form has the exact place of that part where the text is written as it reads.
//! A text with a variable that has no value is split where that is certain; else it stays.

mod command;
mod lists;
mod port;
mod resource;
#[cfg(test)]
mod tests;
mod text;
mod volume;

pub use command::MAX_WORDS;
pub use port::MAX_PORTS;

use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Map, Node, Value};
use crate::yaml::MAX_PROBLEMS;
use lists::Bare;

/// Brings every short form of a project to its long form. What has no form is an error in
/// `problems`. It does not change what is long already.
pub fn canonicalise(root: &mut Node, problems: &mut Vec<Diagnostic>) {
    let mut short = Short::new(problems);
    let Some(root) = root.map_mut() else { return };
    each(root, "services", |service| short.service(service));
    each(root, "jobs", |job| {
        short.service(job);
        if let Some(triggers) = map(job, "triggers") {
            items(triggers, "schedule", |schedule| lists::keyed(schedule, "cron"));
        }
    });
    for key in ["networks", "volumes", "secrets", "configs"] {
        if let Some(resources) = map(root, key) {
            for (name, entry) in resources {
                let Some(resource) = entry.node.map_mut() else { continue };
                resource::external(resource, &format!("{key}.{name}"), &mut short);
                at(resource, "labels", |labels| lists::pairs(labels, Bare::Empty, &mut short));
            }
        }
    }
    items(root, "include", |item| {
        lists::keyed(item, "path");
        if let Some(item) = item.map_mut() {
            at(item, "path", lists::list);
            at(item, "env_file", lists::list);
        }
    });
}

/// Brings a list of `NAME=VALUE` to a mapping, alone of all short forms: files are merged by name. A
/// name alone has the value null, or else an empty one.
pub(super) fn pairs(node: &mut Node, bare_is_null: bool, problems: &mut Vec<Diagnostic>) {
    let bare = if bare_is_null { Bare::Null } else { Bare::Empty };
    lists::pairs(node, bare, &mut Short::new(problems));
}

/// What a run needs to know.
struct Short<'p> {
    /// How many more ports may come out of ranges.
    ports: u32,
    /// How many more words may come out of command lines.
    words: usize,
    told: usize,
    problems: &'p mut Vec<Diagnostic>,
}

/// Keys of a service with a form that others have, too.
const LISTS: [&str; 4] = ["dns", "dns_search", "label_file", "tmpfs"];
const LABELS: [&str; 3] = ["annotations", "labels", "sysctls"];
const COMMANDS: [&str; 2] = ["command", "entrypoint"];
const HOOKS: [&str; 2] = ["post_start", "pre_stop"];

impl<'p> Short<'p> {
    fn new(problems: &'p mut Vec<Diagnostic>) -> Self {
        Short { ports: MAX_PORTS, words: MAX_WORDS, told: 0, problems }
    }

    fn tell(&mut self, problem: Diagnostic) {
        if self.told < MAX_PROBLEMS {
            self.told += 1;
            self.problems.push(problem);
        }
    }

    /// Whether a range may be taken apart into so many ports.
    fn take_ports(&mut self, count: u32, item: &Node) -> bool {
        let is_free = count <= self.ports;
        if is_free {
            self.ports -= count;
        } else {
            self.tell(
                Diagnostic::warning("a range of so many ports is judged as one port")
                    .at(item.place.clone())
                    .help("publish fewer ports"),
            );
        }
        is_free
    }

    fn service(&mut self, service: &mut Map) {
        for key in LISTS {
            at(service, key, lists::list);
        }
        for key in LABELS {
            at(service, key, |labels| lists::pairs(labels, Bare::Empty, self));
        }
        for key in COMMANDS {
            at(service, key, |line| command::words(line, self));
        }
        for key in HOOKS {
            items(service, key, |hook| self.hook(hook));
        }
        // Such a hook is a container of its own, with what a service has.
        items(service, "pre_start", |hook| {
            if let Some(hook) = hook.map_mut() {
                self.service(hook);
            }
        });
        at(service, "build", |build| self.build(build));
        for key in ["configs", "secrets"] {
            items(service, key, |mount| lists::keyed(mount, "source"));
        }
        at(service, "depends_on", resource::dependencies);
        if let Some(deploy) = map(service, "deploy") {
            at(deploy, "labels", |labels| lists::pairs(labels, Bare::Empty, self));
        }
        if let Some(develop) = map(service, "develop") {
            items(develop, "watch", |rule| self.watch(rule));
        }
        items(service, "devices", |device| resource::device(device, self));
        at(service, "env_file", resource::env_files);
        at(service, "environment", |variables| self.environment(variables));
        at(service, "extends", |base| lists::keyed(base, "service"));
        at(service, "extra_hosts", |hosts| lists::hosts(hosts, self));
        at(service, "gpus", resource::gpus);
        if let Some(check) = map(service, "healthcheck") {
            at(check, "test", resource::health_test);
        }
        for key in ["models", "networks"] {
            at(service, key, |names| lists::names(names, |_| Value::Null));
        }
        at(service, "ports", |ports| port::ports(ports, self));
        if let Some(provider) = map(service, "provider")
            && let Some(options) = map(provider, "options")
        {
            options.values_mut().for_each(|option| lists::list(&mut option.node));
        }
        items(service, "volumes", |volume| {
            volume::volume(volume, self);
            let options = volume.map_mut().and_then(|volume| map(volume, "volume"));
            if let Some(options) = options {
                at(options, "labels", |labels| lists::pairs(labels, Bare::Empty, self));
            }
        });
    }

    fn build(&mut self, build: &mut Node) {
        lists::keyed(build, "context");
        let Some(build) = build.map_mut() else { return };
        at(build, "additional_contexts", |contexts| {
            lists::pairs(contexts, Bare::Error("a pair of `name=context`"), self);
        });
        at(build, "args", |arguments| lists::pairs(arguments, Bare::Null, self));
        at(build, "extra_hosts", |hosts| lists::hosts(hosts, self));
        at(build, "labels", |labels| lists::pairs(labels, Bare::Empty, self));
        at(build, "no_cache_filter", lists::list);
        items(build, "secrets", |mount| lists::keyed(mount, "source"));
        at(build, "ssh", |keys| lists::ssh(keys, self));
        if let Some(limits) = map(build, "ulimits") {
            for limit in limits.values() {
                let bounds = limit.node.map().into_iter().flat_map(Map::values);
                for limit in bounds.chain([limit]).filter(|limit| !limit.node.is_unknown()) {
                    // Those of a service are converted when variables are substituted; these are
                    // not.
                    if limit.node.text().is_some() {
                        let problem = Diagnostic::error("a limit of a build is a number, not text");
                        self.tell(problem.at(limit.node.place.clone()));
                    }
                }
            }
        }
    }

    fn environment(&mut self, variables: &mut Node) {
        for item in variables.items() {
            let name = item.text().and_then(|text| text.split('=').next()).unwrap_or_default();
            if name.ends_with(' ') && !item.is_unknown() {
                let message =
                    format!("environment variable {name} is declared with a trailing space");
                self.tell(Diagnostic::error(message).at(item.place.clone()));
            }
        }
        lists::pairs(variables, Bare::Null, self);
    }

    /// A command that is run in a container.
    fn hook(&mut self, hook: &mut Node) {
        let Some(hook) = hook.map_mut() else { return };
        at(hook, "command", |line| command::words(line, self));
        at(hook, "environment", |variables| self.environment(variables));
    }

    fn watch(&mut self, rule: &mut Node) {
        let Some(rule) = rule.map_mut() else { return };
        at(rule, "ignore", lists::list);
        at(rule, "include", lists::list);
        at(rule, "exec", |hook| self.hook(hook));
    }
}

/// Runs something on the value of a key.
fn at(map: &mut Map, key: &str, run: impl FnOnce(&mut Node)) {
    if let Some(entry) = map.get_mut(key) {
        run(&mut entry.node);
    }
}

/// Runs something on every item of the list that is a key's value.
fn items(map: &mut Map, key: &str, run: impl FnMut(&mut Node)) {
    if let Some(entry) = map.get_mut(key)
        && let Value::Seq(items) = &mut entry.node.value
    {
        items.iter_mut().for_each(run);
    }
}

/// Runs something on every mapping in the mapping that is a key's value.
fn each(root: &mut Map, key: &str, mut run: impl FnMut(&mut Map)) {
    for entry in map(root, key).into_iter().flat_map(|map| map.values_mut()) {
        if let Some(map) = entry.node.map_mut() {
            run(map);
        }
    }
}

/// The mapping that is a key's value.
fn map<'m>(map: &'m mut Map, key: &str) -> Option<&'m mut Map> {
    map.get_mut(key).and_then(|entry| entry.node.map_mut())
}
