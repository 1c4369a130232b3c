# METADATA
# title: Container runs without AppArmor
# description: |
#   Looks for containers whose AppArmor profile is switched off on a host that has AppArmor. A privileged
#   container is left to `container/privileged`.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/apparmor/
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [security_opt.apparmor.mode]
#   checklist: ["S1:129", "S1:139", "K:149", "K:347-350"]
#   cis: ["5.2"]
#   nist: ["4.4.3"]
#   remedy: Remove `apparmor=unconfined`, or name a profile of your own.
#   params:
#     require_profile:
#       type: boolean
#       default: false
#       description: Whether a container has to have a profile of its own, rather than the engine's.
#   since: 0.1.0
package checklist.container["disabled-apparmor"]

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at(container.security_opt.apparmor, sprintf("container `%s` runs without AppArmor", [container.name])) if {
	some container in input.containers
	container.security_opt.apparmor.mode == "unconfined"
	not workload.is_privileged(container)
}

deny contains finding.at(container.security_opt.apparmor, message) if {
	input.params["container/disabled-apparmor"].require_profile == true
	some container in input.containers
	container.security_opt.apparmor.mode in {"default", "none"}
	not workload.is_privileged(container)
	message := sprintf("container `%s` has no AppArmor profile of its own", [container.name])
}
