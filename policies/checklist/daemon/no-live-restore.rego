# METADATA
# title: Containers stop with the daemon
# description: |
#   Looks for a daemon that takes its containers down when it stops or is updated. In swarm mode
#   that is not supported, and passes.
# related_resources:
#   - ref: https://docs.docker.com/engine/daemon/live-restore/
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [live_restore]
#   checklist: ["S2:155"]
#   cis: ["2.15"]
#   remedy: 'Set `"live-restore": true` in daemon.json.'
#   since: 0.1.0
package checklist.daemon["no-live-restore"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "live_restore", "containers stop when the daemon stops") if {
	input.daemon.live_restore == false
	not input.daemon.swarm.state == "active"
}
