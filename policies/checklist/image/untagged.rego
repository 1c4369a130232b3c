# METADATA
# title: Image reference has no tag
# description: |
#   Looks for references with neither tag nor digest. Docker reads them as `latest`, which is whatever
#   was pushed last.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
# custom:
#   severity: medium
#   kinds: [dockerfile, compose, container]
#   subjects: [reference]
#   profiles: [baseline, cis, strict]
#   needs: [tag]
#   checklist: ["S2:31", "V1", "K:138"]
#   cis: ["4.2"]
#   nist: ["4.1.5"]
#   equivalents:
#     hadolint: [DL3006]
#     trivy: [DS-0001]
#     kics: [image_version_not_explicit]
#     checkov: [CKV_DOCKER_7]
#   remedy: Name a release, such as `name:1.2-variant`, better still with its digest.
#   params:
#     roles:
#       type: list<string>
#       default: [from, copy_from, mount_from, compose, container, context]
#       allowed: [from, copy_from, mount_from, syntax, compose, container, context]
#       description: References to look at, by what they are for.
#   since: 0.1.0
package checklist.image.untagged

import data.plimsoll.finding

deny contains finding.at(ref, sprintf("`%s` has neither tag nor digest", [ref.raw])) if {
	some ref in input.references
	ref.tag == null
	ref.digest == null
	ref.needed == true
	ref.role in input.params["image/untagged"].roles
}
