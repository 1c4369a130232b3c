# METADATA
# title: Container is privileged
# description: |
#   Looks for containers that run privileged: with every capability and every device of the host, and
#   without seccomp, AppArmor and SELinux. What that implies is not reported again by the rules on
#   capabilities, devices and security profiles.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#privileged
#   - ref: https://docs.docker.com/reference/compose-file/services/#privileged
# custom:
#   severity: critical
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [privileged]
#   checklist: ["S1:159-164", "V4", "K:131", "K:320-327"]
#   cis: ["5.5"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [privileged_containers_enabled]
#   remedy: Remove `privileged`, and add the one capability or device that is needed.
#   params:
#     allowed_images:
#       type: list<string>
#       default: []
#       description: Images that may run privileged, as patterns, such as `docker:*-dind`.
#   since: 0.1.0
package checklist.container.privileged

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at_field(container, "privileged", sprintf("container `%s` is privileged", [container.name])) if {
	some container in input.containers
	container.privileged == true
	not workload.runs_any(container, input.params["container/privileged"].allowed_images)
}
