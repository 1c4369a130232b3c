# METADATA
# title: Container runs as root
# description: |
#   Looks at the user that the container's process starts as: its own, or its image's. `root:staff`, `0:0`
#   and `00` are root, too; a user whose group is 0 is not.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/#user
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#user
# custom:
#   severity: high
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [user.is_root]
#   checklist: ["S1:36-45", "S2:63-72", "V3", "K:125"]
#   cis: ["4.1"]
#   nist: ["4.1.2", "4.4.3"]
#   remedy: Set `user` to a user other than root, such as `10001:10001`, or have the image do so.
#   params:
#     accept_userns:
#       type: boolean
#       default: false
#       description: |
#         Whether root is accepted in a container with a user namespace of its own, where it is nobody
#         in particular on the host.
#     dropping_programs:
#       type: list<string>
#       default: []
#       description: |
#         Programs that give up root before they start the application, such as `gosu` and `su-exec`:
#         a container whose own entrypoint names one of them passes.
#     dropping_images:
#       type: list<string>
#       default: []
#       description: |
#         Images whose entrypoint gives up root, such as `postgres`, as patterns: a container that runs
#         one of them passes while it sets neither a user nor an entrypoint.
#   since: 0.1.0
package checklist.container["root-user"]

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at(container.user, sprintf("container `%s` runs as root%s", [container.name, _why(container)])) if {
	some container in input.containers
	container.user.is_root == true
	not _is_accepted(container)
}

_why(container) := "" if {
	container.user.from == "container"
} else := sprintf(", as its image `%s` is known to do", [container.image.raw]) if {
	container.user.from == "table"
	container.image.linked == null
} else := ": no user is set" if {
	container.image.linked == null
} else := sprintf(", as its image `%s` does", [container.image.raw]) if {
	is_string(container.image.raw)
} else := ", as the image that is built for it does"

_is_accepted(container) if {
	input.params["container/root-user"].accept_userns == true
	container.namespaces.user.effective == "private"
}

_is_accepted(container) if {
	workload.names_program(container.entrypoint, input.params["container/root-user"].dropping_programs)
}

_is_accepted(container) if {
	container.user.from != "container"
	_has_entrypoint_of_image(container)
	workload.runs_any(container, input.params["container/root-user"].dropping_images)
}

_has_entrypoint_of_image(container) if count(container.entrypoint) == 0

_has_entrypoint_of_image(container) if {
	container.entrypoint == input.linked.images[container.image.linked].config.entrypoint
}
