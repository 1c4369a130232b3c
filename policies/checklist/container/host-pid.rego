# METADATA
# title: Container sees the host's processes
# description: |
#   Looks for containers in the process namespace of the host, their own choice or that of the container
#   or service whose namespace they join.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/run/#pid-settings---pid
#   - ref: https://docs.docker.com/reference/compose-file/services/#pid
# custom:
#   severity: high
#   levels: {shared: info}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [namespaces.pid.effective]
#   checklist: ["K:347-350"]
#   cis: ["5.16"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [host_namespace_is_shared]
#   remedy: 'Remove `pid: host`.'
#   params:
#     allowed_images:
#       type: list<string>
#       default: []
#       description: Images that may do so, as patterns, such as those of a monitoring agent.
#     deny_shared:
#       type: boolean
#       default: false
#       description: |
#         Whether to report containers that share the processes of another container, too, for information.
#   since: 0.1.0
package checklist.container["host-pid"]

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at(container.namespaces.pid, message) if {
	some container in input.containers
	container.namespaces.pid.effective == "host"
	not workload.runs_any(container, input.params["container/host-pid"].allowed_images)
	message := sprintf("container `%s` shares the processes of the host%s", [container.name, _through(container)])
}

_through(container) := sprintf(", through `%s`", [container.namespaces.pid.target]) if {
	is_string(container.namespaces.pid.target)
} else := ""

deny contains finding.level("shared", finding.at(container.namespaces.pid, message)) if {
	input.params["container/host-pid"].deny_shared == true
	some container in input.containers
	container.namespaces.pid.mode in {"container", "service"}
	container.namespaces.pid.effective != "host"
	message := sprintf("container `%s` shares the processes of `%s`", [container.name, container.namespaces.pid.target])
}
