# METADATA
# title: Mounts are propagated to the host
# description: |
#   Looks for mounts whose propagation is shared: what is mounted below them in the container appears on
#   the host and in other containers, too. With `slave` mounts come from the host, and none goes there.
# related_resources:
#   - ref: https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation
#   - ref: https://docs.kernel.org/filesystems/sharedsubtree.html
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [mounts]
#   checklist: ["K:293"]
#   cis: ["5.20"]
#   nist: ["4.5.5"]
#   equivalents:
#     kics: [volume_mounted_in_multiple_containers]
#   remedy: Remove the propagation; the default, `rprivate`, shares nothing.
#   params:
#     deny_slave:
#       type: boolean
#       default: false
#       description: Whether `slave` and `rslave` are reported, too.
#   since: 0.1.0
package checklist.container["shared-mount-propagation"]

import data.plimsoll.finding

deny contains finding.at_field(mounted, "propagation", sprintf("container `%s` shares what is mounted below `%s` with the host", [container.name, mounted.raw])) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.propagation in {"shared", "rshared"}
}

deny contains finding.at_field(mounted, "propagation", sprintf("container `%s` is shown what the host mounts below `%s`", [container.name, mounted.raw])) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.propagation in {"slave", "rslave"}
	input.params["container/shared-mount-propagation"].deny_slave == true
}

unknown contains finding.unknown(container, sprintf("the propagation of `%s` is not known", [mounted.raw])) if {
	some container in input.containers
	some mounted in container.mounts
	object.get(mounted, "propagation", "absent") == "absent"
	object.get(mounted, "type", "bind") == "bind"
}
