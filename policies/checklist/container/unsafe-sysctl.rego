# METADATA
# title: Kernel or memory setting endangers the host
# description: |
#   Looks for kernel parameters that the policy does not list, for containers that the kernel does not kill
#   when memory runs out, or kills last, and for shared memory above what the policy allows.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#sysctl
#   - ref: https://docs.docker.com/reference/compose-file/services/#sysctls
#   - ref: https://docs.docker.com/engine/containers/resource_constraints/#limit-a-containers-access-to-memory
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/#safe-and-unsafe-sysctls
# custom:
#   severity: low
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, strict]
#   needs: [sysctls, resources.oom_score_adj]
#   checklist: ["S1:166-175"]
#   nist: ["4.4.3"]
#   remedy: Remove the setting, or add the kernel parameter to the policy's list.
#   params:
#     allowed_sysctls:
#       type: list<string>
#       default:
#         - kernel.shm_rmid_forced
#         - net.core.somaxconn
#         - net.ipv4.ip_local_port_range
#         - net.ipv4.ip_local_reserved_ports
#         - net.ipv4.ip_unprivileged_port_start
#         - net.ipv4.ping_group_range
#         - net.ipv4.tcp_*
#         - net.ipv6.conf.*
#       description: Kernel parameters that a container may set; `*` stands for any text.
#     max_shm_mebibytes:
#       type: integer
#       default: 0
#       description: The largest /dev/shm that is accepted, in MiB; 0 accepts any.
#   since: 0.1.0
package checklist.container["unsafe-sysctl"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(sysctl, sprintf("container `%s` sets the kernel parameter `%s`", [container.name, sysctl.key])) if {
	some container in input.containers
	some sysctl in container.sysctls
	not wildcard.matches_any(input.params["container/unsafe-sysctl"].allowed_sysctls, sysctl.key)
	not _is_unread(sysctl)
}

deny contains finding.at_field(container.resources, "oom_kill_disable", sprintf("container `%s` has no memory limit and is not killed when memory runs out", [container.name])) if {
	some container in input.containers
	container.resources.oom_kill_disable == true
	container.resources.limits.memory_bytes == null
	not _is_ignored
}

deny contains finding.at_field(container.resources, "oom_score_adj", sprintf("container `%s` is killed last when memory runs out", [container.name])) if {
	some container in input.containers
	is_number(container.resources.oom_score_adj)
	container.resources.oom_score_adj < 0
}

deny contains finding.at_field(container.resources, "shm_size_bytes", sprintf("container `%s` has more than %d MiB of shared memory", [container.name, most])) if {
	most := input.params["container/unsafe-sysctl"].max_shm_mebibytes
	most > 0
	some container in input.containers
	container.resources.shm_size_bytes > most * 1048576
}

unknown contains finding.unknown(container, "not all kernel parameters that it sets are known") if {
	some container in input.containers
	some sysctl in container.sysctls
	_is_unread(sysctl)
}

unknown contains finding.unknown(container, "whether it is killed when memory runs out is not known") if {
	some container in input.containers
	object.get(container.resources, "oom_kill_disable", "absent") == "absent"
	not _is_ignored
}

unknown contains finding.unknown(container, "whether its memory is limited is not known") if {
	some container in input.containers
	container.resources.oom_kill_disable == true
	object.get(container.resources.limits, "memory_bytes", "absent") == "absent"
	not _is_ignored
}

# No parameter has such a name: it is a variable without a value.
_is_unread(sysctl) if contains(object.get(sysctl, "key", "$"), "$")

# Control groups of version 2 have no such switch.
_is_ignored if input.linked.daemon.cgroup_version == "2"
