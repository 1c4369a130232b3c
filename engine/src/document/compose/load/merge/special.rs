//! The parts of a project that are merged in their own way: compose-go's `mergeSpecials`.

use std::mem;

use super::super::pattern::KeyPath;
use super::{append, cannot_override, convert, mappings, ordinary};
use crate::diagnostic::Diagnostic;
use crate::document::compose::short;
use crate::document::compose::tree::{Map, Node, Value};

/// Merges the second tree over the first one.
type Rule = fn(Node, Node, &mut KeyPath, &mut Vec<Diagnostic>) -> Node;

const RULES: &[(&str, Rule)] = &[
    ("networks.*.ipam.config", subnets),
    ("networks.*.labels", pairs),
    ("volumes.*.labels", pairs),
    ("secrets.*.labels", pairs),
    ("configs.*.labels", pairs),
    ("services.*.annotations", pairs),
    ("services.*.build", build),
    ("services.*.build.args", pairs),
    ("services.*.build.additional_contexts", pairs),
    ("services.*.build.extra_hosts", list),
    ("services.*.build.labels", pairs),
    ("services.*.command", replace),
    ("services.*.depends_on", dependencies),
    ("services.*.deploy.labels", pairs),
    ("services.*.dns", list),
    ("services.*.dns_opt", list),
    ("services.*.dns_search", list),
    ("services.*.entrypoint", replace),
    ("services.*.env_file", list),
    ("services.*.label_file", list),
    ("services.*.environment", pairs),
    ("services.*.extra_hosts", list),
    ("services.*.healthcheck.test", replace),
    ("services.*.labels", pairs),
    ("services.*.logging", logging),
    ("services.*.models", names),
    ("services.*.networks", names),
    ("services.*.sysctls", pairs),
    ("services.*.tmpfs", list),
    ("services.*.ulimits.*", limit),
];

/// The rule of a place, if it has its own.
pub(super) fn rule(path: &KeyPath) -> Option<Rule> {
    RULES.iter().find(|(pattern, _)| path.matches(pattern)).map(|&(_, rule)| rule)
}

fn replace(_: Node, over: Node, _: &mut KeyPath, _: &mut Vec<Diagnostic>) -> Node {
    over
}

/// `KEY=VALUE` lists and mappings, by key; a key without a value replaces one with a value.
fn pairs(
    mut base: Node,
    mut over: Node,
    path: &mut KeyPath,
    problems: &mut Vec<Diagnostic>,
) -> Node {
    let inherits = matches!(path.last(), "environment" | "args");
    short::pairs(&mut base, inherits, problems);
    short::pairs(&mut over, inherits, problems);
    match (&mut base.value, over.value) {
        (Value::Map(first), Value::Map(second)) => {
            for (key, entry) in second {
                first.insert(key, entry);
            }
            base
        }
        (_, value) => ordinary(base, Node { value, ..over }, path, problems),
    }
}

/// Lists, mappings and single values, as one list.
fn list(mut base: Node, mut over: Node, _: &mut KeyPath, _: &mut Vec<Diagnostic>) -> Node {
    // Hosts with a list of addresses each are merged host by host.
    if let (Value::Map(_), Value::Map(_)) = (&base.value, &over.value) {
        return hosts(base, over);
    }
    let second = convert::list(&mut over);
    let mut first = convert::list(&mut base);
    if first.is_empty() && base.value == Value::Null {
        return Node { value: Value::Seq(second), ..over };
    }
    append(&mut first, second);
    base.value = Value::Seq(first);
    base
}

fn hosts(mut base: Node, over: Node) -> Node {
    let Value::Map(second) = over.value else { return base };
    let Some(first) = base.map_mut() else { return base };
    for (host, mut entry) in second {
        match first.get_mut(&host) {
            Some(before) => {
                let mut addresses = convert::list(&mut before.node);
                append(&mut addresses, convert::list(&mut entry.node));
                before.node.value = Value::Seq(addresses);
            }
            None => {
                first.insert(host, entry);
            }
        }
    }
    base
}

fn build(base: Node, over: Node, path: &mut KeyPath, problems: &mut Vec<Diagnostic>) -> Node {
    let long = |node: Node| convert::keyed(node, "context");
    ordinary(long(base), long(over), path, problems)
}

/// What a service depends on without saying how.
fn dependencies(
    base: Node,
    over: Node,
    path: &mut KeyPath,
    problems: &mut Vec<Diagnostic>,
) -> Node {
    let long = |node: Node| {
        convert::named(node, |place| {
            let started = Value::Str("service_started".to_owned());
            let condition = Node::default_at(started, place);
            let required = Node::default_at(Value::Bool(true), place);
            let entries = [("condition", condition), ("required", required)];
            Value::Map(convert::map(entries))
        })
    };
    ordinary(long(base), long(over), path, problems)
}

fn names(base: Node, over: Node, path: &mut KeyPath, problems: &mut Vec<Diagnostic>) -> Node {
    let long = |node: Node| convert::named(node, |_| Value::Null);
    ordinary(long(base), long(over), path, problems)
}

/// The options of a logging driver are merged only when both sides mean the same driver.
fn logging(mut base: Node, over: Node, path: &mut KeyPath, problems: &mut Vec<Diagnostic>) -> Node {
    match (&mut base.value, over.value) {
        (Value::Map(first), Value::Map(second)) => {
            let same = match (first.get("driver"), second.get("driver")) {
                (Some(first), Some(second)) => first == second,
                _ => true,
            };
            if !same {
                return Node { value: Value::Map(second), ..over };
            }
            base.value = Value::Map(mappings(mem::take(first), second, path, problems));
            base
        }
        (_, value) => {
            let over = Node { value, ..over };
            if !over.is_unknown() {
                problems.push(cannot_override(&base, &over, path));
            }
            base
        }
    }
}

fn limit(mut base: Node, over: Node, path: &mut KeyPath, problems: &mut Vec<Diagnostic>) -> Node {
    match (&mut base.value, over.value) {
        (Value::Map(first), Value::Map(second)) => {
            // A single limit is one number, and goes when there are two.
            if !second.contains_key("single") {
                first.shift_remove("single");
            }
            base.value = Value::Map(mappings(mem::take(first), second, path, problems));
            base
        }
        (_, value) => Node { value, ..over },
    }
}

/// Address pools, by subnet. As compose-go has it, a pool of the first tree whose subnet the second
/// does not mention is lost.
fn subnets(base: Node, over: Node, path: &mut KeyPath, problems: &mut Vec<Diagnostic>) -> Node {
    let (Value::Seq(first), Value::Seq(second)) = (&base.value, &over.value) else {
        return ordinary(base, over, path, problems);
    };
    let subnet = |map: &Map| map.get("subnet").map(|entry| entry.node.clone());
    let mut pools: Vec<(Option<Node>, Node)> = Vec::new();
    for original in first {
        for pool in second {
            let (Some(left), Some(right)) = (pool.map(), original.map()) else { continue };
            let key = subnet(left);
            let at = pools.iter().position(|(other, _)| *other == key);
            if key != subnet(right) {
                if at.is_none() {
                    pools.push((key, pool.clone()));
                }
                continue;
            }
            let merged = mappings(right.clone(), left.clone(), path, problems);
            let merged = original.with(Value::Map(merged));
            match at.and_then(|at| pools.get_mut(at)) {
                Some(before) => before.1 = merged,
                None => pools.push((key, merged)),
            }
        }
    }
    base.with(Value::Seq(pools.into_iter().map(|(_, pool)| pool).collect()))
}
