package checklist.lib.stage_test

import data.checklist.lib.stage

build := {"stages": [{"name": "build"}, {"name": null}]}

test_labels if {
	stage.label(build, 0) == "stage `build`"
	stage.label(build, 1) == "stage 1"
	not stage.label({"stages": [{}]}, 0)
}

built := {"stages": [
	{"index": 0, "parent": null},
	{"index": 1, "parent": 0},
	{"index": 2, "parent": 1},
	{"index": 3},
]}

test_lineage if {
	stage.lineage(built, 0) == {0}
	stage.lineage(built, 2) == {0, 1, 2}
	stage.lineage(built, 3) == {3}
}
