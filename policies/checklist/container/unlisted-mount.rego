# METADATA
# title: Path of the host is mounted that the policy does not list
# description: |
#   Looks for bind mounts, and volumes that bind a path, of anything but the folders that the policy
#   lists. Paths that begin with `./` are relative to the folder of the compose project; an inspected
#   container says by its labels where that was. Files given as secrets and configs are not concerned.
# related_resources:
#   - ref: https://docs.docker.com/engine/storage/bind-mounts/
#   - ref: https://docs.docker.com/engine/storage/volumes/
# custom:
#   severity: low
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [cis, strict]
#   needs: [mounts]
#   checklist: ["K:136", "K:294"]
#   cis: ["5.6"]
#   nist: ["4.5.5"]
#   remedy: Use a named volume or a config, or add the folder to the policy's list.
#   params:
#     allowed_host_paths:
#       type: list<string>
#       default: [./**, /dev/null]
#       description: |
#         Folders that may be mounted, and what is below them, with or without `/**` at the end: absolute,
#         or relative to the project (`./**`, `../shared`). `*` stands for one segment.
#     deny_all_binds:
#       type: boolean
#       default: false
#       description: Whether to report every path of the host, listed or not.
#   since: 0.1.0
package checklist.container["unlisted-mount"]

import data.checklist.lib.host_path
import data.plimsoll.finding

deny contains finding.at_field(mounted, "source", sprintf("container `%s` mounts `%s` of the host, which the policy does not list", [container.name, path])) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.type == "bind"
	not mounted.origin in {"secrets", "configs"}
	path := _path(mounted)
	not _is_listed(container, path)
}

unknown contains finding.unknown(container, sprintf("what `%s` mounts is not known", [mounted.raw])) if {
	some container in input.containers
	some mounted in container.mounts
	object.get(mounted, "type", "bind") == "bind"
	object.get(mounted, "source", "absent") == "absent"
}

# One relative to the project has no path of the host.
_path(mounted) := mounted.host_path if {
	is_string(mounted.host_path)
} else := mounted.source if {
	startswith(mounted.source, ".")
}

_is_listed(container, path) if {
	input.params["container/unlisted-mount"].deny_all_binds == false
	some listed in input.params["container/unlisted-mount"].allowed_host_paths
	_leads_there(container, path, trim_suffix(listed, "/**"))
}

_leads_there(_, path, folder) if host_path.is_within(path, folder)

_leads_there(container, path, folder) if {
	some label in container.labels
	label.key == "com.docker.compose.project.working_dir"
	host_path.is_within(path, label.value)
	host_path.is_within(concat("", [".", trim_prefix(path, label.value)]), folder)
}
