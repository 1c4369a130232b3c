# METADATA
# title: Package index is updated in a layer of its own
# description: |
#   A RUN updates the index of a package manager and installs nothing with it. The layer is cached, so
#   a later RUN installs from an index that may be months old.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#apt-get
# custom:
#   severity: medium
#   kinds: [dockerfile, image]
#   subjects: [build, image]
#   profiles: [baseline, cis, strict]
#   cis: ["4.7"]
#   equivalents:
#     trivy: [DS-0017]
#     kics: [update_instruction_alone]
#     checkov: [CKV_DOCKER_5]
#     dockle: [CIS-DI-0007]
#   remedy: Update the index and install in the same RUN, joined by &&.
#   params:
#     managers:
#       type: list<string>
#       default: [apt, apk, yum, dnf, microdnf, tdnf, zypper, pacman]
#       description: Package managers to look at.
#   since: 0.1.0
package checklist.build["stale-package-index"]

import data.checklist.lib.script
import data.plimsoll.finding

deny contains finding.at(update, message) if {
	some operations in script.package_operations(input)
	some update in operations
	update.action == "update_index"
	update.needed == true
	update.manager in input.params["build/stale-package-index"].managers
	uses := [operation |
		some operation in operations
		operation.run == update.run
		operation.manager == update.manager
		operation.command > update.command
		operation.action in {"install", "upgrade", "other"}
	]
	count(uses) == 0
	message := sprintf("`%s` updates the package index, and nothing is installed from it in the same RUN", [update.program])
}

unknown contains unread if some unread in script.unread(input)
