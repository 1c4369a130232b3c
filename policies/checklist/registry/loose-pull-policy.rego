# METADATA
# title: Moving tag is not pulled again
# description: |
#   Looks for services whose image has a tag that moves from release to release, or none, and whose pull
#   policy keeps what was pulled once: without one, an image is pulled only where it is missing. With a
#   digest, and for what is built, the policy does not matter.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/#pull_policy
# custom:
#   severity: low
#   kinds: [compose]
#   subjects: [container]
#   profiles: [cis, strict]
#   cis: ["5.28"]
#   nist: ["4.2.2"]
#   remedy: 'Set `pull_policy: always`, or pin the image by its digest.'
#   params:
#     accepted:
#       type: list<string>
#       default: [always, daily, "every_*", weekly]
#       description: |
#         Pull policies that keep an image current; `*` stands for any text. Which tags move is said by
#         `image/mutable-tag`.
#   since: 0.1.0
package checklist.registry["loose-pull-policy"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(container.image, sprintf("`%s` is pulled only where it is missing, though its tag moves: container `%s` has no pull policy", [container.image.raw, container.name])) if {
	some container in input.containers
	container.image.pull_policy == null
	_moves(container.image)
}

deny contains finding.at_field(container.image, "pull_policy", sprintf("pull policy `%s` of container `%s` does not keep `%s` current, though its tag moves", [container.image.pull_policy, container.name, container.image.raw])) if {
	some container in input.containers
	is_string(container.image.pull_policy)
	not _is_accepted(container.image)
	_moves(container.image)
}

unknown contains finding.unknown(container, "its pull policy is not known") if {
	some container in input.containers
	object.get(container.image, "pull_policy", "unknown") == "unknown"
	_moves(container.image)
}

unknown contains finding.unknown(container, sprintf("whether the tag of `%s` moves is not known", [container.image.raw])) if {
	some container in input.containers
	is_string(container.image.raw)
	object.get(container.image, "tag", "unknown") == "unknown"
	container.image.build == null
	not _is_accepted(container.image)
}

_is_accepted(image) if wildcard.matches_any(input.params["registry/loose-pull-policy"].accepted, image.pull_policy)

_moves(image) if {
	image.digest == null
	image.build == null
	image.tag == null
}

_moves(image) if {
	image.digest == null
	image.build == null
	wildcard.matches_any(input.params["image/mutable-tag"].mutable_tags, image.tag)
}
