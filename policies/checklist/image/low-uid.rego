# METADATA
# title: User id may be one of the host's own
# description: |
#   Looks at the number of the user that runs the process: as it is written, as `useradd -u` or `adduser -u`
#   gives it in the build, as the accounts of the image have it, or as well-known base images do. Hosts
#   give numbers below the floor to people and services of their own, and without a user namespace an id
#   of a container is the same id on the host. Root is left to `image/root-user` and `container/root-user`.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/userns-remap/
#   - ref: https://docs.docker.com/reference/dockerfile/#user
# custom:
#   severity: info
#   kinds: [dockerfile, image, compose, container]
#   subjects: [image, container]
#   profiles: [baseline, strict]
#   checklist: ["K:128", "S1:36-45"]
#   nist: ["4.1.2"]
#   remedy: "Create the user with `adduser -u 10001` or `useradd -u 10001`, and end with `USER 10001:10001`."
#   params:
#     min_uid:
#       type: integer
#       default: 10000
#       description: The lowest number that a user may have.
#     forbid_root_group:
#       type: boolean
#       default: false
#       description: Whether group 0 is reported, too, which is also the group of a number without an account.
#   since: 0.1.0
package checklist.image["low-uid"]

import data.checklist.lib.reference
import data.plimsoll.finding

deny contains finding.at_field(subject.config, "user", sprintf("image `%s` runs as `%s`, whose id %d is below %d", [subject.name, subject.config.user.raw, uid, least])) if {
	some subject in input.images
	subject.config.user.is_root == false
	is_string(subject.config.user.raw)
	uid := _uid(subject.config.user, subject)
	least := input.params["image/low-uid"].min_uid
	uid < least
}

deny contains finding.at_field(subject.config, "user", sprintf("image `%s` runs as id %d of its base `%s`, which is below %d", [subject.name, uid, subject.base.raw, least])) if {
	some subject in input.images
	subject.config.user.is_root == false
	subject.config.user.raw == null
	uid := _uid(subject.config.user, subject)
	least := input.params["image/low-uid"].min_uid
	uid < least
}

deny contains finding.at_field(subject.config, "user", sprintf("image `%s` runs as `%s`, a system account, whose id is below %d", [subject.name, subject.config.user.name, least])) if {
	some subject in input.images
	least := input.params["image/low-uid"].min_uid
	least >= 1000
	_is_system(subject.config.user)
}

deny contains finding.at(container.user, sprintf("container `%s` runs with user id %d, which is below %d", [container.name, uid, least])) if {
	some container in input.containers
	container.user.is_root == false
	uid := _uid(container.user, _image(container))
	least := input.params["image/low-uid"].min_uid
	uid < least
}

deny contains finding.at(container.user, sprintf("container `%s` runs as `%s`, a system account, whose id is below %d", [container.name, container.user.name, least])) if {
	some container in input.containers
	least := input.params["image/low-uid"].min_uid
	least >= 1000
	_is_system(container.user)
}

deny contains finding.at_field(subject.config, "user", sprintf("image `%s` runs with group `%s`, which is root's", [subject.name, subject.config.user.group])) if {
	input.params["image/low-uid"].forbid_root_group == true
	some subject in input.images
	subject.config.user.is_root == false
	subject.config.user.group in {"0", "root"}
}

deny contains finding.at(container.user, sprintf("container `%s` runs with group `%s`, which is root's", [container.name, container.user.group])) if {
	input.params["image/low-uid"].forbid_root_group == true
	some container in input.containers
	container.user.is_root == false
	container.user.group in {"0", "root"}
}

unknown contains finding.unknown(subject, "the id of its user is not known") if {
	some subject in input.images
	_is_unclear(subject.config.user, subject)
}

unknown contains finding.unknown(container, "the id of its user is not known") if {
	some container in input.containers
	_is_unclear(container.user, _image(container))
}

unknown contains finding.unknown(subject, "the group of its user is not known") if {
	input.params["image/low-uid"].forbid_root_group == true
	some subject in input.images
	_has_unclear_group(subject.config.user)
}

unknown contains finding.unknown(container, "the group of its user is not known") if {
	input.params["image/low-uid"].forbid_root_group == true
	some container in input.containers
	_has_unclear_group(container.user)
}

_is_unclear(user, image) if {
	object.get(user, "is_root", false) == false
	not _uid(user, image)
}

# Whoever writes no group gets that of the account, or 0 where there is no account.
_has_unclear_group(user) if {
	user.is_root == false
	user.group == null
}

# The image that a container runs, as far as it is known.
_image(container) := image if {
	is_string(container.image.linked)
	image := input.linked.images[container.image.linked]
} else := container.image

_uid(user, image) := user.uid if {
	is_number(user.uid)
} else := numbers[0] if {
	numbers := _of_image(user, image)
	count(numbers) > 0
} else := numbers[0] if {
	numbers := _of_base(user, image)
}

# A container may run as another user of its image.
_of_image(user, image) := array.concat(
	[account.uid |
		some account in image.files.accounts
		account.name == user.name
	],
	[other.uid |
		some other in [image.config.user]
		other.name == user.name
		is_number(other.uid)
	],
)

_of_base(user, image) := [number |
	some row in input.data["base-users"].images
	number := row.uids[user.name]
	user.created_in_build != true
	reference.matches(_base(image), row.name)
]

# Of a container whose image is not here that image is all that is known.
_base(image) := image.base if {
	image.base
} else := object.union(image, {"kind": "image"})

_is_system(user) if {
	user.system == true
}

_is_system(user) if {
	user.created_in_build != true
	user.name in input.data["base-users"].system
}
