# METADATA
# title: Machines
# description: What a host and the daemon that runs on it say together.
package checklist.lib.machine

# METADATA
# description: |
#   The daemon or the host of a document: the facts of both have the same names for the kernel and the
#   system. Undefined in documents of other kinds.
judged := input.daemon if {
	input.document.kind == "daemon"
} else := input.host if {
	input.document.kind == "host"
}

# METADATA
# description: The name of the group that may use the engine's socket.
docker_group := input.linked.daemon.group if {
	is_string(input.linked.daemon.group)
} else := input.host.docker_group if {
	is_string(input.host.docker_group)
} else := "docker"

# METADATA
# description: Whether it is known that the engine runs without root.
is_rootless if input.host.rootless == true

is_rootless if input.linked.daemon.rootless == true

# METADATA
# description: |
#   Where the engine stores everything: by the daemon that runs on the host, else by the host itself.
#   Undefined when neither says.
data_root := input.linked.daemon.data_root if {
	is_string(input.linked.daemon.data_root)
} else := input.host.data_root if {
	is_string(input.host.data_root)
}

# METADATA
# description: |
#   What is mounted where a path lies: the mount with the longest path above it, the last of those at
#   one path, since that hides the others. Undefined when nothing known is.
# custom:
#   types: {path: string}
mount_of(path) := input.host.mounts[longest[1]] if {
	longest := max([[count(mount.target), index] |
		some index, mount in input.host.mounts
		_holds(mount.target, path)
	])
}

_holds(folder, path) if folder in {"/", path}

_holds(folder, path) if startswith(path, concat("", [folder, "/"]))
