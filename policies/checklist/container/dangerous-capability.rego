# METADATA
# title: Container has a dangerous capability
# description: |
#   Looks for capabilities with which a process can take over the host, or see and disturb what does not
#   belong to its container.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
# custom:
#   severity: high
#   levels: {all: critical}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [capabilities.add]
#   checklist: ["S1:159-164", "S2:74-84", "V4", "K:132-133", "K:296"]
#   cis: ["5.4"]
#   nist: ["4.4.3"]
#   equivalents:
#     docker-bench: [C.5.3.1, C.5.3.2, C.5.3.3, C.5.3.4]
#     kics: [container_capabilities_unrestricted]
#   remedy: Remove the capability, or find a narrower one.
#   params:
#     dangerous_capabilities:
#       type: list<string>
#       default:
#         - AUDIT_CONTROL
#         - BPF
#         - DAC_READ_SEARCH
#         - LINUX_IMMUTABLE
#         - MAC_ADMIN
#         - MAC_OVERRIDE
#         - NET_ADMIN
#         - PERFMON
#         - SYSLOG
#         - SYS_ADMIN
#         - SYS_BOOT
#         - SYS_MODULE
#         - SYS_PTRACE
#         - SYS_RAWIO
#         - SYS_TIME
#       description: Capabilities that must not be added, besides `ALL`, which adds them all.
#     allowed_images:
#       type: list<string>
#       default: []
#       description: |
#         Images that may have them nevertheless, `ALL` aside, as patterns: those of a VPN or of a network
#         plugin, for example.
#   since: 0.1.0
package checklist.container["dangerous-capability"]

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.level("all", finding.at_item(container.capabilities, "add", index, message)) if {
	some container in input.containers
	some index, capability in container.capabilities.add
	capability == "ALL"
	not workload.is_privileged(container)
	message := sprintf("container `%s` adds all capabilities", [container.name])
}

deny contains finding.at_item(container.capabilities, "add", index, message) if {
	some container in input.containers
	some index, capability in container.capabilities.add
	capability in _dangerous
	not "ALL" in container.capabilities.add
	not workload.is_privileged(container)
	not workload.runs_any(container, input.params["container/dangerous-capability"].allowed_images)
	message := sprintf("container `%s` adds the dangerous capability `%s`", [container.name, capability])
}

_dangerous := {capability |
	some written in input.params["container/dangerous-capability"].dangerous_capabilities
	capability := trim_prefix(upper(written), "CAP_")
}
