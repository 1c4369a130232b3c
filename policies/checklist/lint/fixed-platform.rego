# METADATA
# title: FROM fixes or repeats the platform
# description: |
#   Looks for `FROM --platform` with a constant, which builds for that platform whatever is asked for, and
#   with `$TARGETPLATFORM`, which is what holds without it. A stage whose name says the platform is meant so.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/
#   - ref: https://docs.docker.com/reference/build-checks/redundant-target-platform/
# custom:
#   severity: info
#   kinds: [dockerfile]
#   subjects: [stage]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3029, DL3065]
#     kics: [using_platform_with_from]
#     buildkit: [FromPlatformFlagConstDisallowed, RedundantTargetPlatform]
#   remedy: Leave --platform out, or use $BUILDPLATFORM in a stage that compiles for others.
#   since: 0.1.0
package checklist.lint["fixed-platform"]

import data.plimsoll.finding

deny contains finding.at_field(stage, "platform", sprintf("`FROM` fixes the platform to `%s`", [stage.platform])) if {
	some stage in input.build.stages
	is_string(stage.platform)
	stage.needed == true
	not contains(stage.platform, "$")
	is_object(stage.resolved_platform)
	not _is_named(stage, [stage.resolved_platform.os, stage.resolved_platform.architecture])
}

deny contains finding.at_field(stage, "platform", sprintf("`%s` is the platform without `--platform`, too", [stage.platform])) if {
	some stage in input.build.stages
	stage.platform in {"$TARGETPLATFORM", "${TARGETPLATFORM}"}
	stage.needed == true
}

_is_named(stage, words) if {
	is_string(stage.name)
	some word in words
	contains(stage.name, word)
}
