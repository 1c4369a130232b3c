# METADATA
# title: User namespaces are not remapped
# description: |
#   Looks for a daemon whose containers share the user ids of the host: root in a container is root
#   outside. Rootless mode is accepted instead, since it maps them itself.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/userns-remap/
# custom:
#   severity: medium
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [userns]
#   checklist: ["S1:125", "S2:153", "K:250"]
#   cis: ["2.9"]
#   nist: ["4.4.3"]
#   remedy: 'Set `"userns-remap": "default"` in daemon.json.'
#   params:
#     accept_rootless:
#       type: boolean
#       default: true
#       description: Whether rootless mode is accepted instead.
#   since: 0.1.0
package checklist.daemon["missing-userns-remap"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "userns", "root of containers is root of the host") if {
	input.daemon.userns == false
	not _is_rootless
}

_is_rootless if {
	input.params["daemon/missing-userns-remap"].accept_rootless == true
	input.daemon.rootless == true
}
