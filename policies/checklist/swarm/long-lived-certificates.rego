# METADATA
# title: Certificates of the swarm live long
# description: |
#   Looks for swarms whose nodes keep their certificates for longer than the limit and, where a limit
#   is set, for root certificates that were not rotated for long. Only a manager knows: other engines
#   pass.
# related_resources:
#   - ref: https://docs.docker.com/engine/swarm/how-swarm-mode-works/pki/
#   - ref: https://docs.docker.com/reference/cli/docker/swarm/update/
# custom:
#   severity: info
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [swarm.manager]
#   checklist: ["S1:153", "K:300"]
#   cis: ["7.7", "7.8"]
#   nist: ["4.3.5"]
#   remedy: Run `docker swarm update --cert-expiry 48h`; rotate the root with `docker swarm ca --rotate`.
#   params:
#     max_certificate_hours:
#       type: integer
#       default: 2160
#       description: Hours that certificates of nodes may be valid; 2160, or 90 days, is what swarms have by default.
#     max_ca_age_days:
#       type: integer
#       default: 0
#       description: Days after which the root certificate has to be rotated; 0 for no limit.
#   since: 0.1.0
package checklist.swarm["long-lived-certificates"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon.swarm, "cert_expiry_s", message) if {
	input.daemon.swarm.manager == true
	most := input.params["swarm/long-lived-certificates"].max_certificate_hours
	input.daemon.swarm.cert_expiry_s > most * 3600
	message := sprintf("certificates of nodes are valid for more than %d hours", [most])
}

deny contains finding.at_field(input.daemon.swarm, "trust_root_not_before", message) if {
	input.daemon.swarm.manager == true
	most := input.params["swarm/long-lived-certificates"].max_ca_age_days
	most > 0
	age := time.parse_rfc3339_ns(input.meta.now) - time.parse_rfc3339_ns(input.daemon.swarm.trust_root_not_before)
	age > most * 86400000000000
	message := sprintf("the root certificate was not rotated for more than %d days", [most])
}

unknown contains finding.unknown(input.daemon, "`swarm.cert_expiry_s` is not known") if {
	input.daemon.swarm.manager == true
	not is_number(object.get(input.daemon.swarm, "cert_expiry_s", "unknown"))
}

unknown contains finding.unknown(input.daemon, "the age of the root certificate is not known") if {
	input.daemon.swarm.manager == true
	input.params["swarm/long-lived-certificates"].max_ca_age_days > 0
	not _has_age
}

_has_age if {
	is_string(input.daemon.swarm.trust_root_not_before)
	is_string(input.meta.now)
}
