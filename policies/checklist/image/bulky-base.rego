# METADATA
# title: Image is built on a bulky base
# description: |
#   Looks at the base of the image that ships. A base with a full distribution brings along hundreds
#   of packages that the application never uses, and that somebody has to patch.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image
#   - ref: https://github.com/GoogleContainerTools/distroless
# custom:
#   severity: medium
#   kinds: [dockerfile]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   needs: [base.kind]
#   checklist: ["S1:29-32", "S2:31", "K:104"]
#   cis: ["4.3"]
#   nist: ["4.1.2"]
#   remedy: Build the final stage on a distroless, Alpine or slim variant of the base.
#   params:
#     minimal_bases:
#       type: list<string>
#       default:
#         - scratch
#         - alpine
#         - busybox
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
	image.base.kind == "image"
	_is_digest_only(image.base)
	not _is_minimal(image.base)
}

unknown contains finding.unknown(image, sprintf("base `%s` is no image reference", [image.base.raw])) if {
	some image in input.images
	image.base.kind != "image"
	image.base.kind != "scratch"
}

_is_minimal(base) if reference.matches_any(base, input.params["image/bulky-base"].minimal_bases)

_is_digest_only(base) if {
	base.tag == null
	is_string(base.digest)
}
