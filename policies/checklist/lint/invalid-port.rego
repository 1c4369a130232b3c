# METADATA
# title: EXPOSE names no valid port
# description: |
#   A port of EXPOSE that is out of range or cannot be read, that names a port or an address of the host,
#   or whose protocol is not in lower case.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/expose-invalid-format/
#   - ref: https://docs.docker.com/reference/build-checks/expose-proto-casing/
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3011]
#     trivy: [DS-0008]
#     kics: [unix_ports_out_of_range]
#     buildkit: [ExposeInvalidFormat, ExposeProtoCasing]
#   remedy: Name the container's port, 0 to 65535, and the protocol in lower case.
#   since: 0.1.0
package checklist.lint["invalid-port"]

import data.plimsoll.finding

deny contains finding.at(expose, sprintf("`%s` is no valid port", [expose.raw])) if {
	some expose in input.build.exposes
	expose.needed == true
	is_string(expose.problem)
}

deny contains finding.at(expose, message) if {
	some expose in input.build.exposes
	expose.needed == true
	expose.problem == null
	expose.has_host_part == true
	message := sprintf("`%s` names a port of the host, which EXPOSE ignores", [expose.raw])
}

deny contains finding.at(expose, message) if {
	some expose in input.build.exposes
	expose.needed == true
	expose.problem == null
	is_string(expose.protocol)
	expose.protocol != lower(expose.protocol)
	message := sprintf("the protocol of `%s` is not in lower case", [expose.raw])
}

unknown contains finding.unknown(input.build, reason) if {
	some expose in input.build.exposes
	expose.needed == true
	object.get(expose, "problem", "absent") == "absent"
	reason := sprintf("`EXPOSE %s` depends on a variable", [expose.raw])
}
