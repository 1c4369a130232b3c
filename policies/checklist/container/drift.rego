# METADATA
# title: Container has drifted from its image
# description: |
#   Looks for containers that have written more to their own layer than is allowed. Volumes, bind mounts
#   and tmpfs do not count. `docker inspect --size` tells; without it nothing is known, unless the root
#   file system is read-only.
# related_resources:
#   - ref: https://docs.docker.com/engine/storage/drivers/#container-size-on-disk
#   - ref: https://docs.docker.com/reference/cli/docker/container/diff/
# custom:
#   severity: info
#   kinds: [container]
#   subjects: [container]
#   profiles: [strict]
#   checklist: ["K:361"]
#   nist: ["4.4.4"]
#   remedy: Make the root file system read-only, and give volumes or tmpfs to what has to be written.
#   params:
#     max_rw_bytes:
#       type: integer
#       default: 1048576
#       description: How many bytes a container may have written to its own layer.
#   since: 0.1.0
package checklist.container.drift

import data.plimsoll.finding

deny contains finding.at_field(container.state, "size_rw_bytes", sprintf("container `%s` has written %d bytes to its own layer, more than %d", [container.name, container.state.size_rw_bytes, most])) if {
	some container in input.containers
	most := input.params["container/drift"].max_rw_bytes
	container.state.size_rw_bytes > most
}

unknown contains finding.unknown(container, "what the container has written is not known: `docker inspect --size` tells") if {
	some container in input.containers
	not _is_told(container)
}

_is_told(container) if container.read_only == true

_is_told(container) if is_number(container.state.size_rw_bytes)
