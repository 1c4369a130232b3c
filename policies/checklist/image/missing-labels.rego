# METADATA
# title: Image lacks labels
# description: |
#   Looks for the labels that say where an image comes from. They may also be given to the build
#   (`--label`), so that the finding is advice; labels of the base image count for nothing.
# related_resources:
#   - ref: https://github.com/opencontainers/image-spec/blob/main/annotations.md
#   - ref: https://docs.docker.com/reference/dockerfile/#label
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [image]
#   profiles: [baseline, strict]
#   needs: [config.labels]
#   checklist: ["K:137"]
#   equivalents: {hadolint: [DL3049, DL3051]}
#   remedy: Add LABEL instructions, or let the build add the labels.
#   params:
#     required_labels:
#       type: list<string>
#       default:
#         - org.opencontainers.image.source
#         - org.opencontainers.image.authors|org.opencontainers.image.vendor
#         - org.opencontainers.image.licenses
#         - org.opencontainers.image.version|org.opencontainers.image.revision
#       description: Labels that an image has to have; of several with `|` between them, one.
#   since: 0.1.0
package checklist.image["missing-labels"]

import data.plimsoll.finding

deny contains finding.at(image, sprintf("image `%s` lacks labels: %s", [image.name, concat("; ", missing)])) if {
	some image in input.images
	_all_labels_known(image)
	missing := [shown |
		some entry in input.params["image/missing-labels"].required_labels
		keys := split(entry, "|")
		not _has_any(image, keys)
		shown := sprintf("`%s`", [concat("` or `", keys)])
	]
	count(missing) > 0
}

deny contains finding.at_field(label, "value", sprintf("label `%s` is empty", [label.key])) if {
	some image in input.images
	some label in image.config.labels
	label.value == ""
	some entry in input.params["image/missing-labels"].required_labels
	keys := split(entry, "|")
	label.key in keys
	not _has_value(image, keys)
}

unknown contains finding.unknown(image, sprintf("the value of label `%s` is not known", [label.key])) if {
	some image in input.images
	some label in image.config.labels
	object.get(label, "value", null) == null
	some entry in input.params["image/missing-labels"].required_labels
	keys := split(entry, "|")
	label.key in keys
	not _has_value(image, keys)
}

unknown contains finding.unknown(image, "the key of a label is not known") if {
	some image in input.images
	some label in image.config.labels
	object.get(label, "key", null) == null
}

_has_any(image, keys) if {
	some label in image.config.labels
	label.key in keys
}

_has_value(image, keys) if {
	some label in image.config.labels
	label.key in keys
	label.value != ""
}

_all_labels_known(image) if {
	not "labels" in image.config.incomplete
	count([label | some label in image.config.labels; object.get(label, "key", null) == null]) == 0
}
