# METADATA
# title: Registry mirror is reached without TLS
# description: |
#   Looks for mirrors of Docker Hub that the daemon reaches over plain HTTP, apart from one on the host
#   itself, and for mirrors that are not on the list.
# related_resources:
#   - ref: https://docs.docker.com/docker-hub/image-library/mirror/
# custom:
#   severity: low
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [registries.mirrors]
#   checklist: ["K:186-187"]
#   cis: ["2.5"]
#   nist: ["4.2.1"]
#   remedy: Serve the mirror over HTTPS, and write its address with `https://`.
#   params:
#     allowed_mirrors:
#       type: list<string>
#       default: ["*"]
#       description: Hosts of mirrors that may be used, with their port if they have one, as patterns.
#     accept_local:
#       type: boolean
#       default: true
#       description: Whether a mirror on the host itself may do without TLS.
#   since: 0.1.0
package checklist.registry["insecure-mirror"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(mirror, sprintf("mirror `%s` is reached without TLS", [host])) if {
	some mirror in input.daemon.registries.mirrors
	not startswith(lower(mirror.text), "https://")
	host := _host(mirror.text)
	not _is_accepted(host)
}

deny contains finding.at(mirror, sprintf("mirror `%s` is not one of those that are allowed", [host])) if {
	some mirror in input.daemon.registries.mirrors
	host := _host(mirror.text)
	not wildcard.matches_any(input.params["registry/insecure-mirror"].allowed_mirrors, host)
}

# With its port, but without a user and a password, which messages must not show.
_host(text) := lower(names[count(names) - 1]) if {
	parts := split(text, "://")
	names := split(split(parts[count(parts) - 1], "/")[0], "@")
}

_is_accepted(host) if {
	input.params["registry/insecure-mirror"].accept_local == true
	_is_local(host)
}

_is_local(host) if split(host, ":")[0] == "localhost"

_is_local(host) if startswith(host, "[::1]")

_is_local(host) if regex.match(`^127\.[0-9.]+(:[0-9]+)?$`, host)
