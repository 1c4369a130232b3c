# METADATA
# title: Services are not segmented
# description: |
#   Looks for projects in which one network connects every service, and for databases, caches and brokers
#   that share a network with a service that is open to the outside and does not need them. External
#   networks connect projects, and do not count as the one network; a service that only a Compose
#   profile switches on does not count either.
# related_resources:
#   - ref: https://docs.docker.com/compose/how-tos/networking/
#   - ref: https://docs.docker.com/reference/compose-file/networks/#internal
# custom:
#   severity: medium
#   kinds: [compose, network]
#   subjects: [project, network]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:187-199", "S2:111-131", "V6", "K:340-345"]
#   cis: ["5.30"]
#   nist: ["4.3.3"]
#   remedy: Give each tier a network, and attach a service only to those of its neighbours.
#   params:
#     min_services:
#       type: integer
#       default: 3
#       description: How many services with a network a project must have to be judged.
#     data_images:
#       type: list<string>
#       default: []
#       description: |
#         Images that keep data for others, as patterns, beside those in the policy's table.
#     tier_label:
#       type: string
#       default: tier
#       description: |
#         The label that says which tier a service is of. Without it, a service is at the edge when it
#         publishes a port beyond the host, and keeps data when its image does.
#     data_tiers:
#       type: list<string>
#       default: [data, database, db]
#       description: Values of that label for services that keep data.
#     edge_tiers:
#       type: list<string>
#       default: [edge, frontend]
#       description: Values of that label for services that are open to the outside.
#   since: 0.1.0
package checklist.network.unsegmented

import data.checklist.lib.port
import data.checklist.lib.wildcard
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.of(input.project, finding.at(network, sprintf("network `%s` connects all %d services", [network.name, count(_services)]))) if {
	_is_judged
	some network in input.networks
	_connects_all(network)
}

deny contains finding.of(input.project, finding.at(endpoint, sprintf("`%s`, which keeps data, shares network `%s` with `%s`, which is open to the outside", [keeper.name, endpoint.name, edge.name]))) if {
	_is_judged
	some keeper in _services
	_tier(keeper) == "data"
	some endpoint in keeper.networks
	not _is_flat(endpoint.name)
	some edge in _services
	_tier(edge) == "edge"
	_is_attached(edge, endpoint.name)
	not _needs(edge, keeper)
}

# What an engine says of its networks: who is attached, but not what for.
deny contains finding.at_field(network, "members", sprintf("network `%s` connects all %d containers", [network.name, count(_members)])) if {
	input.document.kind == "network"
	count(_members) >= input.params["network/unsegmented"].min_services
	some network in _user_defined
	count(network.members) == count(_members)
}

_members := {name |
	some network in _user_defined
	some name in network.members
}

_user_defined := [network |
	some network in input.networks
	network.is_default_bridge == false
	network.ingress == false
	not network.driver in {"host", "null"}
]

unknown contains finding.unknown(input.project, sprintf("which network `%s` stands for is not known", [endpoint.name])) if {
	_is_judged
	some service in _services
	some endpoint in service.networks
	count([network | some network in input.networks; network.name == endpoint.name]) == 0
}

unknown contains finding.unknown(input.project, sprintf("whether `%s` keeps data is not known", [service.name])) if {
	_is_judged
	some service in _services
	_tier(service) == "unknown"
	some endpoint in service.networks
	some edge in _services
	_tier(edge) == "edge"
	_is_attached(edge, endpoint.name)
	not _needs(edge, service)
}

# Those that run without being asked for and are on a network of the project.
_services := [service |
	some service in input.containers
	count(service.profiles) == 0
	service.namespaces.network.mode == "network"
]

_is_judged if count(_services) >= input.params["network/unsegmented"].min_services

_is_flat(name) if {
	some network in input.networks
	network.name == name
	_connects_all(network)
}

_connects_all(network) if {
	network.external == false
	count([service | some service in _services; _is_attached(service, network.name)]) == count(_services)
}

_is_attached(service, name) if {
	some endpoint in service.networks
	endpoint.name == name
}

# What it is linked to is among it.
_needs(edge, keeper) if keeper.name in edge.depends_on

# By its label; else by what it runs and publishes. What keeps data is not at the edge, even if it
# publishes a port: that is another fault.
_tier(service) := "data" if {
	_is_labelled(service, input.params["network/unsegmented"].data_tiers)
} else := "edge" if {
	_is_labelled(service, input.params["network/unsegmented"].edge_tiers)
} else := "inner" if {
	_is_labelled(service, ["*"])
} else := "data" if {
	workload.runs_any(service, input.data["data-images"].images)
} else := "data" if {
	workload.runs_any(service, input.params["network/unsegmented"].data_images)
} else := "edge" if {
	_is_open(service)
} else := "unknown" if {
	is_string(service.image.raw)
	service.image.build == null
	object.get(service.image, "name", "absent") == "absent"
}

_is_open(service) if {
	some published in service.ports
	not port.is_loopback(published)
}

_is_labelled(service, tiers) if {
	some label in service.labels
	label.key == input.params["network/unsegmented"].tier_label
	wildcard.matches_any(tiers, label.value)
}

# Its variables name the host, as in `DATABASE_URL: postgres://database:5432/shop`.
_needs(edge, keeper) if {
	some variable in edge.environment
	is_string(variable.value)
	keeper.name in regex.split(`[^0-9A-Za-z_.-]+`, variable.value)
}
