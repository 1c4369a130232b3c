package checklist.lib.script_test

import data.checklist.lib.script

cmd(name) := {"name": name}

run(needed, names) := {"needed": needed, "commands": [cmd(name) | some name in names], "incomplete": []}

line(index, names) := {
	"loc": 10 + index,
	"index": index,
	"instruction": "RUN",
	"empty_layer": false,
	"commands": [cmd(name) | some name in names],
	"package_operations": [],
	"build_args": [],
	"incomplete": [],
}

dockerfile := {
	"build": {
		"loc": 1,
		"runs": [run(true, ["apk", "sudo"]), run(false, ["sudo"])],
		"package_operations": [{"run": 0}],
		"variables": [{"name": "A", "needed": true}, {"name": "B", "needed": false}],
	},
	"images": [{
		"loc": 2,
		"source_type": "dockerfile",
		"history": [],
		"layers": [],
		"config": {"env": [{"name": "A"}]},
		"incomplete": ["history"],
	}],
}

image(history, layers, incomplete) := {"images": [{
	"loc": 3,
	"source_type": "image_config",
	"history": history,
	"layers": layers,
	"config": {"env": [{"name": "C"}]},
	"incomplete": incomplete,
}]}

test_commands if {
	script.commands(dockerfile) == [cmd("apk"), cmd("sudo")]
	script.commands(image([line(0, ["a"]), line(1, ["b", "c"])], [], [])) == [cmd("a"), cmd("b"), cmd("c")]
	script.calls(dockerfile, {"sudo"}) == [cmd("sudo")]
	script.calls(image([line(0, ["a", "sudo"])], [], []), {"sudo", "b"}) == [cmd("sudo")]
	script.calls({"images": []}, {"sudo"}) == []
}

test_package_operations if {
	script.package_operations(dockerfile) == [[{"run": 0}]]
	script.package_operations({"images": []}) == []
	lines := [line(0, []), object.union(line(1, []), {"package_operations": [{"run": 1}]})]
	script.package_operations(image(lines, [], [])) == [[{"run": 1}]]
}

test_words_of_a_copy if {
	script.copied({"arguments": "--chown=1:1 a  b /c"}) == ["a", "b", "/c"]
	script.copied({"arguments": "file:0123 in /c"}) == ["file:0123", "/c"]
}

test_lowest if {
	empty := object.union(line(0, []), {"empty_layer": true})
	lines := [empty, line(1, []), line(2, [])]
	lowest := [at.index | some at in lines; script.is_lowest({"history": lines}, at)]
	lowest == [1]
}

test_variables if {
	script.variables(dockerfile) == [{"name": "A", "needed": true}]
	script.variables(image([], [], [])) == [{"name": "C"}]
	first := object.union(line(0, []), {"build_args": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]})
	second := object.union(line(1, []), {"build_args": [{"name": "A", "value": "3"}]})
	arguments := script.build_arguments(image([first, second], [], []).images[0])
	[argument.value | some argument in arguments] == ["1", "2", "3"]
	[argument.value | some argument in script.first_of_each(arguments)] == ["1", "2"]
}

reasons(facts) := [found.reason | some found in script.unread(facts)]

test_what_is_known_in_full if {
	reasons(dockerfile) == []
	reasons(image([line(0, [])], [{"history_index": 0}], [])) == []
}

test_scripts_not_understood if {
	unread := object.union(run(true, []), {"incomplete": ["commands"]})
	reasons({"build": {"loc": 1, "runs": [unread]}, "images": []}) == ["what a RUN runs is not understood in full"]
	other := object.union(unread, {"incomplete": ["mounts"]})
	reasons({"build": {"loc": 1, "runs": [other]}, "images": []}) == []
	reasons(image([object.union(line(0, []), {"incomplete": ["package_operations"]})], [], [])) == []
	skipped := object.union(unread, {"needed": false})
	reasons({"build": {"loc": 1, "runs": [skipped]}, "images": []}) == []
	recorded := object.union(line(0, []), {"incomplete": ["commands"]})
	reasons(image([recorded], [], [])) == ["what a RUN of its history runs is not understood in full"]
}

test_layers_from_nowhere if {
	base := object.remove(line(0, []), ["instruction"])
	upper := object.remove(line(1, []), ["instruction"])
	empty := object.union(upper, {"empty_layer": true})
	reasons(image([base], [], [])) == []
	reasons(image([base, empty], [], [])) == []
	reasons(image([base, upper], [], [])) == ["its history does not say how a layer was made"]
	reasons(image([], [{"index": 0}], [])) == ["its history does not say how a layer was made"]
	reasons(image([], [], ["history"])) == ["its history is not known"]
}
