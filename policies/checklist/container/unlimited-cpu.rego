# METADATA
# title: Container has no CPU limit
# description: |
#   Looks for containers that may use up the CPUs of the host: no number of CPUs and no quota is set.
#   A weight against other containers, and a choice of CPUs, are accepted, too, unless the policy wants a
#   real limit.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/resource_constraints/#cpu
#   - ref: https://docs.docker.com/reference/compose-file/deploy/#cpus
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [resources.limits.nano_cpus]
#   checklist: ["S1:166-175", "S2:97-110", "V5", "K:329-335"]
#   cis: ["5.12"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [cpus_not_limited]
#   remedy: Set the number of CPUs it may use, such as 0.5.
#   params:
#     accept_shares:
#       type: boolean
#       default: true
#       description: |
#         Whether `cpu_shares` and `cpuset` are accepted instead. Shares count only while CPUs are
#         short; a set keeps the other CPUs free.
#     max_cpus:
#       type: number
#       default: 0
#       description: The highest limit that is accepted, in CPUs; 0 accepts any.
#   since: 0.1.0
package checklist.container["unlimited-cpu"]

import data.plimsoll.finding

deny contains finding.at_field(container.resources.limits, "nano_cpus", message) if {
	some container in _unlimited
	not _has_share(container)
	not _may_have_share(container)
	message := sprintf("container `%s` has no CPU limit", [container.name])
}

deny contains finding.at_field(container.resources.limits, "nano_cpus", message) if {
	most := input.params["container/unlimited-cpu"].max_cpus
	most > 0
	some container in input.containers
	container.resources.limits.nano_cpus > most * 1000000000
	message := sprintf("container `%s` may use more CPUs than the policy allows", [container.name])
}

unknown contains finding.unknown(container, "whether it has a share or a set of CPUs is not known") if {
	some container in _unlimited
	not _has_share(container)
	_may_have_share(container)
}

_unlimited := [container |
	some container in input.containers
	container.resources.limits.nano_cpus == null
]

_has_share(container) if {
	input.params["container/unlimited-cpu"].accept_shares == true
	is_number(container.resources.cpu_shares)
}

_has_share(container) if {
	input.params["container/unlimited-cpu"].accept_shares == true
	is_string(container.resources.cpuset_cpus)
}

_may_have_share(container) if {
	input.params["container/unlimited-cpu"].accept_shares == true
	some field in ["cpu_shares", "cpuset_cpus"]
	object.get(container.resources, field, "absent") == "absent"
}
