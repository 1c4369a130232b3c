# METADATA
# title: Credential is passed through ARG or ENV
# description: |
#   Looks for ARG and ENV with names that hold credentials. ENV is stored in the image; the value of
#   ARG is stored in its history, even when no default is written.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
#   - ref: https://docs.docker.com/build/building/secrets/
# custom:
#   severity: high
#   levels: {builder: medium, empty: info}
#   kinds: [dockerfile]
#   subjects: [build]
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

import data.plimsoll.finding

# An ARG before the first FROM leaves no trace in an image until a stage declares it, too.
deny contains _weigh(variable, finding.at_field(variable, "name", _message(variable))) if {
	some variable in input.build.variables
	variable.secret == "name"
	variable.needed == true
	variable.stage != null
}

_message(variable) := sprintf("environment variable `%s` stores a credential in the image", [variable.name]) if {
	variable.from == "ENV"
} else := sprintf("build argument `%s` leaves a credential in the image's history", [variable.name]) if {
	variable.from != "ENV"
}

_weigh(variable, found) := finding.level("empty", found) if {
	_is_empty(variable)
} else := finding.level("builder", found) if {
	not _is_empty(variable)
	variable.shipped == false
} else := found if {
	not _is_empty(variable)
	variable.shipped == true
}

_is_empty(variable) if {
	variable.from == "ENV"
	variable.value == ""
}
