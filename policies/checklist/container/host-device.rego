# METADATA
# title: Container may use a device of the host
# description: |
#   Looks for devices of the host that a container is given, and for rules that let it use more of them.
#   GPUs are allowed unless the policy says otherwise.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#device
#   - ref: https://docs.docker.com/reference/compose-file/services/#devices
#   - ref: https://docs.kernel.org/admin-guide/cgroup-v1/devices.html
# custom:
#   severity: medium
#   levels: {all: critical, read_only: low}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [devices, device_cgroup_rules, device_requests]
#   checklist: ["S1:159-164", "K:320-327"]
#   cis: ["5.18"]
#   nist: ["4.4.3"]
#   remedy: Remove the device, or let the container only read it.
#   params:
#     allowed_devices:
#       type: list<string>
#       default: []
#       description: |
#         Devices that may be given, by their path on the host or their CDI name, such as `/dev/fuse`,
#         `/dev/net/tun` and `vendor.com/class=*`; `*` stands for any text.
#     allow_gpu:
#       type: boolean
#       default: true
#       description: Whether GPUs may be given, in whatever way.
#   since: 0.1.0
package checklist.container["host-device"]

import data.checklist.lib.wildcard
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains _weigh(device, finding.at(device, sprintf("container `%s` is given device `%s`", [container.name, device.source]))) if {
	some container in input.containers
	some device in container.devices
	not _is_allowed(device.source)
	not workload.is_privileged(container)
}

deny contains _weigh_rule(rule.text, finding.at(rule, sprintf("container `%s` may use devices by the rule `%s`", [container.name, rule.text]))) if {
	some container in input.containers
	some rule in container.device_cgroup_rules
	not workload.is_privileged(container)
}

deny contains finding.at(request, sprintf("container `%s` is given devices by a driver", [container.name])) if {
	some container in input.containers
	some request in container.device_requests
	not _is_allowed_request(request)
	not _is_told(container, request)
	not workload.is_privileged(container)
}

unknown contains finding.unknown(container, "not all of its devices are known") if {
	some container in input.containers
	some device in container.devices
	object.get(device, "source", "absent") == "absent"
}

_is_allowed(source) if wildcard.matches_any(input.params["container/host-device"].allowed_devices, source)

_is_allowed(source) if {
	input.params["container/host-device"].allow_gpu == true
	_is_gpu(source)
}

# Nodes of DRM, NVIDIA and AMD, and CDI devices of the class `gpu`.
_is_gpu(source) if wildcard.matches_any(["/dev/dri", "/dev/dri/*", "/dev/kfd", "/dev/nvidia*", "*/gpu=*"], source)

_is_allowed_request(request) if {
	input.params["container/host-device"].allow_gpu == true
	"gpu" in request.capabilities
}

_is_allowed_request(request) if {
	input.params["container/host-device"].allow_gpu == true
	request.driver == "nvidia"
}

# CDI devices are asked for by their names.
_is_allowed_request(request) if {
	request.driver == "cdi"
	count(request.device_ids) > 0
	count([id | some id in request.device_ids; not _is_allowed(id)]) == 0
}

# An inspected container has the devices that it asks for by their CDI names among its devices.
_is_told(container, request) if {
	container.source_type == "container"
	request.driver == "cdi"
}

_weigh(device, found) := finding.level("read_only", found) if {
	device.permissions == "r"
} else := found

# A rule is a type, MAJOR:MINOR and permissions; `a` is every device, whatever follows.
_weigh_rule(text, found) := finding.level("all", found) if {
	startswith(text, "a")
} else := finding.level("all", found) if {
	contains(text, "*:*")
} else := finding.level("read_only", found) if {
	endswith(text, " r")
} else := found
