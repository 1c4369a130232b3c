# METADATA
# title: Several containers may write to the same volume
# description: |
#   Looks for volumes, and paths of the host, that two or more containers mount writable, also by
#   `volumes_from`. Volumes are compared by name and paths by where they lead, not by how they begin. What
#   is sensitive by itself is left to `container/sensitive-mount`.
# related_resources:
#   - ref: https://docs.docker.com/engine/storage/volumes/#share-data-between-machines
#   - ref: https://docs.docker.com/reference/compose-file/services/#volumes_from
# custom:
#   severity: info
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, strict]
#   needs: [mounts]
#   checklist: ["K:293"]
#   nist: ["4.3.3"]
#   equivalents:
#     kics: [shared_volumes_between_containers]
#   remedy: "Let one container write, and mount it read-only (`:ro`) in the others."
#   params:
#     allowed:
#       type: list<string>
#       default: []
#       description: |
#         Volumes and paths that containers may share, as patterns: `uploads`, `./logic`, `/srv/*`; `*`
#         stands for any text.
#   since: 0.1.0
package checklist.volume["shared-writable"]

import data.checklist.lib.mount
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at_field(mounted, "source", sprintf("container `%s` may write to `%s`, as `%s` may", [container.name, shared, other])) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.read_only == false
	shared := _shared(mounted)
	other := min(object.keys(_writers[shared]) - {container.name})
	not wildcard.matches_any(input.params["volume/shared-writable"].allowed, shared)
}

# A volume without a name that is taken over is one of somebody who may write to it.
deny contains finding.at(mounted, sprintf("container `%s` may write to `%s`, a volume of another container", [container.name, mounted.target])) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.origin == "volumes_from"
	mounted.read_only == false
	mounted.source == null
}

unknown contains finding.unknown(container, sprintf("whether others may write to what `%s` mounts is not known", [mounted.raw])) if {
	count(input.containers) > 1
	some container in input.containers
	some mounted in container.mounts
	object.get(mounted, "source", "absent") == "absent"
	object.get(mounted, "read_only", false) == false
}

# Names of containers by what they may write to.
_writers := object.union_n([{shared: {container.name: true}} |
	some container in input.containers
	some mounted in container.mounts
	mounted.read_only == false
	shared := _shared(mounted)
])

# What tells it from others: the path of the host, else the volume, else the path below the project.
_shared(mounted) := mounted.host_path if {
	mounted.type in {"bind", "volume"}
	is_string(mounted.host_path)
	not mount.is_in_any(mounted.host_path, input.params["container/sensitive-mount"].sensitive_dirs)
} else := mounted.volume if {
	mounted.host_path == null
	is_string(mounted.volume)
} else := mounted.source if {
	is_string(mounted.source)
	startswith(mounted.source, ".")
}
