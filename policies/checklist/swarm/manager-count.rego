# METADATA
# title: Swarm has a bad number of managers
# description: |
#   Looks for swarms with an even number of managers, which survive no more failures than with one
#   less, with too few to survive any, and with more than need the keys. Only a manager knows: other
#   engines pass.
# related_resources:
#   - ref: https://docs.docker.com/engine/swarm/admin_guide/#add-manager-nodes-for-fault-tolerance
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [swarm.manager]
#   cis: ["7.1"]
#   remedy: Have three, five or seven managers, with `docker node promote` and `docker node demote`.
#   params:
#     min_managers:
#       type: integer
#       default: 3
#       description: The fewest managers of a swarm.
#     max_managers:
#       type: integer
#       default: 7
#       description: The most managers of a swarm.
#     accept_single_node:
#       type: boolean
#       default: true
#       description: Whether a swarm of one node, which can have no second manager, is accepted.
#   since: 0.1.0
package checklist.swarm["manager-count"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon.swarm, "managers", message) if {
	input.daemon.swarm.manager == true
	managers := input.daemon.swarm.managers
	least := input.params["swarm/manager-count"].min_managers
	managers < least
	not _is_accepted
	message := sprintf("the swarm has %d of at least %d managers", [managers, least])
}

deny contains finding.at_field(input.daemon.swarm, "managers", message) if {
	input.daemon.swarm.manager == true
	managers := input.daemon.swarm.managers
	most := input.params["swarm/manager-count"].max_managers
	managers > most
	message := sprintf("the swarm has %d managers, more than %d", [managers, most])
}

deny contains finding.at_field(input.daemon.swarm, "managers", message) if {
	input.daemon.swarm.manager == true
	managers := input.daemon.swarm.managers
	managers % 2 == 0
	managers >= input.params["swarm/manager-count"].min_managers
	managers <= input.params["swarm/manager-count"].max_managers
	message := sprintf("the swarm has %d managers, an even number", [managers])
}

unknown contains finding.unknown(input.daemon, "`swarm.managers` is not known") if {
	input.daemon.swarm.manager == true
	not is_number(object.get(input.daemon.swarm, "managers", "unknown"))
}

_is_accepted if {
	input.params["swarm/manager-count"].accept_single_node == true
	input.daemon.swarm.nodes == 1
}
