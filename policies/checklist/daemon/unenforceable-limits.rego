# METADATA
# title: Limits of containers cannot be enforced
# description: |
#   Looks for a host that cannot keep containers to their limits: its kernel or its cgroups lack what
#   that takes, so that limits are accepted and do nothing. Cgroup v1 is reported as information:
#   engines are about to drop it. A daemon on Windows passes, since it limits by other means.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/resource_constraints/
#   - ref: https://docs.docker.com/engine/security/rootless/tips/#limiting-resources
# custom:
#   severity: medium
#   levels: {cgroup-v1: info}
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:166", "K:230", "K:329"]
#   cis: ["5.11", "5.29"]
#   nist: ["4.4.3"]
#   remedy: Boot the host with cgroup v2 and its controllers; in rootless mode let systemd delegate them.
#   params:
#     required:
#       type: list<string>
#       default: [memory, pids, cpu]
#       description: Limits that the host must be able to enforce, of `memory`, `swap`, `pids` and `cpu`.
#   since: 0.1.0
package checklist.daemon["unenforceable-limits"]

import data.plimsoll.finding

_fields := {"memory": "memory", "swap": "swap", "pids": "pids", "cpu": "cpu_cfs"}

deny contains finding.at_field(input.daemon, "cgroup_driver", "no limit of a container is enforced: the daemon manages no cgroups") if {
	input.daemon.cgroup_driver == "none"
}

deny contains finding.at_field(input.daemon.limits_supported, field, sprintf("a limit on `%s` is not enforced", [name])) if {
	some name in input.params["daemon/unenforceable-limits"].required
	field := object.get(_fields, name, "")
	object.get(input.daemon.limits_supported, field, "unknown") == false
	not _has_no_cgroups
	not _is_exempt
}

deny contains finding.level("cgroup-v1", finding.at_field(input.daemon, "cgroup_version", "the host uses cgroup v1, which engines are about to drop")) if {
	input.daemon.cgroup_version == "1"
	not _has_no_cgroups
}

unknown contains finding.unknown(input.daemon, sprintf("whether a limit on `%s` is enforced is not known", [name])) if {
	some name in input.params["daemon/unenforceable-limits"].required
	field := object.get(_fields, name, "")
	object.get(input.daemon.limits_supported, field, "unknown") == "unknown"
	not _is_exempt
}

# That is the one fault: all limits fail with it.
_has_no_cgroups if input.daemon.cgroup_driver == "none"

_is_exempt if input.daemon.os_type == "windows"
