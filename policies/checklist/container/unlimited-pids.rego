# METADATA
# title: Container has no limit on processes
# description: |
#   Looks for containers that may start any number of processes and threads, or more than the policy
#   allows. One that starts itself over and over brings the host down.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#options
#   - ref: https://docs.docker.com/reference/compose-file/services/#pids_limit
#   - ref: https://docs.kernel.org/admin-guide/cgroup-v2.html#pid
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [resources.limits.pids]
#   checklist: ["S1:168", "V5", "K:338"]
#   cis: ["5.29"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [pids_limit_not_set]
#   remedy: Set a limit, such as 100.
#   params:
#     max_pids:
#       type: integer
#       default: 4096
#       description: The highest limit that is accepted; 0 accepts any.
#     accept_nproc_ulimit:
#       type: boolean
#       default: false
#       description: |
#         Whether `ulimits.nproc` is accepted instead. It counts the processes of a user on the whole
#         host, and does not hold for root.
#   since: 0.1.0
package checklist.container["unlimited-pids"]

import data.plimsoll.finding

deny contains finding.at_field(container.resources.limits, "pids", message) if {
	some container in input.containers
	container.resources.limits.pids == null
	not _has_nproc_limit(container)
	message := sprintf("container `%s` has no limit on processes", [container.name])
}

deny contains finding.at_field(container.resources.limits, "pids", message) if {
	most := input.params["container/unlimited-pids"].max_pids
	most > 0
	some container in input.containers
	is_number(container.resources.limits.pids)
	container.resources.limits.pids > most
	message := sprintf("container `%s` may start more than %d processes", [container.name, most])
}

unknown contains finding.unknown(container, "whether `ulimits.nproc` limits its processes is not known") if {
	input.params["container/unlimited-pids"].accept_nproc_ulimit == true
	some container in input.containers
	container.resources.limits.pids == null
	some ulimit in container.resources.ulimits
	ulimit.name == "nproc"
	object.get(ulimit, "hard", "absent") == "absent"
}

# One that is not known may be a limit.
_has_nproc_limit(container) if {
	input.params["container/unlimited-pids"].accept_nproc_ulimit == true
	some ulimit in container.resources.ulimits
	ulimit.name == "nproc"
	object.get(ulimit, "hard", 0) >= 0
}
