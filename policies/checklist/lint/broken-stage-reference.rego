# METADATA
# title: Stage name or reference to a stage is broken
# description: |
#   Two stages with one name, a name that means something else, or a FROM, COPY --from or RUN --mount
#   whose reference leads nowhere, to the stage itself, or to a stage by its number.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/duplicate-stage-name/
#   - ref: https://docs.docker.com/reference/build-checks/reserved-stage-name/
# custom:
#   severity: medium
#   levels: {image: low, number: info}
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3022, DL3023, DL3024, DL3063]
#     trivy: [DS-0006, DS-0012]
#     kics: [copy_from_references_current_from_alias, same_alias_in_different_froms, using_unnamed_build_stages]
#     checkov: [CKV_DOCKER_11]
#     buildkit: [DuplicateStageName, ReservedStageName]
#   remedy: Give every stage a name of its own, and refer to it by that name.
#   params:
#     require_named_stages:
#       type: boolean
#       default: true
#       description: Whether stages have to be referred to by their names, and not by their numbers.
#     build_contexts:
#       type: list<string>
#       default: []
#       description: Names that `--build-context` gives to the build.
#   since: 0.1.0
package checklist.lint["broken-stage-reference"]

import data.plimsoll.finding

deny contains finding.related(finding.at_field(later, "name", message), earlier, "the first stage of that name") if {
	some later in input.build.stages
	is_string(later.name)
	namesakes := [stage |
		some stage in input.build.stages
		stage.index < later.index
		stage.name == later.name
	]
	earlier := namesakes[0]
	message := sprintf("there is a stage `%s` already", [later.name])
}

deny contains finding.at_field(stage, "name", message) if {
	some stage in input.build.stages
	stage.name in {"scratch", "context"}
	message := sprintf("`%s` is reserved, and cannot name a stage", [stage.name])
}

deny contains finding.of(input.build, finding.at(ref, message)) if {
	some ref in input.references
	ref.role in {"from", "copy_from", "mount_from"}
	ref.needed == true
	is_string(ref.problem)
	message := sprintf("`%s` leads nowhere: %s", [ref.raw, ref.problem])
}

# A single word, without a tag or a digest.
deny contains finding.level("image", finding.of(input.build, finding.at(ref, message))) if {
	some ref in input.references
	ref.role in {"copy_from", "mount_from"}
	ref.needed == true
	ref.problem == null
	ref.familiar == ref.raw
	not contains(ref.raw, "/")
	not ref.raw in input.params["lint/broken-stage-reference"].build_contexts
	message := sprintf("there is no stage `%s`, so an image of that name is pulled", [ref.raw])
}

deny contains finding.level("number", finding.of(input.build, finding.at(ref, message))) if {
	input.params["lint/broken-stage-reference"].require_named_stages == true
	some ref in input.references
	ref.needed == true
	ref.kind == "stage"
	ref.problem == null
	regex.match(`^[0-9]+$`, ref.raw)
	message := sprintf("a stage is referred to by its number, `%s`, which changes when a stage is put before it", [ref.raw])
}
