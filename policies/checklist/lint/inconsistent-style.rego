# METADATA
# title: Dockerfile is written in different styles
# description: |
#   Looks for names of stages with upper-case letters, for `as` in another case than `FROM`, for instructions
#   in another case than most, and for many RUN in a row.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/stage-name-casing/
#   - ref: https://docs.docker.com/reference/build-checks/from-as-casing/
#   - ref: https://docs.docker.com/reference/build-checks/consistent-instruction-casing/
# custom:
#   severity: info
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [strict, lint]
#   checklist: ["K:102", "K:151"]
#   equivalents:
#     hadolint: [DL3059]
#     buildkit: [StageNameCasing, FromAsCasing, ConsistentInstructionCasing]
#   remedy: Write instructions in one case and names of stages in lower case, and join RUNs that belong together.
#   params:
#     checks:
#       type: list<string>
#       default: [stage-name, from-as, instruction, consecutive-runs]
#       description: What to look for.
#     max_consecutive_runs:
#       type: integer
#       default: 4
#       description: How many RUN may follow each other.
#   since: 0.1.0
package checklist.lint["inconsistent-style"]

import data.plimsoll.finding

deny contains finding.at_field(stage, "written_name", sprintf("the name of stage `%s` is not in lower case", [stage.written_name])) if {
	some stage in input.build.stages
	stage.written_name != stage.name
	_checks("stage-name")
}

deny contains finding.at_field(stage, "written_as", sprintf("`%s` and `%s` are not in the same case", [instruction.written, stage.written_as])) if {
	some stage in input.build.stages
	is_string(stage.written_as)
	some instruction in input.build.instructions
	instruction.keyword == "FROM"
	instruction.stage == stage.index
	_checks("from-as")
	stage.written_as != _like(instruction.written)
}

deny contains finding.at_field(instruction, "keyword", sprintf("`%s` is not in %s case as most instructions are", [instruction.written, _case.name])) if {
	_checks("instruction")
	some instruction in input.build.instructions
	instruction.written != _majority(instruction)
}

deny contains finding.at(instruction, sprintf("`RUN` number %d in a row", [most + 1])) if {
	_checks("consecutive-runs")
	most := input.params["lint/inconsistent-style"].max_consecutive_runs
	some index, instruction in input.build.instructions
	instruction.keyword == "RUN"
	count(_runs(index - most, index)) == most
	count(_runs((index - most) - 1, index - most)) == 0
}

_checks(name) if name in input.params["lint/inconsistent-style"].checks

# The word `as` in the case of a FROM; one in mixed case is a fault of its own.
_like(keyword) := "AS" if {
	keyword == "FROM"
} else := "as" if {
	keyword == "from"
}

_case := {"name": "lower"} if {
	lower_case := count([written | some instruction in input.build.instructions; written := instruction.written; written == lower(written)])
	upper_case := count([written | some instruction in input.build.instructions; written := instruction.written; written == upper(written)])
	lower_case > upper_case
} else := {"name": "upper"}

_majority(instruction) := lower(instruction.written) if {
	_case.name == "lower"
} else := upper(instruction.written)

# The RUNs at these positions. Between those of two stages there is a FROM.
_runs(start, end) := [instruction |
	some instruction in array.slice(input.build.instructions, start, end)
	instruction.keyword == "RUN"
]
