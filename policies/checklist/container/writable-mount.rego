# METADATA
# title: Configuration is mounted writable
# description: |
#   Looks for files and folders of the host that are mounted where configuration, certificates and scripts
#   belong, and that the container may write to. What is sensitive by itself is left to
#   `container/sensitive-mount`. A policy may ask for more: all bind mounts, or all mounts.
# related_resources:
#   - ref: https://docs.docker.com/engine/storage/bind-mounts/#use-a-read-only-bind-mount
#   - ref: https://docs.docker.com/engine/storage/bind-mounts/#recursive-mounts
#   - ref: https://docs.docker.com/reference/compose-file/services/#volumes
# custom:
#   severity: low
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [mounts]
#   checklist: ["S1:178-185", "K:293", "K:352"]
#   cis: ["5.6"]
#   nist: ["4.4.4"]
#   remedy: "Mount it read-only: append `:ro`, or set `read_only: true`."
#   params:
#     scope:
#       type: string
#       default: config_like
#       allowed: [config_like, all_binds, all]
#       description: |
#         What is judged: bind mounts at `config_targets`, all bind mounts, or volumes as well.
#     config_targets:
#       type: list<string>
#       default:
#         - /certs*
#         - /docker-entrypoint-initdb.d*
#         - /etc
#         - /etc/*
#         - "*.cfg"
#         - "*.cnf"
#         - "*.conf"
#         - "*.crt"
#         - "*.ini"
#         - "*.key"
#         - "*.pem"
#         - "*.properties"
#         - "*.sh"
#         - "*.toml"
#         - "*.yaml"
#         - "*.yml"
#         - "*config.json"
#       description: Paths in the container where configuration belongs; `*` stands for any text.
#     writable_targets:
#       type: list<string>
#       default: [/data, /var/lib/**, /var/log/**]
#       description: |
#         Folders in the container that it may write to, and what is below them, with or without `/**` at
#         the end.
#   since: 0.1.0
package checklist.container["writable-mount"]

import data.checklist.lib.host_path
import data.checklist.lib.mount
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at_field(mounted, "read_only", sprintf("container `%s` may write to `%s`, which is mounted from outside", [container.name, mounted.target])) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.read_only == false
	_is_judged(mounted)
}

deny contains finding.at_field(mounted, "recursive", sprintf("container `%s` may write to what is mounted below `%s`", [container.name, mounted.target])) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.recursive == "writable"
	mounted.read_only == true
	_is_judged(mounted)
}

unknown contains finding.unknown(container, sprintf("whether `%s` can be written to is not known", [mounted.raw])) if {
	some container in input.containers
	some mounted in container.mounts
	object.get(mounted, "read_only", "absent") == "absent"
	_is_in_scope(object.get(mounted, "type", "bind"))
	_is_concerned(mounted)
	not _is_exempt(mounted)
}

unknown contains finding.unknown(container, sprintf("whether `%s` is a path of the host is not known", [mounted.raw])) if {
	some container in input.containers
	some mounted in container.mounts
	object.get(mounted, "type", "absent") == "absent"
	mounted.read_only == false
	not _is_in_scope("unknown")
	_is_concerned(mounted)
	not _is_exempt(mounted)
}

_is_judged(mounted) if {
	_is_in_scope(object.get(mounted, "type", "unknown"))
	_is_concerned(mounted)
	not _is_exempt(mounted)
}

_is_in_scope(type) if type == "bind"

_is_in_scope(_) if input.params["container/writable-mount"].scope == "all"

_is_concerned(_) if input.params["container/writable-mount"].scope != "config_like"

_is_concerned(mounted) if object.get(mounted, "target", "absent") == "absent"

_is_concerned(mounted) if {
	wildcard.matches_any(input.params["container/writable-mount"].config_targets, mounted.target)
}

_is_exempt(mounted) if {
	some folder in input.params["container/writable-mount"].writable_targets
	host_path.is_within(mounted.target, trim_suffix(folder, "/**"))
}

_is_exempt(mounted) if {
	is_string(mounted.host_path)
	mount.is_in_any(mounted.host_path, input.params["container/sensitive-mount"].sensitive_dirs)
}
