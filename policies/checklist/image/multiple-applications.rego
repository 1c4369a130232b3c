# METADATA
# title: Container runs several applications
# description: |
#   Looks for process managers, for shell commands that leave a program in the background, and for ports of
#   several different services. A container is stopped, limited, restarted and logged as one: it should be
#   one. A sign, and not a proof.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#decouple-applications
#   - ref: https://docs.docker.com/engine/containers/multi-service_container/
# custom:
#   severity: info
#   kinds: [dockerfile, image, compose, container]
#   subjects: [image, container]
#   profiles: [strict]
#   checklist: ["K:101"]
#   remedy: Give each application an image and a service of its own.
#   params:
#     process_managers:
#       type: list<string>
#       default:
#         - /init
#         - /sbin/init
#         - circusd
#         - monit
#         - pm2
#         - runsvdir
#         - s6-svscan
#         - supervisord
#         - systemd
#       description: Programs that start others, by their name or, with a slash, by their whole path.
#     init_programs:
#       type: list<string>
#       default: [catatonit, docker-init, dumb-init, tini, tini-static]
#       description: Programs that start one other only, which is looked at instead.
#     max_services:
#       type: integer
#       default: 2
#       description: How many different services the exposed ports may stand for.
#   since: 0.1.0
package checklist.image["multiple-applications"]

import data.checklist.lib.port
import data.plimsoll.finding

deny contains finding.at_item(image.config, line.field, line.index, sprintf("image `%s` starts the process manager `%s`", [image.name, line.program])) if {
	some image in input.images
	some line in _managed([["entrypoint", image.config.entrypoint], ["cmd", image.config.cmd]])
}

deny contains finding.at_item(image.config, line.field, line.index, sprintf("image `%s` starts a program in the background", [image.name])) if {
	some image in input.images
	some line in _scripts([["entrypoint", image.config.entrypoint], ["cmd", image.config.cmd]])
	_leaves_behind(line.text)
}

deny contains finding.at(image.config.exposed_ports[0], sprintf("image `%s` exposes ports of %d services: %s", [image.name, count(services), concat(", ", sort(services))])) if {
	some image in input.images
	services := _services(image.config.exposed_ports)
	count(services) > input.params["image/multiple-applications"].max_services
}

deny contains finding.at_item(container, line.field, line.index, sprintf("container `%s` starts the process manager `%s`", [container.name, line.program])) if {
	some container in input.containers
	some line in _managed([["entrypoint", container.entrypoint], ["command", container.command]])
}

deny contains finding.at_item(container, line.field, line.index, sprintf("container `%s` starts a program in the background", [container.name])) if {
	some container in input.containers
	some line in _scripts([["entrypoint", container.entrypoint], ["command", container.command]])
	_leaves_behind(line.text)
}

deny contains finding.at(container.ports[0], sprintf("container `%s` publishes ports of %d services: %s", [container.name, count(services), concat(", ", sort(services))])) if {
	some container in input.containers
	services := _services(container.ports)
	count(services) > input.params["image/multiple-applications"].max_services
}

unknown contains finding.unknown(image, "what it starts is not known") if {
	some image in input.images
	some field in ["entrypoint", "cmd"]
	field in image.config.incomplete
}

unknown contains finding.unknown(container, "what it starts is not known") if {
	some container in input.containers
	some field in ["entrypoint", "command"]
	field in container.incomplete
}

# The command that starts the process: the first line that is not empty, and in it the program that an init
# program or a shell starts in turn.
_managed(lines) := array.concat(
	[{"field": line.field, "index": line.index, "program": line.program} |
		some line in array.slice(_programs(lines), 0, 1)
		_is_manager(line.program)
	],
	[{"field": line.field, "index": line.index, "program": program} |
		some line in _scripts(lines)
		some part in split(replace(replace(line.text, "&&", ";"), "||", ";"), ";")
		words := [word | some word in split(trim_prefix(trim(part, " &\n"), "exec "), " "); word != ""]
		some program in array.slice(words, 0, 1)
		_is_manager(program)
	],
)

# The words that may be the program, in order: neither options, nor what comes before `--`, nor init programs.
_programs(lines) := [{"field": line[0], "index": index, "program": word} |
	some line in lines
	some index, word in line[1]
	not startswith(word, "-")
	not "--" in array.slice(line[1], index, count(line[1]))
	not _base(word) in input.params["image/multiple-applications"].init_programs
]

# Scripts that a shell is given on its command line.
_scripts(lines) := [{"field": line[0], "index": index, "text": word} |
	some line in lines
	some index, word in line[1]
	line[1][index - 1] in {"-c", "-ec", "-lc", "-xc", "-exc", "-euc"}
	_base(line[1][index - 2]) in {"sh", "bash", "ash", "dash"}
]

_is_manager(program) if program in input.params["image/multiple-applications"].process_managers

_is_manager(program) if _base(program) in input.params["image/multiple-applications"].process_managers

_base(path) := parts[count(parts) - 1] if parts := split(path, "/")

# `&` as a word or at the end of one, but neither `&&` nor a redirection such as `2>&1`.
_leaves_behind(text) if {
	contains(text, "&")
	regex.match(`(^|[^&<>|\\])&([\s;)]|$)`, text)
}

# Different services by their usual ports; what serves the web is one. A range is of one service, whatever ports
# are in it.
_services(ports) := {service |
	some entry in ports
	entry.target == entry.target_end
	some service in port.services(entry, array.concat(input.data["sensitive-ports"].ports, _web))
}

_web := [
	{"port": 80, "protocols": ["tcp"], "service": "HTTP"},
	{"port": 443, "protocols": ["tcp"], "service": "HTTP"},
	{"port": 8080, "protocols": ["tcp"], "service": "HTTP"},
	{"port": 8443, "protocols": ["tcp"], "service": "HTTP"},
]
