# METADATA
# title: Containers may gain privileges by default
# description: |
#   Looks for a daemon that does not set no-new-privileges for the containers that say nothing of
#   it.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/dockerd/
# custom:
#   severity: medium
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [no_new_privileges]
#   checklist: ["S2:154"]
#   cis: ["2.14"]
#   nist: ["4.4.3"]
#   remedy: 'Set `"no-new-privileges": true` in daemon.json.'
#   since: 0.1.0
package checklist.daemon["new-privileges"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "no_new_privileges", "containers may gain privileges unless they say otherwise") if {
	input.daemon.no_new_privileges == false
}
