# METADATA
# title: Port is published without need
# description: |
#   Looks for containers that publish all their ports, many ports, ranges of ports, ports that the
#   policy does not list, and ports that their image does not expose.
# related_resources:
#   - ref: https://docs.docker.com/engine/network/port-publishing/
#   - ref: https://docs.docker.com/reference/compose-file/services/#expose
# custom:
#   severity: medium
#   levels: {unexposed: low}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [publish_all, ports]
#   checklist: ["S1:190", "K:340-345"]
#   cis: ["5.9"]
#   nist: ["4.4.2"]
#   remedy: Publish, one by one, the ports that somebody outside of the host needs.
#   params:
#     allowed_ports:
#       type: list<integer>
#       default: []
#       description: Ports in containers that may be published; empty allows any.
#     max_published:
#       type: integer
#       default: 10
#       description: How many ports a container may publish.
#     max_range:
#       type: integer
#       default: 1
#       description: How many ports one entry may publish.
#     require_exposed:
#       type: boolean
#       default: true
#       description: |
#         Whether a published port has to be one that the image exposes. Where the image is not known,
#         neither is the verdict.
#   since: 0.1.0
package checklist.container["unneeded-port"]

import data.checklist.lib.port
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at_field(container, "publish_all", sprintf("container `%s` publishes every port that its image exposes", [container.name])) if {
	some container in input.containers
	container.publish_all == true
	not workload.is_on_host_network(container)
}

deny contains finding.at_field(container, "ports", sprintf("container `%s` publishes more than %d ports", [container.name, most])) if {
	most := input.params["container/unneeded-port"].max_published
	some container in input.containers
	count(container.ports) > most
	not workload.is_on_host_network(container)
}

deny contains finding.at(published, sprintf("container `%s` publishes a range of ports, `%s`", [container.name, published.raw])) if {
	some container in input.containers
	some published in container.ports
	_is_wide(published)
	not workload.is_on_host_network(container)
}

deny contains finding.at(published, sprintf("container `%s` publishes `%s`, which the policy does not allow", [container.name, published.raw])) if {
	some container in input.containers
	some published in container.ports
	_is_unlisted(published)
	not _is_wide(published)
	not workload.is_on_host_network(container)
}

deny contains finding.level("unexposed", finding.at(published, sprintf("container `%s` publishes `%s`, which its image does not expose", [container.name, published.raw]))) if {
	input.params["container/unneeded-port"].require_exposed == true
	some container in input.containers
	exposed := _exposed(container)
	some published in container.ports
	_is_unexposed(published, exposed)
	not _is_unlisted(published)
	not _is_wide(published)
	not workload.is_on_host_network(container)
}

unknown contains finding.unknown(container, "which ports its image exposes is not known") if {
	input.params["container/unneeded-port"].require_exposed == true
	some container in input.containers
	count(container.ports) > 0
	not _exposed(container)
	not workload.is_on_host_network(container)
}

unknown contains finding.unknown(container, sprintf("the port of `%s` is not known", [published.raw])) if {
	some container in input.containers
	some published in container.ports
	object.get(published, "target", "absent") == "absent"
	not workload.is_on_host_network(container)
}

_is_wide(published) if (published.target_end - published.target) + 1 > input.params["container/unneeded-port"].max_range

_is_unlisted(published) if {
	allowed := input.params["container/unneeded-port"].allowed_ports
	count(allowed) > 0
	is_number(published.target)
	not port.is_any_of(published, allowed)
}

# What the image exposes; undefined when that is not known in full.
_exposed(container) := exposed if {
	config := input.linked.images[container.image.linked].config
	not "exposed_ports" in config.incomplete
	exposed := config.exposed_ports
}

_is_unexposed(published, exposed) if {
	is_number(published.target)
	count([one |
		some one in exposed
		one.protocol == object.get(published, "protocol", one.protocol)
		one.target <= published.target
		published.target_end <= one.target_end
	]) == 0
}
