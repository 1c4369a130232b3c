# METADATA
# title: apt
# description: What a build says to apt other than by options.
package checklist.lib.apt

import data.checklist.lib.stage

# METADATA
# description: |
#   Whether something that matches the pattern is printed, into a file of apt's configuration, before
#   the operation is done: by a RUN of its stage or of a stage that this is built on. Undefined when not.
# custom:
#   types: {build: Build, operation: PackageOperation, pattern: string}
is_configured(build, operation, pattern) if {
	some run in array.slice(build.runs, 0, operation.run + 1)
	some cmd in run.commands
	cmd.name in {"echo", "printf"}
	some arg in cmd.args
	regex.match(pattern, arg)
	run.stage in stage.lineage(build, operation.stage)
}
