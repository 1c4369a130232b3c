# METADATA
# title: Container is on the default bridge
# description: |
#   Looks for containers on the network that the engine makes for everybody, `bridge`, on which unrelated
#   containers reach each other. The network that Compose makes for a project is another one.
# related_resources:
#   - ref: https://docs.docker.com/engine/network/drivers/bridge/
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [namespaces.network.effective, networks]
#   checklist: ["S1:187-189", "S2:111-131", "V6", "K:340-345"]
#   cis: ["5.30"]
#   nist: ["4.3.3", "4.4.2"]
#   remedy: Make a network for the application, and attach the container to that.
#   params:
#     accept_if_icc_disabled:
#       type: boolean
#       default: true
#       description: |
#         Whether the default bridge is accepted where containers on it cannot talk to each other: its
#         description is among the documents, and says so.
#   since: 0.1.0
package checklist.container["default-bridge"]

import data.plimsoll.finding

deny contains finding.at(container.namespaces.network, sprintf("container `%s` is on the default bridge", [container.name])) if {
	some container in input.containers
	container.namespaces.network.effective in {"default", "bridge"}
	not _is_accepted
}

# Attached later, beside networks of its own.
deny contains finding.at(endpoint, sprintf("container `%s` is on the default bridge, too", [container.name])) if {
	some container in input.containers
	container.namespaces.network.effective == "network"
	some endpoint in container.networks
	_is_default_bridge(container, endpoint)
	not _is_accepted
}

# In a compose file names are the file's own: there `bridge` is a network like any other.
_is_default_bridge(container, endpoint) if {
	container.source_type == "container"
	endpoint.name == "bridge"
}

_is_accepted if {
	input.params["container/default-bridge"].accept_if_icc_disabled == true
	some network in input.linked.networks
	network.is_default_bridge == true
	network.icc == false
}
