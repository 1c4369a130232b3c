//! Hosts joined with the daemons that run on them.

use plimsoll_sdk::facts::{Daemon, Host};

use super::adopt;
use crate::document::{Document, daemon, host};

/// Gives each host the daemon that runs on it, as context: the one that says that it runs there; or,
/// where the run has one of each, that one, unless both say where they are and differ.
pub(super) fn join(documents: &mut [Document]) {
    let hosts = which(documents, |document| document.facts.host.is_some());
    let daemons = which(documents, |document| document.facts.daemon.is_some());
    let alone = hosts.len() == 1 && daemons.len() == 1;
    let mut pairs = Vec::new();
    for &at in &hosts {
        let Some(host) = &documents[at].facts.host else { continue };
        let fits = |candidate: &&usize| {
            let daemon = documents[**candidate].facts.daemon.as_ref();
            daemon.is_some_and(|daemon| fit(host, daemon).unwrap_or(alone))
        };
        let mut fitting = daemons.iter().filter(fits);
        if let (Some(&daemon), None) = (fitting.next(), fitting.next()) {
            pairs.push((at, daemon));
        }
    }
    for (at, origin) in pairs {
        let Ok([to, from]) = documents.get_disjoint_mut([at, origin]) else { continue };
        let Some(daemon) = &from.facts.daemon else { continue };
        to.facts.linked.daemon = adopt::copy(daemon, &from.places, &mut to.places);
        to.masks.merge(from.masks.clone());
    }
}

fn which(documents: &[Document], is: fn(&Document) -> bool) -> Vec<usize> {
    (0..documents.len()).filter(|&at| is(&documents[at])).collect()
}

/// Whether a daemon runs on a host, by the names that the two give it; `None` when one gives none.
fn fit(host: &Host, daemon: &Daemon) -> Option<bool> {
    // The kernel may have the whole name, and `/etc/hostname` the first part of it.
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let named = host.name != host::KIND && daemon.name != daemon::KIND;
    named.then(|| first(&host.name) == first(&daemon.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Input, ReadOptions, detect_content};
    use crate::source::Source;

    fn host(name: &str) -> String {
        format!(r#"{{"plimsoll_host": "0", "hostname": "{name}"}}"#)
    }

    fn info(name: &str) -> String {
        format!(r#"{{"Name": "{name}", "NCPU": 1, "Driver": "x", "DockerRootDir": "/srv/{name}"}}"#)
    }

    /// The data root of the daemon that each host was joined with.
    fn joined(texts: &[String]) -> Vec<Option<String>> {
        let read = |text: &String| {
            let input = Input { source: Source::new("x", text.as_str()), folder: None };
            let format = detect_content(text).unwrap();
            (format.read)(&input, &ReadOptions::default())
        };
        let mut documents: Vec<Document> = texts.iter().flat_map(read).collect();
        join(&mut documents);
        let hosts = documents.iter().filter(|document| document.facts.host.is_some());
        hosts
            .map(|document| {
                let daemon = document.facts.linked.daemon.as_ref()?;
                let place = document.places.place(daemon.loc).unwrap();
                let root = daemon.data_root.clone()?;
                assert!(place.source.text().contains(&root), "{root}");
                Some(root)
            })
            .collect()
    }

    #[test]
    fn a_host_has_the_daemon_that_runs_on_it() {
        let root = |name: &str| Some(format!("/srv/{name}"));
        let config = || r#"{"data-root": "/srv/c", "icc": false}"#.to_owned();
        for (texts, want) in [
            (vec![host("a"), info("a")], vec![root("a")]),
            (vec![host("A.example.com"), info("a")], vec![root("a")]),
            (vec![host("a"), info("b")], vec![None]),
            (vec![host(""), info("b")], vec![root("b")]),
            (vec![host("a"), config()], vec![root("c")]),
            (vec![host("a"), host("b"), info("b"), info("a")], vec![root("a"), root("b")]),
            (vec![host("a"), info("b"), info("c")], vec![None]),
            (vec![host("a"), info("a"), info("a")], vec![None]),
            (vec![host("a"), host("b"), config()], vec![None, None]),
            (vec![host("a")], vec![None]),
        ] {
            assert_eq!(joined(&texts), want, "{texts:?}");
        }
    }
}
