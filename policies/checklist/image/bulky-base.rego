# METADATA
# title: Image is built on a bulky base
# description: |
#   Looks at the base of the image that ships. A base with a full distribution brings along hundreds
#   of packages that the application never uses, and that somebody has to patch. An image that was
#   built names its base in an annotation or a label, or has a system that is always minimal.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image
#   - ref: https://github.com/GoogleContainerTools/distroless
# custom:
#   severity: medium
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:29-32", "S2:31", "K:104"]
#   cis: ["4.3"]
#   nist: ["4.1.2"]
#   remedy: Build the final stage on a distroless, Alpine or slim variant of the base.
#   params:
#     minimal_bases:
#       type: list<string>
#       default:
#         - adminer
#         - caddy
#         - composer
#         - docker
#         - eclipse-mosquitto
#         - hello-world
#         - moby/buildkit
#         - nats
#         - registry
#         - traefik
#         - "quay.io/prometheus/busybox*"
#         - "*/library/alpine"
#         - "*/library/busybox"
#         - "*/distroless/*"
#         - "*/nanoserver"
#         - "*/ubi*-micro"
#         - "*/ubi*-minimal"
#         - "*/wolfi-base"
#         - "*-minimal"
#         - "cgr.dev/chainguard/*"
#         - "dhi.io/*"
#         - "*:*alpine*"
#         - "*:*chiseled*"
#         - "*:*distroless*"
#         - "*:*minimal*"
#         - "*:*nanoserver*"
#         - "*:*slim*"
#       description: Images that count as minimal, as patterns of a name and perhaps a tag.
#     minimal_systems:
#       type: list<string>
#       default: [alpine, chainguard, distroless, wolfi]
#       description: |
#         Systems that count as minimal in an image that does not name its base, by the ID or the
#         PRETTY_NAME of its os-release in lower case.
#   since: 0.1.0
package checklist.image["bulky-base"]

import data.checklist.lib.reference
import data.plimsoll.finding

deny contains finding.at(
	image.base,
	sprintf("image `%s` is built on `%s`, which is no minimal image", [image.name, image.base.raw]),
) if {
	some image in input.images
	image.base.kind == "image"
	not _is_minimal(image.base)
	not _is_digest_only(image.base)
}

unknown contains finding.unknown(image, sprintf("which variant `%s` is cannot be told from a digest", [image.base.raw])) if {
	some image in input.images
	_is_digest_only(image.base)
	not _is_minimal(image.base)
}

unknown contains finding.unknown(image, sprintf("base `%s` is no image reference", [image.base.raw])) if {
	some image in input.images
	image.base.kind != "image"
	image.base.kind != "scratch"
}

unknown contains finding.unknown(image, reason) if {
	some image in input.images
	object.get(image.base, "kind", "") == ""
	reason := _unresolved(image)
}

_unresolved(image) := sprintf("base `%s` depends on a variable whose value is not known", [image.base.raw]) if {
	image.source_type == "dockerfile"
} else := "nothing says what it is built on" if {
	not _has_minimal_system(image)
}

# Whoever put nothing but a program into an image built it on nothing.
_has_minimal_system(image) if image.os_release == null

_has_minimal_system(image) if {
	some name in [image.os_release.id, image.os_release.pretty_name]
	lower(name) in input.params["image/bulky-base"].minimal_systems
}

_is_minimal(base) if reference.matches_any(base, input.params["image/bulky-base"].minimal_bases)

_is_digest_only(base) if {
	base.tag == null
	is_string(base.digest)
}
