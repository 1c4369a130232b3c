# METADATA
# title: Container has no health check
# description: |
#   Looks for containers without a health check of their own or of their image, and for containers that are
#   not healthy. What is meant to end needs none: a job of a swarm, and a service that is not started again
#   because it says so.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/#healthcheck
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#healthchecks
# custom:
#   severity: low
#   levels: {unhealthy: medium}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   cis: ["5.27"]
#   equivalents:
#     kics: [healthcheck_not_set]
#   remedy: Add a `healthcheck` that asks the application itself, to the service or to its image.
#   params:
#     exempt_labels:
#       type: list<string>
#       default: []
#       description: |
#         Labels of containers that need no health check, as `KEY` or `KEY=VALUE`; `*` stands for any text.
#     require_own:
#       type: boolean
#       default: false
#       description: |
#         Whether a service has to have a health check of its own, whatever its image has. Then a service
#         can be judged without its image, too.
#   since: 0.1.0
package checklist.container["missing-healthcheck"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at_field(container, "healthcheck", sprintf("container `%s` has no health check", [container.name])) if {
	some container in input.containers
	container.healthcheck == null
	not _is_exempt(container)
}

deny contains finding.at(container.healthcheck, sprintf("the health check of container `%s` is switched off", [container.name])) if {
	some container in input.containers
	container.healthcheck.disabled == true
	container.healthcheck.from == "container"
	not _is_exempt(container)
}

deny contains finding.related(finding.at(container, sprintf("the image of container `%s` switches its health check off", [container.name])), container.healthcheck, "here") if {
	some container in input.containers
	container.healthcheck.disabled == true
	container.healthcheck.from != "container"
	not _is_exempt(container)
}

deny contains finding.at(container, sprintf("container `%s` has no health check of its own", [container.name])) if {
	input.params["container/missing-healthcheck"].require_own == true
	some container in input.containers
	_leaves_it_to_image(container)
	object.get(container, "healthcheck", "absent") != null
	object.get(container, ["healthcheck", "disabled"], false) == false
	not _is_exempt(container)
}

deny contains finding.level("unhealthy", finding.at_field(container.state, "health", sprintf("container `%s` is unhealthy", [container.name]))) if {
	some container in input.containers
	container.state.health == "unhealthy"
}

unknown contains finding.unknown(container, "whether it has a health check is not known: its image may have one") if {
	some container in input.containers
	object.get(container, "healthcheck", "absent") == "absent"
	not _is_exempt(container)
}

_leaves_it_to_image(container) if "healthcheck" in container.defaulted

_is_exempt(container) if container.deploy.mode in {"replicated-job", "global-job"}

_is_exempt(container) if {
	container.source_type == "compose"
	container.restart.policy == "no"
	not "restart" in container.defaulted
}

_is_exempt(container) if {
	some label in container.labels
	label.key == "com.docker.compose.oneoff"
	label.value == "True"
}

_is_exempt(container) if {
	some pattern in input.params["container/missing-healthcheck"].exempt_labels
	some label in container.labels
	_is_labelled(label, pattern)
}

_is_labelled(label, pattern) if wildcard.matches(pattern, label.key)

_is_labelled(label, pattern) if wildcard.matches(pattern, concat("=", [label.key, label.value]))
