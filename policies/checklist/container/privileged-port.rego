# METADATA
# title: Privileged port of the host is published
# description: |
#   Looks for published ports of the host below 1024, where clients expect the services of the host itself
#   and of its administrators. Ports 80 and 443 are what web servers are for.
# related_resources:
#   - ref: https://docs.docker.com/engine/network/port-publishing/
#   - ref: https://www.w3.org/Daemon/User/Installation/PrivilegedPorts.html
# custom:
#   severity: low
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [ports]
#   cis: ["5.8"]
#   nist: ["4.4.2"]
#   equivalents:
#     kics: [privileged_ports_mapped_in_container]
#   remedy: Publish a port from 1024 on, behind a proxy if need be.
#   params:
#     allowed_privileged_ports:
#       type: list<integer>
#       default: [80, 443]
#       description: Ports below 1024 that may be published.
#     check_container_port:
#       type: boolean
#       default: false
#       description: |
#         Whether the port in the container is judged, too, unless the container gives up the capability
#         NET_BIND_SERVICE.
#   since: 0.1.0
package checklist.container["privileged-port"]

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at_field(published, "published", sprintf("container `%s` publishes `%s` on a privileged port of the host", [container.name, published.raw])) if {
	some container in input.containers
	some published in container.ports
	_is_privileged(published.published, published.published_end)
	not workload.is_on_host_network(container)
}

deny contains finding.at_field(published, "target", sprintf("container `%s` listens on a privileged port: `%s`", [container.name, published.raw])) if {
	input.params["container/privileged-port"].check_container_port == true
	some container in input.containers
	some published in container.ports
	_is_privileged(published.target, published.target_end)
	not _cannot_bind(container)
	not workload.is_on_host_network(container)
}

unknown contains finding.unknown(container, sprintf("the port that `%s` is published on is not known", [published.raw])) if {
	some container in input.containers
	some published in container.ports
	object.get(published, "published", "absent") == "absent"
	not workload.is_on_host_network(container)
}

# The range has a port below 1024 that is not allowed. Port 0, or none, has the
# engine choose one.
_is_privileged(first, last) if {
	first > 0
	highest := min([last, 1023])
	allowed := {port |
		some port in input.params["container/privileged-port"].allowed_privileged_ports
		first <= port
		port <= highest
	}
	count(allowed) <= highest - first
}

_cannot_bind(container) if {
	some dropped in container.capabilities.drop
	dropped in {"ALL", "NET_BIND_SERVICE"}
	not "NET_BIND_SERVICE" in container.capabilities.add
}
