# METADATA
# title: Own image goes to a public registry
# description: |
#   Looks for services that are built and deployed from the same file under a name in a public registry,
#   and for images with a name in one of your own namespaces there. Whether a repository is private cannot
#   be seen. A service without `deploy` is taken for one that stays on the machine.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/build/#using-build-and-image
#   - ref: https://docs.docker.com/docker-hub/repos/
# custom:
#   severity: low
#   kinds: [compose, image]
#   subjects: [container, image]
#   profiles: [baseline, strict]
#   checklist: ["S1:112", "K:189"]
#   nist: ["4.2.3"]
#   remedy: Put your private registry in front of the image's name.
#   params:
#     public_registries:
#       type: list<string>
#       default: [docker.io, ghcr.io, quay.io]
#       description: Registries where a repository may be public; `*` stands for any text.
#     public_namespaces:
#       type: list<string>
#       default: []
#       description: Namespaces whose images are meant for everybody, as `ghcr.io/acme/*`.
#     own_namespaces:
#       type: list<string>
#       default: []
#       description: |
#         Your own namespaces in public registries, as `docker.io/acme/*`: an image that has such a name is
#         yours. With none, an image does not tell whose it is.
#   since: 0.1.0
package checklist.registry["public-own-image"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(container.image, sprintf("container `%s` is built here, and its image `%s` goes to a public registry", [container.name, container.image.raw])) if {
	some container in input.containers
	_is_pushed(container)
	_is_public(container.image.name)
}

deny contains finding.at(ref, sprintf("`%s` is your own image in a public registry", [ref.raw])) if {
	some image in input.images
	some ref in image.refs
	_is_public(ref.name)
	wildcard.matches_any(input.params["registry/public-own-image"].own_namespaces, ref.name)
}

unknown contains finding.unknown(container, sprintf("where `%s` goes is not known", [container.image.raw])) if {
	some container in input.containers
	_is_pushed(container)
	is_string(container.image.raw)
	not is_string(object.get(container.image, "name", null))
}

unknown contains finding.unknown(image, sprintf("whether `%s` is your own image is not known", [ref.raw])) if {
	count(input.params["registry/public-own-image"].own_namespaces) == 0
	some image in input.images
	some ref in image.refs
	_is_public(ref.name)
}

_is_pushed(container) if {
	container.image.build != null
	container.deploy != null
}

# Nobody but Docker has names without a namespace: one is never pushed.
_is_public(name) if {
	wildcard.matches_any(input.params["registry/public-own-image"].public_registries, split(name, "/")[0])
	not startswith(name, "docker.io/library/")
	not wildcard.matches_any(input.params["registry/public-own-image"].public_namespaces, name)
}
