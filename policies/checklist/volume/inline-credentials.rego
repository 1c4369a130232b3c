# METADATA
# title: Driver option holds a credential
# description: |
#   Looks for passwords, tokens and keys in the options of volumes, networks and logging drivers: as an
#   option of its own, `splunk-token`, as a part of one, `o: username=app,password=…`, and in a URL. The
#   engine shows them to everybody who may ask it. A path is the name of a file, not a credential.
# related_resources:
#   - ref: https://docs.docker.com/engine/storage/volumes/#create-cifssamba-volumes
#   - ref: https://docs.docker.com/engine/logging/drivers/splunk/
# custom:
#   severity: high
#   levels: {supplied: medium}
#   kinds: [compose, container, network, volume]
#   subjects: [container, network, volume]
#   profiles: [baseline, strict]
#   checklist: ["S1:146"]
#   nist: ["4.1.4"]
#   remedy: Name a file of credentials in the option, or use a driver that takes secrets.
#   params:
#     option_names:
#       type: list<string>
#       default: [key, pass, passphrase, passwd, password, pwd, secret, token]
#       description: |
#         Last words of the names of options that hold credentials: `token` is `splunk-token`, too. Output
#         hides the values of these; of further names only when the table of secrets has them.
#   since: 0.1.0
package checklist.volume["inline-credentials"]

import data.plimsoll.finding

deny contains _weigh(option, finding.at_field(option, "value", sprintf("option `%s` of volume `%s` holds a credential", [option.key, volume.name]))) if {
	some volume in input.volumes
	some option in volume.options
	_is_credential(option)
}

deny contains _weigh(option, finding.at_field(option, "value", sprintf("option `%s` of network `%s` holds a credential", [option.key, network.name]))) if {
	some network in input.networks
	some option in network.options
	_is_credential(option)
}

deny contains _weigh(option, finding.at_field(option, "value", sprintf("option `%s` of the logging driver of container `%s` holds a credential", [option.key, container.name]))) if {
	some container in input.containers
	container.logging.from == "container"
	some option in container.logging.options
	_is_credential(option)
}

unknown contains finding.unknown(volume, "not all of its options are known") if {
	some volume in input.volumes
	_is_partly_known(volume)
}

unknown contains finding.unknown(network, "not all of its options are known") if {
	some network in input.networks
	_is_partly_known(network)
}

unknown contains finding.unknown(container, "not all options of its logging driver are known") if {
	some container in input.containers
	container.logging.from == "container"
	_is_partly_known(container.logging)
}

_is_partly_known(owner) if "options" in owner.incomplete

_is_partly_known(owner) if {
	some option in owner.options
	object.get(option, "value", "unknown") == "unknown"
}

# What a variable supplies is not in the file, but in the engine all the same.
_weigh(option, found) := finding.level("supplied", found) if {
	count(option.variables) > 0
} else := found

_is_credential(option) if {
	_names_one(option.key)
	_is_given(object.get(option, "value", "supplied"))
}

_is_credential(option) if {
	some part in split(option.value, ",")
	pair := split(part, "=")
	_names_one(pair[0])
	_is_given(trim_space(pair[1]))
}

# `//app:…@10.0.0.5/share`
_is_credential(option) if {
	parts := split(option.value, "//")
	authority := split(split(parts[1], "/")[0], "@")
	count(authority) > 1
	user := split(authority[0], ":")
	user[1] != ""
}

# A value that is not known, for a variable that has none.
_is_credential(option) if {
	object.get(option, "value", "unknown") == "unknown"
	some variable in option.variables
	_names_one(variable)
}

_is_given(value) if {
	value != ""
	not startswith(value, "/")
}

_names_one(name) if {
	words := split(replace(replace(trim_space(lower(name)), "_", "-"), ".", "-"), "-")
	trim_right(words[count(words) - 1], "0123456789") in input.params["volume/inline-credentials"].option_names
}
