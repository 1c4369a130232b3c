# METADATA
# title: Container shares the host's users
# description: |
#   Looks for containers that opt out of the user namespace that the daemon gives to its containers:
#   their root is the root of the host.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/userns-remap/
#   - ref: https://docs.docker.com/reference/compose-file/services/#userns_mode
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [namespaces.user.mode]
#   checklist: ["S1:125", "K:250"]
#   cis: ["5.31"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [shared_host_user_namespace]
#   remedy: 'Remove `userns_mode: host`.'
#   since: 0.1.0
package checklist.container["host-userns"]

import data.plimsoll.finding

deny contains finding.at(container.namespaces.user, message) if {
	some container in input.containers
	container.namespaces.user.mode == "host"
	message := sprintf("container `%s` shares the users of the host", [container.name])
}
