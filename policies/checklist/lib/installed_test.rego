package checklist.lib.installed_test

import data.checklist.lib.installed

image(installs, packages) := {
	"installs": [{"packages": [{"name": name, "removed": false} | some name in installs]}],
	"packages": [{"name": name, "layer": layer} | some [name, layer] in packages],
}

test_beside_history if {
	packages := [["bash", 0], ["curl", 0], ["wget", 1], ["gdb", 1]]
	groups := installed.beside_history(image(["wget"], packages), {"curl", "wget", "gdb", "nano"})
	count(groups) == 2
	groups[0] == {"first": {"name": "curl", "layer": 0}, "names": "`curl`"}
	groups[1] == {"first": {"name": "gdb", "layer": 1}, "names": "`gdb`"}
}

test_what_is_removed_is_not_asked_for if {
	removed := [{"packages": [{"name": "curl", "removed": true}]}]
	groups := installed.beside_history(object.union(image([], [["curl", 0]]), {"installs": removed}), {"curl"})
	[group.names | some group in groups] == ["`curl`"]
}

test_nothing if {
	installed.beside_history(image([], []), {"curl"}) == []
	installed.beside_history(image([], [["bash", 0]]), {"curl"}) == []
	installed.beside_history(image(["curl"], [["curl", 0]]), {"curl"}) == []
}

test_six_are_all_named if {
	names := {"a", "b", "c", "d", "e", "f"}
	groups := installed.beside_history(image([], [[name, 0] | some name in names]), names)
	groups[0].names == "`a`, `b`, `c`, `d`, `e`, `f`"
}

test_many if {
	names := {"a", "b", "c", "d", "e", "f", "g"}
	groups := installed.beside_history(image([], [[name, 0] | some name in names]), names)
	groups[0].names == "`a`, `b`, `c`, `d`, `e` and 2 more"
}
