# METADATA
# title: User may command the engine
# description: |
#   Looks for members of the group that may use the engine's socket, who are as good as root. An engine
#   that runs without root has no such group.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
# custom:
#   severity: medium
#   kinds: [host]
#   subjects: [host]
#   profiles: [baseline, cis, strict]
#   needs: [groups]
#   checklist: ["S1:119", "S2:18", "K:231"]
#   cis: ["1.1.2"]
#   nist: ["4.5.4"]
#   remedy: Take the user out of the group with `gpasswd -d USER docker`, or name it as trusted.
#   params:
#     trusted_users:
#       type: list<string>
#       default: []
#       description: Users who may command the engine.
#   since: 0.1.0
package checklist.host["crowded-docker-group"]

import data.checklist.lib.machine
import data.plimsoll.finding

deny contains finding.at_item(group, "members", index, sprintf("user `%s` is in group `%s`, and so as good as root", [member, group.name])) if {
	some group in input.host.groups
	group.name == machine.docker_group
	not machine.is_rootless
	some index, member in group.members
	member != "root"
	not member in input.params["host/crowded-docker-group"].trusted_users
}

unknown contains finding.unknown(input.host, sprintf("the members of group `%s` are not known", [group.name])) if {
	some group in input.host.groups
	"members" in group.incomplete
	group.name == machine.docker_group
	not machine.is_rootless
}
