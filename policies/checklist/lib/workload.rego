# METADATA
# title: Workloads
# description: |
#   What several rules ask of a container, whatever describes it. The functions take an entry of
#   `input.containers`.
package checklist.lib.workload

import data.checklist.lib.reference

# METADATA
# description: |
#   Whether the container is known to be privileged. That gives it all capabilities and all devices,
#   and takes seccomp, AppArmor and SELinux from it, whatever else is written: `container/privileged`
#   says so once, and rules on these parts are silent. Of a container of which it is not known they
#   judge what is written.
# custom:
#   types: {container: Container}
is_privileged(container) if container.privileged == true

# METADATA
# description: |
#   Whether the container runs one of these images, by the patterns that `checklist.lib.reference`
#   describes; undefined when not, and when its image is not known or has no name.
# custom:
#   types: {container: Container, patterns: [string]}
runs_any(container, patterns) if {
	count(patterns) > 0
	reference.matches_any(object.union(container.image, {"kind": "image"}), patterns)
}

# METADATA
# description: |
#   Whether the container is known to be on the host's network, its own or another container's. Such a
#   container publishes no ports: the engine ignores them.
# custom:
#   types: {container: Container}
is_on_host_network(container) if container.namespaces.network.effective == "host"

# METADATA
# description: |
#   Whether one of the words is one of the programs, by its path or by its bare name: `gosu` is
#   `/usr/local/bin/gosu`, too. For entrypoints that give up root.
# custom:
#   types: {words: [string], programs: [string]}
names_program(words, programs) if {
	some word in words
	path := split(word, "/")
	path[count(path) - 1] in programs
}
