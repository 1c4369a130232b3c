# METADATA
# title: Calls of the API are not authorised
# description: |
#   Looks for a daemon without an authorisation plugin: whoever may use its API may do everything
#   with it.
# related_resources:
#   - ref: https://docs.docker.com/engine/extend/plugins_authorization/
# custom:
#   severity: info
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [cis, strict]
#   needs: [authorization_plugins]
#   checklist: ["K:230", "K:231"]
#   cis: ["2.12"]
#   nist: ["4.3.1"]
#   remedy: Name a plugin in `authorization-plugins` that decides who may do what.
#   params:
#     accept_rootless:
#       type: boolean
#       default: false
#       description: Whether rootless mode, in which the API gives no more than its user has, is accepted instead.
#   since: 0.1.0
package checklist.daemon["unauthorized-api"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "authorization_plugins", "no plugin decides which calls of the API are allowed") if {
	count(input.daemon.authorization_plugins) == 0
	not "authorization_plugins" in input.daemon.incomplete
	not _is_accepted
}

_is_accepted if {
	input.params["daemon/unauthorized-api"].accept_rootless == true
	input.daemon.rootless == true
}
