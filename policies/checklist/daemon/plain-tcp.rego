# METADATA
# title: Docker API is open over plain TCP
# description: |
#   Looks for an address of the API that is served over TCP without TLS. Whoever reaches it is root
#   on the host.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/dockerd/#daemon-socket-option
#   - ref: https://docs.docker.com/engine/security/protect-access/
# custom:
#   severity: critical
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [plain_tcp]
#   checklist: ["S1:120", "K:236", "K:237-239"]
#   cis: ["2.7"]
#   nist: ["4.4.3", "4.5.4"]
#   remedy: Serve the API on its socket only; from afar use SSH, or TLS that verifies clients.
#   params:
#     allow_localhost:
#       type: boolean
#       default: false
#       description: Whether an address that only the host itself reaches is accepted.
#   since: 0.1.0
package checklist.daemon["plain-tcp"]

import data.plimsoll.finding

deny contains finding.at(host, sprintf("the API is served at `%s` without TLS", [host.raw])) if {
	some host in input.daemon.hosts
	host.proto == "tcp"
	host.tls == false
	not _is_accepted(host)
}

_is_accepted(host) if {
	input.params["daemon/plain-tcp"].allow_localhost == true
	host.local == true
}
