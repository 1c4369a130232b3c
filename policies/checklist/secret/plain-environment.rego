# METADATA
# title: Credential is passed as an environment variable
# description: |
#   Looks for environment variables of containers whose names are those of credentials. A value that
#   is written out weighs most, one that a variable or an env file supplies less. What an image sets
#   is judged in the image, and a name such as DB_PASSWORD_FILE names a file, not a secret.
# related_resources:
#   - ref: https://docs.docker.com/compose/how-tos/use-secrets/
# custom:
#   severity: high
#   levels: {supplied: medium, env_file: low}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [environment]
#   checklist: ["S1:146", "S2:132", "V7", "K:281"]
#   cis: ["4.10"]
#   nist: ["4.1.4"]
#   remedy: Give it as a secret, and name its file in a variable such as DB_PASSWORD_FILE.
#   params:
#     allow_variables:
#       type: boolean
#       default: false
#       description: Whether a value that a variable supplies passes.
#     allow_env_files:
#       type: boolean
#       default: false
#       description: Whether a value in an env file passes.
#   since: 0.1.0
package checklist.secret["plain-environment"]

import data.plimsoll.finding

deny contains _weigh(variable, finding.at(variable, message)) if {
	some container in input.containers
	some variable in container.environment
	variable.secret == "name"
	_is_set(variable)
	variable.from != "image"
	not _is_accepted(variable)
	message := sprintf("`%s` of container `%s` is a credential in an environment variable", [variable.name, container.name])
}

# A variable whose value is not known is passed on all the same; one that is empty holds nothing.
_is_set(variable) if object.get(variable, "value", "unknown") != ""

_is_accepted(variable) if {
	input.params["secret/plain-environment"].allow_variables == true
	_is_supplied(variable)
}

_is_accepted(variable) if {
	input.params["secret/plain-environment"].allow_env_files == true
	variable.from == "env_file"
}

_is_supplied(variable) if variable.literal == false

_is_supplied(variable) if variable.value == null

_weigh(variable, found) := finding.level("env_file", found) if {
	variable.from == "env_file"
} else := finding.level("supplied", found) if {
	_is_supplied(variable)
} else := found
