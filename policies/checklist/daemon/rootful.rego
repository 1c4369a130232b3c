# METADATA
# title: Daemon runs as root
# description: |
#   Looks for a daemon that does not run in rootless mode. User namespaces that are mapped away from
#   root are accepted instead, unless the parameter says otherwise.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/rootless/
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [rootless]
#   checklist: ["S1:123", "K:125", "K:232", "K:249"]
#   cis: ["2.1"]
#   nist: ["4.4.3"]
#   remedy: Set up rootless mode with `dockerd-rootless-setuptool.sh install`, or map user namespaces.
#   params:
#     accept_userns_remap:
#       type: boolean
#       default: true
#       description: Whether mapped user namespaces are accepted instead.
#   since: 0.1.0
package checklist.daemon.rootful

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "rootless", "the daemon runs as root on the host") if {
	input.daemon.rootless == false
	not _is_remapped
}

_is_remapped if {
	input.params["daemon/rootful"].accept_userns_remap == true
	input.daemon.userns == true
}
