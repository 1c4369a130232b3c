# METADATA
# title: User of the image is a name
# description: |
#   Looks for images whose user is given by name. Root is left to `image/root-user`, and so are the users of
#   Windows, which have no numbers.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#user
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
# custom:
#   severity: info
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [strict, lint]
#   needs: [config.user.name]
#   checklist: ["K:126", "K:151"]
#   equivalents: {hadolint: [DL3066]}
#   remedy: Set the user by its number, such as `USER 10001:10001`.
#   since: 0.1.0
package checklist.lint["named-user"]

import data.plimsoll.finding

deny contains finding.at_field(image.config, "user", sprintf("image `%s` runs as `%s`, which is no number", [image.name, image.config.user.name])) if {
	some image in input.images
	is_string(image.config.user.name)
	image.config.user.is_root == false
	not _is_windows(image)
}

_is_windows(image) if image.platform.os == "windows"

_is_windows(image) if startswith(image.base.name, "mcr.microsoft.com/windows/")

_is_windows(image) if image.config.user.name == "ContainerUser"
