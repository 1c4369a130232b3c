package checklist.lib.mount_test

import data.checklist.lib.mount

_container := {"mounts": [
	{"raw": "/etc:/x", "type": "bind", "host_path": "/etc"},
	{"raw": "data:/data", "type": "volume", "host_path": null},
	{"raw": "${A}:/a", "type": "bind"},
	{"raw": "${B}", "host_path": "/b"},
	{"raw": "${C}"},
	{"raw": "./src:/src", "type": "bind", "host_path": null},
	{"raw": "old:/old", "type": "volume", "host_path": "/var/lib/docker/volumes/old/_data"},
	{"raw": "later:/later", "type": "volume"},
]}

test_from_host if [m.raw | some m in mount.from_host(_container)] == ["/etc:/x", "${B}"]

test_unresolved if [m.raw | some m in mount.unresolved(_container)] == ["${A}:/a", "${C}"]

test_shows_socket if {
	sockets := ["/var/run/docker.sock", "/run/containerd/containerd.sock"]
	mount.shows_socket("/run/docker.sock", sockets)
	mount.shows_socket("/run/containerd", sockets)
	mount.shows_socket("/", sockets)
	not mount.shows_socket("/run/lock", sockets)
	not mount.shows_socket("/run", [])
}

test_is_in_any if {
	folders := ["/", "/etc", `C:\`, `C:\Windows`]
	mount.is_in_any("/etc", folders)
	mount.is_in_any("/etc/ssl", folders)
	mount.is_in_any("/", folders)
	mount.is_in_any(`c:\`, folders)
	mount.is_in_any(`c:\windows\System32`, folders)
	not mount.is_in_any("/etcetera", folders)
	not mount.is_in_any("/srv", folders)
	not mount.is_in_any(`C:\data`, folders)
	not mount.is_in_any("/etc", [])
}
