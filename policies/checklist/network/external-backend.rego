# METADATA
# title: Database is on a network with a way out
# description: |
#   Looks for containers that keep data for others, publish no port, and are on a network that is not
#   internal: whoever takes one over can send the data anywhere. A second network that has a way out is
#   one, too.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/networks/#internal
# custom:
#   severity: low
#   kinds: [compose, container, network]
#   subjects: [container, network]
#   profiles: [baseline, strict]
#   checklist: ["S2:125-127", "V6"]
#   nist: ["4.4.2"]
#   remedy: 'Put the database on a network of its own with `internal: true`.'
#   params:
#     data_images:
#       type: list<string>
#       default: []
#       description: |
#         Images that keep data for others, as patterns, beside those in the policy's table.
#     tier_label:
#       type: string
#       default: tier
#       description: The label, of a container or of a network, that says which tier it is of.
#     data_tiers:
#       type: list<string>
#       default: [data, database, db]
#       description: Values of that label for what keeps data.
#     exempt:
#       type: list<string>
#       default: []
#       description: |
#         Names of containers that need a way out, for backups, replication or a licence; `*` stands for any
#         text.
#   since: 0.1.0
package checklist.network["external-backend"]

import data.checklist.lib.wildcard
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at(endpoint, sprintf("`%s`, which keeps data, is on network `%s`, which has a way out", [container.name, endpoint.name])) if {
	some network in _networks
	network.internal == false
	some container in input.containers
	some endpoint in container.networks
	endpoint.name == network.name
	_keeps_data(container) == "yes"
	not _needs_out(container)
}

deny contains finding.at_field(network, "internal", sprintf("network `%s`, which is for what keeps data, has a way out", [network.name])) if {
	some network in input.networks
	network.internal == false
	_is_labelled(network.labels)
}

unknown contains finding.unknown(container, sprintf("whether network `%s` has a way out is not known", [endpoint.name])) if {
	some container in input.containers
	some endpoint in container.networks
	not _is_known(endpoint.name)
	_keeps_data(container) == "yes"
	not _needs_out(container)
}

unknown contains finding.unknown(container, "whether it keeps data is not known") if {
	some container in input.containers
	_keeps_data(container) == "unknown"
	not _needs_out(container)
	some endpoint in container.networks
	not _is_internal(endpoint.name)
}

# What an engine says of its networks: who is attached, but not what they are.
unknown contains finding.unknown(network, "whether a container on it keeps data is not known") if {
	input.document.kind == "network"
	some network in input.networks
	network.internal == false
	count(network.members) > 0
}

# Those of the document, and those that others say of its containers.
_networks := array.concat(input.networks, input.linked.networks)

_is_known(name) if {
	some network in _networks
	network.name == name
	is_boolean(network.internal)
}

_is_internal(name) if {
	some network in _networks
	network.name == name
	network.internal == true
}

_needs_out(container) if count(container.ports) > 0

_needs_out(container) if container.publish_all == true

_needs_out(container) if wildcard.matches_any(input.params["network/external-backend"].exempt, container.name)

_keeps_data(container) := "yes" if {
	_is_labelled(container.labels)
} else := "no" if {
	_has_tier(container.labels)
} else := "yes" if {
	workload.runs_any(container, input.data["data-images"].images)
} else := "yes" if {
	workload.runs_any(container, input.params["network/external-backend"].data_images)
} else := "unknown" if {
	is_string(container.image.raw)
	container.image.build == null
	object.get(container.image, "name", "absent") == "absent"
}

_is_labelled(labels) if {
	some label in labels
	label.key == input.params["network/external-backend"].tier_label
	label.value in input.params["network/external-backend"].data_tiers
}

_has_tier(labels) if {
	some label in labels
	label.key == input.params["network/external-backend"].tier_label
}
