# METADATA
# title: Daemon keeps logs without a bound, or none
# description: |
#   Looks for a daemon whose containers write logs that are thrown away, or that grow until the disk
#   is full.
# related_resources:
#   - ref: https://docs.docker.com/engine/logging/configure/
# custom:
#   severity: medium
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [log.driver]
#   checklist: ["S2:157-161", "V10", "K:299", "K:362"]
#   cis: ["2.13"]
#   nist: ["4.4.3"]
#   remedy: Set `log-opts` with `max-size` and `max-file` in daemon.json, or a driver that sends logs away.
#   params:
#     unbounded_drivers:
#       type: list<string>
#       default: [json-file]
#       description: Drivers that keep everything unless `max-size` is set.
#     require_remote:
#       type: boolean
#       default: false
#       description: Whether logs have to be sent away from the host.
#     remote_drivers:
#       type: list<string>
#       default: [awslogs, fluentd, gcplogs, gelf, journald, splunk, syslog]
#       description: Drivers that send logs away, or hand them to something that does.
#   since: 0.1.0
package checklist.daemon["unbounded-logs"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon.log, "driver", "logs of containers are thrown away") if {
	input.daemon.log.driver == "none"
}

deny contains finding.at_field(input.daemon.log, "driver", "logs of containers grow without a bound: `max-size` is not set") if {
	_is_unbounded
	not "options" in input.daemon.log.incomplete
}

deny contains finding.at_field(input.daemon.log, "driver", sprintf("log driver `%s` sends logs nowhere", [driver])) if {
	input.params["daemon/unbounded-logs"].require_remote == true
	driver := input.daemon.log.driver
	driver != "none"
	not driver in input.params["daemon/unbounded-logs"].remote_drivers
}

unknown contains finding.unknown(input.daemon, "whether `max-size` is set is not known: docker info does not say") if {
	_is_unbounded
	"options" in input.daemon.log.incomplete
}

_is_unbounded if {
	input.daemon.log.driver in input.params["daemon/unbounded-logs"].unbounded_drivers
	count(_sizes) == 0
}

_sizes := [option |
	some option in input.daemon.log.options
	option.key == "max-size"
]
