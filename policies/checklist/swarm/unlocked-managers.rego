# METADATA
# title: Managers of the swarm are not locked
# description: |
#   Looks for swarms whose managers keep the keys of the swarm on disk unprotected, so that a copy of
#   the disk opens the swarm's log and its secrets. Only a manager knows: other engines pass.
# related_resources:
#   - ref: https://docs.docker.com/engine/swarm/swarm_manager_locking/
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [swarm.manager]
#   checklist: ["K:291"]
#   cis: ["7.5"]
#   nist: ["4.3.5"]
#   remedy: Run `docker swarm update --autolock=true`, and keep the key that it prints in a safe place.
#   since: 0.1.0
package checklist.swarm["unlocked-managers"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon.swarm, "autolock", "managers unlock themselves when they restart") if {
	input.daemon.swarm.manager == true
	input.daemon.swarm.autolock == false
}

unknown contains finding.unknown(input.daemon, "`swarm.autolock` is not known") if {
	input.daemon.swarm.manager == true
	not is_boolean(object.get(input.daemon.swarm, "autolock", "unknown"))
}
