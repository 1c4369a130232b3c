# METADATA
# title: Storage driver is not supported
# description: |
#   Looks for storage drivers that current engines have dropped or that are meant for tests, and for
#   base devices of another size than the default.
# related_resources:
#   - ref: https://docs.docker.com/engine/storage/drivers/select-storage-driver/
#   - ref: https://docs.docker.com/engine/deprecated/
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [storage_driver]
#   checklist: ["K:230"]
#   cis: ["2.6", "2.11"]
#   remedy: Use `overlay2`, or the containerd image store.
#   params:
#     denied_drivers:
#       type: list<string>
#       default: [aufs, devicemapper, overlay, vfs]
#       description: Storage drivers that must not be used.
#   since: 0.1.0
package checklist.daemon["unsafe-storage-driver"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "storage_driver", sprintf("storage driver `%s` is not supported", [driver])) if {
	driver := input.daemon.storage_driver
	driver in input.params["daemon/unsafe-storage-driver"].denied_drivers
}

deny contains finding.at(option, "base devices have another size than the default: `dm.basesize` is set") if {
	some option in input.daemon.storage_opts
	lower(trim_space(split(option.text, "=")[0])) == "dm.basesize"
}
