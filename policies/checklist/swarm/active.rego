# METADATA
# title: Swarm mode is on without need
# description: |
#   Looks for an engine that is in a swarm, which opens ports and lets managers run containers on it.
#   A `deploy` section in a Compose file is no sign that a swarm is wanted.
# related_resources:
#   - ref: https://docs.docker.com/engine/swarm/swarm-mode/
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [swarm.state]
#   cis: ["5.1"]
#   remedy: Leave the swarm with `docker swarm leave`, or say with the parameter that it is wanted.
#   params:
#     swarm_expected:
#       type: boolean
#       default: false
#       description: Whether engines are meant to be in a swarm.
#   since: 0.1.0
package checklist.swarm.active

import data.plimsoll.finding

deny contains finding.at_field(input.daemon.swarm, "state", sprintf("swarm mode is on: its state is `%s`", [state])) if {
	state := input.daemon.swarm.state
	state != "inactive"
	input.params["swarm/active"].swarm_expected == false
}
