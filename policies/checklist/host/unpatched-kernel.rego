# METADATA
# title: Host kernel is outdated
# description: |
#   Looks for a host whose kernel is older than the oldest that is accepted. Kernels of
#   distributions that keep the first numbers and repair what is behind them are held against a
#   table of their own.
# related_resources:
#   - ref: https://www.kernel.org/category/releases.html
# custom:
#   severity: medium
#   kinds: [daemon, host]
#   subjects: [daemon, host]
#   profiles: [baseline, cis, strict]
#   needs: [kernel_version]
#   checklist: ["S1:135", "K:272", "K:360"]
#   cis: ["1.2.1"]
#   nist: ["4.5.2", "4.5.3"]
#   remedy: Update the kernel and restart the host.
#   params:
#     min_kernel:
#       type: string
#       default: "5.15"
#       description: The oldest kernel that is accepted, apart from those that the table `hosts` lists.
#     denied_kernels:
#       type: list<string>
#       default: []
#       description: Kernels that are refused, exactly as `docker info` and `uname -r` write them.
#   since: 0.1.0
package checklist.host["unpatched-kernel"]

import data.checklist.lib.machine
import data.checklist.lib.version
import data.plimsoll.finding

deny contains finding.at_field(machine.judged, "kernel_version", message) if {
	found := machine.judged.kernel_version
	count(_families) == 0
	least := input.params["host/unpatched-kernel"].min_kernel
	version.numbers(found) < version.numbers(least)
	message := sprintf("kernel %s is older than %s", [found, least])
}

deny contains finding.at_field(machine.judged, "kernel_version", message) if {
	found := machine.judged.kernel_version
	some least in _families
	version.with_build(found) < version.with_build(least)
	message := sprintf("kernel %s is older than %s", [found, least])
}

deny contains finding.at_field(machine.judged, "kernel_version", sprintf("kernel %s must not be used", [found])) if {
	found := machine.judged.kernel_version
	found in input.params["host/unpatched-kernel"].denied_kernels
}

unknown contains finding.unknown(machine.judged, sprintf("kernel `%s` does not begin with a version", [found])) if {
	found := machine.judged.kernel_version
	not version.numbers(found)
}

# The oldest patched builds of the families that the kernel belongs to.
_families := [least |
	some mark, least in input.data.hosts.kernels
	contains(machine.judged.kernel_version, mark)
]
