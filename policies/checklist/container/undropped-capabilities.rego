# METADATA
# title: Container keeps the default capabilities
# description: |
#   Looks for containers that do not drop all capabilities. The engine's default set lets a process
#   change owners, forge packets and make device files, which few applications need. A container that is
#   privileged or adds `ALL` is left to the rules on those.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/#linux-kernel-capabilities
#   - ref: https://docs.docker.com/reference/compose-file/services/#cap_drop
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   checklist: ["S2:74-84", "V4", "K:132-133"]
#   cis: ["5.4"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [container_capabilities_unrestricted]
#   remedy: Drop `ALL`, and add back what the application needs.
#   params:
#     min_drop:
#       type: list<string>
#       default: [ALL]
#       description: |
#         Capabilities that have to be dropped. Instead of `ALL` a few can be named, such as `NET_RAW` and
#         `MKNOD`; a container that drops `ALL` has dropped them.
#   since: 0.1.0
package checklist.container["undropped-capabilities"]

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at_field(container.capabilities, "drop", sprintf("container `%s` does not drop %s", [container.name, _listed(kept)])) if {
	some container in _judged
	kept := _kept(container)
	count(kept) > 0
	not "drop" in container.capabilities.incomplete
}

unknown contains finding.unknown(container, "not all capabilities that it drops are known") if {
	some container in _judged
	"drop" in container.capabilities.incomplete
	count(_kept(container)) > 0
}

_judged := [container |
	some container in input.containers
	not "ALL" in container.capabilities.drop
	not "ALL" in container.capabilities.add
	not workload.is_privileged(container)
]

_kept(container) := [capability |
	some written in input.params["container/undropped-capabilities"].min_drop
	capability := trim_prefix(upper(written), "CAP_")
	not capability in container.capabilities.drop
]

_listed(capabilities) := "all capabilities" if {
	"ALL" in capabilities
} else := sprintf("`%s`", [concat("`, `", capabilities)])
