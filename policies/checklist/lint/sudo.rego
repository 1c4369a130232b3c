# METADATA
# title: RUN uses sudo
# description: A command of a RUN is run with sudo.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#user
# custom:
#   severity: medium
#   kinds: [dockerfile, image]
#   subjects: [build, image]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:125", "K:151"]
#   equivalents:
#     hadolint: [DL3004]
#     trivy: [DS-0010]
#     kics: [run_using_sudo]
#     checkov: [CKV2_DOCKER_1]
#     dockle: [DKL-DI-0001]
#   remedy: Do what needs root before USER, and without sudo.
#   since: 0.1.0
package checklist.lint.sudo

import data.checklist.lib.script
import data.plimsoll.finding

deny contains finding.at_field(command, "name", "`sudo` is used in a RUN") if {
	some command in script.calls(input, {"sudo"})
}

unknown contains unread if some unread in script.unread(input)
