# METADATA
# title: Container shares the host's IPC
# description: |
#   Looks for containers in the IPC namespace of the host, their own choice or that of the container or
#   service whose namespace they join.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/run/#ipc-settings---ipc
#   - ref: https://docs.docker.com/reference/compose-file/services/#ipc
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [namespaces.ipc.effective]
#   checklist: ["K:347-350"]
#   cis: ["5.17"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [shared_host_ipc_namespace]
#   remedy: 'Remove `ipc: host`; for more shared memory set `shm_size`.'
#   params:
#     deny_shareable:
#       type: boolean
#       default: false
#       description: Whether containers may not share theirs with each other either.
#   since: 0.1.0
package checklist.container["host-ipc"]

import data.plimsoll.finding

deny contains finding.at(container.namespaces.ipc, message) if {
	some container in input.containers
	container.namespaces.ipc.effective == "host"
	message := sprintf("container `%s` shares the IPC namespace of the host%s", [container.name, _through(container)])
}

_through(container) := sprintf(", through `%s`", [container.namespaces.ipc.target]) if {
	is_string(container.namespaces.ipc.target)
} else := ""

deny contains finding.at(container.namespaces.ipc, message) if {
	input.params["container/host-ipc"].deny_shareable == true
	some container in input.containers
	container.namespaces.ipc.mode in {"container", "service", "shareable"}
	container.namespaces.ipc.effective != "host"
	message := sprintf("container `%s` shares its IPC namespace with other containers", [container.name])
}
