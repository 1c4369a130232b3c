# METADATA
# title: Stages
# description: How messages call a stage, and what it is built on.
package checklist.lib.stage

# METADATA
# description: |
#   A stage by its index: stage `build` if it has a name, else stage 0.
# custom:
#   types: {build: Build}
label(build, index) := sprintf("stage `%s`", [build.stages[index].name]) if {
	is_string(build.stages[index].name)
} else := sprintf("stage %d", [index])

# METADATA
# description: The indices of a stage and of the stages that it is built on, as a set.
# custom:
#   types: {build: Build, index: number}
lineage(build, index) := graph.reachable(parents, {index}) if {
	parents := {stage.index: [base.index | some base in build.stages; base.index == stage.parent] |
		some stage in build.stages
	}
}
