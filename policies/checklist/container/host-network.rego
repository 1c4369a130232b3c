# METADATA
# title: Container is on the host's network
# description: |
#   Looks for containers that use the network of the host itself, their own choice or that of the
#   container or service whose network they join.
# related_resources:
#   - ref: https://docs.docker.com/engine/network/drivers/host/
#   - ref: https://docs.docker.com/reference/compose-file/services/#network_mode
# custom:
#   severity: high
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [namespaces.network.effective]
#   checklist: ["S1:187-190", "K:340-345", "K:347-350"]
#   cis: ["5.10"]
#   nist: ["4.4.2"]
#   equivalents:
#     kics: [shared_host_network_namespace]
#   remedy: Attach it to a network of its own, and publish the ports that are needed.
#   params:
#     allowed_images:
#       type: list<string>
#       default: []
#       description: Images that may do so, as patterns, such as those of a monitoring agent.
#   since: 0.1.0
package checklist.container["host-network"]

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at(container.namespaces.network, message) if {
	some container in input.containers
	container.namespaces.network.effective == "host"
	not workload.runs_any(container, input.params["container/host-network"].allowed_images)
	message := sprintf("container `%s` shares the network of the host%s", [container.name, _through(container)])
}

_through(container) := sprintf(", through `%s`", [container.namespaces.network.target]) if {
	is_string(container.namespaces.network.target)
} else := ""
