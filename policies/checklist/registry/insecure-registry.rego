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
#       description: |
#         Registries and networks that may stay on the list, as they are written there; without a port,
#         on any.
#   since: 0.1.0
package checklist.registry["insecure-registry"]

import data.plimsoll.finding

deny contains finding.at(registry, message) if {
	some daemon in [input.daemon]
	some registry in daemon.registries.insecure
	registry.builtin == false
	not _is_allowed(registry.address)
	message := sprintf("registry `%s` is used without verified TLS", [registry.address])
}

# As it is written, or as the host of `localhost:5000`.
_is_allowed(address) if address in input.params["registry/insecure-registry"].allowed_insecure

_is_allowed(address) if split(address, ":")[0] in input.params["registry/insecure-registry"].allowed_insecure

# Every daemon takes loopback addresses for secure enough; listing one changes nothing.
_is_allowed(address) if {
	"127.0.0.0/8" in input.params["registry/insecure-registry"].allowed_insecure
	regex.match(`^127\.[0-9.]+(:[0-9]+)?$`, address)
}

_is_allowed(address) if {
	"::1/128" in input.params["registry/insecure-registry"].allowed_insecure
	startswith(address, "[::1]")
}
