//! Texts of one daemon put together, and its defaults handed down to containers.
//!
//! What a container does not say itself, its engine decides: the precedence is that of dockerd.

use std::sync::Arc;

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Container, Daemon, Label, SecurityProfile, Ulimit};

use super::adopt;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, PlaceTable, daemon};
use crate::source::Source;

/// Puts the texts that say something of the same daemon into the first of their documents; the
/// others keep none of it. Texts of which two are of one form are of several daemons.
pub(super) fn join(documents: &mut [Document]) {
    let of_daemons = daemons(documents);
    if of_daemons.len() < 2 || are_several(documents, &of_daemons) {
        return;
    }
    let texts = of_daemons.iter().flat_map(|&at| documents[at].sources.iter().map(Arc::clone));
    let texts: Vec<Arc<Source>> = texts.collect();
    let Some(joined) = daemon::join(&texts) else { return };
    for &at in &of_daemons {
        let document = &mut documents[at];
        // Said of all texts together in the first document.
        document.problems.clear();
        document.facts.daemon = None;
    }
    if let Some(&first) = of_daemons.first() {
        documents[first] = joined;
    }
}

/// The documents that describe a daemon, by index.
fn daemons(documents: &[Document]) -> Vec<usize> {
    let described = documents.iter().enumerate().filter(|(_, d)| d.facts.daemon.is_some());
    described.map(|(at, _)| at).collect()
}

/// Whether two of the documents are of the same form, or name different engines.
fn are_several(documents: &[Document], daemons: &[usize]) -> bool {
    let daemons = || daemons.iter().filter_map(|&at| documents[at].facts.daemon.as_ref());
    let mut forms: Vec<&str> = daemons().flat_map(|d| &d.sources).map(String::as_str).collect();
    let count = forms.len();
    forms.sort_unstable();
    forms.dedup();
    forms.len() < count
}

/// Hands the defaults of the one daemon of a run down to its containers.
pub(super) fn hand_down(documents: &mut [Document]) {
    let daemons = daemons(documents);
    let runs = |document: &Document| !document.facts.containers.is_empty();
    let Some(&first) = daemons.first().filter(|_| documents.iter().any(runs)) else { return };
    if daemons.len() > 1 {
        let names: Vec<String> =
            daemons.iter().map(|&at| format!("`{}`", documents[at].name)).collect();
        let message = format!(
            "containers may run on any of the daemons of {}: the defaults of none were taken",
            names.join(", ")
        );
        let help = "check the containers of each host together with its own daemon";
        documents[first].problems.push(Diagnostic::warning(message).help(help));
        return;
    }
    for at in 0..documents.len() {
        if at == first || !runs(&documents[at]) {
            continue;
        }
        let Ok([to, from]) = documents.get_disjoint_mut([at, first]) else { continue };
        let Some(daemon) = &from.facts.daemon else { continue };
        let Some(daemon) = adopt::copy(daemon, &from.places, &mut to.places) else { continue };
        for container in &mut to.facts.containers {
            take_over(container, &daemon, &mut to.places);
        }
        to.masks.merge(from.masks.clone());
        to.facts.linked.daemon = Some(daemon);
    }
}

/// Fills in what the daemon decides for a container that says nothing.
fn take_over(container: &mut Container, daemon: &Daemon, places: &mut PlaceTable) {
    // What an engine prints of a container has its logging and ulimits in it already.
    if container.source_type != "container" {
        take_over_logging(container, daemon, places);
        take_over_ulimits(container, daemon, places);
    }
    let security = &mut container.security_opt;
    if security.no_new_privileges_from == "default"
        && let Some(value) = daemon.no_new_privileges
    {
        security.no_new_privileges = Some(value);
        security.no_new_privileges_from = "daemon".into();
    }
    take_over_seccomp(&mut security.seccomp, daemon, places);
    let is_default = |mode: &Option<String>| mode.as_deref() == Some("default");
    if is_default(&security.apparmor.mode) && daemon.apparmor == Some(false) {
        security.apparmor.mode = Some("none".into());
    }
    if is_default(&security.selinux.mode) && daemon.selinux == Some(false) {
        security.selinux.mode = Some("none".into());
    }
    let user = &mut container.namespaces.user;
    if is_default(&user.mode) {
        let own = daemon.userns.map(|own| own || daemon.rootless == Some(true));
        user.effective = own.map(|own| if own { "private" } else { "host" }.into());
    }
}

/// The driver, and the options that are not set, when the driver is the daemon's: as dockerd's
/// `mergeAndVerifyLogConfig` does it.
fn take_over_logging(container: &mut Container, daemon: &Daemon, places: &mut PlaceTable) {
    let logging = &mut container.logging;
    if logging.from == "unknown" && logging.driver.is_none() && logging.incomplete.is_empty() {
        let Some(driver) = &daemon.log.driver else { return };
        logging.driver = Some(driver.clone());
        logging.from = "daemon".into();
        logging.loc = adopt::at_field(container.loc, (daemon.log.loc, "driver"), places);
    }
    if logging.driver.is_none() || logging.driver != daemon.log.driver {
        return;
    }
    for option in &daemon.log.options {
        if logging.options.iter().all(|known| known.key != option.key) {
            let loc = adopt::at(logging.loc, option.loc, places);
            logging.options.push(Label { loc, ..option.clone() });
        }
    }
    for list in &daemon.log.incomplete {
        if !logging.incomplete.contains(list) {
            logging.incomplete.push(list.clone());
        }
    }
}

fn take_over_ulimits(container: &mut Container, daemon: &Daemon, places: &mut PlaceTable) {
    let resources = &mut container.resources;
    for ulimit in &daemon.default_ulimits {
        if resources.ulimits.iter().all(|known| known.name != ulimit.name) {
            let loc = adopt::at(resources.loc, ulimit.loc, places);
            resources.ulimits.push(Ulimit { loc, ..ulimit.clone() });
        }
    }
}

fn take_over_seccomp(seccomp: &mut SecurityProfile, daemon: &Daemon, places: &mut PlaceTable) {
    if seccomp.mode.as_deref() != Some("default") {
        return;
    }
    let mode = match (daemon.seccomp.enabled, daemon.seccomp.profile.as_deref()) {
        (Some(false), _) => "unconfined",
        (_, None | Some("builtin" | "default")) => return,
        (_, Some(_)) => "custom",
    };
    seccomp.mode = Some(mode.into());
    seccomp.loc = adopt::at_field(seccomp.loc, (daemon.seccomp.loc, "profile"), places);
    if mode == "custom" {
        seccomp.profile = daemon.seccomp.profile.clone().map(Nullable::Value);
        seccomp.default_action = None;
    }
}
