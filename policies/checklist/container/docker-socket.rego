# METADATA
# title: Container can reach the container engine
# description: |
#   Looks for containers that are given the socket of a container engine: as a mount, in a folder that is
#   mounted, as a named pipe, through `use_api_socket`, or over TCP to the host. Whoever can talk to the
#   engine is root on the host; that a mount is read-only does not help.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
#   - ref: https://docs.docker.com/engine/security/protect-access/
# custom:
#   severity: critical
#   levels: {tcp: high}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [mounts, use_api_socket]
#   checklist: ["S1:119", "S1:121", "K:241", "K:243-247"]
#   cis: ["5.32"]
#   nist: ["4.4.3", "4.5.4"]
#   equivalents:
#     kics: [docker_socket_mounted_in_container]
#   remedy: Remove it, or put a proxy before the socket that allows only the calls that are needed.
#   params:
#     socket_paths:
#       type: list<string>
#       default:
#         - /run/containerd/containerd.sock
#         - /run/crio/crio.sock
#         - /run/docker.sock
#         - /run/dockershim.sock
#         - /run/podman/podman.sock
#         - /run/user/*/docker.sock
#         - /run/user/*/podman/podman.sock
#       description: |
#         Sockets of container engines on the host. `*` stands for one segment; `/run` means `/var/run`,
#         too.
#     allowed_images:
#       type: list<string>
#       default: [tecnativa/docker-socket-proxy]
#       description: |
#         Images that may be given a socket, as patterns: a proxy that allows few calls. A folder with the
#         socket in it is still reported.
#   since: 0.1.0
package checklist.container["docker-socket"]

import data.checklist.lib.host_path
import data.checklist.lib.mount
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at_field(mounted, "source", sprintf("container `%s` mounts `%s`, the socket of a container engine", [container.name, mounted.host_path])) if {
	some container in input.containers
	some mounted in mount.from_host(container)
	mounted.origin != "use_api_socket"
	_is_socket(mounted.host_path)
	not workload.runs_any(container, input.params["container/docker-socket"].allowed_images)
}

deny contains finding.at_field(mounted, "source", sprintf("container `%s` mounts `%s`, and the socket of a container engine with it", [container.name, mounted.host_path])) if {
	some container in input.containers
	some mounted in mount.from_host(container)
	mount.shows_socket(mounted.host_path, input.params["container/docker-socket"].socket_paths)
	not _is_socket(mounted.host_path)
}

deny contains finding.at_field(mounted, "source", sprintf("container `%s` mounts `%s`, the pipe of a container engine", [container.name, mounted.source])) if {
	some container in input.containers
	some mounted in container.mounts
	mounted.type in {"bind", "npipe"}
	regex.match(`(?i)[/\\](docker_engine|dockerdesktop)[a-z_]*$`, mounted.source)
	not workload.runs_any(container, input.params["container/docker-socket"].allowed_images)
}

deny contains finding.at_field(container, "use_api_socket", sprintf("container `%s` is given the socket of the engine", [container.name])) if {
	some container in input.containers
	container.use_api_socket == true
	not workload.runs_any(container, input.params["container/docker-socket"].allowed_images)
}

deny contains finding.level("tcp", finding.at_field(variable, "value", sprintf("container `%s` talks to the engine of the host over TCP", [container.name]))) if {
	some container in input.containers
	some variable in container.environment
	variable.name == "DOCKER_HOST"
	_is_host(container, _host(variable.value))
	not workload.runs_any(container, input.params["container/docker-socket"].allowed_images)
}

unknown contains finding.unknown(container, sprintf("what `%s` mounts is not known", [mounted.raw])) if {
	some container in input.containers
	some mounted in mount.unresolved(container)
}

_is_socket(path) if {
	some socket in input.params["container/docker-socket"].socket_paths
	host_path.is_within(path, socket)
}

# An address without a scheme is one of TCP, too.
_host(address) := lower(split(trim_prefix(address, "tcp://"), ":")[0]) if is_string(address)

# Names that engines give to the host, and the address it has on the default bridge.
_is_host(_, name) if {
	name in {"host.docker.internal", "gateway.docker.internal", "host.containers.internal", "172.17.0.1"}
}

_is_host(container, name) if {
	some host in container.extra_hosts
	host.text == sprintf("%s=host-gateway", [name])
}

_is_host(container, name) if {
	workload.is_on_host_network(container)
	name in {"localhost", "127.0.0.1"}
}
