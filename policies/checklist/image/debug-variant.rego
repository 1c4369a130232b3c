# METADATA
# title: Image is built on a debug variant
# description: |
#   Looks at the tag of the base of what ships. The debug and dev variants of minimal images bring back
#   what these leave out: a shell, a package manager, tools. On request an image must have no shell at
#   all.
# related_resources:
#   - ref: https://github.com/GoogleContainerTools/distroless#debug-images
#   - ref: https://edu.chainguard.dev/chainguard/chainguard-images/how-to-use/images-features/#development-variants
# custom:
#   severity: low
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:29-32", "S1:34"]
#   cis: ["4.3"]
#   nist: ["4.1.2"]
#   remedy: Build what ships on the tag without `debug` or `dev`, and keep that one for a stage of its own.
#   params:
#     debug_tags:
#       type: list<string>
#       default: [debug, "debug-*", "*-debug", "*-debug-*", "*-dev", "*-sdk"]
#       description: Tags of such variants; `*` stands for any text.
#     forbid_shell:
#       type: boolean
#       default: false
#       description: Whether the image must not contain a shell.
#     shell_less_bases:
#       type: list<string>
#       default: [cgr.dev/chainguard/static, "gcr.io/distroless/*", "*:*chiseled*"]
#       description: |
#         Images without a shell, as patterns of a name and perhaps a tag; asked where the files of the
#         image are not known.
#   since: 0.1.0
package checklist.image["debug-variant"]

import data.checklist.lib.reference
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(image.base, sprintf("image `%s` is built on `%s`, a variant for debugging", [image.name, image.base.raw])) if {
	some image in input.images
	_is_debug(image.base)
}

deny contains finding.at(image.base, sprintf("image `%s` has a shell by its base `%s`", [image.name, image.base.raw])) if {
	input.params["image/debug-variant"].forbid_shell == true
	some image in input.images
	image.base.kind == "image"
	image.files.available == false
	not reference.matches_any(image.base, input.params["image/debug-variant"].shell_less_bases)
	not _is_debug(image.base)
	not _is_digest_only(image.base)
}

deny contains finding.at(file, sprintf("image `%s` has a shell, `%s`", [image.name, file.path])) if {
	input.params["image/debug-variant"].forbid_shell == true
	some image in input.images
	some file in image.files.shells
}

unknown contains finding.unknown(image, sprintf("which variant `%s` is cannot be told from a digest", [image.base.raw])) if {
	some image in input.images
	_is_digest_only(image.base)
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
} else := "nothing says what it is built on"

_is_debug(base) if wildcard.matches_any(input.params["image/debug-variant"].debug_tags, base.tag)

_is_digest_only(base) if {
	base.tag == null
	is_string(base.digest)
}
