//! What services depend on: it must exist, and nothing may depend on itself.

use std::collections::HashMap;

use super::{Problems, is_unknown_name, quoted, section};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::Node;
use crate::nearest::nearest;
use crate::source::Place;

/// The longest circle that is spelled out.
const LONGEST: usize = 12;

/// Checks the dependencies of services and jobs: services wait for services, jobs for both. Jobs that
/// wait for each other are Compose's own business.
pub(super) fn check(root: &Node, problems: &mut Problems<'_>) {
    let services: HashMap<&str, &Node> =
        section(root, "services").map(|(name, _, node)| (name.as_str(), node)).collect();
    let jobs: HashMap<&str, &Place> =
        section(root, "jobs").map(|(name, key, _)| (name.as_str(), key)).collect();
    for (name, key, node) in section(root, "services") {
        if let Some(job) = jobs.get(name.as_str()) {
            problems.add(|| {
                Diagnostic::error(format!("{} is both a service and a job", quoted(name)))
                    .label((*job).clone(), "the job")
                    .label(key.clone(), "the service")
            });
        }
        for (other, place) in dependencies(node).filter(|(name, _)| !services.contains_key(name)) {
            match jobs.get(other) {
                Some(job) => problems.add(|| {
                    Diagnostic::error(format!("service `{name}` cannot depend on job `{other}`"))
                        .label(place.clone(), "services depend on services only")
                        .label((*job).clone(), "a job")
                }),
                None => problems
                    .add(|| undefined("service", name, other, place, services.keys().copied())),
            }
        }
    }
    for (name, _, node) in section(root, "jobs") {
        let is_known = |name: &str| services.contains_key(name) || jobs.contains_key(name);
        for (other, place) in dependencies(node).filter(|(name, _)| !is_known(name)) {
            let known = services.keys().chain(jobs.keys()).copied();
            problems.add(|| undefined("job", name, other, place, known));
        }
    }
    circles(root, &services, problems);
}

fn dependencies(service: &Node) -> impl Iterator<Item = (&str, &Place)> {
    let map = service.get("depends_on").and_then(Node::map);
    let known = map.into_iter().flatten().filter(|(name, _)| !is_unknown_name(name));
    known.map(|(name, entry)| (name.as_str(), &entry.key))
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
    for (start, _, node) in section(root, "services") {
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
