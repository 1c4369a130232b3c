# METADATA
# title: Image contains an SSH server
# description: |
#   Looks for the packages of SSH servers, for commands that start one, and for port 22 in the image
#   that ships. A container is entered through the engine; a server of its own is one more way in.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/container/exec/
# custom:
#   severity: medium
#   kinds: [dockerfile]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   needs: [installs, config.exposed_ports]
#   cis: ["5.7"]
#   nist: ["4.1.2"]
#   equivalents:
#     trivy: [DS-0004]
#     kics: [exposing_port_22]
#     checkov: [CKV_DOCKER_1]
#   remedy: Take the server out, and use `docker exec` or `docker debug`.
#   params:
#     packages:
#       type: list<string>
#       default: [dropbear, openssh, openssh-server, openssh-server-pam, tinyssh]
#       description: Packages that contain an SSH server.
#     programs:
#       type: list<string>
#       default: [dropbear, sshd, sshd.pam]
#       description: Programs that are an SSH server.
#     ports:
#       type: list<integer>
#       default: [22]
#       description: TCP ports that SSH listens on.
#   since: 0.1.0
package checklist.image["ssh-server"]

import data.plimsoll.finding

deny contains finding.at(item, sprintf("SSH server `%s` is installed in the final image", [item.name])) if {
	some image in input.images
	some operation in image.installs
	some item in operation.packages
	item.name in input.params["image/ssh-server"].packages
	operation.manager in {"apt", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "pacman"}
	item.removed == false
}

deny contains finding.at(port, sprintf("port %d of SSH is exposed", [number])) if {
	some image in input.images
	some port in image.config.exposed_ports
	port.protocol == "tcp"
	some number in input.params["image/ssh-server"].ports
	port.target <= number
	port.target_end >= number
}

deny contains finding.at_item(image.config, field, index, sprintf("image `%s` starts the SSH server `%s`", [image.name, program])) if {
	some image in input.images
	some field in ["entrypoint", "cmd"]
	some index, text in object.get(image.config, field, [])
	some word in split(text, " ")
	path := split(word, "/")
	program := path[count(path) - 1]
	program in input.params["image/ssh-server"].programs
}
