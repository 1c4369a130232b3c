# METADATA
# title: Container has no memory limit
# description: |
#   Looks for containers that may use up the memory of the host. A reservation or a limit of the swap
#   alone limits nothing.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/resource_constraints/#memory
#   - ref: https://docs.docker.com/reference/compose-file/deploy/#memory
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [resources.limits.memory_bytes]
#   checklist: ["S1:166-175", "S2:97-110", "V5", "K:329-335"]
#   cis: ["5.11"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [memory_not_limited]
#   remedy: Set a limit, such as 512M.
#   params:
#     max_mebibytes:
#       type: integer
#       default: 0
#       description: The highest limit that is accepted, in MiB; 0 accepts any.
#     require_reservation:
#       type: boolean
#       default: false
#       description: Whether memory has to be reserved, too.
#   since: 0.1.0
package checklist.container["unlimited-memory"]

import data.plimsoll.finding

deny contains finding.at_field(container.resources.limits, "memory_bytes", message) if {
	some container in input.containers
	container.resources.limits.memory_bytes == null
	message := sprintf("container `%s` has no memory limit", [container.name])
}

deny contains finding.at_field(container.resources.limits, "memory_bytes", message) if {
	most := input.params["container/unlimited-memory"].max_mebibytes
	most > 0
	some container in input.containers
	container.resources.limits.memory_bytes > most * 1048576
	message := sprintf("container `%s` may use more than %d MiB of memory", [container.name, most])
}

deny contains finding.at_field(container.resources.reservations, "memory_bytes", message) if {
	input.params["container/unlimited-memory"].require_reservation == true
	some container in input.containers
	container.resources.reservations.memory_bytes == null
	message := sprintf("container `%s` has no memory reserved", [container.name])
}

unknown contains finding.unknown(container, "how much memory is reserved is not known") if {
	input.params["container/unlimited-memory"].require_reservation == true
	some container in input.containers
	object.get(container.resources.reservations, "memory_bytes", "absent") == "absent"
}
