# METADATA
# title: Daemon does not log at level info
# description: |
#   Looks for a daemon in debug mode, whose log holds far too much, and for one whose level hides
#   events that an investigation needs. Without a setting the level is info.
# related_resources:
#   - ref: https://docs.docker.com/engine/daemon/logs/
#   - ref: https://docs.docker.com/reference/cli/dockerd/
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [debug, log.level]
#   checklist: ["K:230", "K:299"]
#   cis: ["2.3"]
#   remedy: 'Take `debug` out of daemon.json, and leave `log-level` at `"info"`.'
#   params:
#     allowed_levels:
#       type: list<string>
#       default: [info]
#       description: Levels that the daemon may log at.
#   since: 0.1.0
package checklist.daemon["debug-logging"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "debug", "the daemon runs in debug mode") if {
	input.daemon.debug == true
}

deny contains finding.at_field(input.daemon.log, "level", sprintf("the daemon logs at level `%s`", [level])) if {
	level := lower(input.daemon.log.level)
	not level in input.params["daemon/debug-logging"].allowed_levels
}
