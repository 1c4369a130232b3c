# METADATA
# title: Userland proxy serves published ports
# description: |
#   Looks for a daemon that starts a proxy process for each published port. Only daemon.json and the
#   command line say so.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/dockerd/
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [userland_proxy]
#   checklist: ["S2:156"]
#   cis: ["2.16"]
#   nist: ["4.4.3"]
#   remedy: 'Set `"userland-proxy": false` in daemon.json.'
#   since: 0.1.0
package checklist.daemon["userland-proxy"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "userland_proxy", "a proxy process runs for each published port") if {
	input.daemon.userland_proxy == true
	not input.daemon.rootless == true
}
