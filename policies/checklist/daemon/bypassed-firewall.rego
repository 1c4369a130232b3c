# METADATA
# title: Docker's packet filter is bypassed
# description: |
#   Looks for a daemon that adds no rules to the packet filter or leaves gaps in them, and for networks
#   whose containers other hosts may reach past it, also on ports that nobody published.
# related_resources:
#   - ref: https://docs.docker.com/engine/network/packet-filtering-firewalls/
#   - ref: https://docs.docker.com/engine/network/port-publishing/#gateway-modes
# custom:
#   severity: medium
#   kinds: [daemon, network, compose]
#   subjects: [daemon, network]
#   profiles: [baseline, cis, strict]
#   checklist: ["K:230", "K:340"]
#   cis: ["2.4"]
#   nist: ["4.4.2"]
#   remedy: Take the overrides out, so that Docker filters what it forwards, and publish the ports that are needed.
#   params:
#     allowed_gateway_modes:
#       type: list<string>
#       default: [nat, isolated]
#       description: Gateway modes that networks may have; `nat` is what a network has that names none.
#   since: 0.1.0
package checklist.daemon["bypassed-firewall"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "iptables", "Docker adds no rules to the packet filter") if {
	input.daemon.iptables == false
}

deny contains finding.at_field(input.daemon, "ip6tables", "Docker adds no rules to the packet filter for IPv6") if {
	input.daemon.ip6tables == false
	input.daemon.ipv6 == true
}

deny contains finding.at_field(input.daemon, "allow_direct_routing", "other hosts may reach published ports at the containers' own addresses") if {
	input.daemon.allow_direct_routing == true
}

deny contains finding.at_field(input.daemon, "ip_forward_no_drop", "the host goes on forwarding packets between its other networks") if {
	input.daemon.ip_forward_no_drop == true
}

# It is an environment variable of dockerd, and this warning is the only trace of it.
deny contains finding.at(warning, "ports that are published on loopback are open to the local network") if {
	some warning in input.daemon.warnings
	contains(warning.text, "DOCKER_INSECURE_NO_IPTABLES_RAW")
}

deny contains finding.at_field(network, field, sprintf("network `%s` is reachable past the packet filter: its gateway mode is `%s`", [network.name, mode])) if {
	some network in input.networks
	some field in ["gateway_mode_ipv4", "gateway_mode_ipv6"]
	mode := object.get(network, field, null)
	is_string(mode)
	_is_in_use(network, field)
	not mode in input.params["daemon/bypassed-firewall"].allowed_gateway_modes
}

deny contains finding.at(option, sprintf("new networks are reachable past the packet filter: their gateway mode is `%s`", [option.value])) if {
	some option in input.daemon.default_network_options
	option.driver == "bridge"
	startswith(option.key, "com.docker.network.bridge.gateway_mode_ipv")
	not option.value in input.params["daemon/bypassed-firewall"].allowed_gateway_modes
}

# Other drivers have no gateway modes.
_is_bridge(network) if object.get(network, "driver", null) in {null, "bridge"}

_is_in_use(network, field) if {
	field == "gateway_mode_ipv4"
	_is_bridge(network)
	object.get(network, "enable_ipv4", "unknown") != false
}

_is_in_use(network, field) if {
	field == "gateway_mode_ipv6"
	_is_bridge(network)
	object.get(network, "enable_ipv6", "unknown") != false
}

unknown contains finding.unknown(daemon, sprintf("`%s` is not known", [field])) if {
	daemon := input.daemon
	some field in ["iptables", "ip6tables", "allow_direct_routing", "ip_forward_no_drop"]
	not is_boolean(object.get(daemon, field, "unknown"))
}

unknown contains finding.unknown(input.daemon, "not all options of new networks are known") if {
	"default_network_options" in input.daemon.incomplete
}

unknown contains finding.unknown(input.daemon, "whether containers have IPv6 is not known") if {
	input.daemon.ip6tables == false
	not is_boolean(object.get(input.daemon, "ipv6", "unknown"))
}

unknown contains finding.unknown(network, sprintf("`%s` is not known", [field])) if {
	some network in input.networks
	some field in ["gateway_mode_ipv4", "gateway_mode_ipv6"]
	object.get(network, field, "unknown") == "unknown"
	_is_in_use(network, field)
}
