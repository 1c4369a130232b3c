# METADATA
# title: Stage is not needed
# description: |
#   A stage that the target stage is not built on, does not copy from and mounts nothing from. It is
#   not built, and other rules do not judge it.
# related_resources:
#   - ref: https://docs.docker.com/build/building/multi-stage/#differences-between-legacy-builder-and-buildkit
# custom:
#   severity: info
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   remedy: Remove the stage, or check it with --target.
#   since: 0.1.0
package checklist.lint["unreachable-stage"]

import data.checklist.lib.stage
import data.plimsoll.finding

deny contains finding.at(unneeded, message) if {
	some unneeded in input.build.stages
	unneeded.needed == false
	message := sprintf("%s is not needed by the target, so other rules do not judge it; `--target %s` would", [
		stage.label(input.build, unneeded.index),
		_target(unneeded),
	])
}

_target(unneeded) := unneeded.name if {
	is_string(unneeded.name)
} else := sprintf("%d", [unneeded.index])
