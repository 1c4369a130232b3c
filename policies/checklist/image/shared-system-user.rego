# METADATA
# title: Image runs as a shared system account
# description: |
#   Looks for users such as `nobody` and `www-data`, which other programs of the image or the host run
#   as, too, and for users that do not exist in the image at all.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#user
#   - ref: https://www.debian.org/doc/debian-policy/ch-opersys.html#uid-and-gid-classes
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   needs: [config.user.is_root]
#   checklist: ["K:126", "S1:42", "S2:66"]
#   cis: ["4.1"]
#   nist: ["4.1.2"]
#   remedy: Create a user for the application alone, or give USER a number of its own.
#   params:
#     shared_accounts:
#       type: list<string>
#       default: [backup, bin, daemon, ftp, games, guest, lp, mail, man, news, nobody, operator, sync, sys, uucp, www-data]
#       description: Names of accounts that do not belong to one application.
#   since: 0.1.0
package checklist.image["shared-system-user"]

import data.checklist.lib.reference
import data.plimsoll.finding

deny contains finding.at_field(
	image.config, "user",
	sprintf("image `%s` runs as `%s`, an account that others share", [image.name, image.config.user.name]),
) if {
	some image in input.images
	image.config.user.created_in_build != true
	_is_shared(image.config.user.name)
}

deny contains finding.at_field(
	image.config, "user",
	sprintf("image `%s` runs as `%s`, which nothing creates", [image.name, image.config.user.name]),
) if {
	some image in input.images
	_is_foreign(image)
	image.base.kind == "scratch"
}

unknown contains finding.unknown(
	image,
	sprintf("whether base image `%s` has a user `%s` is not known", [image.base.raw, image.config.user.name]),
) if {
	some image in input.images
	_is_foreign(image)
	not _comes_with_base(image)
}

# A name of its own that no command of the build creates.
_is_foreign(image) if {
	image.config.user.is_root == false
	image.config.user.created_in_build == false
	not _is_shared(image.config.user.name)
}

_is_shared(name) if name in input.params["image/shared-system-user"].shared_accounts

_comes_with_base(image) if {
	some row in input.data["base-users"].images
	image.config.user.name in row.users
	reference.matches(image.base, row.name)
}

# Windows has it in every image.
_comes_with_base(image) if lower(image.config.user.name) == "containeruser"
