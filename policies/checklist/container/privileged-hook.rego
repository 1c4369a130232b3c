# METADATA
# title: Command of the container's lifecycle has more rights than the container
# description: |
#   Looks for commands run when a service starts or stops that are privileged, or that run as root where
#   the service does not. Of an inspected container it is only known whether somebody executes a command
#   in it, not with which rights.
# related_resources:
#   - ref: https://docs.docker.com/compose/how-tos/lifecycle/
#   - ref: https://docs.docker.com/reference/compose-file/services/#post_start
#   - ref: https://docs.docker.com/reference/cli/docker/container/exec/#privileged
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   cis: ["5.23", "5.24"]
#   nist: ["4.4.3"]
#   remedy: Run the command as the user of the service, and not privileged.
#   params:
#     allow_root_hooks:
#       type: boolean
#       default: false
#       description: Whether such a command may run as root if it is not privileged.
#   since: 0.1.0
package checklist.container["privileged-hook"]

import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at_field(hook, "privileged", sprintf("a `%s` command of container `%s` is privileged", [hook.phase, container.name])) if {
	some container in input.containers
	some hook in container.hooks
	hook.privileged == true
	not workload.is_privileged(container)
}

deny contains finding.at_field(hook, "user", sprintf("a `%s` command of container `%s` runs as root, which the container does not", [hook.phase, container.name])) if {
	some container in input.containers
	some hook in container.hooks
	hook.is_root == true
	container.user.is_root == false
	input.params["container/privileged-hook"].allow_root_hooks == false
}

unknown contains finding.unknown(container, sprintf("whether a `%s` command is privileged is not known", [hook.phase])) if {
	some container in input.containers
	some hook in container.hooks
	object.get(hook, "privileged", "absent") == "absent"
	not workload.is_privileged(container)
}

unknown contains finding.unknown(container, sprintf("who a `%s` command runs as is not known", [hook.phase])) if {
	some container in input.containers
	some hook in container.hooks
	object.get(hook, "user", "absent") == "absent"
	container.user.is_root == false
	input.params["container/privileged-hook"].allow_root_hooks == false
}

unknown contains finding.unknown(container, sprintf("a `%s` command runs as root, and whether the container does is not known", [hook.phase])) if {
	some container in input.containers
	some hook in container.hooks
	hook.is_root == true
	object.get(container.user, "is_root", "absent") == "absent"
	input.params["container/privileged-hook"].allow_root_hooks == false
}

unknown contains finding.unknown(container, "somebody executes a command in it, with rights that are not known") if {
	some container in input.containers
	count(container.state.exec_ids) > 0
}
