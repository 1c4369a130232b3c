# METADATA
# title: Container is started again without end
# description: |
#   Looks for containers that are started again each time they fail, however often that is, or more often
#   than the policy allows. `always` and `unless-stopped` are what a server usually has: they are faults
#   only for a policy that says so.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/start-containers-automatically/
#   - ref: https://docs.docker.com/reference/compose-file/services/#restart
#   - ref: https://docs.docker.com/reference/compose-file/deploy/#restart_policy
# custom:
#   severity: low
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [restart.policy]
#   cis: ["5.15"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [restart_policy_on_failure_not_set_to_5]
#   remedy: "Say how often: `restart: on-failure:5`."
#   params:
#     max_retries:
#       type: integer
#       default: 5
#       description: How often a container that fails may be started again.
#     denied_policies:
#       type: list<string>
#       default: []
#       description: Policies that are not accepted at all, such as `always` and `unless-stopped`.
#   since: 0.1.0
package checklist.container["unbounded-restart"]

import data.plimsoll.finding

deny contains finding.at_field(restart, "policy", sprintf("container `%s` is started again whenever it fails, without end%s", [container.name, _where(restart)])) if {
	some container in input.containers
	some restart in [container.restart, container.restart.ignored]
	restart.policy == "on-failure"
	restart.max_retries == null
}

deny contains finding.at_field(restart, "max_retries", sprintf("container `%s` is started again %d times when it fails, more than %d%s", [container.name, restart.max_retries, most, _where(restart)])) if {
	some container in input.containers
	some restart in [container.restart, container.restart.ignored]
	restart.policy == "on-failure"
	most := input.params["container/unbounded-restart"].max_retries
	restart.max_retries > most
}

deny contains finding.at_field(restart, "policy", sprintf("container `%s` is started again by the policy `%s`%s", [container.name, restart.policy, _where(restart)])) if {
	some container in input.containers
	some restart in [container.restart, container.restart.ignored]
	restart.policy in input.params["container/unbounded-restart"].denied_policies
}

unknown contains finding.unknown(container, "how often it is started again is not known") if {
	some container in input.containers
	container.restart.policy == "on-failure"
	object.get(container.restart, "max_retries", "absent") == "absent"
}

# What a `deploy` overrides still counts for programs that know none.
_where(restart) := "" if {
	object.get(restart, "ignored", "absent") != "absent"
} else := ", where `deploy` does not count"
