# METADATA
# title: Image ships tools it does not need
# description: |
#   Looks for package-manager installs of debuggers, editors, download and network tools in the
#   stages that ship, or in the history of an image that was built. What the same RUN removes again is
#   not in the image. Where the package database of the image was read, it counts, too.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages
#   - ref: https://docs.docker.com/reference/cli/docker/debug/
# custom:
#   severity: low
#   levels: {healthcheck: info}
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:34", "K:99"]
#   cis: ["4.3"]
#   nist: ["4.1.2"]
#   remedy: Install the tool in a build stage, or remove it in the same RUN.
#   params:
#     tools:
#       type: list<string>
#       default:
#         - bind-tools
#         - bind-utils
#         - bind9-dnsutils
#         - busybox-extras
#         - curl
#         - dnsutils
#         - emacs
#         - gdb
#         - gdbserver
#         - htop
#         - inetutils-telnet
#         - iputils
#         - iputils-ping
#         - less
#         - ltrace
#         - man-db
#         - nano
#         - nc
#         - ncat
#         - net-tools
#         - "netcat*"
#         - "nmap*"
#         - openssh-client
#         - openssh-clients
#         - procps
#         - procps-ng
#         - socat
#         - strace
#         - sudo
#         - tcpdump
#         - telnet
#         - traceroute
#         - "vim*"
#         - wget
#       description: Names of packages that have no place in a final image; `*` stands for any text.
#   since: 0.1.0
package checklist.image["unneeded-tools"]

import data.checklist.lib.installed
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(item, sprintf("`%s` is installed in the final image", [item.name])) if {
	some image in input.images
	some item in _tools(image)
	not _is_probe(image, item)
}

deny contains finding.level("healthcheck", finding.at(
	item,
	sprintf("`%s` is installed in the final image, where the HEALTHCHECK runs it", [item.name]),
)) if {
	some image in input.images
	some item in _tools(image)
	_is_probe(image, item)
}

deny contains finding.at(group.first, sprintf("image `%s` ships %s", [image.name, group.names])) if {
	some image in input.images
	names := {item.name | some item in image.packages; _is_tool(item.name)}
	some group in installed.beside_history(image, names)
}

unknown contains finding.unknown(image, "what it installs is not known in full") if {
	some image in input.images
	"installs" in image.incomplete
	"packages" in image.incomplete
}

_tools(image) := [item |
	some operation in image.installs
	operation.manager in {"apt", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "pacman"}
	some item in operation.packages
	item.removed == false
	_is_tool(item.name)
]

_is_tool(name) if wildcard.matches_any(input.params["image/unneeded-tools"].tools, name)

# The HEALTHCHECK runs the tool.
_is_probe(image, item) if {
	program := object.get(_programs, item.name, item.name)
	some text in image.config.healthcheck.test
	some word in split(text, " ")
	path := split(word, "/")
	path[count(path) - 1] == program
}

_programs := {"netcat": "nc", "netcat-openbsd": "nc", "netcat-traditional": "nc"}
