# METADATA
# title: Image comes from an untrusted publisher
# description: |
#   Looks for images that are neither Docker Official Images nor published by somebody the policy
#   trusts. Anybody may push to a public registry, under names that look like the real ones.
# related_resources:
#   - ref: https://docs.docker.com/docker-hub/image-library/trusted-content/
#   - ref: https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image
# custom:
#   severity: medium
#   kinds: [dockerfile, compose, container, image]
#   subjects: [reference]
#   profiles: [baseline, cis, strict]
#   needs: [name]
#   checklist: ["S2:31-39", "V1", "K:123-124"]
#   cis: ["4.2"]
#   nist: ["4.1.5"]
#   remedy: Use the official image, or add the publisher to `trusted_publishers` after a review.
#   params:
#     trusted_publishers:
#       type: list<string>
#       default:
#         - "cgr.dev/chainguard/*"
#         - "dhi.io/*"
#         - "docker.io/docker/*"
#         - "docker.io/library/*"
#         - "docker.io/amd64/*"
#         - "docker.io/arm32v5/*"
#         - "docker.io/arm32v6/*"
#         - "docker.io/arm32v7/*"
#         - "docker.io/arm64v8/*"
#         - "docker.io/i386/*"
#         - "docker.io/mips64le/*"
#         - "docker.io/ppc64le/*"
#         - "docker.io/riscv64/*"
#         - "docker.io/s390x/*"
#         - "gcr.io/distroless/*"
#         - "mcr.microsoft.com/*"
#         - "public.ecr.aws/amazonlinux/*"
#         - "public.ecr.aws/docker/library/*"
#         - "public.ecr.aws/lambda/*"
#         - "registry.access.redhat.com/*"
#         - "registry.fedoraproject.org/*"
#         - "registry.k8s.io/*"
#         - "registry.redhat.io/*"
#         - "registry.suse.com/*"
#       description: Whose images may be used, as patterns. Add your own organisation's.
#     denied_images:
#       type: list<string>
#       default: []
#       description: Images that may not be used, whoever publishes them, as patterns.
#     mirrors:
#       type: map<string>
#       default: {}
#       description: |
#         Prefixes of mirrors and what they stand for, such as `registry.example.com/hub/:
#         docker.io/`: images behind them are judged by their original name.
#   since: 0.1.0
package checklist.image["untrusted-publisher"]

import data.checklist.lib.mirror
import data.checklist.lib.reference
import data.plimsoll.finding

deny contains finding.at(ref, sprintf("`%s` does not come from a trusted publisher", [ref.raw])) if {
	some ref in _images
	original := mirror.original(ref, input.params["image/untrusted-publisher"].mirrors)
	not reference.matches_any(original, input.params["image/untrusted-publisher"].trusted_publishers)
	not reference.may_match_any(original, input.params["image/untrusted-publisher"].trusted_publishers)
	not reference.matches_any(original, input.params["image/untrusted-publisher"].denied_images)
}

deny contains finding.at(ref, sprintf("`%s` is an image that must not be used", [ref.raw])) if {
	some ref in _images
	original := mirror.original(ref, input.params["image/untrusted-publisher"].mirrors)
	reference.matches_any(original, input.params["image/untrusted-publisher"].denied_images)
}

unknown contains finding.unknown(ref, sprintf("tag and digest of `%s` are not known", [ref.raw])) if {
	some ref in _images
	original := mirror.original(ref, input.params["image/untrusted-publisher"].mirrors)
	_may_differ(original)
}

_may_differ(ref) if {
	reference.may_match_any(ref, input.params["image/untrusted-publisher"].trusted_publishers)
	not reference.matches_any(ref, input.params["image/untrusted-publisher"].trusted_publishers)
}

_may_differ(ref) if {
	reference.may_match_any(ref, input.params["image/untrusted-publisher"].denied_images)
	not reference.matches_any(ref, input.params["image/untrusted-publisher"].denied_images)
}

# What has a name is an image, also where its tag depends on a variable.
_images := [object.union(ref, {"kind": "image"}) |
	some ref in input.references
	is_string(ref.name)
	ref.needed == true
	ref.role != "syntax"
]
