# METADATA
# title: Port is published on every address of the host
# description: |
#   Looks for published ports that are bound to every address of the host, and so open to its whole
#   network: the engine's own rules come before those of a firewall such as ufw. Ports of databases and of
#   administration are left to `container/exposed-data-port`.
# related_resources:
#   - ref: https://docs.docker.com/engine/network/port-publishing/
#   - ref: https://docs.docker.com/engine/network/packet-filtering-firewalls/
# custom:
#   severity: low
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [ports]
#   checklist: ["S1:190", "K:340-345"]
#   cis: ["5.14"]
#   nist: ["4.4.2"]
#   equivalents:
#     kics: [container_traffic_not_bound_to_host_interface]
#   remedy: Bind the port to an address, such as 127.0.0.1:8080:80.
#   params:
#     allowed_wildcard_ports:
#       type: list<integer>
#       default: [80, 443]
#       description: Ports of the host that may be open on every address.
#   since: 0.1.0
package checklist.container["wildcard-port"]

import data.checklist.lib.port
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at(published, sprintf("container `%s` publishes `%s` on every address of the host", [container.name, published.raw])) if {
	some container in input.containers
	some published in container.ports
	port.is_wildcard(published)
	not port.is_published_within(published, input.params["container/wildcard-port"].allowed_wildcard_ports)
	not _is_sensitive(published)
	not workload.is_on_host_network(container)
}

unknown contains finding.unknown(container, sprintf("the address that `%s` is published on is not known", [published.raw])) if {
	some container in input.containers
	some published in container.ports
	not port.has_address(published)
	not workload.is_on_host_network(container)
}

_is_sensitive(published) if {
	count(port.services(published, input.data["sensitive-ports"].ports)) > 0
	not port.is_any_of(published, input.params["container/exposed-data-port"].allowed_ports)
}

_is_sensitive(published) if port.is_any_of(published, input.params["container/exposed-data-port"].extra_ports)
