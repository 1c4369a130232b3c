# METADATA
# title: Paths of the kernel are not hidden from the container
# description: |
#   Looks for containers to which all of /proc and /sys is shown writable (`systempaths=unconfined`), or
#   from which the engine does not hide all that it usually does. Privileged containers are left to
#   `container/privileged`.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#security-opt
#   - ref: https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#masked-paths
#   - ref: https://github.com/moby/moby/blob/master/daemon/pkg/oci/defaults.go
# custom:
#   severity: high
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, strict]
#   needs: [security_opt.systempaths_unconfined]
#   checklist: ["K:347-350"]
#   nist: ["4.4.3"]
#   remedy: Remove `systempaths=unconfined` from the security options.
#   params:
#     min_masked:
#       type: list<string>
#       default: [/proc/kcore, /proc/keys, /proc/timer_list, /sys/firmware]
#       description: Paths that have to be hidden, themselves or with a folder above them.
#     min_readonly:
#       type: list<string>
#       default: [/proc/bus, /proc/fs, /proc/irq, /proc/sys, /proc/sysrq-trigger]
#       description: Paths that have to be read-only or hidden, themselves or with a folder above them.
#   since: 0.1.0
package checklist.container["unmasked-paths"]

import data.checklist.lib.host_path
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at_field(container.security_opt, "systempaths_unconfined", sprintf("nothing of /proc and /sys is hidden from container `%s`", [container.name])) if {
	some container in input.containers
	container.security_opt.systempaths_unconfined == true
	not workload.is_privileged(container)
}

deny contains finding.at_field(container, "masked_paths", sprintf("`%s` is not hidden from container `%s`", [path, container.name])) if {
	some container in _listed
	some path in input.params["container/unmasked-paths"].min_masked
	not _is_covered(path, container.masked_paths)
}

deny contains finding.at_field(container, "readonly_paths", sprintf("container `%s` may write to `%s`", [container.name, path])) if {
	some container in _listed
	some path in input.params["container/unmasked-paths"].min_readonly
	not _is_covered(path, container.readonly_paths)
	not _is_covered(path, container.masked_paths)
}

# Those of which the engine says what it hides. Windows hides nothing, and a container that is
# privileged has no lists.
_listed := [container |
	some container in input.containers
	count(container.masked_paths) + count(container.readonly_paths) > 0
	not workload.is_privileged(container)
]

_is_covered(path, covers) if path in covers

_is_covered(path, covers) if {
	some cover in covers
	host_path.is_within(path, cover)
}
