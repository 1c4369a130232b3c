# METADATA
# title: Container's logs are lost or unbounded
# description: |
#   Looks for containers that keep no logs, or whose log file grows until the disk is full. What the
#   container does not say is what its daemon does.
# related_resources:
#   - ref: https://docs.docker.com/engine/logging/configure/
#   - ref: https://docs.docker.com/engine/logging/drivers/json-file/
#   - ref: https://docs.docker.com/engine/logging/drivers/local/
# custom:
#   severity: medium
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [logging.driver]
#   checklist: ["V10", "K:362"]
#   cis: ["2.13"]
#   nist: ["4.4.3"]
#   remedy: Use the driver `local`, or `json-file` with the option `max-size`.
#   params:
#     allowed_drivers:
#       type: list<string>
#       default: [awslogs, fluentd, gcplogs, gelf, journald, json-file, local, splunk, syslog]
#       description: Drivers that logs may go to; `*` stands for any text.
#     require_rotation:
#       type: boolean
#       default: true
#       description: Whether the driver `json-file` needs a `max-size`.
#   since: 0.1.0
package checklist.container["unbounded-logs"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(container.logging, sprintf("container `%s` keeps no logs", [container.name])) if {
	some container in input.containers
	container.logging.driver == "none"
}

deny contains finding.at(container.logging, sprintf("the logs of container `%s` grow without bounds: `max-size` is not set", [container.name])) if {
	some container in _unrotated
	not "options" in container.logging.incomplete
}

deny contains finding.at(container.logging, sprintf("container `%s` logs to `%s`, which the policy does not allow", [container.name, container.logging.driver])) if {
	some container in input.containers
	container.logging.driver != "none"
	not wildcard.matches_any(input.params["container/unbounded-logs"].allowed_drivers, container.logging.driver)
}

unknown contains finding.unknown(container, "not all options of its logging driver are known") if {
	some container in _unrotated
	"options" in container.logging.incomplete
}

_unrotated := [container |
	input.params["container/unbounded-logs"].require_rotation == true
	some container in input.containers
	container.logging.driver == "json-file"
	not _is_rotated(container)
]

# An unknown size is a size.
_is_rotated(container) if {
	some option in container.logging.options
	option.key == "max-size"
	object.get(option, "value", "10m") != "-1"
}
