# METADATA
# title: Docker API does not verify its clients
# description: |
#   Looks for an API that is served with TLS but lets any client in, and for TLS that lacks the
#   files it needs.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/protect-access/
# custom:
#   severity: high
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [unverified_tls]
#   checklist: ["S1:120", "K:237"]
#   cis: ["2.7"]
#   nist: ["4.4.3"]
#   remedy: Set `tlsverify` with `tlscacert`, `tlscert` and `tlskey`.
#   since: 0.1.0
package checklist.daemon["unverified-tls"]

import data.plimsoll.finding

deny contains finding.at(host, sprintf("the API at `%s` lets in clients without a certificate", [host.raw])) if {
	some host in input.daemon.hosts
	host.tls == true
	host.tls_verify == false
}
