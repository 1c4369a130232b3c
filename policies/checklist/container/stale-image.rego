# METADATA
# title: Container runs an old image
# description: |
#   Looks for images that were built long ago, for containers that run one, and for containers whose tag
#   names another image today than the one they were created from. Containers and images have to be
#   inspected on the same host at the same time; dates that a reproducible build writes say nothing.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often
#   - ref: https://docs.docker.com/reference/cli/docker/image/inspect/
# custom:
#   severity: low
#   levels: {replaced: low}
#   kinds: [container, image]
#   subjects: [container, image]
#   profiles: [baseline, cis, strict]
#   checklist: ["K:360", "K:186-187"]
#   cis: ["4.4", "5.28"]
#   nist: ["4.1.1", "4.2.2"]
#   remedy: Build the image again, pull it, and create the container anew.
#   params:
#     max_age_days:
#       type: integer
#       default: 90
#       description: Days after which an image is old; 0 accepts any age.
#   since: 0.1.0
package checklist.container["stale-image"]

import data.plimsoll.finding

deny contains finding.related(finding.at(container.image, sprintf("container `%s` runs an image of %s, older than %d days", [container.name, day, _most])), image, "the image") if {
	_most > 0
	some container in input.containers
	image := _image(container)
	day := _day(image)
	day < _oldest
}

deny contains finding.at_field(image, "created", sprintf("image `%s` is of %s, older than %d days", [image.name, day, _most])) if {
	_most > 0
	some image in input.images
	day := _day(image)
	day < _oldest
}

deny contains finding.level("replaced", finding.related(finding.at(container.image, sprintf("container `%s` runs another image than `%s` names today", [container.name, container.image.raw])), image, "the image of that name")) if {
	some container in input.containers
	container.image.match == "reference"
	image := _image(container)
	image.source_type == "docker_inspect"
	container.image.id != image.image_id
	is_string(container.image.id)
}

deny contains finding.level("replaced", finding.related(finding.at(container.image, sprintf("container `%s` runs an image that `%s` does not name any more", [container.name, container.image.raw])), image, "the image")) if {
	some container in input.containers
	container.image.match == "id"
	container.image.digest == null
	image := _image(container)
	image.source_type == "docker_inspect"
	not "refs" in image.incomplete
	not _is_named(image, container.image)
}

unknown contains finding.unknown(container, "its image is not known") if {
	some container in input.containers
	container.image.linked == null
}

unknown contains finding.unknown(judged.subject, "the day of the run is not known") if {
	_most > 0
	some judged in _judged
	object.get(input.meta, "now", "absent") == "absent"
}

unknown contains finding.unknown(judged.subject, "the date of its image is one that reproducible builds write") if {
	_most > 0
	some judged in _judged
	judged.image.created_reproducible == true
}

unknown contains finding.unknown(judged.subject, "its image does not say when it was made") if {
	_most > 0
	some judged in _judged
	_is_undated(judged.image)
}

# What is judged by the age of an image, and the image.
_judged := array.concat(
	[{"subject": image, "image": image} | some image in input.images],
	[{"subject": container, "image": _image(container)} |
		some container in input.containers
		is_string(container.image.linked)
	],
)

_most := input.params["container/stale-image"].max_age_days

_image(container) := input.linked.images[container.image.linked]

# The day it was made, when it says so. Dates of one form sort as text.
_day(image) := substring(image.created, 0, 10) if {
	image.created_reproducible == false
	is_string(image.created)
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T`, image.created)
}

_oldest := substring(time.format(time.add_date(time.parse_rfc3339_ns(input.meta.now), 0, 0, 0 - _most)), 0, 10)

_is_undated(image) if object.get(image, "created", null) == null

_is_undated(image) if {
	is_string(image.created)
	not regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T`, image.created)
}

# By one of its tags: a digest stays when a tag is given to another image.
_is_named(image, wanted) if {
	some ref in image.refs
	ref.name == wanted.name
	ref.tag == object.get({null: "latest"}, wanted.tag, wanted.tag)
}
