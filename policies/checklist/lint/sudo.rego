# METADATA
# title: RUN uses sudo
# description: A command of a RUN is run with sudo.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#user
# custom:
#   severity: medium
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:125"]
#   equivalents:
#     hadolint: [DL3004]
#     trivy: [DS-0010]
#     kics: [run_using_sudo]
#     checkov: [CKV2_DOCKER_1]
#     dockle: [DKL-DI-0001]
#   remedy: Do what needs root before USER, and without sudo.
#   since: 0.1.0
package checklist.lint.sudo

import data.checklist.lib.command
import data.plimsoll.finding

deny contains finding.at_field(cmd, "name", "`sudo` is used in a RUN") if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	cmd.name == "sudo"
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}
