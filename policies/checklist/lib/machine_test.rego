package checklist.lib.machine_test

import data.checklist.lib.machine

_mounts := [
	{"target": "/", "id": 0},
	{"target": "/var", "id": 1},
	{"target": "/var/lib/docker", "id": 2},
	{"target": "/var/lib/docker", "id": 3},
	{"target": "/variable", "id": 4},
]

_id(path) := id if {
	id := machine.mount_of(path).id with input as {"host": {"mounts": _mounts}}
}

test_the_longest_and_last_mount_holds_a_path if {
	_id("/srv") == 0
	_id("/var") == 1
	_id("/var/lib") == 1
	_id("/var/lib/docker/volumes") == 3
	_id("/variable") == 4
	_id("/variables") == 0
}

test_group if {
	machine.docker_group == "docker" with input as {"host": {}, "linked": {}}
	machine.docker_group == "a" with input as {"host": {"docker_group": "a"}, "linked": {}}
	machine.docker_group == "b" with input as {"host": {"docker_group": "a"}, "linked": {"daemon": {"group": "b"}}}
}

test_judged if {
	machine.judged == 1 with input as {"document": {"kind": "daemon"}, "daemon": 1, "host": 2}
	machine.judged == 2 with input as {"document": {"kind": "host"}, "host": 2}
}
