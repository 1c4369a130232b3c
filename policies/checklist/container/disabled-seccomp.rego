# METADATA
# title: Container runs without seccomp
# description: |
#   Looks for containers whose system calls are not filtered: seccomp is switched off, or their own profile
#   allows every call that it does not name. A privileged container is left to `container/privileged`.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/seccomp/
# custom:
#   severity: high
#   levels: {custom: info}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [security_opt.seccomp.mode]
#   checklist: ["S1:127-128", "K:149", "K:255", "K:276", "K:296", "K:357"]
#   cis: ["5.22"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [default_seccomp_profile_disabled]
#   remedy: Remove `seccomp=unconfined`; if a call is missing, add it to a copy of the default profile.
#   params:
#     allowed_profiles:
#       type: list<string>
#       default: ["*"]
#       description: |
#         Profiles of their own that containers may have, by path or name; `*` stands for any text.
#         Others are reported for information. One that the command line wrote into the container goes by
#         `sha256:` and the hash of its text.
#   since: 0.1.0
package checklist.container["disabled-seccomp"]

import data.checklist.lib.wildcard
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at(container.security_opt.seccomp, sprintf("container `%s` runs without seccomp", [container.name])) if {
	some container in input.containers
	container.security_opt.seccomp.mode == "unconfined"
	not workload.is_privileged(container)
}

deny contains finding.at(container.security_opt.seccomp, message) if {
	some container in _custom
	_allows(container)
	message := sprintf("the seccomp profile of container `%s` allows every call that it does not name", [container.name])
}

deny contains finding.level("custom", finding.at(container.security_opt.seccomp, message)) if {
	some container in _custom
	not _allows(container)
	not wildcard.matches_any(input.params["container/disabled-seccomp"].allowed_profiles, container.security_opt.seccomp.profile)
	message := sprintf("container `%s` has a seccomp profile of its own", [container.name])
}

unknown contains finding.unknown(container, "what its seccomp profile does with calls that it does not name is not known") if {
	some container in _custom
	object.get(container.security_opt.seccomp, "default_action", "absent") == "absent"
}

_custom := [container |
	some container in input.containers
	container.security_opt.seccomp.mode == "custom"
	not workload.is_privileged(container)
]

# SCMP_ACT_LOG only writes down what it allows.
_allows(container) if container.security_opt.seccomp.default_action in {"SCMP_ACT_ALLOW", "SCMP_ACT_LOG"}
