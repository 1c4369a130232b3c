package checklist.lib.apt_test

import data.checklist.lib.apt

build := {
	"stages": [
		{"index": 0, "parent": null},
		{"index": 1, "parent": 0},
		{"index": 2, "parent": null},
	],
	"runs": [
		{"stage": 0, "commands": [{"name": "echo", "args": ["-n", "x=1"]}]},
		{"stage": 1, "commands": []},
		{"stage": 2, "commands": [{"name": "cat", "args": ["x=1"]}]},
		{"stage": 2, "commands": [{"name": "printf", "args": ["x=1"]}]},
		{"stage": 2, "commands": []},
	],
}

test_of_the_stage_below if apt.is_configured(build, {"run": 1, "stage": 1}, `^x=`)

test_in_the_same_run if apt.is_configured(build, {"run": 3, "stage": 2}, `^x=`)

test_too_late if not apt.is_configured(build, {"run": 2, "stage": 2}, `^x=`)

test_something_else if not apt.is_configured(build, {"run": 1, "stage": 1}, `^y=`)

test_of_another_stage if not apt.is_configured({"stages": build.stages, "runs": array.slice(build.runs, 0, 3)}, {"run": 2, "stage": 2}, `^x=`)
