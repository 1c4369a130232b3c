# METADATA
# title: Container adds a capability that is not allowed
# description: |
#   Holds the capabilities that are added to a container against those that the policy allows.
#   Capabilities that give power over the host are left to `container/dangerous-capability`.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [capabilities.add]
#   checklist: ["S2:81-82", "V4", "K:132-133"]
#   cis: ["5.4"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [container_capabilities_unrestricted]
#   remedy: Remove the capability, or allow it in the policy.
#   params:
#     allowed_capabilities:
#       type: list<string>
#       default:
#         - AUDIT_WRITE
#         - CHOWN
#         - DAC_OVERRIDE
#         - FOWNER
#         - FSETID
#         - KILL
#         - NET_BIND_SERVICE
#         - SETFCAP
#         - SETGID
#         - SETPCAP
#         - SETUID
#         - SYS_CHROOT
#       description: Capabilities that may be added.
#   since: 0.1.0
package checklist.container["unlisted-capability"]

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at_item(container.capabilities, "add", index, message) if {
	some container in input.containers
	some index, capability in container.capabilities.add
	not capability in _settled
	not workload.is_privileged(container)

	# ALL says it all; the rule on dangerous capabilities reports it.
	not "ALL" in container.capabilities.add
	message := sprintf("container `%s` adds capability `%s`, which the policy does not allow", [container.name, capability])
}

# What is allowed, and what is reported as dangerous.
_settled := {capability |
	some written in array.concat(
		input.params["container/unlisted-capability"].allowed_capabilities,
		input.params["container/dangerous-capability"].dangerous_capabilities,
	)
	capability := trim_prefix(upper(written), "CAP_")
}
