# METADATA
# title: Recommended packages are installed along
# description: |
#   apt installs packages that others only recommend, unless it is told not to.
# related_resources:
#   - ref: https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
# custom:
#   severity: info
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [strict, lint]
#   checklist: ["K:99", "K:151"]
#   cis: ["4.3"]
#   equivalents:
#     hadolint: [DL3015]
#     trivy: [DS-0029]
#     kics: [apt_get_not_avoiding_additional_packages]
#   remedy: Add --no-install-recommends, and name those of the recommended packages that are needed.
#   since: 0.1.0
package checklist.lint["recommended-packages"]

import data.checklist.lib.apt
import data.checklist.lib.command
import data.plimsoll.finding

deny contains finding.at(operation, message) if {
	some operation in input.build.package_operations
	operation.manager == "apt"
	operation.action == "install"
	operation.no_recommends == false
	operation.needed == true
	not apt.is_configured(input.build, operation, `(?i)\bapt::install-recommends\W+(false|no|0)\b`)
	message := sprintf("`%s` installs recommended packages, too", [operation.program])
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}
