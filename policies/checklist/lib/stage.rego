# METADATA
# title: Stages
# description: How messages call a stage.
package checklist.lib.stage

# METADATA
# description: |
#   A stage by its index: stage `build` if it has a name, else stage 0.
# custom:
#   types: {build: Build}
label(build, index) := sprintf("stage `%s`", [build.stages[index].name]) if {
	is_string(build.stages[index].name)
} else := sprintf("stage %d", [index]) if {
	build.stages[index].name == null
}
