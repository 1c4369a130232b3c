# METADATA
# title: Dockerfile frontend is not trusted
# description: |
#   Looks at `# syntax=`, which names an image that reads the Dockerfile and decides what is built. It
#   has to be one of the allowed ones, with a tag. Without the directive BuildKit's own frontend reads it.
# related_resources:
#   - ref: https://docs.docker.com/build/buildkit/frontend/
#   - ref: https://docs.docker.com/reference/dockerfile/#syntax
# custom:
#   severity: medium
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict]
#   checklist: ["K:160"]
#   nist: ["4.1.5"]
#   remedy: "Write `# syntax=docker/dockerfile:1`, or leave the line out."
#   params:
#     allowed_frontends:
#       type: list<string>
#       default: ["docker/dockerfile:1*", "docker/dockerfile@*", "docker/dockerfile-upstream:*", "docker/dockerfile-upstream@*"]
#       description: Frontends that may read a Dockerfile, as patterns.
#   since: 0.1.0
package checklist.build["untrusted-frontend"]

import data.checklist.lib.reference
import data.plimsoll.finding

deny contains finding.of(input.build, finding.at(ref, sprintf("frontend `%s` is not one of the allowed ones", [ref.raw]))) if {
	some ref in _frontends
	ref.kind == "image"
	not _has_no_tag(ref)
	not reference.matches_any(ref, input.params["build/untrusted-frontend"].allowed_frontends)
}

deny contains finding.of(input.build, finding.at(ref, sprintf("frontend `%s` has neither tag nor digest", [ref.raw]))) if {
	some ref in _frontends
	ref.kind == "image"
	_has_no_tag(ref)
}

unknown contains finding.unknown(input.build, sprintf("frontend `%s` is no image reference", [ref.raw])) if {
	some ref in _frontends
	ref.kind != "image"
}

_frontends := [ref | some ref in input.references; ref.role == "syntax"]

_has_no_tag(ref) if {
	ref.tag == null
	ref.digest == null
}
