# METADATA
# title: Image runs as root
# description: |
#   Looks at the user that the image's process starts as: the last USER of the target's lineage, or
#   what the base image sets; in an image that was built, the user of its configuration. Nobody set
#   one: that is root. `root:staff`, `0:0` and `00` are root, too.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#user
#   - ref: https://docs.docker.com/build/building/best-practices/#user
# custom:
#   severity: high
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   needs: [config.user.is_root]
#   checklist: ["S1:36-45", "S2:63-72", "V3", "K:125"]
#   cis: ["4.1"]
#   nist: ["4.1.2"]
#   equivalents:
#     hadolint: [DL3002]
#     trivy: [DS-0002]
#     kics: [missing_user_instruction, last_user_is_root]
#     checkov: [CKV_DOCKER_3, CKV_DOCKER_8]
#     dockle: [CIS-DI-0001]
#   remedy: Create a user and end the final stage with `USER 10001:10001`.
#   params:
#     dropping_programs:
#       type: list<string>
#       default: []
#       description: |
#         Programs that give up root before they start the application, such as `gosu` and `su-exec`:
#         an image whose entrypoint names one of them passes.
#     dropping_bases:
#       type: list<string>
#       default: []
#       description: |
#         Base images whose own entrypoint gives up root, such as `postgres`: an image that is built
#         on one of them passes while it sets neither USER nor ENTRYPOINT.
#   since: 0.1.0
package checklist.image["root-user"]

import data.checklist.lib.reference
import data.plimsoll.finding

deny contains finding.at_field(image.config, "user", sprintf("image `%s` runs as root%s", [image.name, _why(image)])) if {
	some image in input.images
	image.config.user.is_root == true
	not _drops_root(image)
}

_why(image) := "" if {
	image.config.user.from == "image"
} else := ": it sets no user" if {
	image.source_type != "dockerfile"
} else := ": no USER is set, and there is no base image" if {
	image.config.user.from == "default"
} else := sprintf(": no USER is set, and base image `%s` runs as root", [image.base.raw]) if {
	image.config.user.from == "table"
} else := sprintf(": no USER is set, and base image `%s` is taken to set none", [image.base.raw])

_drops_root(image) if {
	some word in image.config.entrypoint
	path := split(word, "/")
	path[count(path) - 1] in input.params["image/root-user"].dropping_programs
}

_drops_root(image) if {
	image.config.user.raw == null
	count(image.config.entrypoint) == 0
	reference.matches_any(image.base, input.params["image/root-user"].dropping_bases)
}
