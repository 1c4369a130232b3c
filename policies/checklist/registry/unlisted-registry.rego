# METADATA
# title: Image comes from a registry that is not listed
# description: |
#   Looks for images from other registries than those that the organisation allows. Every registry is
#   allowed until `allowed_registries` says which.
# related_resources:
#   - ref: https://docs.docker.com/security/for-admins/hardened-desktop/registry-access-management/
#   - ref: https://docs.docker.com/docker-hub/image-library/mirror/
# custom:
#   severity: medium
#   kinds: [dockerfile, compose, container, image]
#   subjects: [reference]
#   profiles: [baseline, cis, strict]
#   needs: [registry]
#   checklist: ["S1:112", "K:189", "K:124"]
#   cis: ["4.2"]
#   nist: ["4.1.5", "4.2.1"]
#   equivalents:
#     hadolint: [DL3026]
#     kics: [use_only_an_allowed_registry_in_the_from_image]
#   remedy: Pull the image through the organisation's own registry.
#   params:
#     allowed_registries:
#       type: list<string>
#       default: ["*"]
#       description: |
#         Registries (`ghcr.io`, `*.example.com`) and namespaces (`ghcr.io/acme/*`) that images may come
#         from. Docker Hub is `docker.io`, whichever of its names is written.
#     deny_docker_hub:
#       type: boolean
#       default: false
#       description: Whether images from Docker Hub are refused, whatever is allowed.
#   since: 0.1.0
package checklist.registry["unlisted-registry"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(ref, sprintf("`%s` comes from `%s`, which is not an allowed registry", [ref.raw, ref.registry])) if {
	some ref in _images
	_is_refused(ref)
}

deny contains finding.at(ref, sprintf("`%s` comes from Docker Hub, which is not allowed", [ref.raw])) if {
	input.params["registry/unlisted-registry"].deny_docker_hub == true
	some ref in _images
	ref.registry == "docker.io"
	not _is_refused(ref)
}

unknown contains finding.unknown(ref, sprintf("the name of `%s` is not known in full", [ref.raw])) if {
	some ref in _images
	not _is_allowed(ref)
	_may_be_allowed(ref)
}

_images := [ref |
	some ref in input.references
	ref.needed == true
]

_is_refused(ref) if {
	is_string(ref.registry)
	not _is_allowed(ref)
	not _may_be_allowed(ref)
}

# Of `ghcr.io/${OWNER}/app` only the registry is known.
_may_be_allowed(ref) if {
	is_string(ref.registry)
	not is_string(object.get(ref, "name", null))
	some pattern in input.params["registry/unlisted-registry"].allowed_registries
	contains(pattern, "/")
	_begins_alike(split(pattern, "*")[0], sprintf("%s/", [ref.registry]))
}

_begins_alike(one, other) if startswith(one, other)

_begins_alike(one, other) if startswith(other, one)

_is_allowed(ref) if {
	some pattern in input.params["registry/unlisted-registry"].allowed_registries
	_matches(ref, pattern)
}

_matches(ref, pattern) if wildcard.matches(pattern, ref.registry)

_matches(ref, pattern) if {
	contains(pattern, "/")
	wildcard.matches(pattern, ref.name)
}
