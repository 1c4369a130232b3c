# METADATA
# title: Container may gain privileges
# description: |
#   Looks for containers whose processes may gain privileges through setuid programs and file
#   capabilities, because neither the container nor the daemon sets `no-new-privileges`.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/run/#security-configuration
#   - ref: https://docs.kernel.org/userspace-api/no_new_privs.html
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [security_opt.no_new_privileges]
#   checklist: ["S2:154", "K:230"]
#   cis: ["5.26"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [no_new_privileges_not_set, security_opt_not_set]
#   remedy: Add `no-new-privileges:true` to `security_opt`.
#   since: 0.1.0
package checklist.container["new-privileges"]

import data.plimsoll.finding

deny contains finding.at(container.security_opt, message) if {
	some container in input.containers
	container.security_opt.no_new_privileges == false
	count(_options(container)) == 0
	message := sprintf("container `%s` may gain privileges: `no-new-privileges` is not set", [container.name])
}

deny contains finding.at(options[count(options) - 1], message) if {
	some container in input.containers
	container.security_opt.no_new_privileges == false
	options := _options(container)
	message := sprintf("container `%s` may gain privileges: `no-new-privileges` is switched off", [container.name])
}

# Where it is written; the last one counts.
_options(container) := [option |
	some option in container.security_opt.options
	startswith(option.text, "no-new-privileges")
]
