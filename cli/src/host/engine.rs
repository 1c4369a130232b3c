//! How the engine of a machine is set up, by its unit and its `daemon.json`.

use plimsoll_engine::document::daemon;
use plimsoll_engine::sdk::Nullable;
use plimsoll_engine::sdk::facts::Daemon;
use plimsoll_engine::source::Source;

use super::collect::Collector;
use super::files::{DAEMON_JSON, DROP_INS, UNITS};

/// The folder that an engine stores everything in unless it is told otherwise.
const DATA_ROOT: &str = "/var/lib/docker";

/// What settings name that is worth looking at.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// `None` when it cannot be told.
    pub(super) data_root: Option<String>,
    /// `None` when it cannot be told.
    pub(super) group: Option<String>,
    /// Further files: what they are, and where.
    pub(super) files: Vec<(&'static str, String)>,
}

/// What is known of the settings; nothing when they cannot be read.
pub(super) fn settings(collector: &mut Collector<'_>) -> Settings {
    // The last one that starts the engine is the one that does.
    let mut places: Vec<String> = UNITS.iter().map(|path| (*path).to_owned()).collect();
    let drop_ins = collector.names(DROP_INS, "data_root").unwrap_or_default();
    let drop_ins = drop_ins.iter().filter(|name| name.ends_with(".conf"));
    places.extend(drop_ins.map(|name| format!("{DROP_INS}/{name}")));
    let units = places.iter().filter_map(|path| collector.text(path, "data_root"));
    let unit = units.filter(|text| daemon::is_command_line(text)).last();
    // Without the file nothing is set in it; of one that may not be read nothing is known.
    let known = collector.is_readable(DAEMON_JSON);
    let configuration = collector.text(DAEMON_JSON, "data_root").unwrap_or_default();
    let mut sources = Vec::new();
    sources.extend(known.then(|| Source::new("daemon.json", configuration)));
    sources.extend(unit.map(|text| Source::new("docker.service", text)));
    let facts = daemon::join(&sources).and_then(|document| document.facts.daemon);
    facts.map(|daemon| named(&daemon)).unwrap_or_default()
}

fn named(daemon: &Daemon) -> Settings {
    let tls = &daemon.tls;
    let mut files = Vec::new();
    for (role, path) in [
        ("tls_ca_certificate", &tls.ca_cert),
        ("tls_certificate", &tls.cert),
        ("tls_key", &tls.key),
    ] {
        let path = path.as_ref().and_then(Nullable::value);
        files.extend(path.map(|path| (role, path.clone())));
    }
    let sockets = daemon.hosts.iter().filter(|host| host.proto == "unix");
    let sockets = sockets.filter_map(|host| host.address.value());
    files.extend(sockets.map(|path| ("docker_api_socket", path.clone())));
    files.retain(|(_, path)| path.starts_with('/'));
    // Its default is known when everything is that sets it, and then so is that of the folder.
    let default = daemon.group.as_ref().map(|_| DATA_ROOT.to_owned());
    Settings { data_root: daemon.data_root.clone().or(default), group: daemon.group.clone(), files }
}
