# METADATA
# title: Credential is passed through ARG or ENV
# description: |
#   Looks for ARG and ENV with names that hold credentials. ENV is stored in the image; the value of
#   ARG is stored in its history, even when no default is written. In an image that was built these are
#   its environment and its history; in a compose file, what a build is given as `args`.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
#   - ref: https://docs.docker.com/build/building/secrets/
# custom:
#   severity: high
#   levels: {builder: medium, empty: info}
#   kinds: [dockerfile, image, compose]
#   subjects: [build, image, container]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:85", "S1:146", "S2:134-135", "V7", "K:135", "K:281"]
#   cis: ["4.10"]
#   nist: ["4.1.4"]
#   equivalents:
#     hadolint: [DL3064]
#     trivy: [DS-0031]
#     buildkit: [SecretsUsedInArgOrEnv]
#     dockle: [CIS-DI-0010]
#   remedy: Use `RUN --mount=type=secret` during the build, and a secret of the engine at run time.
#   since: 0.1.0
package checklist.secret["named-in-build"]

import data.checklist.lib.script
import data.plimsoll.finding

# An ARG before the first FROM leaves no trace in an image until a stage declares it, too.
deny contains _weigh(variable, finding.at_field(variable, "name", _message(variable))) if {
	some variable in script.variables(input)
	variable.secret == "name"
	_is_in_image(variable)
}

deny contains _weigh(argument, finding.at_field(argument, "name", _message(argument))) if {
	some image in input.images
	some argument in script.first_of_each([given |
		some given in script.build_arguments(image)
		given.secret == "name"
	])
}

deny contains _weigh(argument, finding.at_field(argument, "name", message)) if {
	some container in input.containers
	some argument in container.image.build.args
	argument.secret == "name"
	message := sprintf("build argument `%s` of container `%s` leaves a credential in the image's history", [argument.name, container.name])
}

unknown contains unrecorded if some unrecorded in script.unrecorded(input)

unknown contains finding.unknown(container, "not all arguments of its build are known") if {
	some container in input.containers
	"args" in container.image.build.incomplete
}

_is_in_image(variable) if variable.from != "ARG"

_is_in_image(variable) if variable.stage != null

_message(variable) := sprintf("build argument `%s` leaves a credential in the image's history", [variable.name]) if {
	variable.from in {"ARG", "build.args"}
} else := sprintf("environment variable `%s` stores a credential in the image", [variable.name])

_weigh(variable, found) := finding.level("empty", found) if {
	_is_empty(variable)
} else := finding.level("builder", found) if {
	variable.shipped == false
} else := found

# An ARG of a Dockerfile is given its value when the image is built.
_is_empty(variable) if {
	variable.value == ""
	variable.stage == null
}

_is_empty(variable) if {
	variable.value == ""
	variable.from == "ENV"
}
