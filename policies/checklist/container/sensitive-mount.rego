# METADATA
# title: Sensitive path of the host is mounted
# description: |
#   Looks for bind mounts, and volumes that bind a path, of folders that the host's own security rests
#   on. A mount that shows the socket of a container engine is left to `container/docker-socket`.
# related_resources:
#   - ref: https://docs.docker.com/engine/storage/bind-mounts/
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
# custom:
#   severity: high
#   levels: {read_only: medium}
#   kinds: [compose, container, volume]
#   subjects: [container, volume]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:159-164", "K:136", "K:293"]
#   cis: ["5.6"]
#   nist: ["4.5.5"]
#   equivalents:
#     kics: [volume_has_sensitive_host_directory]
#   remedy: Use a named volume, or mount only the file that is needed, read-only.
#   params:
#     sensitive_dirs:
#       type: list<string>
#       default:
#         - /
#         - /bin
#         - /boot
#         - /dev
#         - /etc
#         - /lib
#         - /lib64
#         - /proc
#         - /root
#         - /run
#         - /sbin
#         - /sys
#         - /usr
#         - /var/lib/containerd
#         - /var/lib/docker
#         - 'C:\'
#         - 'C:\ProgramData'
#         - 'C:\Windows'
#       description: |
#         Folders that must not be mounted, nor what is below them; `/` and a drive stand for themselves
#         only. `*` stands for one segment; `/run` means `/var/run`, too.
#     allowed_paths:
#       type: list<string>
#       default:
#         - /dev/null
#         - /dev/shm
#         - /etc/hostname:ro
#         - /etc/hosts:ro
#         - /etc/localtime:ro
#         - /etc/os-release:ro
#         - /etc/ssl/certs:ro
#         - /etc/timezone:ro
#         - /usr/share/zoneinfo:ro
#       description: Paths that may be mounted nevertheless; with `:ro` only if they cannot be written to.
#     flag_read_only:
#       type: boolean
#       default: true
#       description: Whether a mount that cannot be written to is reported, at a lower level.
#   since: 0.1.0
package checklist.container["sensitive-mount"]

import data.checklist.lib.host_path
import data.checklist.lib.mount
import data.plimsoll.finding

deny contains finding.at_field(mounted, "source", sprintf("container `%s` mounts `%s` of the host%s", [container.name, mounted.host_path, _relabelled(mounted)])) if {
	some container in input.containers
	some mounted in mount.from_host(container)
	_is_sensitive(mounted.host_path)
	not _is_read_only(mounted)
	not _is_allowed(mounted.host_path)
}

deny contains finding.level("read_only", finding.at_field(mounted, "source", sprintf("container `%s` mounts `%s` of the host, read-only%s", [container.name, mounted.host_path, _relabelled(mounted)]))) if {
	input.params["container/sensitive-mount"].flag_read_only == true
	some container in input.containers
	some mounted in mount.from_host(container)
	_is_sensitive(mounted.host_path)
	_is_read_only(mounted)
	not _is_allowed_read_only(mounted.host_path)
}

deny contains finding.at_field(volume, "bind_device", sprintf("volume `%s` binds `%s` of the host", [volume.name, volume.bind_device])) if {
	some volume in input.volumes
	is_string(volume.bind_device)
	_is_sensitive(volume.bind_device)
	not _is_allowed(volume.bind_device)
	not _is_mounted_here(volume)
}

unknown contains finding.unknown(container, "not all of its mounts are known") if {
	some container in input.containers
	"mounts" in container.incomplete
}

unknown contains finding.unknown(container, sprintf("what `%s` mounts is not known", [mounted.raw])) if {
	some container in input.containers
	some mounted in mount.unresolved(container)
}

unknown contains finding.unknown(volume, "what its options bind is not known") if {
	some volume in input.volumes
	object.get(volume, "bind_device", "absent") == "absent"
}

_is_sensitive(path) if {
	mount.is_in_any(path, input.params["container/sensitive-mount"].sensitive_dirs)
	not mount.shows_socket(path, input.params["container/docker-socket"].socket_paths)
}

_is_allowed(path) if {
	some allowed in input.params["container/sensitive-mount"].allowed_paths
	not endswith(allowed, ":ro")
	host_path.is_within(path, allowed)
}

_is_allowed_read_only(path) if {
	some allowed in input.params["container/sensitive-mount"].allowed_paths
	host_path.is_within(path, trim_suffix(allowed, ":ro"))
}

_is_read_only(mounted) if mounted.read_only == true

# The fault is reported once: where it is mounted, which says whether it can be written to.
_is_mounted_here(volume) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.volume == volume.name
}

# Relabelling a folder of the host takes it from the host's own services.
_relabelled(mounted) := ", and relabels it for SELinux" if {
	is_string(mounted.selinux)
} else := ""
