# METADATA
# title: Daemon listens on every address of the host
# description: |
#   Looks for addresses of the API over TCP, and of the metrics, that are those of every network of the
#   host. TLS does not count: who cannot reach a port cannot try it. Metrics have no login at all.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/dockerd/#bind-docker-to-another-hostport-or-a-unix-socket
#   - ref: https://docs.docker.com/engine/daemon/prometheus/
# custom:
#   severity: medium
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [hosts, listeners]
#   checklist: ["S1:120", "K:230", "K:231", "K:236"]
#   cis: ["2.7"]
#   nist: ["4.4.3"]
#   remedy: Listen on the socket only, on loopback, or on the one address of the network that manages hosts.
#   params:
#     allowed_addresses:
#       type: list<string>
#       default: ["*"]
#       description: |
#         Addresses that may be listened on, besides loopback, as patterns. Patterns mean single addresses:
#         every address of the host is allowed only by its own name, `0.0.0.0` or `::`.
#   since: 0.1.0
package checklist.daemon["wide-listener"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(host, sprintf("the API at `%s` is open on every address of the host", [host.raw])) if {
	some host in input.daemon.hosts
	host.proto == "tcp"
	_is_wide(host.address)
}

deny contains finding.at(host, sprintf("the API is served at `%s`, which is not one of the addresses that are allowed", [host.raw])) if {
	some host in input.daemon.hosts
	host.proto == "tcp"
	_is_unlisted(host.address)
}

deny contains finding.at(listener, sprintf("`%s` is open on every address of the host: `%s`", [listener.option, listener.raw])) if {
	some listener in input.daemon.listeners
	_is_wide(listener.address)
}

deny contains finding.at(listener, sprintf("`%s` is open at `%s`, which is not one of the addresses that are allowed", [listener.option, listener.raw])) if {
	some listener in input.daemon.listeners
	_is_unlisted(listener.address)
}

_is_wide(address) if {
	_means_all(address)
	not _name(address) in input.params["daemon/wide-listener"].allowed_addresses
}

_is_unlisted(address) if {
	not _means_all(address)
	not _is_loopback(address)
	not wildcard.matches_any(input.params["daemon/wide-listener"].allowed_addresses, address)
}

_means_all(address) if _name(address) in {"0.0.0.0", "::", "::0", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0"}

# Without an address a port is opened on all of them.
_name(address) := "0.0.0.0" if {
	address == null
} else := address

_is_loopback(address) if address in {"localhost", "::1"}

_is_loopback(address) if startswith(address, "127.")
