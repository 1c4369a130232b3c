# METADATA
# title: Experimental features are on
# description: |
#   Looks for a daemon in experimental mode, and for feature switches that are on and not on the list.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/dockerd/#description
#   - ref: https://docs.docker.com/reference/cli/dockerd/#feature-options
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [experimental, features]
#   checklist: ["K:230"]
#   cis: ["2.18"]
#   remedy: Take `experimental`, and features that were not reviewed, out of daemon.json.
#   params:
#     allowed_features:
#       type: list<string>
#       default: [buildkit, cdi, containerd-snapshotter]
#       description: Feature switches that may be on.
#   since: 0.1.0
package checklist.daemon.experimental

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "experimental", "experimental features are on") if {
	input.daemon.experimental == true
}

deny contains finding.at(feature, sprintf("feature `%s` is on, and not one of those that are allowed", [feature.name])) if {
	some feature in input.daemon.features
	feature.enabled == true
	not feature.name in input.params["daemon/experimental"].allowed_features
}
