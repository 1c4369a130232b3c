# METADATA
# title: RUN upgrades the whole distribution
# description: |
#   Looks for commands that bring every package of the base image to another version, and for those that
#   change the release of the distribution. Upgrades of named packages are not meant.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often
# custom:
#   severity: info
#   kinds: [dockerfile, image]
#   subjects: [build, image]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3035]
#     trivy: [DS-0024]
#     dockle: [DKL-DI-0003]
#   remedy: Rebuild on a newer base image, and upgrade by name what cannot wait for it.
#   params:
#     deny_upgrade:
#       type: boolean
#       default: false
#       description: Whether `apt-get upgrade` is a fault as `apt-get dist-upgrade` is.
#   since: 0.1.0
package checklist.lint["distro-upgrade"]

import data.checklist.lib.script
import data.plimsoll.finding

deny contains finding.at(operation, sprintf("`%s` upgrades every package of the base image", [operation.program])) if {
	some operation in input.build.package_operations
	operation.action == "upgrade"
	operation.needed == true
	count(operation.packages) == 0
	_upgrades_all(operation, input.build.runs[operation.run].commands)
}

deny contains finding.at(operation, sprintf("`%s` upgrades every package of the base image", [operation.program])) if {
	some image in input.images
	some line in image.history
	some operation in line.package_operations
	operation.action == "upgrade"
	count(operation.packages) == 0
	_upgrades_all(operation, line.commands)
}

unknown contains unread if some unread in script.unread(input)

# With these everything is upgraded when no package is named.
_managers := {"apk", "yum", "dnf", "microdnf", "tdnf", "zypper"}

_upgrades_all(operation, _) if operation.manager in _managers

_upgrades_all(operation, commands) if {
	operation.manager == "apt"
	some arg in commands[operation.command].args
	arg in {"dist-upgrade", "full-upgrade"}
}

_upgrades_all(operation, _) if {
	operation.manager == "apt"
	input.params["lint/distro-upgrade"].deny_upgrade == true
}
