# METADATA
# title: Own image has no version in its tag
# description: |
#   Looks at the names of images that the project makes itself: of a service that is built, and of an image
#   that was. None of their tags is a semantic version or a commit, so that nobody can tell what runs. Images
#   without a name are left out.
# related_resources:
#   - ref: https://semver.org/
#   - ref: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
# custom:
#   severity: info
#   kinds: [compose, image]
#   subjects: [container, image]
#   profiles: [strict]
#   checklist: ["K:139"]
#   nist: ["4.2.2"]
#   remedy: Tag the image with the version of the release, and with the commit beside it.
#   params:
#     own_tag_pattern:
#       type: string
#       default: '^v?[0-9]+\.[0-9]+\.[0-9]+([-+].*)?$|^[0-9a-f]{7,40}$'
#       description: A regular expression, in the syntax of Go, that one tag has to match.
#     others:
#       type: list<string>
#       default: []
#       description: Images that others make, as patterns of a name and perhaps a tag.
#   since: 0.1.0
package checklist.image["non-semver-tag"]

import data.checklist.lib.reference
import data.plimsoll.finding

deny contains finding.at(container.image, sprintf("image `%s` that `%s` builds has no version as its tag", [container.image.raw, container.name])) if {
	some container in input.containers
	_is_built(container)
	is_string(container.image.raw)
	_has_known_tag(container)
	not _has_version(_tags_of(container))
}

deny contains finding.at(first, sprintf("image `%s` that `%s` builds has no version as its tag", [first.text, container.name])) if {
	some container in input.containers
	container.image.raw == null
	first := container.image.build.tags[0]
	not "tags" in container.image.build.incomplete
	not _has_version(_tags_of(container))
}

deny contains finding.at(image, sprintf("image `%s` has no version as its tag", [image.name])) if {
	some image in input.images
	tags := [ref.tag | some ref in image.refs; is_string(ref.tag); not _is_of_others(ref)]
	count(tags) > 0
	not _has_version(tags)
	not "refs" in image.incomplete
}

unknown contains finding.unknown(container, "not all names of the image that it builds are known") if {
	some container in input.containers
	_is_built(container)
	_has_unknown_name(container)
	not _has_version(_tags_of(container))
}

unknown contains finding.unknown(image, "its names are not known") if {
	some image in input.images
	"refs" in image.incomplete
	not _has_version([ref.tag | some ref in image.refs; is_string(ref.tag)])
}

_is_built(container) if is_object(container.image.build)

# The reference without a tag means `latest`.
_has_known_tag(container) if {
	not _has_unknown_name(container)
}

_has_unknown_name(container) if {
	is_string(container.image.raw)
	object.get(container.image, "tag", "absent") == "absent"
}

_has_unknown_name(container) if "tags" in container.image.build.incomplete

_tags_of(container) := array.concat(
	[tag | tag := container.image.tag],
	[tag |
		some name in container.image.build.tags
		parts := split(name.text, "/")
		tag := split(parts[count(parts) - 1], ":")[1]
	],
)

_is_of_others(ref) if reference.matches_any(ref, input.params["image/non-semver-tag"].others)

_has_version(tags) if {
	some tag in tags
	is_string(tag)
	regex.match(input.params["image/non-semver-tag"].own_tag_pattern, tag)
}
