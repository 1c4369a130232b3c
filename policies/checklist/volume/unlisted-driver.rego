# METADATA
# title: Volume has a driver or file system that is not allowed
# description: |
#   Looks for volumes that another driver than the engine's own keeps, that mount a file system which the
#   policy does not list, and that mount one of the network by an outdated version of its protocol. What a
#   volume binds of the host is judged by `container/sensitive-mount`.
# related_resources:
#   - ref: https://docs.docker.com/engine/storage/volumes/
#   - ref: https://docs.docker.com/reference/compose-file/volumes/#driver
# custom:
#   severity: low
#   kinds: [compose, container, volume]
#   subjects: [container, volume]
#   profiles: [baseline, cis, strict]
#   checklist: ["K:291", "K:294"]
#   cis: ["5.6"]
#   nist: ["4.5.5"]
#   remedy: Use the local driver, or add the driver that was approved to the policy.
#   params:
#     allowed_drivers:
#       type: list<string>
#       default: [local]
#       description: Drivers that may keep volumes; `*` stands for any text.
#     allowed_fs_types:
#       type: list<string>
#       default: ["", bind, cifs, nfs, nfs4, none, tmpfs]
#       description: File systems that the options of a local volume may mount.
#     outdated_options:
#       type: list<string>
#       default: ["cifs vers=1.0", "nfs nfsvers=2", "nfs nfsvers=3", "nfs vers=2", "nfs vers=3"]
#       description: Options that ask for an outdated protocol, each behind its file system.
#   since: 0.1.0
package checklist.volume["unlisted-driver"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at_field(volume, "driver", sprintf("volume `%s` has driver `%s`, which the policy does not allow", [volume.name, volume.driver])) if {
	some volume in input.volumes
	is_string(volume.driver)
	not _is_allowed(volume.driver)
}

deny contains finding.at_field(volume, "fs_type", sprintf("volume `%s` mounts a file system `%s`, which the policy does not allow", [volume.name, volume.fs_type])) if {
	some volume in input.volumes
	is_string(volume.fs_type)
	not volume.fs_type in input.params["volume/unlisted-driver"].allowed_fs_types
}

deny contains finding.at_field(option, "value", sprintf("volume `%s` is mounted with `%s`, an outdated protocol", [volume.name, trim_space(word)])) if {
	some volume in input.volumes
	some option in volume.options
	option.key == "o"
	some word in split(option.value, ",")
	concat(" ", [volume.fs_type, trim_space(word)]) in input.params["volume/unlisted-driver"].outdated_options
}

# What a compose file mounts is judged where it is declared.
deny contains finding.at(mounted, sprintf("container `%s` mounts a volume of driver `%s`, which the policy does not allow", [container.name, mounted.driver])) if {
	input.document.kind == "container"
	some container in input.containers
	some mounted in container.mounts
	is_string(mounted.driver)
	not _is_allowed(mounted.driver)
}

unknown contains finding.unknown(volume, "its driver is not known") if {
	some volume in input.volumes
	object.get(volume, "driver", "unknown") == "unknown"
}

unknown contains finding.unknown(volume, "what its options mount is not known") if {
	some volume in input.volumes
	object.get(volume, "fs_type", "unknown") == "unknown"
}

unknown contains finding.unknown(container, "not all of its mounts are known") if {
	input.document.kind == "container"
	some container in input.containers
	"mounts" in container.incomplete
}

_is_allowed(driver) if wildcard.matches_any(input.params["volume/unlisted-driver"].allowed_drivers, driver)
