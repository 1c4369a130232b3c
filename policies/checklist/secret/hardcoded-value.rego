# METADATA
# title: Credential is written in the file
# description: |
#   Looks for values that are credentials by their shape: access keys and tokens of known services,
#   private keys, passwords in URLs. Wherever they stand, comments included, everybody who can read the
#   file has them. The value itself is never shown.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#   - ref: https://docs.github.com/en/code-security/secret-scanning
# custom:
#   severity: critical
#   kinds: [dockerfile, image, compose, container, volume]
#   subjects: [build, image, container, network, volume, project]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:85", "S1:146", "S2:132", "V7", "K:281-289", "K:295"]
#   cis: ["4.10"]
#   nist: ["4.1.4"]
#   remedy: Revoke the credential, take it out, and give it to the build or the container as a secret.
#   since: 0.1.0
package checklist.secret["hardcoded-value"]

import data.plimsoll.finding

deny contains _about(finding.at(secret, sprintf("credential in %s: %s", [_where(secret), secret.title]))) if {
	some secret in input.secrets
}

unknown contains finding.unknown(image, "its history is not known") if {
	some image in input.images
	"history" in image.incomplete
	image.source_type != "dockerfile"
}

# Stages that nothing needs are in the file, too.
_about(found) := finding.of(input.build, found) if {
	input.build
} else := found

_where(secret) := "a comment" if {
	secret.context == "comment"
} else := "the compose file" if {
	secret.context == "compose"
} else := sprintf("the configuration of the %s", [secret.context]) if {
	secret.context in {"image", "container", "volume"}
} else := secret.context
