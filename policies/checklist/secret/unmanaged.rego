# METADATA
# title: Credential does not come from a secret store
# description: |
#   Looks for containers that are given credentials in their environment and no secret at all, and
#   for secrets of a project whose source is not accepted.
# related_resources:
#   - ref: https://docs.docker.com/compose/how-tos/use-secrets/
# custom:
#   severity: low
#   kinds: [compose]
#   subjects: [container, project]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:147-149", "S2:135-142", "K:292", "K:301"]
#   cis: ["7.4"]
#   nist: ["4.1.4"]
#   remedy: Declare the credential under `secrets` and give it to the service.
#   params:
#     allowed_sources:
#       type: list<string>
#       default: [driver, environment, external, file]
#       allowed: [content, driver, environment, external, file]
#       description: Where the secrets of a project may come from.
#     provider_labels:
#       type: list<string>
#       default: [secrets.provider]
#       description: Labels of containers that are given secrets in a way that is not seen here.
#   since: 0.1.0
package checklist.secret.unmanaged

import data.plimsoll.finding

deny contains finding.at_field(container, "secrets", message) if {
	some container in input.containers
	count(container.secrets) == 0
	count(_credentials(container)) > 0
	count(_providers(container)) == 0
	message := sprintf("container `%s` is given credentials, and no secret", [container.name])
}

deny contains finding.at(secret, sprintf("secret `%s` comes from %s, which is not accepted", [secret.name, secret.source])) if {
	some secret in input.project.secrets
	not secret.source in input.params["secret/unmanaged"].allowed_sources
}

_credentials(container) := [variable |
	some variable in container.environment
	variable.secret == "name"
	variable.from != "image"
	object.get(variable, "value", "unknown") != ""
]

# Something that is not seen here hands the credentials out.
_providers(container) := [label |
	some label in container.labels
	label.key in input.params["secret/unmanaged"].provider_labels
]
