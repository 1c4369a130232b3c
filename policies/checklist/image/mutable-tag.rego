# METADATA
# title: Image reference has a floating tag
# description: |
#   Looks for tags that move from release to release, such as `latest` and `lts`. With a digest beside
#   it the tag says nothing any more, and passes.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
# custom:
#   severity: medium
#   kinds: [dockerfile, compose, container]
#   subjects: [reference]
#   profiles: [baseline, cis, strict]
#   needs: [tag]
#   checklist: ["S2:35-36", "V1", "K:140"]
#   cis: ["4.2"]
#   nist: ["4.1.5"]
#   equivalents:
#     hadolint: [DL3007]
#     trivy: [DS-0001]
#     kics: [image_version_using_latest]
#     checkov: [CKV_DOCKER_7]
#     dockle: [DKL-DI-0006]
#   remedy: Use the tag of a release, better still with its digest.
#   params:
#     mutable_tags:
#       type: list<string>
#       default:
#         - canary
#         - current
#         - "current-*"
#         - dev
#         - devel
#         - develop
#         - edge
#         - latest
#         - "latest-*"
#         - lts
#         - "lts-*"
#         - main
#         - mainline
#         - "mainline-*"
#         - master
#         - nightly
#         - prod
#         - production
#         - rolling
#         - sid
#         - sid-slim
#         - snapshot
#         - stable
#         - "stable-alpine*"
#         - stable-slim
#         - staging
#         - test
#         - testing
#         - testing-slim
#         - unstable
#         - unstable-slim
#       description: Tags that move; `*` stands for any text.
#     min_version_components:
#       type: integer
#       default: 0
#       description: |
#         How many numbers the version in a tag has to have: with 2, `python:3` fails and `python:3.12`
#         passes. 0 asks for no version.
#   since: 0.1.0
package checklist.image["mutable-tag"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at_field(ref, "tag", sprintf("tag `%s` of `%s` moves from release to release", [ref.tag, ref.raw])) if {
	some ref in _tagged
	_moves(ref.tag)
}

deny contains finding.at_field(ref, "tag", sprintf("tag `%s` of `%s` does not name one release", [ref.tag, ref.raw])) if {
	least := input.params["image/mutable-tag"].min_version_components
	some ref in _tagged
	not _moves(ref.tag)
	_components(ref.tag) < least
}

_tagged := [ref |
	some ref in input.references
	ref.digest == null
	is_string(ref.tag)
	ref.needed == true
	ref.role != "syntax"
]

_moves(tag) if {
	wildcard.matches_any(input.params["image/mutable-tag"].mutable_tags, tag)
	not _names_release(tag)
}

# Stackage's `lts-22.30` is one release of its long-term branch.
_names_release(tag) if regex.match(`^[a-z]+-v?[0-9]+\.[0-9]`, tag)

# How many numbers the version at the start of a tag has: `v1.2.3-alpine` has three, `slim` none.
_components(tag) := count([number |
	some part in split(trim_prefix(split(tag, "-")[0], "v"), ".")
	number := part
	regex.match(`^[0-9]+$`, part)
])
