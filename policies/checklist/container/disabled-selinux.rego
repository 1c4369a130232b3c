# METADATA
# title: SELinux does not confine the container
# description: |
#   Looks for containers whose SELinux label is switched off, or has a type that SELinux does not confine.
#   A privileged container is left to `container/privileged`.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#security-opt
#   - ref: https://docs.docker.com/engine/storage/bind-mounts/#configure-the-selinux-label
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [security_opt.selinux.mode]
#   checklist: ["S1:129", "S1:139", "K:149", "K:277"]
#   cis: ["5.3"]
#   nist: ["4.4.3"]
#   remedy: Remove `label=disable`; to share a folder with the container, mount it with `:z` or `:Z`.
#   params:
#     unconfined_types:
#       type: list<string>
#       default: [spc_t, unconfined_t]
#       description: Types of labels that SELinux does not confine.
#     allowed_types:
#       type: list<string>
#       default: ["*"]
#       description: |
#         Types that a container may be given besides the engine's choice, such as `container_t`; `*`
#         stands for any text.
#   since: 0.1.0
package checklist.container["disabled-selinux"]

import data.checklist.lib.wildcard
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at(container.security_opt.selinux, sprintf("SELinux does not confine container `%s`: labels are switched off", [container.name])) if {
	some container in input.containers
	container.security_opt.selinux.mode == "disabled"
	not workload.is_privileged(container)
	not _is_implied(container)
}

# With the host's processes or shared memory the engine switches labels off by itself, and that is the
# fault of those: https://github.com/moby/moby/blob/v28.0.0/daemon/create.go
_is_implied(container) if {
	container.source_type == "container"
	container.namespaces.pid.mode == "host"
}

_is_implied(container) if {
	container.source_type == "container"
	container.namespaces.ipc.mode == "host"
}

deny contains finding.at(container.security_opt.selinux, message) if {
	some container in _typed
	container.security_opt.selinux["type"] in input.params["container/disabled-selinux"].unconfined_types
	message := sprintf("SELinux does not confine container `%s`: its type is `%s`", [container.name, container.security_opt.selinux["type"]])
}

deny contains finding.at(container.security_opt.selinux, message) if {
	some container in _typed
	label := container.security_opt.selinux["type"]
	not label in input.params["container/disabled-selinux"].unconfined_types
	not wildcard.matches_any(input.params["container/disabled-selinux"].allowed_types, label)
	message := sprintf("container `%s` has the SELinux type `%s`, which the policy does not allow", [container.name, label])
}

unknown contains finding.unknown(container, "its SELinux type is not known") if {
	some container in input.containers
	container.security_opt.selinux.mode == "custom"
	object.get(container.security_opt.selinux, "type", "absent") == "absent"
}

_typed := [container |
	some container in input.containers
	is_string(container.security_opt.selinux["type"])
	container.security_opt.selinux.mode != "disabled"
	not workload.is_privileged(container)
]
