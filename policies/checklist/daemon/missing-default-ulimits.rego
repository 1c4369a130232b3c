# METADATA
# title: Containers have no default ulimits
# description: |
#   Looks for a daemon that sets no limits of resources, such as open files, for the containers that
#   set none themselves.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/dockerd/#default-ulimit-settings
# custom:
#   severity: info
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [cis, strict]
#   needs: [default_ulimits]
#   checklist: ["K:230"]
#   cis: ["2.8"]
#   remedy: 'Set `"default-ulimits"` with a `nofile` in daemon.json.'
#   params:
#     required:
#       type: list<string>
#       default: [nofile]
#       description: Names of the ulimits that have to be set.
#   since: 0.1.0
package checklist.daemon["missing-default-ulimits"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "default_ulimits", sprintf("containers have no default for the ulimit `%s`", [name])) if {
	not "default_ulimits" in input.daemon.incomplete
	some name in input.params["daemon/missing-default-ulimits"].required
	count([ulimit | some ulimit in input.daemon.default_ulimits; ulimit.name == name]) == 0
}
