# METADATA
# title: Daemon confines no system calls
# description: |
#   Looks for a daemon whose containers run without a seccomp profile, or with one that is not on
#   the list.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/seccomp/
# custom:
#   severity: high
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [seccomp.enabled]
#   checklist: ["S1:127-128", "K:149", "K:255", "K:276", "K:357"]
#   cis: ["2.17"]
#   nist: ["4.4.3", "4.5.2"]
#   remedy: Take `seccomp-profile` out of daemon.json, so that the built-in profile applies.
#   params:
#     allowed_profiles:
#       type: list<string>
#       default: [builtin, default]
#       description: Profiles that were reviewed; the built-in one is called `default` by older engines.
#   since: 0.1.0
package checklist.daemon["disabled-seccomp"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon.seccomp, "profile", "containers may use every system call") if {
	input.daemon.seccomp.enabled == false
}

deny contains finding.at_field(input.daemon.seccomp, "profile", message) if {
	input.daemon.seccomp.enabled == true
	profile := input.daemon.seccomp.profile
	not profile in input.params["daemon/disabled-seccomp"].allowed_profiles
	message := sprintf("seccomp profile `%s` is not one of those that were reviewed", [profile])
}
