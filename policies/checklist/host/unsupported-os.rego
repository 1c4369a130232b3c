# METADATA
# title: Host system is out of support
# description: |
#   Looks for a host whose operating system gets no security updates any more on the day of the run,
#   or that is not one made for containers where the parameter asks for one.
# related_resources:
#   - ref: https://endoflife.date
# custom:
#   severity: medium
#   kinds: [daemon, host]
#   subjects: [daemon, host]
#   profiles: [baseline, cis, strict]
#   needs: [os]
#   checklist: ["S2:17", "S1:135", "K:108", "K:272"]
#   cis: ["1.2.1"]
#   nist: ["4.5.1"]
#   remedy: Move the host to a release that gets security updates.
#   params:
#     require_container_os:
#       type: boolean
#       default: false
#       description: Whether the host has to run a system made for containers.
#     container_systems:
#       type: list<string>
#       default: [Bottlerocket, "Container-Optimized OS", "Fedora CoreOS", Flatcar, Talos]
#       description: Systems made for containers, by a part of their name in `docker info` and `os-release`.
#   since: 0.1.0
package checklist.host["unsupported-os"]

import data.checklist.lib.machine
import data.plimsoll.finding

deny contains finding.at_field(machine.judged, "os", message) if {
	some end in _ends
	substring(input.meta.now, 0, 10) > end
	message := sprintf("%s has had no security updates since %s", [machine.judged.os, end])
}

deny contains finding.at_field(machine.judged, "os", sprintf("%s is not a system made for containers", [found])) if {
	input.params["host/unsupported-os"].require_container_os == true
	found := machine.judged.os
	count(_made_for_containers) == 0
}

unknown contains finding.unknown(machine.judged, sprintf("until when %s gets security updates is not known", [found])) if {
	found := machine.judged.os
	count(_ends) == 0
	count(_made_for_containers) == 0
}

unknown contains finding.unknown(machine.judged, "the day of the run is not known") if {
	some _ in _ends
	not input.meta.now
}

# When the release that the host runs ends, by the longest version that the table has: `9.4` is found as
# `9`. Of the versions that begin one each begins the longer ones: the greatest is the longest.
_ends := [end |
	some system, row in input.data.hosts.systems
	startswith(machine.judged.os, system)
	releases := _releases(row)
	some version, end in releases
	_is_of(version)
	count([longer | some longer, _ in releases; longer > version; _is_of(longer)]) == 0
]

_is_of(version) if startswith(concat("", [machine.judged.os_version, "."]), concat("", [version, "."]))

_releases(row) := input.data["end-of-life"].products[row.product].releases if {
	row.product
} else := row.releases

_made_for_containers := [name |
	some name in input.params["host/unsupported-os"].container_systems
	contains(machine.judged.os, name)
]
