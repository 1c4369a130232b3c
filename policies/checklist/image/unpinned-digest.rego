# METADATA
# title: Image reference is not pinned to a digest
# description: |
#   Looks for references without a digest. A tag is a name that its owner may move at any time; only
#   a digest says which image is meant. Something has to renew it then, or it is never patched.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
#   - ref: https://docs.docker.com/dhi/core-concepts/digests/
# custom:
#   severity: low
#   kinds: [dockerfile, compose, container]
#   subjects: [reference]
#   profiles: [strict]
#   needs: [digest]
#   checklist: ["K:140", "K:143-147"]
#   cis: ["4.2", "5.28"]
#   nist: ["4.1.5"]
#   remedy: Write the digest behind the tag, and let a bot renew both.
#   params:
#     scope:
#       type: string
#       default: all
#       allowed: [all, shipped]
#       description: All references, or only the base of the image that ships.
#   since: 0.1.0
package checklist.image["unpinned-digest"]

import data.plimsoll.finding

deny contains finding.at(ref, sprintf("`%s` is not pinned to a digest", [ref.raw])) if {
	some ref in input.references
	ref.digest == null
	ref.needed == true
	ref.role != "syntax"
	_in_scope(ref)
}

_in_scope(_) if input.params["image/unpinned-digest"].scope == "all"

_in_scope(ref) if ref.shipped == true
