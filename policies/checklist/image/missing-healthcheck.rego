# METADATA
# title: Image has no HEALTHCHECK
# description: |
#   Looks for a HEALTHCHECK in the stages that ship, or in the base image where that is known, and in
#   the configuration of images that were built. Without one the engine only knows whether the process
#   runs, not whether it answers. The configuration of OCI has no field for it: nobody can tell.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#healthcheck
# custom:
#   severity: low
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   needs: [config.healthcheck]
#   cis: ["4.6"]
#   equivalents:
#     hadolint: [DL3057]
#     trivy: [DS-0026]
#     kics: [healthcheck_instruction_missing]
#     checkov: [CKV_DOCKER_2]
#     dockle: [CIS-DI-0006]
#   remedy: Add a HEALTHCHECK in exec form that asks the application itself.
#   params:
#     exempt_bases:
#       type: list<string>
#       default: [scratch]
#       description: Base images whose descendants need no health check, as patterns.
#   since: 0.1.0
package checklist.image["missing-healthcheck"]

import data.checklist.lib.reference
import data.plimsoll.finding

deny contains finding.at(image, sprintf("image `%s` has no HEALTHCHECK", [image.name])) if {
	some image in input.images
	image.config.healthcheck == null
	not _is_exempt(image)
}

deny contains finding.at(image.config.healthcheck, sprintf("image `%s` switches its HEALTHCHECK off", [image.name])) if {
	some image in input.images
	image.config.healthcheck.disabled == true
	not _is_exempt(image)
}

unknown contains finding.unknown(image, "an OCI configuration has no field for a health check") if {
	some image in input.images
	image.config.healthcheck_supported == false
}

_is_exempt(image) if {
	reference.matches_any(image.base, input.params["image/missing-healthcheck"].exempt_bases)
}
