# METADATA
# title: Network has a driver or option that is not allowed
# description: |
#   Looks for networks whose driver takes containers past the host's firewall, for overlays that are not
#   encrypted or that any container may join, and for bridges that let other hosts reach ports which are
#   not published.
# related_resources:
#   - ref: https://docs.docker.com/engine/network/drivers/overlay/#encrypt-traffic-on-an-overlay-network
#   - ref: https://docs.docker.com/engine/network/drivers/
#   - ref: https://docs.docker.com/engine/network/packet-filtering-firewalls/
# custom:
#   severity: medium
#   kinds: [compose, network]
#   subjects: [network]
#   profiles: [baseline, cis, strict]
#   checklist: ["K:340-345"]
#   cis: ["7.3"]
#   nist: ["4.3.3"]
#   remedy: Use a bridge, or an overlay with the option `encrypted`.
#   params:
#     allowed_drivers:
#       type: list<string>
#       default: [bridge, nat, none, "null", overlay]
#       description: Drivers that networks may have; `*` stands for any text.
#     require_encrypted_overlay:
#       type: boolean
#       default: true
#       description: Whether overlays have to be encrypted.
#     include_ingress:
#       type: boolean
#       default: false
#       description: Whether a swarm's ingress network has to be, too, which the engine makes without.
#     allow_attachable:
#       type: boolean
#       default: false
#       description: Whether containers that no service runs may join an overlay.
#     unsafe_gateway_modes:
#       type: list<string>
#       default: [nat-unprotected]
#       description: Ways of a bridge to the outside that must not be.
#   since: 0.1.0
package checklist.network["unsafe-driver-option"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at_field(network, "driver", sprintf("network `%s` has driver `%s`, which the policy does not allow", [network.name, network.driver])) if {
	some network in input.networks
	is_string(network.driver)
	not wildcard.matches_any(input.params["network/unsafe-driver-option"].allowed_drivers, network.driver)
	not _is_idle_host(network)
}

deny contains finding.at_field(network, "driver", sprintf("overlay `%s` is not encrypted", [network.name])) if {
	some network in input.networks
	network.driver == "overlay"
	network.encrypted == false
	_has_to_be_encrypted(network)
}

deny contains finding.at_field(network, "attachable", sprintf("any container may join overlay `%s`", [network.name])) if {
	some network in input.networks
	network.driver == "overlay"
	network.attachable == true
	input.params["network/unsafe-driver-option"].allow_attachable == false
}

deny contains finding.at_field(option, "value", sprintf("network `%s` has gateway mode `%s`, which the policy does not allow", [network.name, option.value])) if {
	some network in input.networks
	some option in network.options
	startswith(option.key, "com.docker.network.bridge.gateway_mode_ipv")
	option.value in input.params["network/unsafe-driver-option"].unsafe_gateway_modes
}

unknown contains finding.unknown(network, "its driver is not known") if {
	some network in input.networks
	object.get(network, "driver", "unknown") == "unknown"
}

unknown contains finding.unknown(network, "whether it is encrypted is not known") if {
	some network in input.networks
	network.driver == "overlay"
	not is_boolean(object.get(network, "encrypted", "unknown"))
	_has_to_be_encrypted(network)
}

unknown contains finding.unknown(network, "whether any container may join it is not known") if {
	some network in input.networks
	network.driver == "overlay"
	not is_boolean(object.get(network, "attachable", "unknown"))
	input.params["network/unsafe-driver-option"].allow_attachable == false
}

_has_to_be_encrypted(network) if {
	input.params["network/unsafe-driver-option"].require_encrypted_overlay == true
	network.ingress == false
}

_has_to_be_encrypted(network) if {
	input.params["network/unsafe-driver-option"].require_encrypted_overlay == true
	input.params["network/unsafe-driver-option"].include_ingress == true
}

# Every engine has one, and no more, which cannot be removed.
_is_idle_host(network) if {
	input.document.kind == "network"
	network.driver == "host"
	count(network.members) == 0
}
