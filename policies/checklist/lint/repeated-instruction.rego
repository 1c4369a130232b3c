# METADATA
# title: Instruction is overridden in its own stage
# description: |
#   A stage has more than one CMD, ENTRYPOINT or HEALTHCHECK. Only the last of each has an effect.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3012, DL4003, DL4004]
#     trivy: [DS-0007, DS-0016, DS-0023]
#     kics: [multiple_cmd_instructions_listed, multiple_entrypoint_instructions_listed]
#     buildkit: [MultipleInstructionsDisallowed]
#   remedy: Keep the last one, and remove the others.
#   since: 0.1.0
package checklist.lint["repeated-instruction"]

import data.plimsoll.finding

deny contains finding.related(finding.at(instruction, message), last, "this one is used") if {
	some index, instruction in input.build.instructions
	instruction.keyword in {"CMD", "ENTRYPOINT", "HEALTHCHECK"}
	instruction.needed == true
	later := [other |
		some position, other in input.build.instructions
		position > index
		other.keyword == instruction.keyword
		other.stage == instruction.stage
	]
	last := later[count(later) - 1]
	message := sprintf("this `%s` has no effect: a later one in the stage overrides it", [instruction.keyword])
}
