package checklist.lib.stage_test

import data.checklist.lib.stage

build := {"stages": [{"name": "build"}, {"name": null}]}

test_labels if {
	stage.label(build, 0) == "stage `build`"
	stage.label(build, 1) == "stage 1"
	not stage.label({"stages": [{}]}, 0)
}
