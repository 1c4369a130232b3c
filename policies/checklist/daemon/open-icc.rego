# METADATA
# title: Containers on the default bridge may talk to each other
# description: |
#   Looks for a daemon, or a default bridge, that lets containers on it reach each other. Networks
#   that users create are not concerned.
# related_resources:
#   - ref: https://docs.docker.com/engine/network/drivers/bridge/
# custom:
#   severity: medium
#   kinds: [daemon, network]
#   subjects: [daemon, network]
#   profiles: [baseline, cis, strict]
#   checklist: ["S2:152", "S1:187", "K:342"]
#   cis: ["2.2"]
#   nist: ["4.4.2", "4.3.3"]
#   remedy: 'Set `"icc": false` in daemon.json, and connect containers through networks of their own.'
#   params:
#     accept_unused:
#       type: boolean
#       default: false
#       description: Whether a default bridge that no container is attached to passes.
#   since: 0.1.0
package checklist.daemon["open-icc"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "icc", "containers on the default bridge may talk to each other") if {
	input.daemon.icc == true
}

deny contains finding.at_field(network, "icc", sprintf("containers on `%s` may talk to each other", [network.name])) if {
	some network in input.networks
	network.is_default_bridge == true
	network.icc == true
	not _is_unused(network)
}

_is_unused(network) if {
	input.params["daemon/open-icc"].accept_unused == true
	count(network.members) == 0
}

unknown contains finding.unknown(input.daemon, "`icc` is not known: docker info does not say") if {
	not is_boolean(object.get(input.daemon, "icc", "unknown"))
}

unknown contains finding.unknown(network, "`icc` is not known") if {
	some network in input.networks
	network.is_default_bridge == true
	not is_boolean(object.get(network, "icc", "unknown"))
}
