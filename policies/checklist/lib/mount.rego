# METADATA
# title: Mounts of the host
# description: |
#   Which mounts of a container show it a part of the host's file system: bind mounts, and volumes whose
#   options bind a path. The functions take an entry of `input.containers`.
package checklist.lib.mount

import data.checklist.lib.host_path

# METADATA
# description: Its mounts whose path on the host is known.
# custom:
#   types: {container: Container}
from_host(container) := [mount |
	some mount in container.mounts
	is_string(mount.host_path)
	object.get(mount, "type", "bind") == "bind"
]

# METADATA
# description: Its mounts that may be one, because the path on the host is not known.
# custom:
#   types: {container: Container}
unresolved(container) := [mount |
	some mount in container.mounts
	not _is_resolved(mount)
	object.get(mount, "type", "bind") == "bind"
]

_is_resolved(mount) if mount.host_path == null

_is_resolved(mount) if is_string(mount.host_path)

# METADATA
# description: |
#   Whether a path of the host shows one of the sockets: it is the socket, or a folder above it.
#   Undefined when not.
# custom:
#   types: {path: string, sockets: [string]}
shows_socket(path, sockets) if {
	some socket in sockets
	host_path.leads_to(path, socket)
}

# METADATA
# description: |
#   Whether a path of the host is one of these folders, or below it; `/` and a drive stand for
#   themselves only. Undefined when not.
# custom:
#   types: {path: string, folders: [string]}
is_in_any(path, folders) if {
	some folder in folders
	host_path.is_within(path, folder)
	not _is_above(folder, path)
}

_is_above(folder, path) if {
	host_path.is_root(folder)
	not host_path.is_root(path)
}
