# METADATA
# title: Container is given a privileged group
# description: |
#   Looks for further groups of a container's user that stand for the rights of root: to disks, to the
#   engine's socket, to password hashes.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/#group_add
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#group-add
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, strict]
#   needs: [group_add]
#   checklist: ["K:125"]
#   nist: ["4.4.3"]
#   remedy: Give files that the container needs a group of their own, and add that one.
#   params:
#     denied_groups:
#       type: list<string>
#       default: ["0", disk, docker, kvm, root, shadow, sudo, wheel]
#       description: Groups that no container may have, by name or number.
#   since: 0.1.0
package checklist.container["privileged-group"]

import data.plimsoll.finding

deny contains finding.at(group, sprintf("container `%s` is given the group `%s`", [container.name, group.text])) if {
	some container in input.containers
	some group in container.group_add
	group.text in input.params["container/privileged-group"].denied_groups
}
