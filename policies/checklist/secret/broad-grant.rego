# METADATA
# title: Secret is granted to more than need it
# description: |
#   Looks for secrets that many services are given, that a build and a container are given alike, whose
#   file everybody in the container may read because somebody wrote so, that a whole folder brings along,
#   and for those that nobody uses. Who needs a secret cannot be seen: `grants` says it.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/#secrets
#   - ref: https://docs.docker.com/compose/how-tos/use-secrets/
# custom:
#   severity: low
#   levels: {unused: info}
#   kinds: [compose]
#   subjects: [container, project]
#   profiles: [baseline, strict]
#   checklist: ["S1:151", "S2:136-142", "K:298"]
#   nist: ["4.1.4"]
#   remedy: Give each service a secret of its own, for its own user only.
#   params:
#     max_consumers:
#       type: integer
#       default: 2
#       description: How many services may be given one secret.
#     max_mode:
#       type: string
#       default: "0440"
#       description: |
#         What the group and others in a container may do with the file of a secret at most, as octal
#         digits. Only a mode that is written counts.
#     grants:
#       type: list<string>
#       default: []
#       description: |
#         Who needs a secret, as `SECRET:SERVICE`; `*` stands for any text. A secret that is listed here may
#         be given to these services only, however many they are.
#   since: 0.1.0
package checklist.secret["broad-grant"]

import data.checklist.lib.mode
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(secret, sprintf("secret `%s` is given to %d services", [secret.name, count(secret.consumers)])) if {
	some secret in input.project.secrets
	count(secret.consumers) > input.params["secret/broad-grant"].max_consumers
	not _is_listed(secret.name)
}

deny contains finding.at(grant, sprintf("secret `%s` is given to container `%s`, which the policy does not grant it", [grant.source, container.name])) if {
	some container in input.containers
	some grant in container.secrets
	_is_listed(grant.source)
	not wildcard.matches_any(input.params["secret/broad-grant"].grants, concat(":", [grant.source, container.name]))
}

deny contains finding.at_field(grant, "mode", sprintf("secret `%s` has mode 0%s in container `%s`", [grant.source, format_int(grant.mode, 8), container.name])) if {
	some container in input.containers
	some grant in container.secrets
	is_number(grant.mode)
	mode.is_wider(grant.mode, input.params["secret/broad-grant"].max_mode)
}

deny contains finding.at(grant, sprintf("secret `%s` is given to container `%s` and to the build of its image", [grant.source, container.name])) if {
	some container in input.containers
	some grant in container.secrets
	some built in container.image.build.secrets
	built.source == grant.source
}

deny contains finding.at_field(mounted, "source", sprintf("container `%s` is given all of a folder as its secrets", [container.name])) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.target == "/run/secrets"
	mounted.type == "bind"
}

deny contains finding.level("unused", finding.at(unused, sprintf("secret `%s` is given to nobody", [trim_prefix(unused.text, "secret ")]))) if {
	some unused in input.project.unused
	startswith(unused.text, "secret ")
}

unknown contains finding.unknown(container, sprintf("the mode of secret `%s` is not known", [grant.source])) if {
	some container in input.containers
	some grant in container.secrets
	object.get(grant, "mode", "unknown") == "unknown"
}

_is_listed(name) if {
	some pair in input.params["secret/broad-grant"].grants
	startswith(pair, concat("", [name, ":"]))
}
