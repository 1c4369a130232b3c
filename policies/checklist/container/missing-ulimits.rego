# METADATA
# title: Container lacks a ulimit, or has one that is too high
# description: |
#   Holds the limits of a container's processes against those that the policy asks for and the highest
#   that it accepts. A limit that neither container nor daemon sets is the engine's own.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/#ulimits
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#ulimit
#   - ref: https://man7.org/linux/man-pages/man2/getrlimit.2.html
# custom:
#   severity: info
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [cis, strict]
#   checklist: ["K:329-335"]
#   cis: ["5.19"]
#   nist: ["4.4.3"]
#   remedy: Set the limit under `ulimits`, as low as the application allows.
#   params:
#     required_ulimits:
#       type: list<string>
#       default: []
#       description: Limits that every container has to have, such as `nofile`.
#     max_nofile:
#       type: integer
#       default: 65536
#       description: The highest number of open files that is accepted; -1 accepts any.
#     max_nproc:
#       type: integer
#       default: 4096
#       description: The highest number of processes of its user that is accepted; -1 accepts any.
#     max_core:
#       type: integer
#       default: 0
#       description: The largest core dump that is accepted, in bytes; -1 accepts any.
#   since: 0.1.0
package checklist.container["missing-ulimits"]

import data.plimsoll.finding

deny contains finding.at_field(ulimit, "hard", sprintf("container `%s` may raise its limit `%s` above %d", [container.name, ulimit.name, most])) if {
	some container in input.containers
	some ulimit in container.resources.ulimits
	most := _most(ulimit.name)
	most >= 0
	_exceeds(ulimit.hard, most)
}

deny contains finding.at_field(container.resources, "ulimits", sprintf("container `%s` has no limit `%s`", [container.name, name])) if {
	some container in input.containers
	some name in input.params["container/missing-ulimits"].required_ulimits
	not _is_incomplete(container)
	not _has(container, name)
}

unknown contains finding.unknown(container, "not all of its limits are known") if {
	some container in input.containers
	_is_incomplete(container)
}

unknown contains finding.unknown(container, sprintf("how high its limit `%s` is, is not known", [ulimit.name])) if {
	some container in input.containers
	some ulimit in container.resources.ulimits
	object.get(ulimit, "hard", "absent") == "absent"
	_most(ulimit.name) >= 0
}

# Of other limits the policy says nothing.
_most(name) := input.params["container/missing-ulimits"].max_nofile if {
	name == "nofile"
} else := input.params["container/missing-ulimits"].max_nproc if {
	name == "nproc"
} else := input.params["container/missing-ulimits"].max_core if {
	name == "core"
}

_exceeds(limit, most) if limit > most

# No limit at all.
_exceeds(limit, _) if limit < 0

_has(container, name) if {
	some ulimit in container.resources.ulimits
	ulimit.name == name
}

_is_incomplete(container) if {
	some field in container.incomplete
	field in {"resources.ulimits", "ulimits"}
}
