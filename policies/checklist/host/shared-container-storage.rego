# METADATA
# title: Containers fill the file system of the host
# description: |
#   Looks for hosts where the engine stores images and containers on the file system that the system
#   itself lies on, or, where the parameter asks for it, on one that is not encrypted.
# related_resources:
#   - ref: https://docs.docker.com/engine/daemon/#configure-the-data-directory-location
#   - ref: https://gitlab.com/cryptsetup/cryptsetup
# custom:
#   severity: info
#   kinds: [host]
#   subjects: [host]
#   profiles: [baseline, cis, strict]
#   needs: [mounts]
#   checklist: ["K:291"]
#   cis: ["1.1.1"]
#   nist: ["4.5.5"]
#   remedy: Mount a file system of its own, encrypted with LUKS, at the engine's data root.
#   params:
#     require_partition:
#       type: boolean
#       default: true
#       description: Whether the data root has to be on a file system other than that of `/`.
#     require_encryption:
#       type: boolean
#       default: false
#       description: Whether the data root has to be encrypted.
#     attested_encrypted:
#       type: list<string>
#       default: []
#       description: |
#         Mount points or devices of which somebody vouches that they are encrypted, since what a disk
#         or a cloud encrypts by itself cannot be seen from the host.
#   since: 0.1.0
package checklist.host["shared-container-storage"]

import data.checklist.lib.machine
import data.plimsoll.finding

deny contains finding.at(_home, sprintf("`%s` is on the file system of `/`", [machine.data_root])) if {
	input.params["host/shared-container-storage"].require_partition == true
	_is_shared
}

deny contains finding.at_field(_home, "encrypted", sprintf("the file system at `%s`, where the engine stores everything, is not encrypted", [_home.target])) if {
	input.params["host/shared-container-storage"].require_encryption == true
	_home.encrypted == false
	not _is_attested
}

unknown contains finding.unknown(input.host, "where the engine stores everything is not known") if {
	not machine.data_root
}

unknown contains finding.unknown(input.host, sprintf("which file system `%s` is on is not known", [machine.data_root])) if {
	not _home
}

unknown contains finding.unknown(input.host, sprintf("whether `%s` is encrypted is not known", [_home.target])) if {
	input.params["host/shared-container-storage"].require_encryption == true
	not is_boolean(object.get(_home, "encrypted", "unknown"))
	not _is_attested
}

_home := machine.mount_of(_place)

# Where the links of the data root lead to.
_place := _resolved[0] if {
	count(_resolved) > 0
} else := machine.data_root

_resolved := [file.resolved |
	some file in input.host.files
	file.path == machine.data_root
]

_is_shared if _home.target == "/"

# Mounted twice, or a subvolume.
_is_shared if _home.device == machine.mount_of("/").device

_is_attested if {
	some attested in input.params["host/shared-container-storage"].attested_encrypted
	attested in [_home.target, _home.source]
}
