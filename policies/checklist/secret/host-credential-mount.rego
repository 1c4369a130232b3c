# METADATA
# title: Credentials of the host are mounted
# description: |
#   Looks for bind mounts of the places where people and programs keep credentials on a host, of what is
#   below them, and of folders above them. That a mount is read-only does not help: credentials are read.
#   A mount of the whole host is left to `container/sensitive-mount`, and what is given to a container as
#   a secret is what this rule asks for.
# related_resources:
#   - ref: https://docs.docker.com/compose/how-tos/use-secrets/
#   - ref: https://docs.docker.com/engine/storage/bind-mounts/
# custom:
#   severity: high
#   levels: {agent: medium}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:146", "K:136", "K:281"]
#   cis: ["5.6"]
#   nist: ["4.5.5"]
#   remedy: Give the container its own credential as a secret.
#   params:
#     credential_paths:
#       type: list<string>
#       default:
#         - ~/.aws
#         - ~/.azure
#         - ~/.cargo/credentials.toml
#         - ~/.config/containers/auth.json
#         - ~/.config/gcloud
#         - ~/.config/gh
#         - ~/.docker
#         - ~/.git-credentials
#         - ~/.gnupg
#         - ~/.kube
#         - ~/.m2/settings.xml
#         - ~/.netrc
#         - ~/.npmrc
#         - ~/.password-store
#         - ~/.pgpass
#         - ~/.pypirc
#         - ~/.ssh
#         - ~/.vault-token
#         - /etc/docker/key.json
#         - /etc/gshadow
#         - /etc/kubernetes
#         - /etc/rancher
#         - /etc/shadow
#         - /etc/ssl/private
#         - /var/lib/docker/swarm
#         - /var/lib/kubelet
#       description: |
#         Files and folders of the host that hold credentials; `*` stands for one segment. `~` is the home
#         folder of anybody, root included.
#     agent_sockets:
#       type: list<string>
#       default:
#         - /run/host-services/ssh-auth.sock
#         - /run/user/*/gnupg
#         - /run/user/*/keyring
#         - /run/user/*/openssh_agent
#         - /run/user/*/ssh-agent.socket
#       description: |
#         Sockets of agents that sign for whoever asks. What `SSH_AUTH_SOCK` names is one, too.
#     allowed_paths:
#       type: list<string>
#       default: [~/.ssh/known_hosts]
#       description: Paths that may be mounted nevertheless.
#   since: 0.1.0
package checklist.secret["host-credential-mount"]

import data.checklist.lib.host_path
import data.checklist.lib.mount
import data.plimsoll.finding

deny contains finding.at_field(mounted, "source", sprintf("container `%s` mounts `%s` of the host, which holds credentials", [container.name, mounted.host_path])) if {
	some container in input.containers
	some mounted in _mounts(container)
	_is_below(mounted.host_path, _credentials)
	not _is_below(mounted.host_path, _allowed)
}

deny contains finding.at_field(mounted, "source", sprintf("container `%s` mounts `%s` of the host, and `%s` with it", [container.name, mounted.host_path, first])) if {
	some container in input.containers
	some mounted in _mounts(container)
	not _is_below(mounted.host_path, _credentials)
	shown := [path |
		some path in _credentials
		host_path.leads_to(mounted.host_path, path)
	]
	first := shown[0]
}

deny contains finding.level("agent", finding.at_field(mounted, "source", sprintf("container `%s` is given the agent `%s`, which signs with the keys of the host", [container.name, mounted.raw]))) if {
	some container in input.containers
	some mounted in container.mounts
	_is_agent(mounted)
}

unknown contains finding.unknown(container, "not all of its mounts are known") if {
	some container in input.containers
	"mounts" in container.incomplete
}

unknown contains finding.unknown(container, sprintf("what `%s` mounts is not known", [mounted.raw])) if {
	some container in input.containers
	some mounted in mount.unresolved(container)
}

_mounts(container) := [mounted |
	some mounted in mount.from_host(container)
	mounted.origin != "secrets"
	not host_path.is_root(mounted.host_path)
	not _is_agent(mounted)
]

_is_agent(mounted) if "SSH_AUTH_SOCK" in mounted.variables

_is_agent(mounted) if {
	is_string(mounted.host_path)
	_is_below(mounted.host_path, input.params["secret/host-credential-mount"].agent_sockets)
}

# Where ssh-agent makes its sockets.
_is_agent(mounted) if {
	is_string(mounted.host_path)
	startswith(mounted.host_path, "/tmp/ssh-")
}

_is_below(path, places) if {
	some place in places
	host_path.is_within(path, place)
}

_credentials := [path |
	some listed in input.params["secret/host-credential-mount"].credential_paths
	some path in _of_anybody(listed)
]

_allowed := [path |
	some listed in input.params["secret/host-credential-mount"].allowed_paths
	some path in _of_anybody(listed)
]

_of_anybody(path) := [concat("", [home, trim_prefix(path, "~")]) | some home in _homes] if {
	startswith(path, "~/")
} else := [path]

_homes := ["~", "/root", "/home/*", "/Users/*", "C:/Users/*"]
