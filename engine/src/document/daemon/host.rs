//! Addresses that the daemon listens on: `tcp://0.0.0.0:2375`, `unix:///run/docker.sock`, `fd://`.

use crate::excerpt::excerpt;
use std::net::IpAddr;

/// An address of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// `unix`, `tcp`, `fd`, `npipe`.
    pub(super) proto: &'static str,
    /// The host, without brackets, or the path or name; `None` for the default, or all addresses.
    pub(super) address: Option<String>,
    /// The port of `tcp`; `None` when the default of the engine is meant, which TLS decides.
    pub(super) port: Option<u16>,
}

const PROTOCOLS: [&str; 4] = ["tcp", "unix", "npipe", "fd"];

/// Parses an address as `opts.ValidateHost` and `ParseHost` do; one without protocol is `tcp`.
pub(super) fn parse(text: &str) -> Result<Host, String> {
    let text = text.trim();
    let (proto, rest) = text.split_once("://").unwrap_or(("tcp", text));
    let Some(proto) = PROTOCOLS.into_iter().find(|known| *known == proto) else {
        return Err(format!("`{}` is no address that dockerd can listen on", excerpt(text)));
    };
    if proto != "tcp" {
        let address = (!rest.is_empty()).then(|| rest.to_owned());
        return Ok(Host { proto, address, port: None });
    }
    let rest = rest.split('/').next().unwrap_or_default();
    let (address, port) =
        split_port(rest).ok_or_else(|| format!("`{}` has no valid port", excerpt(text)))?;
    // dockerd listens on localhost when no host is named: DefaultHTTPHost.
    let address = if address.is_empty() { "localhost" } else { address };
    Ok(Host { proto, address: Some(address.to_owned()), port })
}

/// The host, without brackets, and the port of `host:port`; `None` when the port is none.
pub(super) fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let (address, port) = if let Some(inner) = text.strip_prefix('[') {
        let (address, rest) = inner.split_once(']')?;
        (address, rest.strip_prefix(':').or(rest.is_empty().then_some(""))?)
    } else {
        text.rsplit_once(':').unwrap_or((text, ""))
    };
    if port.is_empty() {
        return Some((address, None));
    }
    port.parse().ok().map(|port| (address, Some(port)))
}

/// Whether only processes of the same host reach it.
pub(super) fn is_local(address: &str) -> bool {
    let name = address.eq_ignore_ascii_case("localhost");
    name || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("fd://", "fd", None, None),
            ("unix:///var/run/docker.sock", "unix", Some("/var/run/docker.sock"), None),
            ("unix://", "unix", None, None),
            ("npipe:////./pipe/docker_engine", "npipe", Some("//./pipe/docker_engine"), None),
            ("tcp://0.0.0.0:2375", "tcp", Some("0.0.0.0"), Some(2375)),
            ("tcp://", "tcp", Some("localhost"), None),
            ("tcp://:2376", "tcp", Some("localhost"), Some(2376)),
            ("0.0.0.0:2375", "tcp", Some("0.0.0.0"), Some(2375)),
            ("tcp://[::]:2375", "tcp", Some("::"), Some(2375)),
            ("tcp://[::1]", "tcp", Some("::1"), None),
            ("tcp://host:2375/path", "tcp", Some("host"), Some(2375)),
        ];
        for (text, proto, address, port) in cases {
            let expected = Host { proto, address: address.map(String::from), port };
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
        for text in ["http://x", "tcp://a:b", "tcp://a:99999", "tcp://[::1]x"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(is_local("127.8.0.1") && is_local("::1") && is_local("LOCALHOST"));
        assert!(!is_local("0.0.0.0") && !is_local("::") && !is_local("example.com"));
    }
}
