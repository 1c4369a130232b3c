//! What services depend on: it must exist, and nothing may depend on itself.

use std::collections::HashMap;

use super::{Problems, quoted, section};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::Node;
use crate::nearest::nearest;
use crate::source::Place;

/// The longest circle that is spelled out.
const LONGEST: usize = 12;

/// Checks the dependencies of services and jobs.
pub(super) fn check(root: &Node, problems: &mut Problems<'_>) {
    let all = ["services", "jobs"];
    let known: HashMap<&str, &Node> = all
        .into_iter()
        .flat_map(|name| section(root, name))
        .map(|(name, _, node)| (name.as_str(), node))
        .collect();
    let is_service = |name: &str| root.get("services").and_then(|map| map.get(name)).is_some();
    for (what, section_name) in [("service", "services"), ("job", "jobs")] {
        for (name, _, node) in section(root, section_name) {
            for (other, place) in dependencies(node) {
                // A service cannot wait for a job.
                let exists =
                    if what == "job" { known.contains_key(other) } else { is_service(other) };
                if !exists {
                    problems.add(|| undefined(what, name, other, place, known.keys().copied()));
                }
            }
        }
    }
    circles(root, &known, problems);
}

fn dependencies(service: &Node) -> impl Iterator<Item = (&str, &Place)> {
    let map = service.get("depends_on").and_then(Node::map);
    map.into_iter().flatten().map(|(name, entry)| (name.as_str(), &entry.key))
}

fn undefined<'n>(
    what: &str,
    name: &str,
    other: &str,
    place: &Place,
    known: impl Iterator<Item = &'n str>,
) -> Diagnostic {
    let other_quoted = quoted(other);
    let problem = Diagnostic::error(format!(
        "{what} `{name}` depends on the undefined service {other_quoted}"
    ))
    .label(place.clone(), "no such service");
    // The hash map has no order of its own, and messages must not depend on chance.
    let mut names: Vec<&str> = known.filter(|known| *known != name).collect();
    names.sort_unstable();
    // One letter is near to every other.
    match nearest(other, names).filter(|_| other.len() > 1) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    }
}

/// Tells of circles, each once: a depth-first walk without recursion, because a chain of
/// dependencies may be as long as the file.
fn circles<'n>(root: &'n Node, known: &HashMap<&str, &'n Node>, problems: &mut Problems<'_>) {
    let mut done: HashMap<&str, bool> = HashMap::new();
    for (start, _, node) in section(root, "services").chain(section(root, "jobs")) {
        if done.contains_key(start.as_str()) {
            continue;
        }
        done.insert(start, false);
        let mut walk = vec![(start.as_str(), dependencies(node), None)];
        while let Some((name, rest, _)) = walk.last_mut() {
            let Some((other, place)) = rest.next() else {
                done.insert(name, true);
                walk.pop();
                continue;
            };
            match (done.get(other), known.get(other)) {
                (None, Some(node)) => {
                    done.insert(other, false);
                    walk.push((other, dependencies(node), Some(place)));
                }
                (Some(false), _) => {
                    let from = walk.iter().position(|(name, ..)| *name == other).unwrap_or(0);
                    let circle = walk.get(from..).unwrap_or_default();
                    let names: Vec<&str> = circle.iter().map(|(name, ..)| *name).collect();
                    let places = circle.iter().skip(1).filter_map(|(.., place)| *place);
                    problems.add(|| circular(&names, places.chain([place])));
                }
                _ => {}
            }
        }
    }
}

fn circular<'n>(names: &[&str], places: impl Iterator<Item = &'n Place>) -> Diagnostic {
    let mut circle: Vec<&str> = names.iter().copied().take(LONGEST).collect();
    if names.len() > LONGEST {
        circle.push("…");
    }
    circle.extend(names.first());
    let message = format!("services depend on each other in a circle: {}", circle.join(" → "));
    places
        .take(LONGEST)
        .fold(Diagnostic::error(message), |problem, place| problem.at(place.clone()))
}
