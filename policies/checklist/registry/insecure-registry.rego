# METADATA
# title: Registry is used without verified TLS
# description: |
#   Looks for registries that the daemon may reach over plain HTTP or with a certificate that nobody
#   checks, apart from those on the host itself.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/dockerd/#insecure-registries
# custom:
#   severity: high
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [registries.insecure]
#   checklist: ["S1:112", "K:189"]
#   cis: ["2.5"]
#   nist: ["3.2.1", "4.2.1"]
#   remedy: Give the registry a certificate, and its authority to the daemon below /etc/docker/certs.d.
#   params:
#     allowed_insecure:
#       type: list<string>
#       default: ["127.0.0.0/8", "::1/128", localhost]
#       description: Registries and networks that may stay on the list, as they are written there.
#   since: 0.1.0
package checklist.registry["insecure-registry"]

import data.plimsoll.finding

deny contains finding.at(registry, message) if {
	some daemon in [input.daemon]
	some registry in daemon.registries.insecure
	registry.builtin == false
	not registry.address in input.params["registry/insecure-registry"].allowed_insecure
	message := sprintf("registry `%s` is used without verified TLS", [registry.address])
}
