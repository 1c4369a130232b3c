# METADATA
# title: Port of a database or of administration is open to the network
# description: |
#   Looks for ports on which databases, message brokers and administration listen that are published on
#   every address of the host. The port that counts is the container's; the table of these ports is part
#   of the policy.
# related_resources:
#   - ref: https://docs.docker.com/engine/network/port-publishing/
#   - ref: https://docs.docker.com/engine/network/packet-filtering-firewalls/
# custom:
#   severity: high
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [ports]
#   checklist: ["S1:190", "K:236", "K:340-345"]
#   cis: ["5.9", "5.14"]
#   nist: ["4.4.2"]
#   remedy: Remove the port; containers reach it over their network, and an administrator over 127.0.0.1.
#   params:
#     extra_ports:
#       type: list<integer>
#       default: []
#       description: Further ports in containers that must not be open to the network.
#     allowed_ports:
#       type: list<integer>
#       default: []
#       description: Ports in containers that may be, although the table has them.
#   since: 0.1.0
package checklist.container["exposed-data-port"]

import data.checklist.lib.port
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at(published, sprintf("container `%s` publishes `%s` on every address of the host: %s", [container.name, published.raw, concat(", ", services)])) if {
	some [container, published] in _open
	services := port.services(published, _table)
	count(services) > 0
}

deny contains finding.at(published, sprintf("container `%s` publishes `%s` on every address of the host", [container.name, published.raw])) if {
	some [container, published] in _open
	port.is_any_of(published, input.params["container/exposed-data-port"].extra_ports)
	count(port.services(published, _table)) == 0
}

unknown contains finding.unknown(container, sprintf("the port or the address of `%s` is not known", [published.raw])) if {
	some container in input.containers
	some published in container.ports
	not _is_known(published)
	not workload.is_on_host_network(container)
}

_open := [[container, published] |
	some container in input.containers
	some published in container.ports
	port.is_wildcard(published)
	not workload.is_on_host_network(container)
]

# What the table has, without what the policy allows.
_table := [entry |
	some entry in input.data["sensitive-ports"].ports
	not entry.port in input.params["container/exposed-data-port"].allowed_ports
]

# Bound to one address, it may be any port.
_is_known(published) if {
	port.has_address(published)
	not port.is_wildcard(published)
}

# Any other port may be bound to any address.
_is_known(published) if {
	is_number(published.target)
	not _is_sensitive(published)
}

_is_sensitive(published) if count(port.services(published, _table)) > 0

_is_sensitive(published) if port.is_any_of(published, input.params["container/exposed-data-port"].extra_ports)
