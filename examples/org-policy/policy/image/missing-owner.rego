# METADATA
# title: Image names no owner
# description: Looks for the labels by which ACME finds who runs an image.
# custom:
#   severity: medium
#   kinds: [dockerfile]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   remedy: Add the label to the Dockerfile.
#   params:
#     labels:
#       type: list<string>
#       default: [com.acme.owner, com.acme.cost-center]
#       description: Labels that every image has to have.
package acme.image["missing-owner"]

import data.plimsoll.finding

deny contains finding.at_field(image.config, "labels", sprintf("label `%s` is missing", [wanted])) if {
	some image in input.images
	some wanted in input.params["acme/image/missing-owner"].labels
	every label in image.config.labels {
		label.key != wanted
	}
}
