# METADATA
# title: Control group of the host or of another parent is used
# description: |
#   Looks for containers that see the control groups of the host, and for containers and daemons with a
#   control group of their own choice as parent: limits on the engine's own one do not hold there. On
#   hosts with control groups of version 1 the engine gives no container a namespace for them.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#cgroup-parent
#   - ref: https://docs.docker.com/reference/compose-file/services/#cgroup
#   - ref: https://docs.docker.com/reference/cli/dockerd/#default-cgroup-parent
#   - ref: https://man7.org/linux/man-pages/man7/cgroup_namespaces.7.html
# custom:
#   severity: low
#   kinds: [compose, container, daemon]
#   subjects: [container, daemon]
#   profiles: [baseline, cis, strict]
#   cis: ["2.10", "5.25"]
#   nist: ["4.4.3"]
#   equivalents:
#     kics: [cgroup_not_default]
#   remedy: "Remove `cgroup: host` and `cgroup_parent`, or `cgroup-parent` from daemon.json."
#   params:
#     allowed_cgroup_parents:
#       type: list<string>
#       default: [docker.slice]
#       description: Control groups that may be a parent; `*` stands for any text.
#   since: 0.1.0
package checklist.container["shared-cgroup"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(container.namespaces.cgroup, sprintf("container `%s` shares the control group namespace of the host", [container.name])) if {
	some container in input.containers
	container.namespaces.cgroup.mode == "host"
	_is_chosen_for(container)
}

deny contains finding.at_field(container, "cgroup_parent", sprintf("container `%s` is below the control group `%s`", [container.name, container.cgroup_parent])) if {
	some container in input.containers
	is_string(container.cgroup_parent)
	not _is_allowed(container.cgroup_parent)
}

deny contains finding.at_field(input.daemon, "cgroup_parent", sprintf("containers are put below the control group `%s`", [input.daemon.cgroup_parent])) if {
	is_string(input.daemon.cgroup_parent)
	not _is_allowed(input.daemon.cgroup_parent)
}

deny contains finding.at_field(input.daemon, "cgroup_ns_default", "containers share the control group namespace of the host by default") if {
	input.daemon.cgroup_ns_default == "host"
	_is_chosen
}

unknown contains finding.unknown(container, "whether it has a control group namespace of its own is not known") if {
	some container in input.containers
	object.get(container.namespaces.cgroup, "mode", "absent") == "absent"
}

unknown contains finding.unknown(container, "whether its daemon uses control groups of version 1, where every container shares the host's, is not known") if {
	some container in input.containers
	container.namespaces.cgroup.mode == "host"
	container.source_type == "container"
	not _knows_version
}

unknown contains finding.unknown(container, "its `cgroup_parent` is not known") if {
	some container in input.containers
	object.get(container, "cgroup_parent", "absent") == "absent"
}

unknown contains finding.unknown(input.daemon, "what its flags and its configuration say of `cgroup-parent` is not all known") if {
	object.get(input.daemon, "cgroup_parent", "absent") == "absent"
}

_is_allowed(parent) if wildcard.matches_any(input.params["container/shared-cgroup"].allowed_cgroup_parents, parent)

_is_chosen_for(container) if container.source_type != "container"

# With version 1, an engine writes it into every container.
_is_chosen_for(container) if {
	container.source_type == "container"
	input.linked.daemon.cgroup_version == "2"
}

_knows_version if is_string(input.linked.daemon.cgroup_version)

_is_chosen if input.daemon.cgroup_version == "2"

_is_chosen if {
	some evidence in input.daemon.evidence
	evidence.field == "cgroup_ns_default"
	evidence.from in {"config", "flag"}
}
