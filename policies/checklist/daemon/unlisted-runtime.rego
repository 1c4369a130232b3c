# METADATA
# title: Runtime is not on the list
# description: |
#   Looks for runtimes that a daemon offers or that a container asks for and that nobody reviewed, and
#   for containers that are labelled as untrusted but do not run in a sandbox.
# related_resources:
#   - ref: https://docs.docker.com/engine/daemon/alternative-runtimes/
#   - ref: https://docs.docker.com/reference/compose-file/services/#runtime
# custom:
#   severity: info
#   kinds: [daemon, container, compose]
#   subjects: [daemon, container]
#   profiles: [strict]
#   checklist: ["K:200-214", "K:230", "K:347"]
#   nist: ["4.4.3"]
#   remedy: Use a runtime that was reviewed, and for code that is not trusted one with a sandbox, such as runsc.
#   params:
#     allowed_runtimes:
#       type: list<string>
#       default:
#         - runc
#         - crun
#         - nvidia
#         - runsc
#         - kata*
#         - io.containerd.runc.v2
#         - io.containerd.runtime.v1.linux
#         - io.containerd.runsc.v1
#         - io.containerd.kata.v2
#         - com.docker.hcsshim.v1
#         - io.containerd.runhcs.v1
#       description: Names and types of runtimes that may be used, as patterns.
#     sandboxed_runtimes:
#       type: list<string>
#       default: [runsc, kata*, io.containerd.runsc.v1, io.containerd.kata.v2]
#       description: Names and types of runtimes that keep a container from the kernel of the host, as patterns.
#     untrusted_labels:
#       type: list<string>
#       default: []
#       description: Labels of containers that need a sandbox, by name or as `name=value`.
#   since: 0.1.0
package checklist.daemon["unlisted-runtime"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(runtime, sprintf("the daemon offers runtime `%s`, which is not on the list", [runtime.name])) if {
	some runtime in input.daemon.runtimes
	not _is_listed(runtime.name, [runtime], _allowed)
}

# One of a type that containerd knows has to be named nowhere else.
deny contains finding.at_field(input.daemon, "default_runtime", sprintf("containers run in runtime `%s` by default, which is not on the list", [name])) if {
	name := input.daemon.default_runtime
	not _is_listed(name, input.daemon.runtimes, _allowed)
	count([runtime | some runtime in input.daemon.runtimes; runtime.name == name]) == 0
}

deny contains finding.at_field(container, "runtime", sprintf("`%s` runs in runtime `%s`, which is not on the list", [container.name, container.runtime])) if {
	some container in input.containers
	is_string(container.runtime)
	not _is_listed(container.runtime, _offered, _allowed)
}

deny contains finding.at_field(container, "runtime", sprintf("`%s` is not trusted, and runs in runtime `%s`, which is no sandbox", [container.name, name])) if {
	some container in input.containers
	_is_untrusted(container)
	name := _runtime(container)
	not _is_listed(name, _offered, input.params["daemon/unlisted-runtime"].sandboxed_runtimes)
}

unknown contains finding.unknown(input.daemon, "not all runtimes are known") if "runtimes" in input.daemon.incomplete

unknown contains finding.unknown(input.daemon, "`default_runtime` is not known") if {
	object.get(input.daemon, "default_runtime", "") == ""
}

unknown contains finding.unknown(container, "`runtime` is not known") if {
	some container in input.containers
	object.get(container, "runtime", "") == ""
}

unknown contains finding.unknown(container, "the runtime that the daemon uses by default is not known") if {
	some container in input.containers
	container.runtime == null
	_is_untrusted(container)
	object.get(_linked, "default_runtime", "") == ""
}

_allowed := input.params["daemon/unlisted-runtime"].allowed_runtimes

_offered := object.get(_linked, "runtimes", [])

_linked := object.get(input.linked, "daemon", {})

# The one it asks for, else that of its daemon; undefined when not known.
_runtime(container) := container.runtime if {
	is_string(container.runtime)
} else := input.linked.daemon.default_runtime if {
	container.runtime == null
}

# By its name, or by the type that the daemon knows it as.
_is_listed(name, _, patterns) if wildcard.matches_any(patterns, name)

_is_listed(name, runtimes, patterns) if {
	some runtime in runtimes
	runtime.name == name
	is_string(runtime.runtime_type)
	wildcard.matches_any(patterns, runtime.runtime_type)
}

_is_untrusted(container) if {
	labels := input.params["daemon/unlisted-runtime"].untrusted_labels
	some label in container.labels
	label.key in labels
}

_is_untrusted(container) if {
	labels := input.params["daemon/unlisted-runtime"].untrusted_labels
	some label in container.labels
	concat("=", [label.key, label.value]) in labels
}
