# METADATA
# title: Instruction is deprecated
# description: A MAINTAINER instruction, or a key and a value that are separated by a blank and not by `=`.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/maintainer-deprecated/
#   - ref: https://docs.docker.com/reference/build-checks/legacy-key-value-format/
# custom:
#   severity: info
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:137", "K:151"]
#   equivalents:
#     hadolint: [DL4000]
#     trivy: [DS-0022]
#     kics: [maintainer_instruction_being_used]
#     checkov: [CKV_DOCKER_6]
#     buildkit: [MaintainerDeprecated, LegacyKeyValueFormat]
#   remedy: Use `LABEL org.opencontainers.image.authors=…` for MAINTAINER, and `KEY=value` for keys.
#   since: 0.1.0
package checklist.lint["deprecated-syntax"]

import data.plimsoll.finding

deny contains finding.at_field(instruction, "keyword", "`MAINTAINER` is deprecated") if {
	some instruction in input.build.instructions
	instruction.keyword == "MAINTAINER"
	instruction.needed == true
}

deny contains finding.at(instruction, sprintf("`%s` separates key and value by a blank", [instruction.keyword])) if {
	some instruction in input.build.instructions
	instruction.legacy == true
	instruction.needed == true
}
